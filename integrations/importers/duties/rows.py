"""Rows of a duty catalogue (行): cleaned cells with their source lines and page, tables and paragraphs alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.importers.duties.cleaning import clean
from integrations.importers.grid import Cell, Document, Gap, Line, Paragraph, Place, Row


@dataclass(eq=False)
class DutyRow:
    """One row: ``cells`` are clean texts, ``sources`` the lines of each cell, ``covered`` what a merged cell says there.

    ``page`` counts the pieces between empty lines (text) or the tables (Word).  A paragraph is a row of one cell.
    """

    index: int
    page: int
    cells: list[str]
    sources: list[list[Line]]
    covered: list[str]
    free: bool
    place: Place

    @property
    def text(self) -> str:
        """All cells, separated by a space."""
        return " ".join(cell for cell in self.cells if cell)

    def lines(self) -> list[Line]:
        """All source lines of the row."""
        return [line for cell in self.sources for line in cell]

    def line_at(self, index: int, position: int) -> Line:
        """The source line that character ``position`` of a cell comes from."""
        number = self.cells[index].count("\n", 0, position)
        return self.sources[index][min(number, len(self.sources[index]) - 1)]

    @property
    def filled(self) -> list[int]:
        """Indices of the cells that hold text."""
        return [index for index, cell in enumerate(self.cells) if cell]


def rows_of(document: Document) -> list[DutyRow]:
    """All rows in order."""
    found: list[DutyRow] = []
    for page, free, row in _pages(document):
        cells = ["\n".join(clean(line.text) for line in cell.lines).strip() for cell in row.cells]
        sources = [list(cell.lines) for cell in row.cells]
        covered = [clean(cell.origin.text) if cell.origin else "" for cell in row.cells]
        found.append(DutyRow(len(found), page, cells, sources, covered, free, row.place))
    return found


def _pages(document: Document) -> Iterator[tuple[int, bool, Row]]:
    page = 0
    last: object = None
    for block in document.blocks:
        if isinstance(block, Gap):
            page += 1
        elif isinstance(block, Paragraph):
            page += 0 if document.flattened or last is Paragraph else 1
            yield page, True, Row((Cell((block.line,)),), block.line.place)
        else:
            page += 0 if document.flattened else 1
            for row in block.rows:
                yield page, False, row
        last = type(block)
