"""Tables as text (.csv): comma, semicolon or tab between the cells."""

import csv
import io

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table
from integrations.importers.sources.text import decode


def read(data: bytes, name: str) -> Document:
    """Rows of one table; a row with one cell only is a paragraph (caption), an empty row a gap."""
    text = decode(data)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20000], delimiters=",;\t，")
    except csv.Error:
        dialect = csv.excel
    blocks: list[Block] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), dialect), start=1):
            _add(blocks, number, values)
    except csv.Error as error:
        raise ReaderError("damaged", detail=f"第{len(blocks) + 1}行") from error
    if not any(isinstance(block, Paragraph | Table) for block in blocks):
        raise ReaderError("no_text")
    return Document(name, blocks)


def _add(blocks: list[Block], number: int, values: list[str]) -> None:
    place = Place(row=number)
    filled = [value for value in values if value.strip()]
    if not filled:
        blocks.append(Gap(place))
    elif len(filled) == 1 and values[0].strip():
        blocks.append(Paragraph(Line(filled[0], Place(row=number, cell=1))))
    else:
        if not blocks or not isinstance(blocks[-1], Table):
            blocks.append(Table())
        table = blocks[-1]
        if isinstance(table, Table):
            table.rows.append(
                Row(tuple(_cell(value, number, column) for column, value in enumerate(values, 1)), place)
            )


def _cell(value: str, row: int, column: int) -> Cell:
    parts = [part for part in value.replace("\r", "").split("\n") if part.strip()]
    return Cell(tuple(Line(part, Place(row=row, cell=column)) for part in parts))
