"""Entries of table 1-4 (条目): a work item's text with its standards (catalogue.md A 2.2 22-25, 2.4 38)."""

from collections import Counter
from dataclasses import dataclass, field

from integrations.importers.duties.blocks import Block, Standard
from integrations.importers.duties.context import Context
from integrations.importers.duties.numbers import Item, item_text
from integrations.importers.duties.occurrences import LEGIBLE, REACH, SAME, Occurrence, leave_out
from integrations.importers.duties.sharing import shares
from integrations.importers.findings import Report
from integrations.importers.folding import best_match, similarity

USUAL = 0.6
STRAY = 12


@dataclass(eq=False)
class Entry:
    """One entry of table 1-4; post, section and link are filled later."""

    item: Item
    text: str
    standards: list[Standard]
    section_caption: str | None
    occurrence: Occurrence | None
    flags: list[str] = field(default_factory=list)
    link: Item | None = None
    link_score: float = 0.0
    post: str | None = None
    section: str | None = None
    post_13: str | None = None
    section_13: str | None = None

    @property
    def no(self) -> str:
        """Work number as printed in table 1-4."""
        return item_text(self.item)

    @property
    def rows(self) -> tuple[int, int]:
        """First and last row index of its standards and of the work text beside them."""
        rows = [standard.fragment.row for standard in self.standards]
        texts = [piece.row for piece in self.occurrence.pieces] if self.occurrence is not None else []
        rows += [row for row in texts if min(rows) - REACH <= row <= max(rows) + REACH]
        return min(rows), max(rows)


def build_entries(
    blocks: list[Block], found: list[Occurrence], caption: str | None, context: Context
) -> list[Entry]:
    """One entry per block of standards, or several where one number has several work texts."""
    _house_foreign(blocks, found, context.report)
    dense = _dense_pages(blocks)
    entries = [
        _entry(block.item, standards, occurrence, caption, context)
        for block in blocks
        for standards, occurrence in shares(block, _of_block(block, blocks, found), dense)
    ]
    used = [entry.occurrence for entry in entries]
    for one in found:
        if one in used:
            context.report.claim(*(piece.line for piece in one.pieces))
        else:
            leave_out(one, context)
    return entries


def _house_foreign(blocks: list[Block], found: list[Occurrence], report: Report) -> None:
    """Standards whose prefix belongs to another item go to the work text beside them that has none (A 2.4 38)."""
    owned = {block.item for block in blocks if not block.foreign}
    for block in (block for block in blocks if block.foreign):
        first, last = block.rows
        free = [one for one in found if first - 1 <= one.row <= last + 1 and one.item not in owned]
        line = block.standards[0].fragment.line
        if not free:
            report.warn("item_unknown", "编号对应的工作不在岗位工作表里，请确认", line, item_text(block.item))
            continue
        home = min(free, key=lambda one: abs(one.row - (first + last) / 2))
        block.item, block.foreign = home.item, False
        owned.add(home.item)
        for standard in block.standards:
            standard.item = home.item
            line = standard.fragment.line
            report.warn(
                "number_of_other_item", "编号写成了另一项工作的，按所在行归入", line, standard.intended
            )


def _of_block(block: Block, blocks: list[Block], found: list[Occurrence]) -> list[Occurrence]:
    """Work texts with the block's number that stand nearer to it than to its namesakes."""
    namesakes = [other for other in blocks if other.item == block.item]
    same = [one for one in found if one.item == block.item]
    mine = [one for one in same if min(namesakes, key=lambda other: _distance(other, one)) is block]
    near = [one for one in mine if _distance(block, one) <= STRAY and not one.pieces[0].stray]
    return near or mine[:1]


def _distance(block: Block, one: Occurrence) -> float:
    first, last = block.rows
    return 0.0 if first <= one.row <= last else min(abs(one.row - first), abs(one.row - last))


def _dense_pages(blocks: list[Block]) -> set[int]:
    """Pages whose rows are whole cells with several standards, not single lines."""
    rows = Counter(
        (standard.fragment.page, standard.fragment.row) for block in blocks for standard in block.standards
    )
    return {page for (page, _), count in rows.items() if count >= 2}


def _entry(
    item: Item,
    standards: list[Standard],
    occurrence: Occurrence | None,
    caption: str | None,
    context: Context,
) -> Entry:
    text = occurrence.text if occurrence is not None else ""
    entry = Entry(item, text, standards, caption, occurrence)
    spine, line = context.works.get(item, ""), standards[0].fragment.line
    if spine and (not text or _garbled(text, spine, context)):
        entry.text = spine
        entry.flags.append("work_text_from_1_3")
        context.report.warn("work_text_from_1_3", "工作内容缺失或认不清，取自岗位工作表", line, spine)
    elif not text:
        entry.flags.append("work_text_missing")
        context.report.warn("work_text_missing", "没有找到对应的工作内容，请补填", line, about=entry.no)
    return entry


def _garbled(text: str, spine: str, context: Context) -> bool:
    """Resembles no work text of the department, or its own with words nobody else writes."""
    score, _ = best_match(text, context.texts())
    own = score == similarity(text, spine) and score < SAME
    return score < LEGIBLE or (own and context.familiar.of(text) < USUAL)
