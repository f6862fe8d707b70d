"""Any other table: header found, columns proposed, a person's choice obeyed, nothing dropped without a word."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pytest

from integrations.importers.errors import ReaderError
from integrations.importers.sources.opening import open_document
from integrations.importers.tables.fields import DUTY_FIELDS, Field
from integrations.importers.tables.mapping import propose
from integrations.importers.tables.records import read_records
from integrations.importers.tables.values import BadValue, parse
from integrations.reading import propose_columns, read_catalogue, read_columns

ROWS: list[list[Any]] = [
    ["某学院任务台账", None, None, None, None, None, None],
    ["序号", "处室名称", "主要职能", "任务", "由谁来做", "做到什么程度", "何时完成"],
    [1, "总务处", "1. 保障供水", "1.1 检修管网", "水工", "(1) 每月巡查2次\n(2) 差错率为0", "每月25日前"],
    [2, None, None, "1.2 抄表", "抄表员", "每季度一次", None],
    [3, "门卫室", "1. 门岗", "登记", "门卫", None, None],
    ["序号", "处室名称", "主要职能", "任务", "由谁来做", "做到什么程度", "何时完成"],
    [4, None, "2. 巡逻", "夜巡", "门卫", "每夜两次", None],
    ["合计", None, None, 4, None, None, None],
    ["注：试行一年", None, None, None, None, None, None],
]
CHOICES: dict[int, dict[int, str | None]] = {1: {5: "post", 6: "standard"}}


def book(rows: list[list[Any]], *merged: str) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


LEDGER = book(ROWS, "A1:G1")


def test_columns_are_proposed_with_samples() -> None:
    [mapping] = propose_columns(LEDGER, "台账.xlsx", family="duty_catalogue")
    data = mapping.to_json()
    fields = [column["field"] for column in data["columns"]]
    assert fields == [None, "department", "duty", "work", None, None, "time"]
    assert (data["table"], data["place"], data["missing"]) == (1, {"sheet": "Sheet", "row": 2}, [])
    assert data["columns"][1]["sure"]
    assert data["columns"][3]["samples"] == ["1.1 检修管网", "1.2 抄表", "登记"]


def test_rows_by_a_persons_choice() -> None:
    reading = read_columns(LEDGER, "台账.xlsx", family="duty_catalogue", choices=CHOICES)
    office, gate = reading["departments"]
    assert (office["name"], gate["name"]) == ("总务处", "门卫室")
    [water] = office["duties"]
    assert [(work["no"], work["text"], work["post"]) for work in water["work_items"]] == [
        ("1.1", "检修管网", "水工"),
        ("1.2", "抄表", "抄表员"),
    ]
    assert water["work_items"][0]["time_text"] == "每月25日前"
    assert [
        (duty["no"], duty["text"], [work["no"] for work in duty["work_items"]]) for duty in gate["duties"]
    ] == [
        ("1", "门岗", ["1.1"]),
        ("2", "巡逻", ["2.1"]),
    ]
    standards = [
        (entry["work_no"], one["no"], one["text"])
        for entry in office["standards"]
        for one in entry["standards"]
    ]
    assert standards == [
        ("1.1", "1.1.1", "每月巡查2次"),
        ("1.1", "1.1.2", "差错率为0"),
        ("1.2", "1.2.1", "每季度一次"),
    ]
    assert office["standards"][0]["standards"][1]["measures"][0]["notation"] == "error_rate = 0"
    assert office["standards"][0]["standards"][0]["place"] == {"sheet": "Sheet", "row": 3, "cell": 6}


def test_everything_else_is_listed() -> None:
    reading = read_columns(LEDGER, "台账.xlsx", family="duty_catalogue", choices=CHOICES)
    left = [(item["reason"], item["raw"], item["place"]["row"]) for item in reading["left_out"]]
    assert ("heading", "某学院任务台账", 1) in left
    assert [row for reason, raw, row in left if (reason, raw) == ("header", "任务")] == [2, 6]
    assert [raw for reason, raw, _ in left if reason == "unused_column"] == ["1", "2", "3", "4"]
    assert ("heading", "合计", 8) in left
    assert ("heading", "注：试行一年", 9) in left
    records = "".join(str(reading["departments"]))
    listed = {(raw, row) for _, raw, row in left}
    for number, row in enumerate(ROWS, start=1):
        for cell in row:
            for line in str(cell).split("\n") if cell is not None else ():
                bare = line.partition(" ")[2] or line
                assert bare in records or (line, number) in listed, (number, line)


def test_choice_moves_a_field_and_wrong_choices_are_refused() -> None:
    [mapping] = propose_columns(LEDGER, "台账.xlsx", family="duty_catalogue")
    assert mapping.changed({4: "work"}, DUTY_FIELDS).column_of("work") == 4
    assert mapping.changed({3: None}, DUTY_FIELDS).missing == ("work",)
    for wrong in ({4: "work", 5: "work"}, {4: "colour"}, {99: "post"}):
        with pytest.raises(ValueError, match=r"field|column"):
            mapping.changed(wrong, DUTY_FIELDS)


def test_table_without_the_needed_column_is_an_error() -> None:
    with pytest.raises(ReaderError) as raised:
        read_columns(book([["部门", "人数"], ["总务处", 3]]), "x.xlsx", family="duty_catalogue")
    assert raised.value.code == "no_columns"
    assert "工作" in raised.value.reason


def test_procedures_from_a_plain_table() -> None:
    data = "工作项目,时间,步骤,承担者,要求\n课表编制,第10周,汇总任务,教务处,不漏\n,,排课,教务处、系部,\n教材征订,5月,选用,系部,合规\n".encode()
    reading = read_columns(data, "流程.csv", family="procedure_handbook")
    first, second = reading["chapters"][0]["items"]
    assert [(step["no"], step["step"], step["actors"]) for step in first["workflow"]] == [
        (1, "汇总任务", ["教务处"]),
        (2, "排课", ["教务处", "系部"]),
    ]
    assert (first["no"], first["standards"], first["schedule"][0]["weeks"]) == ("1.1", ["不漏"], [10])
    assert (second["no"], second["title"], second["schedule"][0]["start"]) == ("1.2", "教材征订", "05-01")


FIGURES = (
    Field("unit", "单位", ("学院",), required=True),
    Field("rate", "合格率", (), "percent"),
    Field("count", "论文数", ("论文",), "whole"),
    Field("since", "成立日期", (), "date"),
)


def test_merged_header_figures_and_bad_cells() -> None:
    data = book(
        [
            ["学院", "教学", None, "科研", "成立日期"],
            [None, "合格率", "备注", "论文", None],
            ["机电系", "96.5%", "", "1,024", "2019年9月1日"],
            ["管理系", "0.98", "", "十几篇", "2019-02-30"],
            [None, "90%", "", 3, dt.date(2020, 1, 2)],
        ],
        "A1:A2",
        "B1:C1",
        "E1:E2",
    )
    document = open_document(data, "x.xlsx")
    [mapping] = propose(document, FIGURES)
    assert (mapping.header.first, mapping.header.last) == (0, 1)
    assert [column.name for column in mapping.columns] == [
        "学院",
        "教学／合格率",
        "教学／备注",
        "科研／论文",
        "成立日期",
    ]
    assert [column.field for column in mapping.columns] == ["unit", "rate", None, "count", "since"]
    records = read_records(document, mapping, FIGURES)
    assert records.rows[0].values == {
        "unit": "机电系",
        "rate": Decimal("96.5"),
        "count": 1024,
        "since": dt.date(2019, 9, 1),
    }
    assert records.rows[1].values["rate"] is None
    assert [(problem.code, problem.column, problem.place.row) for problem in records.problems] == [
        ("bad_value", "合格率", 4),
        ("bad_value", "论文数", 4),
        ("bad_value", "成立日期", 4),
        ("missing", "单位", 5),
    ]
    assert "百分" in records.problems[0].reason


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("１２．５", "number", Decimal("12.5")),
        ("12,345.6", "number", Decimal("12345.6")),
        ("3.0", "whole", 3),
        ("100％", "percent", Decimal(100)),
        ("85", "percent", Decimal(85)),
        ("√", "yes_no", True),
        ("否", "yes_no", False),
        ("2026.3.1", "date", dt.date(2026, 3, 1)),
        ("—", "number", None),
        ("  ", "text", None),
    ],
)
def test_values(text: str, kind: str, value: object) -> None:
    assert parse(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [("12人", "number"), ("1,2", "number"), ("NaN", "number"), ("3.5", "whole"), ("0.9", "percent"), ("大概", "yes_no"), ("3月1日", "date")],
)  # fmt: skip
def test_values_that_are_refused(text: str, kind: str) -> None:
    with pytest.raises(BadValue):
        parse(text, kind)


def test_missing_is_never_zero() -> None:
    assert parse("", "number") is None
    assert parse("0", "number") == 0


def steps_docx() -> bytes:
    document = docx.Document()
    for title, steps in (
        ("一、考试管理流程", [("下发通知", "教务处", "第15周"), ("命题", "二级学院、教务处", "第16周")]),
        ("二、教材管理流程", [("选用教材", "二级学院", "每年5月"), ("审核", "教务处", "每年5月")]),
    ):
        document.add_paragraph(title)
        table = document.add_table(rows=1 + len(steps), cols=4)
        for row, cells in enumerate(
            [
                ("步骤", "工作步骤", "责任单位", "完成时限"),
                *((str(n), *step) for n, step in enumerate(steps, 1)),
            ]
        ):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_step_tables_are_recognised() -> None:
    reading = read_catalogue(steps_docx(), "流程.docx")
    first, second = reading["chapters"][0]["items"]
    assert (first["no"], first["title"], second["title"]) == ("1.1", "考试管理流程", "教材管理流程")
    assert [(step["step"], step["actors"], step["when"]) for step in first["workflow"]] == [
        ("下发通知", ["教务处"], "第15周"),
        ("命题", ["二级学院", "教务处"], "第16周"),
    ]
    assert [time["schedule"]["weeks"] for time in first["embedded_times"]] == [[15], [16]]
    assert (first["time_text"], second["time_text"]) == ("", "每年5月")
    assert second["schedule"][0]["start"] == "05-01"
    left = [(item["reason"], item["raw"]) for item in reading["left_out"]]
    assert ("heading", "一、考试管理流程") not in left
    assert ("unused_column", "2") in left


def test_work_list_without_duties_is_recognised() -> None:
    document = docx.Document()
    for title, works in (
        ("一、总务处", [("1", "抄表", "抄表员", "每月5日前抄完"), ("2", "检修", "水工", "无事故")]),
        ("二、门卫室", [("1", "登记", "门卫", "")]),
    ):
        document.add_paragraph(title)
        table = document.add_table(rows=1 + len(works), cols=4)
        for row, cells in enumerate([("序号", "工作项目", "责任岗位", "工作标准"), *works]):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    reading = read_catalogue(out.getvalue(), "台账.docx")
    office, gate = reading["departments"]
    assert (office["name"], gate["name"]) == ("总务处", "门卫室")
    [duty] = office["duties"]
    assert (duty["no"], duty["text"]) == (None, "")
    assert [(work["no"], work["text"], work["post"]) for work in duty["work_items"]] == [
        ("1", "抄表", "抄表员"),
        ("2", "检修", "水工"),
    ]
    assert office["standards"][0]["standards"][0]["measures"][0]["notation"] == "due monthly day 5"
    assert gate["standards"] == []
