"""Tables as .xlsx (导出表格): exactly what the page shows, figures as figures, never a formula from data."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.timezone import is_aware, make_naive
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhiheng.web.show import show, show_fraction

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORBIDDEN_IN_TITLE = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))
WIDEST = 60
MEASURED_ROWS = 500
"""Rows that decide the widths; the rest of a long table looks like its beginning."""


def attachment(filename: str) -> str:
    """Content-Disposition with a Chinese file name that old and new browsers read."""
    return f"attachment; filename*=UTF-8''{quote(filename)}"


def table_response(
    *, filename: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A download with one sheet: bold heads, frozen first row, filter arrows, fitting widths."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook starts with a worksheet")
    fill(sheet, title=title, headers=headers, rows=rows)
    out = BytesIO()
    book.save(out)
    return HttpResponse(
        out.getvalue(), content_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(filename)}
    )


def fill(sheet: Worksheet, *, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write heads and rows into an empty sheet."""
    sheet.title = title.translate(FORBIDDEN_IN_TITLE)[:31] or "Sheet"
    widths = [_width(h) for h in headers]
    _put_row(sheet, 1, headers)
    for column in range(1, len(headers) + 1):
        head = sheet.cell(1, column)
        head.font, head.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(rows, start=2):
        _put_row(sheet, number, row)
        if number <= MEASURED_ROWS:
            widths = [max(w, _width(v)) for w, v in zip(widths, row, strict=True)]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _put_row(sheet: Worksheet, number: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        if isinstance(cell, Cell):
            _put(cell, value)


def _put(cell: Cell, value: Any) -> None:
    """Numbers and dates stay what they are; text that begins like a formula stays text."""
    match value:
        case None:
            return
        case bool():
            cell.value = show(value)
        case int() | Decimal() | date() | time():
            cell.value = make_naive(value) if isinstance(value, datetime) and is_aware(value) else value
        case Fraction():
            cell.value = show_fraction(value)
        case _:
            cell.value = str(value)
            cell.data_type = "s"


def _width(value: Any) -> int:
    """Rough width in characters: a Chinese character is two wide, as it is two bytes in GBK."""
    text = show(value) if value is not None else ""
    return max((len(line.encode("gbk", "replace")) for line in text.splitlines()), default=0)
