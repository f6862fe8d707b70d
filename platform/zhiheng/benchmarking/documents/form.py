"""The release form as .xlsx (发布填报表): one line per indicator, numerator and denominator to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils.exceptions import InvalidFileException

HEAD = ("代码", "所属表", "指标", "单位", "分子是什么", "分子", "分母是什么", "分母")
WIDTHS = (24, 22, 28, 8, 24, 14, 24, 14)
_CODE, _NUMERATOR, _DENOMINATOR = 0, 5, 7
_HEAD_FILL, _INPUT_FILL = PatternFill("solid", fgColor="F4F1EC"), PatternFill("solid", fgColor="EAF0F8")


@dataclass(frozen=True)
class FormLine:
    """One indicator with what is known already; texts are shown as they are."""

    code: str
    table: str
    title: str
    unit: str
    numerator_name: str
    denominator_name: str
    numerator: str = ""
    denominator: str = ""


def form_xlsx(lines: Sequence[FormLine], *, title: str) -> bytes:
    """The form with the two columns to fill in marked; a line without denominator has its cell locked."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title[:31]
    sheet.append(HEAD)
    for one in lines:
        sheet.append([one.code, one.table, one.title, one.unit, one.numerator_name, one.numerator or None,
                      one.denominator_name or "不需要", one.denominator or None])  # fmt: skip
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD_FILL, Alignment(vertical="center")
    for number, one in enumerate(lines, start=2):
        for column in (_NUMERATOR, _DENOMINATOR) if one.denominator_name else (_NUMERATOR,):
            cell = sheet.cell(number, column + 1)
            cell.fill, cell.protection = _INPUT_FILL, Protection(locked=False)
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[place]].width = width
    sheet.freeze_panes = "D2"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_form(content: bytes) -> Mapping[str, tuple[str, str]]:
    """Code -> (numerator, denominator) as typed.  ValueError with a Chinese reason for another workbook."""
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise ValueError("不是能读的.xlsx文件") from error
    sheet: Any = book.active
    rows = list(sheet.iter_rows(values_only=True))
    if not rows or tuple(_text(v) for v in rows[0][: len(HEAD)]) != HEAD:
        raise ValueError("第一行不是填报表的表头")
    return {
        _text(row[_CODE]): (_text(row[_NUMERATOR]), _text(row[_DENOMINATOR]))
        for row in rows[1:]
        if len(row) > _DENOMINATOR and _text(row[_CODE])
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value).strip()
