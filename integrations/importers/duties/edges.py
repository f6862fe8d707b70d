"""A page whose left edge is cut off (左缘缺失): numbers lose their first figure; rebuilt from the sequence (A 2.1 11)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from integrations.importers.duties.cutting import Sheet
from integrations.importers.duties.numbers import STANDARD, Number
from integrations.importers.duties.rows import DutyRow
from integrations.importers.findings import Report

CUT = re.compile(r"^\s*(\d{1,2})\s*[.．]\s*(\d{1,2})(?![.．\d])")
MIN_NUMBERS = 3


def restore_left_edges(sheet: Sheet, items: list[tuple[int, int]], report: Report) -> None:
    """Puts back the first figure on pages where every number lacks it, when the whole page then continues the table."""
    pages: dict[int, list[DutyRow]] = defaultdict(list)
    for row in sheet.rows:
        pages[row.page].append(row)
    last: Number | None = None
    for rows in pages.values():
        for run in _runs(rows):
            if last is not None and _is_cut(run):
                _restore(run, last, items, report)
            last = _last_number(run) or last


def _runs(rows: list[DutyRow]) -> Iterator[list[DutyRow]]:
    """Neighbouring rows with and without standards' numbers, apart."""
    for _, run in groupby(rows, key=lambda row: STANDARD.search(row.text) is not None):
        yield list(run)


def _last_number(rows: list[DutyRow]) -> Number | None:
    found = [match for row in rows for cell in row.cells for match in STANDARD.finditer(cell)]
    return Number(int(found[-1][1]), int(found[-1][2]), int(found[-1][3][:2])) if found else None


def _is_cut(rows: list[DutyRow]) -> bool:
    single = all(len(row.filled) == 1 for row in rows)
    numbers = [CUT.match(row.text) for row in rows]
    return (
        single
        and sum(match is not None for match in numbers) >= MIN_NUMBERS
        and not any(STANDARD.search(row.text) for row in rows)
    )


def _restore(rows: list[DutyRow], last: Number, items: list[tuple[int, int]], report: Report) -> None:
    """All rows or none: one number that does not continue the sequence stops the repair."""
    found: list[tuple[DutyRow, Number]] = []
    for row in rows:
        match = CUT.match(row.text)
        if match:
            number = _continued(last, int(match[1]), int(match[2]), items)
            if number is None:
                return
            found.append((row, number))
            last = number
    for row, number in found:
        index = row.filled[0]
        row.cells[index] = CUT.sub(str(number), row.cells[index], count=1)
        report.warn(
            "left_edge_cut", "页面左缘缺失，编号已按顺序补全，请确认", row.sources[index][0], row.cells[index]
        )


def _continued(last: Number, b: int, c: int, items: list[tuple[int, int]]) -> Number | None:
    """The number (a, b, c) that follows ``last``: the next standard of its item, or the first of a later item."""
    if b == last.b and c == last.c + 1:
        return replace(last, c=c)
    if c != 1:
        return None
    later = items[items.index(last.item) + 1 :] if last.item in items else []
    item = next((item for item in later if item[1] == b), None)
    return Number(*item, 1) if item else None
