"""Word documents (.docx): paragraphs, tables with merged cells, automatic numbers made visible."""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table
from integrations.importers.sources.numbering import Numbering

TEXT, TAB, BREAK, CARRIAGE = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
NO_BREAK_HYPHEN = qn("w:noBreakHyphen")
SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:txbxContent")}
PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml")}


def read(data: bytes, name: str) -> Document:
    """The body in order; ReaderError ``damaged`` when Word's parts are broken, ``no_text`` when there is none."""
    try:
        document = docx.Document(io.BytesIO(data))
        reading = _Reading(Numbering(document))
        blocks = list(reading.blocks(document.element.body))
    except Exception as error:
        raise ReaderError("damaged") from error
    if not any(isinstance(block, Paragraph | Table) for block in blocks):
        raise ReaderError("no_text")
    return Document(name, blocks)


class _Reading:
    """Walks the body once; counts tables and paragraphs for the places."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.tables = 0
        self.paragraphs = 0

    def blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent.iterchildren():
            if element.tag == PARAGRAPH:
                self.paragraphs += 1
                yield from self._paragraph(element)
            elif element.tag == TABLE:
                self.tables += 1
                yield self._table(element)
            elif element.tag in WRAPPERS:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        place = Place(paragraph=self.paragraphs)
        parts = [text for text in self.texts(element) if text.strip()]
        if not parts:
            yield Gap(place)
        for text in parts:
            yield Paragraph(Line(text, place))

    def texts(self, element: Any) -> list[str]:
        """Lines of one paragraph: its number, its runs; a manual line break starts a new line."""
        return (self.numbering.label(element) + _run_text(element)).split("\n")

    def _table(self, element: Any) -> Table:
        table = Table()
        above: dict[int, Cell] = {}
        for number, row in enumerate(_children(element, ROW), start=1):
            place = Place(table=self.tables, row=number)
            table.rows.append(Row(tuple(self._cells(row, place, above)), place))
        return table

    def _cells(self, row: Any, place: Place, above: dict[int, Cell]) -> Iterator[Cell]:
        """Cells of a row on the grid columns; ``above`` holds what stands over each column."""
        column = _skipped_columns(row)
        for element in _children(row, CELL):
            width, covered = max(1, int(element.grid_span)), element.vMerge == "continue"
            cell = self._cell(element, place, column + 1)
            if covered and column in above and not cell.lines:
                cell = Cell(origin=above[column].origin or above[column])
            yield cell
            above[column] = cell
            for extra in range(column + 1, column + width):
                above[extra] = Cell(origin=cell.origin or cell)
                yield above[extra]
            column += width

    def _cell(self, element: Any, place: Place, column: int) -> Cell:
        spot = Place(table=place.table, row=place.row, cell=column)
        found = [text for paragraph in _paragraphs(element) for text in self.texts(paragraph)]
        return Cell(tuple(Line(text, spot) for text in found if text.strip()))


def _children(parent: Any, tag: str) -> Iterator[Any]:
    for element in parent.iterchildren():
        if element.tag == tag:
            yield element
        elif element.tag in WRAPPERS:
            yield from _children(element, tag)


def _paragraphs(cell: Any) -> Iterator[Any]:
    """Paragraphs of a cell, those of tables inside it too."""
    return (element for element in cell.iter(PARAGRAPH))


def _skipped_columns(row: Any) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return int(before.get(qn("w:val"), 0)) if before is not None else 0


def _run_text(element: Any) -> str:
    parts: list[str] = []
    stack = list(element.iterchildren())[::-1]
    while stack:
        node = stack.pop()
        if node.tag == TEXT:
            parts.append(node.text or "")
        elif node.tag == TAB:
            parts.append(" ")
        elif node.tag == NO_BREAK_HYPHEN:
            parts.append("-")
        elif node.tag in (BREAK, CARRIAGE):
            parts.append("\n" if node.get(qn("w:type")) in (None, "textWrapping") else "")
        elif node.tag not in SKIPPED:
            stack.extend(list(node.iterchildren())[::-1])
    return "".join(parts)
