"""Who does it (岗位与科室归属): posts and sections of work items and of entries.

Labels are centred in blocks of rows, so they are not carried down (that is right for less than half).  Each entry takes
the post of its work item in table 1-3 unless the labels of table 1-4 say otherwise; the cheapest consistent run of posts
over all entries is chosen (catalogue.md A 2.2 14, 17, 18; 2.5 47-50).
"""

from collections import Counter, defaultdict

from integrations.importers.duties.entries import Entry
from integrations.importers.duties.labelling import Evidence
from integrations.importers.duties.vocabulary import Names, bare
from integrations.importers.duties.work_table import WorkItem
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze

MISMATCH, WEAK, AGAINST, WITH, WRONG_SECTION = 0.6, 0.15, 2.0, -1.0, 1.5
CHANGE, CHANGE_AT_DUTY, CHANGE_AT_POST = 1.5, 0.7, 0.4


def settle_works(items: list[WorkItem], posts: Names, sections: Names, report: Report) -> None:
    """Posts and sections of table 1-3: legible labels, near names, then what the rows of the same post say."""
    for work in items:
        _settle_post(work, posts, sections, report)
    _fill_posts(items, report)
    for work in items:
        _settle_section(work, posts, sections)
    settle_sections(items, report)


def _settle_post(work: WorkItem, posts: Names, sections: Names, report: Report) -> None:
    text = bare(work.post_raw)
    if not text:
        return
    if text in posts:
        work.post = work.post_canonical = text
    elif text in sections:
        # The authors put the office where its head belongs.
        work.post, work.post_canonical = text, text[:-1] if text.endswith("室") and text[:-1] in posts else None
        work.flags.append("post_is_section")
        report.warn("post_is_section", "岗位栏写的是科室，请确认岗位", work.line, work.post_canonical, about=work.no)
    elif near := posts.nearest(text):
        work.post = work.post_canonical = near[0]
        report.warn("label_mended", "岗位名称认不清，取名录中最接近的", work.line, near[0], about=work.no)
    else:
        work.flags.append("post_garbled")


def _fill_posts(items: list[WorkItem], report: Report) -> None:
    """Blank post cells of a vertically merged label: the label of the same duty's neighbours when they agree."""
    for index, work in enumerate(items):
        if work.post is not None:
            continue
        before = next((other for other in reversed(items[:index]) if other.post), None)
        after = next((other for other in items[index + 1 :] if other.post), None)
        same_duty = {other.post for other in (before, after) if other and other.item[0] == work.item[0]}
        if len(same_duty) == 1 and _mostly_blank(items, work):
            work.post = work.post_canonical = same_duty.pop()
            work.flags.append("merged_cell_filled")
            report.warn("post_filled", "岗位是合并单元格，按相邻行补全", work.line, work.post, about=work.no)


def _mostly_blank(items: list[WorkItem], work: WorkItem) -> bool:
    mine = [other for other in items if other.item[0] == work.item[0]]
    return sum(1 for other in mine if not other.post_raw) >= len(mine) / 2


def _settle_section(work: WorkItem, posts: Names, sections: Names) -> None:
    text = bare(work.section_raw)
    base = text.replace("（", "(").split("(")[0]
    if text in sections:
        work.section = text
    elif base in sections:
        work.section = text
        work.section_canonical = base
    elif text and text not in posts and (near := sections.nearest(text)):
        work.section = near[0]
    work.section_canonical = work.section_canonical or work.section


def settle_sections(items: list[WorkItem], report: Report) -> None:
    """Blank or illegible sections take the section that legible rows give to the same post."""
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    for work in items:
        if work.post_canonical and work.section_canonical and bare(work.section_raw) == work.section:
            homes[work.post_canonical][work.section_canonical] += 1
    for work in items:
        if work.section is None and work.post_canonical in homes:
            work.section = work.section_canonical = homes[work.post_canonical].most_common(1)[0][0]
            work.flags.append("section_filled")
            report.warn("section_filled", "科室是合并单元格或认不清，按同岗位其他行补全", work.line, work.section, about=work.no)


def home_sections(items: list[WorkItem]) -> dict[str, str]:
    """Post -> the section it most often belongs to."""
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    for work in items:
        if work.post_canonical and work.section_canonical:
            homes[work.post_canonical][work.section_canonical] += 1
    return {post: counts.most_common(1)[0][0] for post, counts in homes.items()}


def settle_entries(
    entries: list[Entry], items: list[WorkItem], evidence: list[Evidence], caption_of: dict[str, str]
) -> None:
    """Sets post and section of each entry; ``caption_of`` maps a section's caption to its name in table 1-3."""
    by_item = {work.item: work for work in items}
    ordered = sorted(entries, key=lambda entry: entry.rows[0])
    homes = home_sections(items)
    states = sorted({*homes, *(found.name for found in evidence if not found.section)})
    if not ordered:
        return
    spans = _spans(ordered)
    run = _cheapest(ordered, spans, by_item, evidence, states, homes, caption_of)
    for entry, post in zip(ordered, run, strict=True):
        work = by_item.get(entry.link) if entry.link else None
        entry.post_13 = work.post_canonical if work else None
        entry.section_13 = work.section_canonical if work else None
        entry.post = post or entry.post_13
        entry.section = _section(entry, work, homes, caption_of)


