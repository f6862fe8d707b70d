"""Where the standards stand on a page of table 1-4 (版面): which column holds them, the work items, the labels.

A page is read by its header when that is legible, else by content: numbers n.m.k mark the standards' column, n.m the work
column left of it; what is left of both are labels.  Pages may have one to six columns (catalogue.md A 2.1 11-13).
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import chinese
from integrations.importers.duties.cutting import Sheet
from integrations.importers.duties.numbers import STANDARD, WORK
from integrations.importers.duties.rows import DutyRow

TAIL_LENGTH = 8
REPLAY_LENGTH = 60
LABEL_LENGTH = 16


@dataclass(eq=False)
class Laid:
    """One row taken apart: text of the standards' column, work cells and label cells with their column."""

    row: DutyRow
    standard: int | None = None
    works: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    tails: list[int] = field(default_factory=list)
    replays: list[int] = field(default_factory=list)
    mixed: bool = False
    post_column: int | None = None
    section_column: int | None = None


@dataclass
class Page:
    """Rows between two page breaks with the columns found."""

    rows: list[DutyRow]
    standard: int
    work: int | None
    post: int | None
    section: int | None
    named: bool = False


def lay_out(sheet: Sheet) -> list[Laid]:
    """All rows of a table 1-4 with their columns."""
    pages: dict[int, list[DutyRow]] = defaultdict(list)
    for row in sheet.rows:
        pages[row.page].append(row)
    found: list[Laid] = []
    for number, rows in pages.items():
        page = _page(rows, sheet.roles.get(number))
        found.extend(_lay_row(page, row) for row in rows)
    return found


def starts_standard(text: str) -> bool:
    """Does the text begin with a number n.m.k, behind at most a few stray characters?"""
    match = STANDARD.search(text)
    return match is not None and match.start() <= 3


def starts_work(text: str) -> bool:
    """Does the text begin with a work number n.m?"""
    match = WORK.search(text)
    return match is not None and match.start() <= 5 and not starts_standard(text)


def _page(rows: list[DutyRow], roles: dict[int, str] | None) -> Page:
    width = max(len(row.cells) for row in rows)
    if roles and {"standard", "work"} <= set(roles.values()) and len(roles) >= 3:
        columns = {role: index for index, role in roles.items()}
        if max(columns.values()) < width:
            return Page(
                rows,
                columns["standard"],
                columns["work"],
                columns.get("post"),
                columns.get("section"),
                named=True,
            )
    standard = _standard_column(rows, width)
    work = _work_column(rows, standard)
    post = work - 1 if work is not None and work >= 1 else None
    return Page(rows, standard, work, post, post - 1 if post is not None and post >= 1 else None)


def _standard_column(rows: list[DutyRow], width: int) -> int:
    """The rightmost column that begins standards as often as its text allows; without any, the one with most text."""
    starts = [sum(starts_standard(row.cells[c]) for row in rows if c < len(row.cells)) for c in range(width)]
    texts = [sum(len(row.cells[c]) for row in rows if c < len(row.cells)) for c in range(width)]
    filled = [sum(bool(row.cells[c]) for row in rows if c < len(row.cells)) for c in range(width)]
    able = [
        c
        for c in range(width)
        if starts[c] and starts[c] >= max(starts) * 0.25 and starts[c] >= filled[c] * 0.2
    ]
    if able:
        return able[-1]
    return max(range(width), key=lambda c: (texts[c], c))


def _work_column(rows: list[DutyRow], standard: int) -> int | None:
    counts = [sum(starts_work(row.cells[c]) for row in rows if c < len(row.cells)) for c in range(standard)]
    if any(counts):
        return max(range(standard), key=lambda c: (counts[c], c))
    return standard - 1 if standard >= 1 else None


def _lay_row(page: Page, row: DutyRow) -> Laid:
    laid = Laid(row, post_column=page.post, section_column=page.section)
    standard = page.standard if page.standard < len(row.cells) else None
    if standard is not None and row.cells[standard]:
        laid.standard = standard
    else:
        laid.standard = _standard_elsewhere(page, row)
        laid.mixed = laid.standard is not None
    single = len(row.cells) == 1 or page.work is None
    laid.mixed = laid.mixed or (single and laid.standard is not None)
    for index in row.filled:
        if index != laid.standard:
            _other(page, laid, row, index)
    return laid


def _standard_elsewhere(page: Page, row: DutyRow) -> int | None:
    """A standard that slipped into another column because its own cell is empty."""
    for index in reversed(row.filled):
        text = row.cells[index]
        if index < page.standard and STANDARD.search(text) and not _is_replay(page, row, index):
            return index
    return row.filled[0] if len(row.cells) == 1 and row.filled else None


def _is_replay(page: Page, row: DutyRow, index: int) -> bool:
    """The rest of the page again in the left cell (A 2.3 30): long, with several standards, where another column has them."""
    text = row.cells[index]
    return (
        index < page.standard
        and (len(text) > REPLAY_LENGTH or len(STANDARD.findall(text)) > 1)
        and (
            len(STANDARD.findall(text)) >= 1
            or re.search(r"[(（]\d[)）]", text) is not None
            or chinese(text) > 80
        )
    )


def _other(page: Page, laid: Laid, row: DutyRow, index: int) -> None:
    text = row.cells[index]
    if index in (page.post, page.section) and page.named:
        laid.labels.append(index)
    elif index > page.standard:
        if starts_work(text) and laid.standard is None:
            laid.works.append(index)
        else:
            laid.tails.append(index)
    elif _is_replay(page, row, index) or (index != page.work and chinese(text) > LABEL_LENGTH):
        laid.replays.append(index)
    elif starts_work(text) or index == page.work:
        laid.works.append(index)
    else:
        laid.labels.append(index)
