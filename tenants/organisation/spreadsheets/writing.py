"""Writing the workbook (出表): template and export have the same shape, and what was exported can be imported."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tenants.organisation.spreadsheets.forms import FORMS, Column, Form

_HEAD = PatternFill("solid", fgColor="F4F1EC")
_ROWS_WITH_CHOICES = 2000


def write_workbook(rows: Mapping[str, Iterable[Mapping[str, Any]]], forms: Sequence[Form] = FORMS) -> bytes:
    """The workbook with these rows by form key; without rows it is the template.  A first sheet explains each column."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)  # noqa: S101
    _write_guide(guide, forms)
    for form in forms:
        _write_sheet(book.create_sheet(form.title), form, rows.get(form.key, ()))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_guide(sheet: Worksheet, forms: Sequence[Form]) -> None:
    sheet.title = "填写说明"
    sheet.append(["工作表", "列", "必填", "说明"])
    for form in forms:
        sheet.append([form.title, "", "", form.hint])
        for column in form.columns:
            sheet.append(["", column.title, "是" if column.required else "", column.hint])
    _dress_heading(sheet, (12, 16, 8, 60))


def _write_sheet(sheet: Worksheet, form: Form, rows: Iterable[Mapping[str, Any]]) -> None:
    for place, column in enumerate(form.columns, 1):
        sheet.cell(1, place, column.title + ("*" if column.required else ""))
        _offer_choices(sheet, place, column)
    for number, values in enumerate(rows, 2):
        for place, column in enumerate(form.columns, 1):
            _put(sheet.cell(number, place), column, values.get(column.name))
    _dress_heading(sheet, [column.width for column in form.columns])


def _put(cell: Any, column: Column, value: Any) -> None:
    """Write a value so that reading gives it back; text never becomes a formula or a number."""
    if column.options:
        value = next((label for label, meaning in column.options.items() if meaning == value), None)
    if value in (None, "", (), {}):
        return
    match value:
        case tuple() | list():
            text = "、".join(value)
        case dict():
            text = "、".join(f"{k}={v}" for k, v in value.items())
        case date():
            text = value.isoformat()
        case Decimal():
            text = f"{value.normalize():f}"
        case int():
            cell.value = value
            return
        case _:
            text = str(value)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"


def _offer_choices(sheet: Worksheet, place: int, column: Column) -> None:
    if not column.options:
        return
    letter = get_column_letter(place)
    offer = DataValidation(type="list", formula1=f'"{",".join(column.options)}"', allow_blank=True)
    offer.add(f"{letter}2:{letter}{_ROWS_WITH_CHOICES}")
    sheet.add_data_validation(offer)


def _dress_heading(sheet: Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, 1):
        cell = sheet.cell(1, place)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
