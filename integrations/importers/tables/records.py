"""The rows of a mapped table (取数): values by field with their places; every other row is told with its reason."""

import re
from dataclasses import dataclass, field
from typing import Any

from integrations.importers.errors import CellProblem
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze
from integrations.importers.grid import Cell, Document, Line, Paragraph, Place, Row
from integrations.importers.tables.fields import Field, Fields
from integrations.importers.tables.headers import source
from integrations.importers.tables.mapping import Mapping, tables_of
from integrations.importers.tables.values import BadValue, parse

TOTAL = re.compile(r"^(?:合计|总计|小计|共计|平均|平均值|汇总)")
NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填表人|制表|审核人|单位负责人)[:：]?")


@dataclass(frozen=True)
class Record:
    """One row: value of each mapped field (None when empty), its place, the place of each cell, the table's heading."""

    values: dict[str, Any]
    place: Place
    places: dict[str, Place]
    lines: dict[str, tuple[Line, ...]]
    caption: Line | None = None


@dataclass
class Records:
    """All rows, what is wrong with single cells, and the report of what was left out."""

    rows: list[Record] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    report: Report = field(default_factory=Report)


def read_records(document: Document, mapping: Mapping, fields: Fields) -> Records:
    """The rows below the header of one table, by the mapping a person confirmed."""
    found = Records()
    _add(found, document, mapping, {one.code: one for one in fields})
    _close(found, document)
    return found


def read_tables(document: Document, mappings: list[Mapping], fields: Fields) -> Records:
    """The rows of several tables of one file, in order."""
    found = Records()
    for mapping in mappings:
        _add(found, document, mapping, {one.code: one for one in fields})
    _close(found, document)
    return found


def _close(found: Records, document: Document) -> None:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.report.drop("heading", block.line)
    found.report.close(document)


def _add(found: Records, document: Document, mapping: Mapping, fields: dict[str, Field]) -> None:
    table = tables_of(document)[mapping.table]
    header = mapping.header
    if mapping.caption and any(
        one.captioned and mapping.column_of(one.code) is None for one in fields.values()
    ):
        found.report.claim(mapping.caption)
    for row in table.rows[: header.last + 1]:
        found.report.drop("header", *_lines(row))
    above: dict[str, Cell] = {}
    for row in table.rows[header.last + 1 :]:
        texts = [squeeze(source(cell).text) for cell in row.cells]
        if reason := _no_record(texts, header.names):
            found.report.drop(reason[0], *_lines(row), message=reason[1])
        elif any(texts):
            _add_row(found, row, mapping, fields, above)


def _lines(row: Row) -> list[Line]:
    return [line for cell in row.cells for line in cell.lines]


def _no_record(texts: list[str], names: tuple[str, ...]) -> tuple[str, str] | None:
    filled = [text for text in texts if text]
    if filled and all(text in "／".join(names) for text in filled) and len(set(filled)) > 1:
        return "header", "每页重复的表头"
    if filled and TOTAL.match(filled[0]):
        return "heading", "合计行"
    if filled and len(set(filled)) == 1 and NOTE.match(filled[0]):
        return "heading", "表下的说明"
    return None


def _add_row(
    found: Records, row: Row, mapping: Mapping, fields: dict[str, Field], above: dict[str, Cell]
) -> None:
    cells = _cells(row, mapping, fields, above)
    values = {code: _value(found, fields[code], cell, row) for code, cell in cells.items()}
    for one in fields.values():
        if one.required and one.code in cells and values[one.code] is None:
            found.problems.append(
                CellProblem("missing", row.place, one.title, "", "没有填写", "请补填这一格。")
            )
    unused = [column.index for column in mapping.columns if column.field is None]
    for cell in (row.cells[index] for index in unused if index < len(row.cells)):
        found.report.drop("unused_column", *cell.lines)
    lines = {code: cell.lines for code, cell in cells.items()}
    places = {code: held[0].place for code, held in lines.items() if held}
    found.report.claim(*(line for held in lines.values() for line in held))
    found.rows.append(Record(dict.fromkeys(fields) | values, row.place, places, lines, mapping.caption))


def _cells(row: Row, mapping: Mapping, fields: dict[str, Field], above: dict[str, Cell]) -> dict[str, Cell]:
    """The cell of each field; empty ones of fields that run down take the cell above under the same parent."""
    column_of = {column.field: column.index for column in mapping.columns if column.field}
    cells: dict[str, Cell] = {}
    fresh: set[str] = set()
    for code, one in fields.items():
        index = column_of.get(code)
        if index is None:
            continue
        cell = source(row.cells[index]) if index < len(row.cells) else Cell()
        if cell.text.strip() and cell is not above.get(code):
            fresh.add(code)
        elif one.down and one.under not in fresh:
            cell = above.get(code, cell)
        above[code] = cells[code] = cell
    return cells


def _value(found: Records, one: Field, cell: Cell, row: Row) -> Any:
    try:
        return parse(cell.text, one.kind)
    except BadValue as bad:
        place = cell.lines[0].place if cell.lines else row.place
        found.problems.append(
            CellProblem(
                "bad_value", place, one.title, cell.text, str(bad), "请在原表改正后重新上传，或在此处改写。"
            )
        )
        return None
