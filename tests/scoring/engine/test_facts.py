"""Facts from documents and workbooks."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.scoring.scheme.small import FACTS, document, facts
from zhiheng.scoring.engine.run import evaluate
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.fact_files import read_facts
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.load import load_scheme


def register_scheme() -> Any:
    """The small scheme with a register and a list."""

    def change(found: dict[str, Any]) -> None:
        fields = [{"code": "名称", "type": "text"}, {"code": "分", "type": "number"}]
        found["measures"] += [
            {"code": "results", "title": "成果", "type": "register", "fields": fields},
            {"code": "months", "title": "每月次数", "type": "list"},
        ]
        found["formulas"].append(
            {"code": "sum", "title": "成果分", "register": "results", "aggregate": "sum", "amount": "[分]"}
        )
        leaf = found["tree"]["children"][0]["children"][0]["params"]
        leaf["entries"] += [
            {"title": "成果", "count": "[成果分]", "points": "0.1"},
            {"title": "月", "count": "最小值([每月次数])", "points": "0.01"},
        ]

    return load_scheme(document(change))


def workbook(**sheets: list[list[Any]]) -> bytes:
    """A workbook of sheets by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


UNITS = [
    ["代码", "名称", "类型", "迟报次数", "就业率.分子", "就业率.分母", "完成率", "每月次数"],
    ["甲", "机电学院", "教学", 1, 90, 100, 0.9, "2、3、4"],
    ["乙", None, "T", 6, 240, 300, 0.5, 3],
    ["丙", None, "F", 0, None, None, "缺项", "5 6"],
]
RESULTS = [["单位", "名称", "分"], ["甲", "论文", 0.1], ["甲", "奖", 0.2], ["丙", "书", 3]]


def test_a_workbook_gives_the_same_scores_as_a_document() -> None:
    scheme = register_scheme()
    book = read_facts(workbook(单位=UNITS, 成果=RESULTS), "数据.xlsx", scheme)
    run = evaluate(scheme, book.facts)
    assert (
        run.points("A1", "甲")
        == 8 + 3 * scheme.nodes()["A1"].points["T"] / 1000 + scheme.nodes()["A1"].points["T"] / 500
    )
    assert run.points("B", "乙") == evaluate(load_scheme(document()), facts()).points("B", "乙")
    assert run.points("A2", "丙") is State.NOT_APPLICABLE
    assert run.bench.fact("jobs", "甲").source == "单位!E2"  # type: ignore[union-attr]


def test_earlier_years_college_figures_and_vetoes_in_a_workbook() -> None:
    scheme = register_scheme()
    sheets = {"单位": UNITS, "成果": RESULTS, "上年": UNITS[:2], "否决": [["条款", "单位"], ["V", "甲"]]}
    found = read_facts(workbook(**sheets), "a.xlsx", scheme)
    assert found.decisions.vetoes == {"V": ["甲"]}
    assert found.earlier[0].codes() == ["甲"]


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        ({"Sheet": [["a"]]}, "没有名为“单位”的工作表"),
        ({"单位": [["代码", "迟报次数"], ["甲", 1]]}, "首行没有“类型”列"),
        ({"单位": [["代码", "类型", "错列"], ["甲", "T", 1]]}, "单位!C1：方案没有名为“错列”的数据项"),
        ({"单位": [["代码", "类型"], ["甲", "学院"]]}, "单位!B2：没有单位类型“学院”"),
        ({"单位": UNITS, "成果": [["单位", "分"], ["戊", 1]]}, "成果!A2：没有单位“戊”"),
        ({"单位": UNITS, "别的": [["x"]]}, "没有名为“别的”的登记"),
    ],
)
def test_mistakes_in_workbooks_name_sheet_and_cell(sheets: dict[str, list[list[Any]]], reason: str) -> None:
    with pytest.raises((ScoringError, ScoringErrors), match=reason):
        read_facts(workbook(**sheets), "a.xlsx", register_scheme())


def test_files_that_are_no_facts() -> None:
    scheme = load_scheme(document())
    with pytest.raises(ScoringError, match="打不开这个工作簿"):
        read_facts(b"nothing", "a.xlsx", scheme)
    with pytest.raises(ScoringError, match="UTF-8"):
        read_facts("单位".encode("gbk"), "a.yaml", scheme)
    with pytest.raises(ScoringError, match="没有这一部分"):
        read_facts(b"unit: {}", "a.yaml", scheme)
    with pytest.raises(ScoringErrors, match="没有单位"):
        read_facts(b"college: {}", "a.yaml", scheme)


def test_details_of_facts() -> None:
    scheme = load_scheme(document())
    found = read_facts(FACTS.encode(), "a.yaml", scheme)
    fact = found.facts.fact("jobs", "甲")
    assert fact is not None
    assert (fact.source, fact.evidence, fact.by, fact.at) == ("就业系统", ("附件3",), "王某", "2024-12-25")
    with pytest.raises(ScoringErrors, match="没有名为“valeu”"):
        FactTable.of({"units": {"a": {"type": "T", "facts": {"late": {"valeu": 1}}}}})
    with pytest.raises(ScoringErrors, match="状态“完成”无效"):
        FactTable.of({"units": {"a": {"type": "T", "facts": {"late": {"state": "完成"}}}}})
    with pytest.raises(ScoringErrors, match="没有写明单位类型"):
        FactTable.of({"units": {"a": {}}})
