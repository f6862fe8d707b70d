"""Excel workbooks (.xlsx): every sheet a table; a row with one wide cell counts as a paragraph (caption)."""

import datetime as dt
import io
import warnings
import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table

MAX_CELLS = 2_000_000
Spot = tuple[int, int]
DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    ParseError,
    AttributeError,
)


def read(data: bytes, name: str) -> Document:
    """All visible sheets in order; ReaderError ``damaged`` for a broken workbook, ``no_text`` for an empty one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except DAMAGE as error:
        raise ReaderError("damaged") from error
    blocks: list[Block] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            if sheet.max_row * sheet.max_column > MAX_CELLS:
                raise ReaderError("huge", place=Place(sheet=sheet.title))
            blocks.extend(_blocks(sheet))
    if not any(isinstance(block, Paragraph | Table) for block in blocks):
        raise ReaderError("no_text")
    return Document(name, blocks)


def _blocks(sheet: Any) -> list[Block]:
    origins = _merged(sheet)
    kept: dict[Spot, Cell] = {}
    blocks: list[Block] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        place = Place(sheet=sheet.title, row=number)
        cells = _cells(values, place, origins, kept)
        filled = [cell for cell in cells if cell.lines]
        if not filled and not any(cell.origin for cell in cells):
            blocks.append(Gap(place))
        elif _is_caption(cells, filled, values):
            blocks.extend(Paragraph(line) for line in filled[0].lines)
        else:
            if not blocks or not isinstance(blocks[-1], Table):
                blocks.append(Table())
            table = blocks[-1]
            if isinstance(table, Table):
                table.rows.append(Row(cells, place))
    return blocks


def _is_caption(cells: tuple[Cell, ...], filled: list[Cell], values: tuple[Any, ...]) -> bool:
    """One text alone in its row, at the left or across: a heading or caption rather than a table row."""
    if len(filled) != 1 or len(values) < 2:
        return False
    covered = sum(1 for cell in cells if cell.origin is filled[0])
    return covered >= len(values) // 2 or (cells[0] is filled[0] and not any(cell.origin for cell in cells))


def _merged(sheet: Any) -> dict[Spot, Spot]:
    """(row, column) of a covered cell -> its origin."""
    found = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                if (row, column) != (area.min_row, area.min_col):
                    found[row, column] = (area.min_row, area.min_col)
    return found


def _cells(
    values: tuple[Any, ...], place: Place, origins: dict[Spot, Spot], kept: dict[Spot, Cell]
) -> tuple[Cell, ...]:
    row = place.row or 0
    cells: list[Cell] = []
    for column, value in enumerate(values, start=1):
        origin = origins.get((row, column))
        if origin is not None:
            cells.append(Cell(origin=kept.get(origin, Cell())))
            continue
        spot = Place(sheet=place.sheet, row=row, cell=column)
        lines = tuple(Line(text, spot) for text in cell_text(value).split("\n") if text.strip())
        cells.append(Cell(lines))
        kept[row, column] = cells[-1]
    return tuple(cells)


def cell_text(value: Any) -> str:
    """What a person sees in the cell, without Excel's formats: dates as 2026-03-01, whole numbers without .0."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n")
