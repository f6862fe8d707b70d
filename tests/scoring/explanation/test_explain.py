"""Explanations: numbers, clause, origin, peers, readings, steps and rounding stand where a reader looks for them."""

import json
from typing import Any

import pytest

from tests.scoring.scheme.small import document, facts
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.explanation.explain import explain
from zhiheng.scoring.explanation.outcomes import explain_outcomes
from zhiheng.scoring.scheme.load import load_scheme


@pytest.fixture
def run() -> Run:
    return evaluate(load_scheme(document()), facts(), decisions=Decisions(vetoes={"V": ["甲"]}))


def test_the_total_says_what_it_is_made_of(run: Run) -> None:
    found = explain(run, "甲")
    assert found.formula == "36.5（管理） + 60（就业）"
    assert found.points == "96.5000"
    assert found.fingerprint == run.fingerprint
    assert found.scheme == "small/1"
    assert [child.code for child in found.children] == ["A", "B"]
    assert "保存 96.5000（4 位），公布 96.50（2 位），四舍五入" in found.rounding


def test_a_leaf_says_where_its_inputs_come_from(run: Run) -> None:
    leaf = explain(run, "甲").find("B")
    assert leaf is not None
    origin = leaf.inputs[0]
    assert (origin.title, origin.value, origin.supplier, origin.source) == (
        "就业率",
        "90/100（0.9）",
        "招就处",
        "就业系统",
    )
    assert (origin.evidence, origin.by, origin.at) == (("附件3",), "王某", "2024-12-25")


def test_a_leaf_names_peers_reading_and_cap(run: Run) -> None:
    leaf = explain(run, "乙", "B")
    assert leaf.formula == "60 × 0.8 ÷ 0.825"
    assert leaf.exact == "640/11"
    assert leaf.points == "58.1818"
    assert leaf.peers[0].value == "0.825"
    assert leaf.peers[0].members == (("机电学院", "0.9"), ("乙", "0.8"))
    reading = leaf.readings[0]
    assert (reading.chosen, reading.others, reading.clause, reading.confirmed) == (
        "合并计算",
        ("各单位平均",),
        "第五条",
        False,
    )
    best = explain(run, "甲", "B")
    assert "按 1 计" in best.lines[-1]


def test_derived_quantities_are_written_out(run: Run) -> None:
    leaf = explain(run, "甲", "A2")
    assert leaf.derived[0].formula == "([完成率]+1)÷2"
    assert leaf.derived[0].with_numbers == "(0.9+1)÷2"
    assert leaf.derived[0].value == "0.95"
    assert leaf.formula == "30 × 0.95 ÷ 1"


def test_a_floor_and_a_missing_node_are_told(run: Run) -> None:
    late = explain(run, "乙", "A1")
    assert (late.raw, late.points, late.formula) == ("-2", "0.0000", "10 - 6×2（迟报）")
    assert late.steps[0].formula == "-2 低于下限 0，按 0 计"
    absent = explain(run, "丙").find("B")
    assert absent is not None
    assert (absent.state, absent.formula, absent.points) == ("NOT_APPLICABLE", "缺项：不适用于本单位", "缺项")


def test_missing_as_zero_is_said() -> None:
    def change(found: dict[str, Any]) -> None:
        found["measures"][0]["missing"] = "zero"

    run = evaluate(load_scheme(document(change)), facts(lambda d: d["units"]["甲"]["facts"].pop("late")))
    assert explain(run, "甲", "A1").inputs[0].value == "0（未报，按 0 计）"


def test_outcomes_are_explained(run: Run) -> None:
    found = {item.code: item for item in explain_outcomes(run, "甲")}
    assert found["V"].points == "触发"
    assert "等次不高于合格" in found["V"].lines
    assert found["R"].formula == "第 1 名，共 2 个单位"
    assert (found["G"].points, found["G"].lines) == ("合格", ("符合优秀的条件，但因否决不得评为优秀",))
    assert (found["W"].points, found["W"].lines) == ("未入选", ("不符合条件或未进入名额",))


def test_depth_and_json(run: Run) -> None:
    assert explain(run, "甲", depth=0).children == ()
    shallow = explain(run, "甲", depth=1)
    assert [child.children for child in shallow.children] == [(), ()]
    assert json.loads(json.dumps(explain(run, "甲").to_dict(), ensure_ascii=False))["code"] == "total"


def test_unknown_units_and_nodes_are_key_errors(run: Run) -> None:
    with pytest.raises(KeyError):
        explain(run, "戊")
    with pytest.raises(KeyError):
        explain(run, "甲", "X")
    with pytest.raises(KeyError):
        explain_outcomes(run, "戊")


def test_rows_left_out_of_a_register_are_listed_with_the_reason() -> None:
    def change(found: dict[str, Any]) -> None:
        fields = [{"code": "名称", "type": "text"}, {"code": "日期", "type": "date"}]
        found["measures"].append(
            {
                "code": "r",
                "title": "成果",
                "type": "register",
                "fields": fields,
                "filters": [{"kind": "period", "field": "日期"}],
            }
        )
        found["formulas"].append({"code": "n", "title": "件数", "register": "r", "aggregate": "count"})
        found["tree"]["children"][0]["children"][0]["params"]["entries"][0]["count"] = "[件数]"

    rows = [{"名称": "论文", "日期": "2024-12-31"}, {"名称": "旧作", "日期": "2023-12-31"}]

    def filled(found: dict[str, Any]) -> None:
        for unit in found["units"].values():
            unit["facts"]["r"] = {"rows": rows}
            unit["facts"].pop("late")

    run = evaluate(load_scheme(document(change)), facts(filled))
    leaf = explain(run, "甲", "A1")
    assert run.points("A1", "甲") == 8
    assert leaf.inputs[0].value == "计入 1 条"
    assert leaf.inputs[0].dropped == ("旧作，2023-12-31：不在考核期内",)
