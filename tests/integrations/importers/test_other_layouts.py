"""Layouts of other offices: other captions and labels, one table of many items, duties of several parties in one cell."""

import io
from typing import Any

import docx

from integrations.reading import read_catalogue

Table = list[list[str]]


def word(*blocks: str | Table) -> bytes:
    """A Word file of paragraphs and tables; a line end in a cell begins a paragraph."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block), cols=max(map(len, block)))
        for row, cells in enumerate(block):
            for column, text in enumerate(cells):
                first, *others = text.split("\n")
                table.cell(row, column).text = first
                for other in others:
                    table.cell(row, column).add_paragraph(other)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def items(data: bytes) -> list[dict[str, Any]]:
    return [item for chapter in read_catalogue(data, "x.docx")["chapters"] for item in chapter["items"]]


def test_captions_of_another_scheme_and_names_only_in_them() -> None:
    reading = read_catalogue(
        word(
            "总务处岗位职责",
            "表1 总务处部门职责",
            [["类别", "职责"], ["系统内", "1.负责供水"], ["", "2.负责绿化"], ["系统外", "联络街道"]],
            "表2 总务处岗位分工",
            [
                ["部门职责", "工作任务", "岗位名称", "所属科室"],
                ["1.负责供水", "1.1 抄表", "抄表员", "水电科"],
                ["", "1.2 检修", "水工", "水电科"],
                ["2.负责绿化", "2.1 修剪", "园工", "绿化科"],
            ],
            "表3 总务处工作标准",
            [
                ["所属科室", "岗位名称", "工作任务", "质量标准"],
                ["水电科", "抄表员", "1.1 抄表", "1.1.1 每月5日前抄完\n1.1.2 差错率为0"],
                ["水电科", "水工", "1.2 检修", "1.2.1 三日内修好"],
                ["绿化科", "园工", "2.1 修剪", "2.1.1 每月一次"],
            ],
        ),
        "x.docx",
    )
    [department] = reading["departments"]
    assert department["name"] == "总务处"
    assert [(duty["no"], duty["scope"], len(duty["work_items"])) for duty in department["duties"]] == [
        ("1", "系统内", 2),
        ("2", "系统内", 1),
        (None, "系统外", 0),
    ]
    assert [
        (entry["matches_work_no"], entry["post"], len(entry["standards"]))
        for entry in department["standards"]
    ] == [
        ("1.1", "抄表员", 2),
        ("1.2", "水工", 1),
        ("2.1", "园工", 1),
    ]


def test_sheet_of_pairs_with_other_labels_and_shared_duties() -> None:
    [item] = items(
        word(
            "1.1 运动会",
            [
                ["项目名称", "运动会"],
                ["时间要求", "每年10月"],
                ["主要内容", "1.报名；\n2.比赛。"],
                ["责任部门及职责", "体育部：编制秩序册。\n系部：组织报名；\n带队参赛。"],
                ["办理流程", "发布通知（体育部）→组织报名（系部）→比赛（体育部、系部）"],
                ["质量要求", "无安全事故"],
            ],
        )
    )
    assert item["duties"] == {"体育部": ["编制秩序册"], "系部": ["组织报名", "带队参赛"]}
    assert item["work_content"] == ["报名", "比赛"]
    assert [step["actors"] for step in item["workflow"]] == [["体育部"], ["系部"], ["体育部", "系部"]]


def test_heading_above_many_items_is_their_chapter() -> None:
    reading = read_catalogue(
        word(
            "后勤常规工作一览表",
            [
                ["序号", "项目", "时间", "工作内容", "总务处职责", "系部职责", "工作流程", "工作标准"],
                [
                    "1",
                    "领用",
                    "不定时",
                    "领用物品",
                    "发放",
                    "申请",
                    "申请（系部）→发放（总务处）",
                    "手续齐全",
                ],
                [
                    "2",
                    "盘点",
                    "每年12月",
                    "盘点物品",
                    "汇总",
                    "清点",
                    "清点（系部）→汇总（总务处）",
                    "账物相符",
                ],
            ],
        ),
        "x.docx",
    )
    [chapter] = reading["chapters"]
    assert chapter["title"] == "后勤常规工作一览表"
    assert [(item["no"], item["title"], len(item["workflow"])) for item in chapter["items"]] == [
        ("1.1", "领用", 2),
        ("1.2", "盘点", 2),
    ]
    assert not [warning for warning in reading["warnings"] if warning["code"] == "title_differs"]
