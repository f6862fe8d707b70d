"""One year of the small scheme: from planning to the seal, with the wrong turns in between."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.models import (
    Cycle,
    CycleState,
    DecisionKind,
    NodeScore,
    Run,
    RunKind,
    RunState,
    Seal,
    UnitResult,
)
from assessment.selectors.facts import assessed_units, completeness
from assessment.services.cycles import cycle_move
from assessment.services.facts import decision_record, facts_store, submission_move
from assessment.services.runs import run_start
from assessment.values import Cell
from zhiheng.accounts.models import User
from zhiheng.kernel import jobs
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.models import AuditEntry

People = dict[str, User]
CELLS = {
    ("rate", "T1"): Cell("value", "0.9"), ("rate", "T2"): Cell("value", "0.6"), ("rate", "T3"): Cell("value", "0.8"),
    ("late", "T1"): Cell("value", "2"), ("late", "T2"): Cell("value", "0"), ("late", "T3"): Cell("value", "1"),
}  # fmt: skip


def _collect(cycle: Cycle, people: People, cells: dict[tuple[str, str | None], Cell] | None = None) -> Cycle:
    cycle = cycle_move(cycle=cycle, action="open", acting_user=people["quality"])
    facts_store(cycle=cycle, cells=cells or CELLS, acting_user=people["admin"], source="测试")
    for submission in cycle.submissions.all():
        handed_in = submission_move(submission=submission, to="submitted", acting_user=people["quality"])
        submission_move(submission=handed_in, to="approved", acting_user=people["second"])
    return cycle_move(cycle=cycle, action="close", acting_user=people["quality"])


def _score(cycle: Cycle, people: People) -> Run:
    run = run_start(cycle=cycle, kind=RunKind.OFFICIAL, acting_user=people["quality"])
    jobs.run(str(run.job_id))
    run.refresh_from_db()
    return run


def test_scores_are_exact_and_ranked(cycle: Cycle, people: People) -> None:
    run = _score(_collect(cycle, people), people)
    assert run.state == RunState.DONE
    points = dict(NodeScore.objects.filter(run=run, node="A").values_list("unit__code", "points"))
    # 60 × 0.6 ÷ 0.9 = 40, 60 × 0.8 ÷ 0.9 = 53.3333…
    assert points == {"T1": Decimal("60.0000"), "T2": Decimal("40.0000"), "T3": Decimal("53.3333")}
    results = {
        r.unit.code: (r.total, r.published, r.rank, r.grade) for r in UnitResult.objects.filter(run=run)
    }
    assert results == {
        "T1": (Decimal("94.0000"), Decimal("94.00"), 1, "优秀"),
        "T2": (Decimal("80.0000"), Decimal("80.00"), 3, "合格"),
        "T3": (Decimal("90.3333"), Decimal("90.33"), 2, "合格"),
    }


def test_every_score_explains_itself(cycle: Cycle, people: People) -> None:
    run = _score(_collect(cycle, people), people)
    tree = run.explanations.get(unit__code="T3").document["tree"]
    leaf = next(child for child in tree["children"] if child["code"] == "A")
    assert leaf["exact"] == "160/3"
    assert leaf["inputs"][0]["value"] == "0.8"
    assert leaf["inputs"][0]["source"] == "测试"
    assert tree["fingerprint"] == run.fingerprint


def test_a_missing_figure_blocks_and_is_named(cycle: Cycle, people: People) -> None:
    cells = {key: cell for key, cell in CELLS.items() if key != ("late", "T2")}
    run = _score(_collect(cycle, people, cells), people)
    assert run.state == RunState.FAILED
    assert [error["place"] for error in run.error] == ["迟报次数（T2）"]
    assert not NodeScore.objects.filter(run=run).exists()
    rows = {row.supplier: (row.filled, row.expected) for row in completeness(cycle)}
    assert rows == {"招生就业处": (3, 3), "质量办": (2, 3)}


def test_a_decided_veto_caps_the_grade_and_leaves_points_and_rank(cycle: Cycle, people: People) -> None:
    cycle = _collect(cycle, people)
    unit = next(u for u in assessed_units(cycle) if u.code == "T1")
    decision_record(
        cycle=cycle, kind=DecisionKind.VETO, unit=unit, data={"gate": "V"}, reason="查实", decided_by="党委会",
        decided_on=date(2025, 12, 20), acting_user=people["quality"],
    )  # fmt: skip
    result = UnitResult.objects.get(run=_score(cycle, people), unit=unit)
    assert (result.rank, result.grade, result.published) == (1, "合格", Decimal("94.00"))


def test_the_year_ends_sealed_and_a_correction_is_a_new_seal_with_its_reason(
    cycle: Cycle, people: People
) -> None:
    cycle = _collect(cycle, people)
    run = _score(cycle, people)
    cycle = cycle_move(cycle=cycle, action="notice", acting_user=people["quality"], today=date(2026, 1, 5))
    notice = cycle.notices.get()
    # five working days from Monday 5 January 2026
    assert (notice.working_days, notice.ends_on) == (5, date(2026, 1, 12))
    with pytest.raises(Problem, match="公示到01月12日为止"):
        cycle_move(cycle=cycle, action="decide", acting_user=people["leader"], today=date(2026, 1, 12))
    cycle = cycle_move(cycle=cycle, action="decide", acting_user=people["leader"], today=date(2026, 1, 13))
    cycle = cycle_move(cycle=cycle, action="seal", acting_user=people["quality"])
    assert Seal.objects.get().fingerprint == run.fingerprint
    cycle = cycle_move(cycle=cycle, action="correct", acting_user=people["quality"], reason="一项数据录错")
    cycle = cycle_move(cycle=cycle, action="reopen", acting_user=people["quality"], reason="改一项数据")
    facts_store(cycle=cycle, cells={("late", "T2"): Cell("value", "1")}, acting_user=people["admin"])
    assert cycle.submissions.get(supplier="质量办").changed_since_approval == 1
    cycle = cycle_move(cycle=cycle, action="close", acting_user=people["quality"])
    second = _score(cycle, people)
    assert second.fingerprint != run.fingerprint
    cycle = cycle_move(cycle=cycle, action="notice", acting_user=people["quality"], today=date(2026, 2, 2))
    cycle = cycle_move(cycle=cycle, action="decide", acting_user=people["leader"], today=date(2026, 3, 2))
    cycle_move(cycle=cycle, action="seal", acting_user=people["quality"])
    assert list(Seal.objects.order_by("number").values_list("number", "reason")) == [
        (1, ""),
        (2, "一项数据录错"),
    ]


@pytest.mark.parametrize(
    ("action", "who", "text"),
    [
        ("close", "quality", "不能结束填报。现在可以：启动填报"),
        ("seal", "quality", "不能封存"),
        ("open", "head", "不能做这一步"),
    ],
)
def test_a_step_out_of_turn_or_by_the_wrong_person(
    cycle: Cycle, people: People, action: str, who: str, text: str
) -> None:
    with pytest.raises(Problem, match=text):
        cycle_move(cycle=cycle, action=action, acting_user=people[who])
    cycle.refresh_from_db()
    assert cycle.state == CycleState.PLANNED


def test_a_reason_is_asked_for_going_back(cycle: Cycle, people: People) -> None:
    cycle = _collect(cycle, people)
    with pytest.raises(Problem, match="要写明理由"):
        cycle_move(cycle=cycle, action="reopen", acting_user=people["quality"])


def test_four_eyes(cycle: Cycle, people: People) -> None:
    cycle = cycle_move(cycle=cycle, action="open", acting_user=people["quality"])
    handed_in = submission_move(
        submission=cycle.submissions.get(supplier="质量办"), to="submitted", acting_user=people["quality"]
    )
    with pytest.raises(Problem, match="不能是同一个人"):
        submission_move(submission=handed_in, to="approved", acting_user=people["quality"])
    with pytest.raises(Problem, match="还没有复核"):
        cycle_move(cycle=cycle, action="close", acting_user=people["quality"])


def test_nothing_is_stored_in_a_closed_cycle(cycle: Cycle, people: People) -> None:
    cycle = _collect(cycle, people)
    with pytest.raises(Problem, match="不能改数据"):
        facts_store(cycle=cycle, cells=CELLS, acting_user=people["admin"])


def test_a_run_asked_for_twice_is_one_run(cycle: Cycle, people: People) -> None:
    cycle = _collect(cycle, people)
    runs = [
        run_start(cycle=cycle, kind=RunKind.OFFICIAL, acting_user=people["quality"], idempotency_key="x")
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert Run.objects.count() == 1


def test_steps_get_their_due_days(cycle: Cycle) -> None:
    assert list(cycle.steps.values_list("title", "ends_on")) == [("填报", date(2025, 11, 30)), ("公示", None)]


def test_every_write_leaves_a_trail(cycle: Cycle, people: People) -> None:
    _collect(cycle, people)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "cycle.create",
        "cycle.open",
        "facts.store",
        "submission.approved",
        "cycle.close",
        "scheme.publish",
    } <= actions
