"""Where a table's header is and what its columns are called (表头识别): several rows, merged cells, rows of notes above."""

from dataclasses import dataclass

from integrations.importers.folding import fold, similarity, squeeze
from integrations.importers.grid import Cell, Row, Table
from integrations.importers.tables.fields import Field, Fields

SEARCHED = 15
LIKELY = 0.6
LONG = 24


@dataclass(frozen=True)
class Header:
    """First and last header row (from 0) and the name of each column; empty for a column without one."""

    first: int
    last: int
    names: tuple[str, ...]


def source(cell: Cell) -> Cell:
    """The cell itself, or the merged cell that covers it."""
    return cell.origin or cell


def likeness(name: str, field: Field) -> float:
    """0..1: how well a column's name fits a field; a name that holds the field's word fits better the less else it has."""
    folded = fold(name)
    if not folded:
        return 0.0
    return max(_likeness(folded, fold(word)) for word in field.names)


def _likeness(name: str, word: str) -> float:
    if name == word:
        return 1.0
    if word in name:
        return 0.75 + 0.2 * len(word) / len(name)
    if name in word and len(name) >= 2:
        return 0.7
    return similarity(name, word) * 0.8


def find_header(table: Table, fields: Fields) -> Header | None:
    """The header of a table: the row whose cells name most fields, with the rows joined to it by merged cells."""
    best = max(
        range(min(len(table.rows), SEARCHED)),
        key=lambda index: _score(table.rows[index], fields),
        default=None,
    )
    if best is None or _score(table.rows[best], fields) <= 0:
        return None
    first, last = _upwards(table, best), _downwards(table, best)
    return Header(first, last, _names(table, first, last))


def _score(row: Row, fields: Fields) -> float:
    texts = list(dict.fromkeys(squeeze(cell.text) for cell in row.cells if cell.text.strip()))
    if not texts or any(len(text) > LONG for text in texts):
        return 0.0
    hits = [max((likeness(text, field) for field in fields), default=0.0) for text in texts]
    figures = sum(1 for text in texts if text.replace(".", "").isdigit())
    found = sum(hit for hit in hits if hit >= LIKELY)
    # A row of names that fit nothing may still be a header when several columns are named.
    return found + (0.1 * len(texts) if len(texts) > 1 else 0.0) - figures


def _upwards(table: Table, index: int) -> int:
    """Rows above whose cells stretch over some, but not all, of the columns: group names."""
    while index > 0:
        cells = table.rows[index - 1].cells
        spans = [sum(1 for other in cells if source(other) is cell) for cell in cells if cell.lines]
        if not any(1 < span < len(cells) for span in spans) or len(spans) < 2:
            break
        index -= 1
    return index


def _downwards(table: Table, index: int) -> int:
    """Rows below that a cell of the header reaches into."""
    while index + 1 < len(table.rows):
        header = {id(source(cell)) for cell in table.rows[index].cells if source(cell).lines}
        below = table.rows[index + 1].cells
        if not any(cell.origin is not None and id(cell.origin) in header for cell in below):
            break
        if not any(cell.lines for cell in below):
            break
        index += 1
    return index


def _names(table: Table, first: int, last: int) -> tuple[str, ...]:
    rows = table.rows[first : last + 1]
    width = max(len(row.cells) for row in rows)
    names = []
    for column in range(width):
        cells = [source(row.cells[column]) for row in rows if column < len(row.cells)]
        names.append("／".join(dict.fromkeys(squeeze(cell.text) for cell in cells if cell.text.strip())))
    return tuple(names)
