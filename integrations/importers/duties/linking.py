"""Links from entries of table 1-4 to work items of table 1-3 (对应关系): text first, number second (A 2.4 41, 42)."""

from integrations.importers.duties.entries import Entry
from integrations.importers.duties.numbers import item_text
from integrations.importers.duties.works import WorkItem
from integrations.importers.findings import Report
from integrations.importers.folding import SHORT_LIST, containment, pairs, similarity

SURE, GOOD, LIKELY, POSSIBLE, MARGIN = 0.9, 0.75, 0.6, 0.42, 0.12


def link_entries(entries: list[Entry], items: list[WorkItem], report: Report) -> None:
    """Sets ``link`` of every entry, or leaves it empty and asks."""
    by_item = {work.item: work for work in items}
    for entry in entries:
        near = sorted(items, key=lambda work: len(pairs(work.text) & pairs(entry.text)), reverse=True)[
            :SHORT_LIST
        ]
        scored = [(likeness(entry.text, work.text), work.item) for work in near]
        if not scored:
            continue
        best_score, best = max(scored)
        own = likeness(entry.text, by_item[entry.item].text) if entry.item in by_item else 0.0
        if own >= best_score - MARGIN and own >= POSSIBLE:
            _set(entry, entry.item, own)
            if own < LIKELY:
                _warn(entry, report, "link_uncertain", "与岗位工作表中同号工作的文字差别较大，请确认对应")
        elif best_score >= LIKELY:
            _set(entry, best, best_score)
            _warn(entry, report, "link_by_text", "编号与岗位工作表不同，按文字对应，请确认")
        elif best_score >= POSSIBLE:
            _set(entry, best, best_score)
            _warn(entry, report, "link_uncertain", "文字只有部分相同，请确认对应")
        elif entry.item in by_item and "work_text_missing" not in entry.flags and not entry.section_caption:
            _set(entry, entry.item, own)
            _warn(entry, report, "link_by_number", "文字对不上，只按编号对应，请确认")
        else:
            _warn(entry, report, "link_missing", "在岗位工作表里没有找到对应的工作，请指明")


def likeness(one: str, other: str) -> float:
    """Similarity, or how far the shorter text is part of the longer (cropped cells)."""
    short, long = sorted((one, other), key=len)
    part = containment(short, long) * 0.92 if len(short) >= 6 else 0.0
    return max(similarity(one, other), part)


def _set(entry: Entry, item: tuple[int, int], score: float) -> None:
    entry.link, entry.link_score = item, score


def _warn(entry: Entry, report: Report, code: str, message: str) -> None:
    proposal = item_text(entry.link) if entry.link else None
    report.warn(code, message, entry.standards[0].fragment.line, proposal, about=f"{entry.no} {entry.text}")
