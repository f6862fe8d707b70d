"""Evaluation of a whole scheme: exact scores, states, missing facts, given values, parts, earlier years, fingerprints."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.scoring.scheme.small import document, facts, node
from zhiheng.scoring.engine.context import Given
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.errors import ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.load import load_scheme


def run(change: Any = None, *, scheme: Any = None, **options: Any) -> Run:
    return evaluate(load_scheme(document(scheme)), facts(change), **options)


def test_scores_are_exact() -> None:
    found = run()
    assert found.points("A1", "甲") == 8
    assert found.points("A2", "甲") == Fraction(57, 2)
    assert found.points("A2", "丙") == 40
    assert found.points("B", "乙") == Fraction(60) * Fraction(8, 10) / Fraction(330, 400)
    assert found.totals["乙"] == 0 + Fraction(45, 2) + Fraction(640, 11)
    assert found.stored("total")[1] == Decimal("80.6818")
    assert found.published("total")[1] == Decimal("80.68")


def test_types_without_a_node_have_no_score_there() -> None:
    found = run()
    assert found.points("B", "丙") is State.NOT_APPLICABLE
    assert found.applicable("total", "丙") == 100
    assert found.applicable("B", "丙") == 0


def test_outcomes_follow() -> None:
    found = run(decisions=Decisions(vetoes={"V": ["甲"]}))
    assert found.ranks() == {"甲": 1, "乙": 2, "丙": 1}
    assert found.grades() == {"甲": "合格", "乙": "优秀", "丙": "优秀"}
    assert [winner.subject for winner in found.selections["W"].winners] == ["乙", "丙"]


def test_missing_facts_are_listed_by_measure_and_unit() -> None:
    def change(found: dict[str, Any]) -> None:
        del found["units"]["甲"]["facts"]["late"]
        found["units"]["丙"]["facts"]["rate"] = None

    with pytest.raises(ScoringErrors) as caught:
        run(change)
    places = [(item.code, item.place) for item in caught.value.items]
    assert places == [("facts.missing", "迟报次数（甲）"), ("facts.missing", "完成率（丙）")]
    assert "请由质量办补报" in str(caught.value)


def test_a_missing_peer_blocks_the_statistic_and_is_named_once() -> None:
    with pytest.raises(ScoringErrors) as caught:
        run(lambda found: found["units"]["甲"]["facts"].pop("jobs"))
    codes = [(item.code, item.place) for item in caught.value.items]
    assert codes[0] == ("facts.missing", "就业率（甲）")
    assert ("calc.blocked", "就业（乙）") in codes


def test_pending_leaves_scores_open() -> None:
    found = run(lambda found: found["units"]["甲"]["facts"].pop("late"), missing="pending")
    assert found.points("A1", "甲") is State.MISSING
    assert found.points("total", "甲") is State.MISSING
    assert found.points("total", "丙") == 80
    assert found.problems
    assert found.ranks() == {}


def test_missing_may_count_as_zero_when_the_measure_says_so() -> None:
    found = run(
        lambda d: d["units"]["甲"]["facts"].pop("late"),
        scheme=lambda d: d["measures"][0].update(missing="zero"),
    )
    assert found.points("A1", "甲") == 10


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("late", "两次", "不是数"), ("late", "1.5", "不是整数"), ("rate", "abc", "不是数")],
)
def test_facts_that_do_not_fit_are_told(name: str, value: str, reason: str) -> None:
    with pytest.raises(ScoringErrors, match=reason):
        run(lambda found: found["units"]["甲"]["facts"].update({name: value}))


def test_unknown_measures_units_and_types_are_told() -> None:
    with pytest.raises(ScoringErrors, match="没有名为“错”的数据项"):
        run(lambda found: found["units"]["甲"]["facts"].update(错=1))
    with pytest.raises(ScoringErrors, match="没有单位类型“X”"):
        run(lambda found: found["units"]["甲"].update(type="X"))


def test_only_some_nodes() -> None:
    found = run(lambda d: d["units"]["甲"]["facts"].pop("jobs"), only={"A"})
    assert set(found.nodes) == {"A", "A1", "A2"}
    assert found.points("A", "甲") == Fraction(73, 2)


def test_given_scores_take_the_place_of_computed_ones() -> None:
    given = Given(points={"A": {"甲": "30.5", "乙": 20, "丙": 90}}, applicable={"A": {"甲": 35}})
    found = run(given=given)
    assert found.points("A", "甲") == Fraction(61, 2)
    assert found.applicable("A", "甲") == 35
    assert found.applicable("A", "乙") == 40
    assert found.points("total", "丙") == 90


def test_given_statistics_ranks_and_group_sizes() -> None:
    statistics = Given(statistics={"B": {"pooled": Fraction(9, 10)}})
    assert run(given=statistics).points("B", "乙") == Fraction(60) * Fraction(8, 10) / Fraction(9, 10)
    ranked = run(given=Given(ranking={"甲": 4, "乙": 1, "丙": 2}, sizes={"t": 13}))
    assert ranked.ranks() == {"甲": 4, "乙": 1, "丙": 2}
    assert ranked.ranking is not None
    assert ranked.ranking.count.to_list() == [13, 13, 1]


def test_earlier_years_by_unit_code() -> None:
    def scheme(found: dict[str, Any]) -> None:
        node(found, 0, 1)["params"]["value"] = "[完成率]-上年([完成率])"

    earlier = FactTable.of({"units": {"乙": {"type": "T", "facts": {"rate": "0.25"}}, "甲": {"type": "T", "facts": {"rate": "0.8"}}, "丙": {"type": "F", "facts": {"rate": 0}}}})  # fmt: skip
    found = run(scheme=scheme, previous=earlier)
    assert found.points("A2", "甲") == 3
    assert found.points("A2", "乙") == Fraction(15, 2)
    with pytest.raises(ScoringErrors):
        run(scheme=scheme)


def test_fingerprint_depends_on_content_only() -> None:
    first, again = run(), run()
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 64
    changed = run(lambda found: found["units"]["甲"]["facts"].update(late=2))
    source = run(lambda found: found["units"]["甲"]["facts"].update(late={"value": 1, "source": "台账"}))
    reading = evaluate(load_scheme(document(), readings={"avg": "mean"}), facts())
    decided = run(decisions=Decisions(vetoes={"V": ["甲"]}))
    prints = {item.fingerprint for item in (first, changed, source, reading, decided)}
    assert len(prints) == 5


def test_fingerprint_is_the_same_in_other_years() -> None:
    """The stored bytes of a published result must not change with the library."""
    assert run().fingerprint == "f6505caf635572abef8a640e6d621acd114ef6c177742e5c4030e63b68954e3b"


def test_order_of_units_does_not_matter() -> None:
    table = facts()
    turned = FactTable(tuple(reversed(table.units)), table.facts, table.college)
    assert evaluate(load_scheme(document()), turned).totals == run().totals


def test_a_node_may_not_need_its_own_score() -> None:
    with pytest.raises(Exception, match="循环"):
        run(scheme=lambda found: node(found, 0, 1)["params"].update(value="[得分率:total]"))


def test_a_measure_of_the_whole_college() -> None:
    def scheme(found: dict[str, Any]) -> None:
        found["measures"].append({"code": "target", "title": "目标", "type": "number", "scope": "college"})
        node(found, 0, 1)["params"]["benchmark"] = "[目标]"

    found = evaluate(load_scheme(document(scheme)), facts(lambda d: d.update(college={"目标": 1.9})))
    assert found.points("A2", "甲") == 15


def test_empty_college_is_no_error() -> None:
    found = evaluate(load_scheme(document()), FactTable(()))
    assert found.totals == {}
    assert found.grades() == {}
