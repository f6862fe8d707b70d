"""Reading a workbook (读表): rows with places, and every error with its cell.  Nothing is guessed, nothing skipped."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from tenants.organisation.spreadsheets.cells import LONGEST_CELL, BadValue, CellError, Unreadable, shown
from tenants.organisation.spreadsheets.forms import FORMS, Column, Form

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 20_000
HEADING_WITHIN = 10
"""Headings stand in one of the first rows; titles above them are passed over."""


@dataclass
class Row:
    """One row (一行): its values by field, and the cell of each field that the sheet has."""

    form: Form
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)

    def error(self, name: str, reason: str, advice: str) -> CellError:
        """An error about one field of this row."""
        place = self.places.get(name, f"第{self.number}行")
        return CellError(self.form.title, place, self.raw.get(name, ""), reason, advice)

    def states(self, name: str) -> bool:
        """True when the sheet has a column for the field: an absent column says nothing, an empty cell says empty."""
        return name in self.places


@dataclass
class Reading:
    """What a workbook says (读表结果): rows of each sheet by form key, errors, and what was left out and why."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_workbook(content: bytes, forms: Sequence[Form] = FORMS) -> Reading:
    """Read the sheets that we know, in any order of sheets and columns.

    Raises Unreadable when the file is no workbook or holds none of our sheets.  Sheets and columns that we do not know
    are named in ``notices``.
    """
    sheets = _sheets(content)
    known = {form.title: form for form in forms}
    reading = Reading()
    for title, table in sheets.items():
        form = known.get(title.strip())
        if form is None:
            if title.strip() != "填写说明":
                reading.notices.append(f"工作表“{title}”不在模板里，没有读。")
            continue
        reading.rows[form.key] = _read_sheet(form, table, reading)
    if not reading.rows:
        titles = "、".join(known)
        raise Unreadable("没有找到可以导入的工作表", f"工作表请叫：{titles}；可以先下载模板。")
    return reading


def _sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Cells of all sheets.  Raises Unreadable with the reason that a person can do something about."""
    if not content:
        raise Unreadable("文件是空的", "请确认选对了文件再传。")
    if len(content) > LARGEST_FILE:
        raise Unreadable("文件超过20兆", "请删去图片或分几次导入。")
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable("是旧版.xls，或设了打开密码", "请去掉密码，另存为.xlsx再传。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("展开后过大，可能已损坏", "请用Excel打开，另存一份再传。")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {sheet.title: _table(sheet) for sheet in book.worksheets}
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        AttributeError,
        SyntaxError,
    ) as error:
        raise Unreadable("打不开，不是完好的.xlsx", "请用Excel打开，另存为.xlsx再传。") from error


def _table(sheet: Any) -> list[tuple[Any, ...]]:
    rows = []
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_ROWS:
            raise Unreadable(f"工作表“{sheet.title}”超过{MOST_ROWS}行", "请删去空行，或分几次导入。")
        rows.append(cells)
    return rows


def _read_sheet(form: Form, table: list[tuple[Any, ...]], reading: Reading) -> list[Row]:
    heading, columns = _find_heading(form, table)
    missing = [c.title for c in form.columns if c.required and c not in columns.values()]
    if missing:
        place = f"第{heading + 1}行" if columns else "A1"
        advice = f"请在表头补上“{'”“'.join(missing)}”，或按模板填写。"
        reading.errors.append(CellError(form.title, place, "", f"缺少{'、'.join(missing)}列", advice))
        return []
    reading.notices += _unknown_columns(form, table[heading], columns)
    rows = []
    for number, cells in enumerate(table[heading + 1 :], heading + 2):
        if any(shown(cell) for cell in cells):
            row = _read_row(form, number, cells, columns)
            rows.append(row)
            reading.errors += _values(row, cells, columns)
    reading.errors += _repeated(form, rows)
    return rows


def _find_heading(form: Form, table: list[tuple[Any, ...]]) -> tuple[int, dict[int, Column]]:
    """Row index and columns of the heading: among the first rows the one with most of our headings."""
    best: tuple[int, dict[int, Column]] = (0, {})
    for index, cells in enumerate(table[:HEADING_WITHIN]):
        found: dict[int, Column] = {}
        for place, cell in enumerate(cells):
            title = shown(cell).rstrip("*").strip()
            column = next((c for c in form.columns if title in (c.title, *c.aliases)), None)
            if column is not None and column not in found.values():
                found[place] = column
        if len(found) > len(best[1]):
            best = (index, found)
    return best


def _unknown_columns(form: Form, cells: tuple[Any, ...], columns: dict[int, Column]) -> Iterator[str]:
    for place, cell in enumerate(cells):
        if shown(cell) and place not in columns:
            yield f"“{form.title}”的“{shown(cell)}”列不在模板里，没有读。"


def _read_row(form: Form, number: int, cells: tuple[Any, ...], columns: dict[int, Column]) -> Row:
    row = Row(form, number, {c.name: c.default for c in form.columns})
    for place, column in columns.items():
        raw = cells[place] if place < len(cells) else None
        row.places[column.name] = f"{get_column_letter(place + 1)}{number}"
        row.raw[column.name] = shown(raw)[:200]
    return row


def _values(row: Row, cells: tuple[Any, ...], columns: dict[int, Column]) -> Iterator[CellError]:
    """Fill the row's values; an error for each cell that cannot be taken."""
    for place, column in columns.items():
        raw = cells[place] if place < len(cells) else None
        if not shown(raw):
            if column.required:
                yield row.error(column.name, f"没有填{column.title}", column.hint or f"请填{column.title}。")
            continue
        if len(shown(raw)) > LONGEST_CELL:
            yield row.error(column.name, "内容太长", f"请缩短到{LONGEST_CELL}字以内。")
            continue
        try:
            row.values[column.name] = column.parse(raw)
        except BadValue as error:
            yield row.error(column.name, error.reason, error.advice)


def _repeated(form: Form, rows: list[Row]) -> Iterator[CellError]:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row.values[name] for name in form.unique)
        if not all(key):
            continue
        if key in first:
            label = "+".join(form.column(name).title for name in form.unique)
            yield row.error(form.unique[0], f"{label}和第{first[key]}行重复", "请删去一行，或改成不同的。")
        first.setdefault(key, row.number)
