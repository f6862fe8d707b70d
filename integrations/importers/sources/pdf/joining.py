"""Rows that a page break parts are put together (跨页行)."""

from integrations.importers.grid import Cell, Line, Row
from integrations.importers.sources.pdf.lines import BEGINS, ends


def source(cell: Cell) -> Cell:
    """The cell itself, or the merged cell that covers it."""
    return cell.origin or cell


def join_rows(table: list[Row], rows: list[Row]) -> None:
    """Puts the first of ``rows`` into the last row of ``table``; merged cells that reach over the break become one."""
    last, first = table[-1], rows.pop(0)
    made: dict[int, Cell] = {}
    for one, other in zip(last.cells, first.cells, strict=True):
        old, new = source(one), source(other)
        if id(old) not in made:
            made[id(old)] = Cell(_joined(old.lines, new.lines))
        made[id(new)] = made[id(old)]
    for listed in (table, rows):
        for index, row in enumerate(listed):
            listed[index] = Row(tuple(_changed(cell, made, listed is rows) for cell in row.cells), row.place)


def _changed(cell: Cell, made: dict[int, Cell], below: bool) -> Cell:
    if cell.origin is not None and id(cell.origin) in made:
        return Cell(origin=made[id(cell.origin)])
    if id(cell) in made:
        return Cell(origin=made[id(cell)]) if below else made[id(cell)]
    return cell


def _joined(before: tuple[Line, ...], after: tuple[Line, ...]) -> tuple[Line, ...]:
    if not before or not after or ends(before[-1].text) or BEGINS.match(after[0].text):
        return before + after
    return (*before[:-1], Line(before[-1].text + after[0].text, before[-1].place), *after[1:])
