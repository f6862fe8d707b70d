"""Patterns without a database: charts, timeline, trees, differences, workbooks, how values look."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from zhiheng.web import charts, xlsx
from zhiheng.web.difftable import DiffTable, compare
from zhiheng.web.explain import Account, Part
from zhiheng.web.show import show, show_period
from zhiheng.web.timeline import Step, YearLine
from zhiheng.web.tree import Branch, grow
from zhiheng.web.wizard import UploadForm, steps

D = Decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (0, "0"),
        (True, "是"),
        (D("1.50"), "1.50"),
        (D("1E+3"), "1000"),
        (Fraction(1, 4), "0.25"),
        (Fraction(1, 3), "≈0.333333"),
        (date(2026, 11, 5), "2026年11月5日"),
        (datetime(2026, 11, 20, 6, 32, tzinfo=UTC), "2026年11月20日 14:32"),
    ],
)
def test_values_look_as_people_write_them(value: Any, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 11, 16), date(2026, 11, 27), "11月16日—27日"),
        (date(2026, 11, 30), date(2026, 12, 4), "11月30日—12月4日"),
        (date(2026, 12, 31), date(2026, 12, 31), "12月31日"),
        (date(2026, 12, 28), date(2027, 1, 8), "2026年12月28日—2027年1月8日"),
    ],
)
def test_periods_name_only_what_differs(start: date, end: date, text: str) -> None:
    assert show_period(start, end) == text


def _year(today: date) -> YearLine:
    return YearLine(
        2026,
        [
            Step("发布方案", date(2026, 3, 16), date(2026, 3, 16), "done"),
            Step("部门评分", date(2026, 11, 16), date(2026, 11, 25), "now"),
            Step("公示", date(2026, 12, 16), date(2026, 12, 22), "next"),
        ],
        today,
    )


def test_timeline_knows_where_we_are() -> None:
    line = _year(date(2026, 11, 20))
    assert line.position == 2
    assert line.share_gone == 45, "noon of the fifth of ten days"
    assert [line.previous.label, line.current.label, line.following.label] == ["发布方案", "部门评分", "公示"]  # type: ignore[union-attr]
    assert line.percent == 48


def test_today_stays_on_the_line_when_a_step_is_late() -> None:
    assert _year(date(2026, 12, 30)).share_gone == 98
    assert _year(date(2026, 11, 1)).share_gone == 2


def test_box_strip_places_figures_exactly() -> None:
    box = charts.Box("本省", 31, D(80), D(85), D(90), D(95), D(100))
    strip = charts.box_strip(box, own=D(90), label="x")
    assert (strip.low, strip.q1, strip.median, strip.high) == ("3.00", "26.50", "50.00", "97.00")
    assert (strip.box_width, strip.own) == ("47.00", "50.00")


def test_box_strip_refuses_suppressed_figures() -> None:
    with pytest.raises(ValueError, match="five figures"):
        charts.box_strip(charts.Box("本省", 6, None, None, None, None, None))


def test_all_values_equal_stand_in_the_middle() -> None:
    strip = charts.point_strip([D(3), D(3)], own=D(3), median=D(3), label="x")
    assert (strip.points, strip.own) == (["50.00", "50.00"], "50.00")


def test_trend_does_not_connect_across_a_break() -> None:
    lines = [
        charts.Line("本校", [D(95), None], own=True, outdated=True),
        charts.Line("本校", [None, D(92)], own=True),
    ]
    option = charts.trend(["2023", "2024"], lines, breaks=[charts.Break("2023", "2023", "旧口径")], unit="%")
    old, new = option["series"]
    assert (old["data"], new["data"]) == ([95.0, None], [None, 92.0])
    assert (old["lineStyle"]["type"], new["lineStyle"]["type"]) == ("dashed", "solid")
    assert "endLabel" not in old
    assert new["endLabel"]["formatter"] == "本校92%"
    assert old["markArea"]["data"][0][0]["name"] == "旧口径"


def test_bars_start_at_zero_and_mark_the_needy() -> None:
    option = charts.histogram(["79—82", "82—85"], [3, 5], name="落实率", marked=frozenset({0}))
    assert "min" not in option["yAxis"]
    colours = [bar["itemStyle"]["color"] for bar in option["series"][0]["data"]]
    assert colours == ["@warn-mark", "@seq-3"]


def test_slope_colours_climbers_and_losers() -> None:
    option = charts.slope("甲", "乙", [("升", 3, 1), ("降", 1, 3), ("平", 2, 2)])
    assert [s["lineStyle"]["color"] for s in option["series"]] == ["@accent", "@cat-4", "@peer"]


def test_tree_grows_from_flat_rows() -> None:
    rows = [("a", None), ("b", "a"), ("c", "b"), ("x", "gone")]
    roots = grow(rows, key=lambda r: r[0], parent=lambda r: r[1], branch=lambda r: Branch(r[0]))
    assert [root.label for root in roots] == ["a", "x"], "a row without its superior is not lost"
    assert roots[0].children[0].children[0].indent == "d2"


def test_differences_of_two_versions() -> None:
    lines = tuple(compare({"满分": D(4), "旧": 1, "同": 2}, {"满分": D(5), "同": 2, "新": None}))
    table = DiffTable("第6版", "第7版", lines)
    assert [(d.place, d.kind, d.old, d.new) for d in lines] == [
        ("满分", "chg", "4", "5"),
        ("新", "add", "", "—"),
        ("旧", "del", "1", ""),
    ]
    assert (table.added, table.removed, table.changed) == (1, 1, 1)


def test_workbook_keeps_figures_and_defuses_formulas() -> None:
    answer = xlsx.table_response(
        filename="表.xlsx",
        title="名单[2026]:甲/乙",
        headers=["单位", "得分", "日期", "真"],
        rows=[["=1+1", D("91.37"), date(2026, 11, 20), True], ["甲", None, None, False]],
    )
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert sheet.title == "名单 2026  甲 乙"
    assert rows[1][:2] == ("=1+1", 91.37)
    assert sheet["A2"].data_type == "s", "text, not a formula"
    assert sheet["B2"].data_type == "n"
    assert rows[2] == ("甲", None, None, "否")
    assert sheet.freeze_panes == "A2"


def test_upload_checks_ending_and_size() -> None:
    def errors(name: str, size: int = 10) -> str:
        upload = SimpleUploadedFile(name, b"x")
        upload.size = size
        return str(UploadForm({}, {"file": upload}).errors.get("file", ""))

    assert errors("名单.XLSX") == ""
    assert "不是.xlsx文件" in errors("名单.xls")
    assert "超过20MB" in errors("名单.xlsx", 21 * 1024 * 1024)
    assert "请先选一个文件" in str(UploadForm({}, {}).errors)


def test_wizard_steps_have_one_current() -> None:
    assert [step.state for step in steps(["上传", "核对", "入库"], 1)] == ["done", "now", "next"]


def test_part_without_account_does_not_fold() -> None:
    assert not Part("加减分", "0").folds
    assert Part("落实率", "4.60", account=Account(formula="5×…")).folds
