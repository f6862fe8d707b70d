"""Facts as a workbook: the same form out and in, and every error with its cell."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from assessment.spreadsheets.facts import COLLEGE, DATA, CellKey, FactForm, FormUnit, read_facts, write_facts
from assessment.values import BadValue, Cell, parse

UNITS = [FormUnit("T1", "机电学院", "teaching"), FormUnit("D1", "教务处", "office")]
MEASURES: list[dict[str, Any]] = [
    {"code": "rate", "title": "就业率", "type": "ratio", "applies": ["teaching"], "max": 1},
    {"code": "late", "title": "迟报次数", "type": "integer", "min": 0},
    {"code": "months", "title": "每月会议", "type": "list"},
    {"code": "kind", "title": "党组织类别", "type": "text", "options": ["总支", "直属支部"]},
    {"code": "plan", "title": "有计划", "type": "boolean"},
    {"code": "day", "title": "决定日期", "type": "date"},
    {"code": "pool", "title": "奖金总额", "type": "number", "scope": "college", "unit": "元"},
    {"code": "works", "title": "成果登记", "type": "register",
     "fields": [{"code": "成果", "type": "text"}, {"code": "经费", "type": "number"}]},
]  # fmt: skip
FORM = FactForm("2025年度", UNITS, MEASURES)
CELLS: dict[CellKey, Cell] = {
    ("rate", "T1"): Cell("value", "0.935"), ("late", "T1"): Cell("value", "2"), ("late", "D1"): Cell("not_applicable"),
    ("months", "T1"): Cell("value", ["2", "3.5"]), ("months", "D1"): Cell("value", []),
    ("kind", "T1"): Cell("value", "总支"), ("plan", "D1"): Cell("value", False), ("day", "T1"): Cell("value", "2025-10-08"),
    ("pool", None): Cell("value", "300000"), ("works", "T1"): Cell("value", [{"成果": "教材", "经费": "1.5"}]),
    ("works", "D1"): Cell("value", []),
}  # fmt: skip


def test_what_is_written_is_read_again() -> None:
    reading = read_facts(FORM, write_facts(FORM, CELLS))
    assert reading.errors == []
    assert reading.cells == CELLS


def _changed(sheet: str, cell: str, value: Any) -> bytes:
    book = load_workbook(BytesIO(write_facts(FORM, CELLS)))
    book[sheet][cell] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "reason", "advice"),
    [
        (DATA, "D3", "1,2", "“1,2”不是数", "是不是1.2？"),
        (DATA, "D3", "2.5", "“2.5”不是整数", "这一项按个数计，请填整数"),
        (DATA, "D3", -1, "-1小于0", "请填0以上的数"),
        (DATA, "C3", "120%", "1.2超过1", "请填不超过1的数"),
        (DATA, "C4", 0.9, "这一项不适用于该单位", "请清空这一格"),
        (DATA, "F3", "支部", "“支部”不在可选项里", "可填：总支、直属支部"),
        (DATA, "G3", "也许", "“也许”看不出是或否", "请填“是”或“否”"),
        (DATA, "H3", "2025-13-40", "“2025-13-40”不是日期", "请写成2026-11-20"),
        (DATA, "E3", "2,3", "“2,3”用了逗号", "多个数之间请用分号“；”隔开"),
        (DATA, "A3", "T9", "没有这个单位代码", "请用单位代码，可用：T1、D1"),
        (DATA, "C2", "rates", "方案里没有这个数据项", "请不要改第二行的代码，或重新下载表格"),
        (COLLEGE, "C2", "三十万", "“三十万”不是数", "请填数字，缺项写“缺项”，没有数据就留空"),
        ("works", "D2", "很多", "“很多”不是数", "请填数字，缺项写“缺项”，没有数据就留空"),
    ],
)
def test_every_error_names_sheet_cell_and_advice(
    sheet: str, cell: str, value: Any, reason: str, advice: str
) -> None:
    errors = read_facts(FORM, _changed(sheet, cell, value)).errors
    assert [(e.sheet, e.cell, e.reason, e.advice) for e in errors] == [(sheet, cell, reason, advice)]


def test_all_errors_come_at_once() -> None:
    book = load_workbook(BytesIO(_changed(DATA, "D3", "x")))
    book[DATA]["D4"] = "y"
    buffer = BytesIO()
    book.save(buffer)
    assert [e.cell for e in read_facts(FORM, buffer.getvalue()).errors] == ["D3", "D4"]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_damaged_file_is_told_kindly(content: bytes) -> None:
    assert [e.reason for e in read_facts(FORM, content).errors] == ["打不开这个文件"]


def test_another_workbook_is_told_kindly() -> None:
    buffer = BytesIO()
    Workbook().save(buffer)
    assert [e.reason for e in read_facts(FORM, buffer.getvalue()).errors] == ["没有找到“数据”工作表"]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("85%", "0.85"),
        ("０．９", "0.9"),
        ("1,200.50", "1200.5"),
        (0.1, "0.1"),
        (3, "3"),
        (" 7 ", "7"),
        ("１００％", "1"),
    ],
)
def test_numbers_as_people_type_them(raw: Any, stored: str) -> None:
    assert parse({"code": "n", "title": "数", "type": "number"}, raw) == stored


@pytest.mark.parametrize("raw", ["1e999", "nan", "inf", "=1+1", True, "12345678901234567890"])
def test_no_odd_numbers(raw: Any) -> None:
    with pytest.raises(BadValue):
        parse({"code": "n", "title": "数", "type": "number"}, raw)
