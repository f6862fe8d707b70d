"""Files of the catalogue: iCalendar rules, text that looks like a formula, numerals of headings."""

import datetime as dt
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from catalog.documents import CalendarEvent, catalogue_xlsx, handbook_docx, icalendar
from catalog.documents.handbook import _numeral

EMPTY = {"title": "目录", "number": 1, "state": "草稿", "approved_by": "", "effective_from": None, "departments": [], "procedures": []}  # fmt: skip


def test_calendar_folds_long_lines_and_ends_the_day_after() -> None:
    event = CalendarEvent(
        "a@b", dt.date(2026, 12, 7), dt.date(2026, 12, 20), "初检，" * 20, note="甲;乙,丙\n丁"
    )
    content = icalendar([event], name="日程", made_at=dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC))
    lines = content.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "DTSTART;VALUE=DATE:20261207" in lines
    assert "DTEND;VALUE=DATE:20261221" in lines
    assert "DTSTAMP:20261120T020000Z" in lines
    unfolded = content.decode().replace("\r\n ", "")
    assert f"SUMMARY:{'初检，' * 20}" in unfolded
    assert "DESCRIPTION:甲\\;乙\\,丙\\n丁" in unfolded


def test_text_that_begins_like_a_formula_stays_text() -> None:
    work = {"no": "1.1", "text": "=1+1", "posts": [("", "岗", True)], "standards": []}
    duty = {"no": "1", "text": "职责", "scope": "系统内", "works": [work]}
    document = {**EMPTY, "departments": [{"name": "处", "duties": [duty], "loose": []}]}
    sheet = load_workbook(BytesIO(catalogue_xlsx(document)))["职责与工作"]
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("=1+1", "s")


def test_empty_version_still_gives_files() -> None:
    assert load_workbook(BytesIO(catalogue_xlsx(EMPTY))).sheetnames == ["职责与工作"]
    lines = [p.text for p in Document(BytesIO(handbook_docx(EMPTY))).paragraphs]
    assert lines[:2] == ["目录", "第1版，草稿"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_numerals(number: int, text: str) -> None:
    assert _numeral(number) == text
