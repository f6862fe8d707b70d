"""Loading of schemes: what is right becomes a model, what is wrong is told with place, reason and advice, all at once."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.scoring.scheme.small import TEXT, document, node
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.scheme.documents import canonical, read_document
from zhiheng.scoring.scheme.load import load_scheme

Change = Callable[[dict[str, Any]], object]


def errors_of(change: Change) -> dict[str, ScoringError]:
    """Errors of the changed scheme by place."""
    with pytest.raises(ScoringErrors) as caught:
        load_scheme(document(change))
    for item in caught.value.items:
        assert item.reason
    return {item.place: item for item in caught.value.items}


def test_points_spread_over_unit_types() -> None:
    scheme = load_scheme(document())
    nodes = scheme.nodes()
    assert nodes["total"].points == {"T": 100, "F": 100}
    assert nodes["B"].points == {"T": 60}
    assert nodes["A1"].points == {"T": Fraction(10), "F": Fraction(40)}
    assert scheme.parents()["A1"] == "A"
    assert [leaf.code for leaf in scheme.leaves()] == ["A1", "A2", "B"]


def test_points_by_group_and_points_left_out() -> None:
    def change(found: dict[str, Any]) -> None:
        node(found, 0)["points"] = {"t": 40, "f": 100}
        del node(found, 0)["points"]

    scheme = load_scheme(document(change))
    assert scheme.nodes()["A"].points == {"T": 40, "F": 100}
    assert not scheme.nodes()["A"].declared


def test_defaults_of_the_kind_are_filled_in() -> None:
    leaf = load_scheme(document()).nodes()["A1"]
    assert leaf.params["entries"][0]["step"] == "proportional"
    assert leaf.params["overflow"] == "exempt_stream"
    assert leaf.bounds.floor == 0


def test_numbers_stay_exact() -> None:
    found = read_document("a: 0.1\nb: 1/3\nc: 85%\nd: 2024-01-01\ne: no\nf: 1e-2")
    assert found["d"] == "2024-01-01"
    assert found["e"] == "no"
    assert canonical({"x": found["a"]}) == canonical({"x": 0.1}) == '{"x":"0.1"}'


def test_doubled_keys_and_broken_yaml_are_told_with_the_line() -> None:
    with pytest.raises(ScoringError, match=r"第 2 行.*写了两次") as doubled:
        read_document("a: 1\na: 2")
    assert doubled.value.code == "document.duplicate"
    with pytest.raises(ScoringError, match="第 2 行"):
        read_document("a: [1\nb: 2")
    with pytest.raises(ScoringError, match="名称: 值"):
        read_document("- 1")


def test_readings_choose_values_and_parts() -> None:
    pooled, mean = load_scheme(document()), load_scheme(document(), readings={"avg": "mean"})
    assert pooled.nodes()["B"].params["benchmark"]["statistic"] == "pooled"
    assert mean.nodes()["B"].params["benchmark"]["statistic"] == "mean"
    assert pooled.nodes()["B"].readings == ("avg",)
    assert pooled.readings["avg"].meaning == "合并计算"
    assert not pooled.readings["avg"].chosen
    assert mean.readings["avg"].chosen


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (lambda d: d.pop("groups"), "", "scheme.shape"),
        (lambda d: d.update(format="2"), "format", "scheme.shape"),
        (lambda d: node(d, 0, 0).update(kind="nothing.1"), "tree.total.A.A1", "kind.unknown"),
        (lambda d: node(d, 0, 0).update(kind="peer_ranking.1", params={}), "tree.total.A.A1", "kind.stage"),
        (lambda d: node(d, 0, 0)["params"].update(start="[没有]"), "tree.total.A.A1.params.start（第 1 行第 1 列", "formula.unknown_name"),
        (lambda d: node(d, 0, 0)["params"].update(start="[迟报次数]>1 且"), "tree.total.A.A1.params.start", "formula.syntax"),
        (lambda d: node(d, 0, 0)["params"].pop("entries"), "tree.total.A.A1.params", "kind.params"),
        (lambda d: node(d, 0, 0)["params"].update(stat=1), "tree.total.A.A1.params", "kind.params"),
        (lambda d: node(d, 0, 0)["params"]["entries"][0].update(step="half"), "tree.total.A.A1.params.entries[0].step", "kind.params"),
        (lambda d: node(d, 0, 0).pop("points"), "tree.total.A.A1", "node.points"),
        (lambda d: node(d, 0, 0).update(points={"X": 1}), "tree.total.A.A1.points", "type.unknown"),
        (lambda d: node(d, 0, 1).update(code="A1"), "tree.total.A.A1", "code.duplicate"),
        (lambda d: node(d, 1).update(applies_when="[完成率]"), "tree.total.B.applies_when", "formula.type"),
        (lambda d: d["groups"][1].update(types=["T"]), "groups.f", "group.type"),
        (lambda d: d["measures"][1].update(title="迟报次数"), "measures.jobs", "name.doubled"),
        (lambda d: d["formulas"][0].update(formula="[综合率]+1"), "[综合率]", "formula.cycle"),
        (lambda d: d["readings"][0].update(value="median"), "readings.avg", "reading.option"),
        (lambda d: node(d, 1)["params"]["benchmark"]["cases"].pop("mean"), "tree.children[1].params.benchmark", "reading.cases"),
        (lambda d: d["outcomes"]["gates"][0]["params"]["effects"].update(grade_cap="中"), "outcomes.gates.V.params.effects", "name.unknown"),
        (lambda d: node(d, 0, 0).update(policies=[{"kind": "deduction_carryover.1", "params": {"target": "A"}}]), "tree.total.A.A1.policies[0].params.target", "node.circle"),
        (lambda d: node(d, 0, 0).update(policies=[{"kind": "deduction_carryover.1", "params": {"target": "Z"}}]), "tree.total.A.A1.policies[0].params.target", "node.unknown"),
    ],
)  # fmt: skip
def test_every_mistake_has_a_place(change: Change, place: str, code: str) -> None:
    found = errors_of(change)
    assert any(item.code == code and item.place.startswith(place) for item in found.values()), found


def test_all_mistakes_are_gathered() -> None:
    def change(found: dict[str, Any]) -> None:
        node(found, 0, 0)["params"]["start"] = "[没有]"
        node(found, 0, 1)["params"]["value"] = '"文字"'
        found["formulas"][0]["formula"] = "[又没有]"

    assert len(errors_of(change)) >= 3


def test_a_kind_that_is_switched_off_stops_the_scheme() -> None:
    with pytest.raises(ScoringErrors) as caught:
        load_scheme(document(), kinds={"proportional.1"})
    assert {item.code for item in caught.value.items} == {"kind.disabled"}
    assert "本校没有启用" in str(caught.value)


def test_an_unknown_reading_is_refused() -> None:
    with pytest.raises(ScoringErrors, match="没有名为“x”的条款理解"):
        load_scheme(document(), readings={"x": "1"})


def test_json_and_yaml_give_the_same_scheme() -> None:
    import json

    plain = json.loads(json.dumps(read_document(TEXT), default=float))
    assert canonical(load_scheme(plain).resolved) == canonical(load_scheme(document()).resolved)