def _spans(ordered: list[Entry]) -> list[tuple[int, int]]:
    starts = [entry.rows[0] for entry in ordered]
    ends = [max(start, following - 1) for start, following in zip(starts, starts[1:], strict=False)]
    return list(zip(starts, [*ends, ordered[-1].rows[1] + 3], strict=True))


def _section(entry: Entry, work: WorkItem | None, homes: dict[str, str], caption_of: dict[str, str]) -> str | None:
    if entry.section_caption:
        return entry.section_caption
    if work is not None and work.section_canonical and (entry.post == work.post_canonical or entry.post not in homes):
        return work.section_canonical
    return homes.get(entry.post or "")


def _cheapest(
    ordered: list[Entry],
    spans: list[tuple[int, int]],
    by_item: dict[tuple[int, int], WorkItem],
    evidence: list[Evidence],
    states: list[str],
    homes: dict[str, str],
    caption_of: dict[str, str],
) -> list[str | None]:
    """The run of posts with the lowest total cost (dynamic programme over the entries)."""
    if not states:
        return [None] * len(ordered)
    costs: list[dict[str, tuple[float, str | None]]] = []
    for index, entry in enumerate(ordered):
        found = [item for item in evidence if spans[index][0] <= item.row <= spans[index][1] and not item.section]
        current: dict[str, tuple[float, str | None]] = {}
        for state in states:
            here = _cost(entry, state, by_item, found, homes, caption_of)
            before = _arrive(state, costs[-1], ordered[index - 1], entry, by_item) if costs else (0.0, None)
            current[state] = (here + before[0], before[1])
        costs.append(current)
    run: list[str | None] = []
    state: str | None = min(costs[-1], key=lambda name: costs[-1][name][0])
    for step in reversed(costs):
        run.append(state)
        state = step[state][1] if state is not None else None
    return run[::-1]


def _arrive(
    state: str,
    before: dict[str, tuple[float, str | None]],
    previous: Entry,
    entry: Entry,
    by_item: dict[tuple[int, int], WorkItem],
) -> tuple[float, str]:
    change = CHANGE
    if previous.item[0] != entry.item[0]:
        change = CHANGE_AT_DUTY
    if _strong(previous, by_item) and _strong(entry, by_item) and _strong(previous, by_item) != _strong(entry, by_item):
        change = CHANGE_AT_POST
    return min((cost + (0.0 if name == state else change), name) for name, (cost, _) in before.items())


def _strong(entry: Entry, by_item: dict[tuple[int, int], WorkItem]) -> str | None:
    work = by_item.get(entry.link) if entry.link else None
    return work.post_canonical if work and "post_is_section" not in work.flags else None


def _cost(
    entry: Entry,
    state: str,
    by_item: dict[tuple[int, int], WorkItem],
    found: list[Evidence],
    homes: dict[str, str],
    caption_of: dict[str, str],
) -> float:
    work = by_item.get(entry.link) if entry.link else None
    cost = 0.0
    if work is not None and work.post_canonical and work.post_canonical != state:
        cost += WEAK if "post_is_section" in work.flags else MISMATCH
    if entry.section_caption and state in homes and homes[state] != caption_of.get(entry.section_caption, entry.section_caption):
        cost += WRONG_SECTION
    for label in found:
        cost += WITH * label.sure if label.name == state else AGAINST * label.sure
    return cost


def fill_works(entries: list[Entry], items: list[WorkItem], report: Report) -> None:
    """Posts that table 1-3 leaves blank, from the entries linked to them when those agree (A 2.2 17)."""
    for work in items:
        if work.post_canonical is not None:
            continue
        named = {entry.post for entry in entries if entry.link == work.item and entry.post}
        if len(named) == 1:
            name = named.pop()
            work.post_canonical = name
            work.post = work.post or name
            work.flags.append("filled_from_table_1_4")
            report.warn("post_filled", "岗位栏空缺，按标准表补全", work.line, name, about=work.no)
        elif "post_is_section" not in work.flags:
            report.warn("post_missing", "没有写明岗位，请指明", work.line, None, about=work.no)


def caption_names(entries: list[Entry], items: list[WorkItem]) -> dict[str, str]:
    """Caption of a section -> its name in table 1-3, where the two tables name it differently (A 2.5 47)."""
    by_item = {work.item: work for work in items}
    known = {work.section_canonical for work in items}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        work = by_item.get(entry.link) if entry.link else None
        if entry.section_caption and work and work.section_canonical:
            votes[entry.section_caption][work.section_canonical] += 1
    return {
        caption: squeeze(caption) if squeeze(caption) in known or not votes[caption] else votes[caption].most_common(1)[0][0]
        for caption in {entry.section_caption for entry in entries if entry.section_caption}
    }
