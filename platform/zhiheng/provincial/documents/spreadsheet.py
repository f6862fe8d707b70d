"""The report as .xlsx: reporting progress, distributions, named official values."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_HEAD = PatternFill("solid", fgColor="F4F1EC")
_DISTRIBUTION = ["所属表", "指标", "单位", "报送数", "最小", "下四分位", "中位数", "上四分位", "最大"]
_PROGRESS = ["学校", "建设层次", "办学性质", "已报", "应报", "状态", "最近报送", "回执"]


def report_xlsx(document: dict[str, Any]) -> bytes:
    """Workbook with three sheets; figures are numbers with the indicator's decimals."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    _sheet(
        book,
        "报送进度",
        _PROGRESS,
        [_progress(row) for row in document["progress"]],
        [28, 16, 12, 8, 8, 10, 14, 16],
    )
    ranges = _sheet(
        book,
        "指标分布",
        _DISTRIBUTION,
        [_ranges(row) for row in document["distributions"]],
        [24, 28, 8, 8, *[14] * 5],
    )
    for line, row in enumerate(document["distributions"], start=2):
        for cell in ranges[line][4:9]:
            cell.number_format = "#,##0" + ("." + "0" * row["decimals"] if row["decimals"] else "")
    _sheet(book, "各校数值", ["指标", "单位", "学校", "数值"], list(_values(document)), [28, 8, 28, 16])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _progress(row: dict[str, Any]) -> list[Any]:
    return [
        row[name]
        for name in ("college", "tier", "ownership", "released", "expected", "state", "last", "receipt")
    ]


def _ranges(row: dict[str, Any]) -> list[Any]:
    figures = [_number(row[name]) for name in ("min", "q1", "median", "q3", "max")]
    return [row["table"], row["title"], row["unit"], row["n"], *figures]


def _values(document: dict[str, Any]) -> Any:
    for row in document["distributions"]:
        for college, value in row["values"]:
            yield [row["title"], row["unit"], college, _number(value)]


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _sheet(
    book: Workbook, title: str, head: list[str], rows: list[list[Any]], widths: list[int]
) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    for row in [head, *rows]:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(vertical="center")
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return sheet
