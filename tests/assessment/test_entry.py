"""Who may enter which cell, and what comes back when a cell is not taken."""

from datetime import date
from typing import Any

import pytest

from assessment.models import Cycle
from assessment.selectors.entering import entry_rights, self_report_gaps
from assessment.services.cycles import cycle_create, cycle_move
from assessment.services.entry import NO_FACT, Entry, cells_enter
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.organisation.services.units import unit_create
from tests.assessment.conftest import DOCUMENT, SINCE, make_user, make_version
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem

SELF_MEASURE = {"code": "plan", "title": "自报项目数", "type": "integer", "supplier": "self", "min": 0}
REPORTED = {
    **DOCUMENT,
    "code": "reported",
    "measures": [*DOCUMENT["measures"], SELF_MEASURE],
    "tree": {
        **DOCUMENT["tree"],
        "children": [
            DOCUMENT["tree"]["children"][0],
            {"code": "B", "title": "报送", "points": 40, "kind": "event_tally.1",
             "params": {"start": "[分值]", "entries": [
                 {"title": "迟报", "count": "[迟报次数]", "points": -3},
                 {"title": "项目", "count": "[自报项目数]", "points": 1}]}},
        ],
    },
}  # fmt: skip


@pytest.fixture
def cycle(people: dict[str, User]) -> Cycle:
    """A collecting cycle in which every unit reports one figure about itself."""
    for place, code in enumerate(("T1", "T2")):
        unit = unit_create(
            code=code, name=f"单位{code}", kind="secondary", valid_from=SINCE, acting_user=None
        )
        assessed_unit_create(
            code=code, name=f"单位{code}", unit_type="teaching", group="teaching", members=[unit], position=place,
            valid_from=SINCE, acting_user=None,
        )  # fmt: skip
    made = cycle_create(
        code="reported-2026", title="2026年度考核", version=make_version(REPORTED, people["admin"]),
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), year=2026, acting_user=people["quality"],
    )  # fmt: skip
    return cycle_move(cycle=made, action="open", acting_user=people["quality"])


def enter(cycle: Cycle, user: Any, measure: str, unit: str, text: str, *, revision: int = NO_FACT) -> Any:
    """Type one cell."""
    return cells_enter(cycle=cycle, entries=[Entry(measure, unit, text, revision)], acting_user=user)


def test_a_head_reports_for_the_own_unit_only(cycle: Cycle) -> None:
    head = make_user("head-t1", "head", "T1")
    assert self_report_gaps(cycle, entry_rights(head, cycle)) == 1
    assert [one.text for one in enter(cycle, head, "plan", "T1", "3").saved] == ["3"]
    assert self_report_gaps(cycle, entry_rights(head, cycle)) == 0
    for measure, unit in (("plan", "T2"), ("late", "T1")):
        with pytest.raises(Problem) as problem:
            enter(cycle, head, measure, unit, "3")
        assert problem.value.code is Code.PERMISSION_DENIED


def test_a_stranger_learns_nothing_from_a_conflict(cycle: Cycle, people: dict[str, User]) -> None:
    enter(cycle, people["quality"], "late", "T2", "4")
    stranger = make_user("head-t2", "head", "T2")
    with pytest.raises(Problem) as problem:
        enter(cycle, stranger, "late", "T2", "5", revision=7)
    assert problem.value.code is Code.PERMISSION_DENIED


def test_rights_of_an_assessor_are_the_measures_of_its_unit(cycle: Cycle) -> None:
    unit_create(code="ZLB", name="质量办", kind="functional", valid_from=SINCE, acting_user=None)
    assessor = make_user("zlb", "assessor", "ZLB")
    rights = entry_rights(assessor, cycle)
    assert rights.opens == frozenset({"质量办"})
    assert [one.revision for one in enter(cycle, assessor, "late", "T1", "2").saved] == [0]
    with pytest.raises(Problem):
        enter(cycle, assessor, "rate", "T1", "0.9")


def test_an_unknown_measure_and_a_unit_of_elsewhere(cycle: Cycle, people: dict[str, User]) -> None:
    with pytest.raises(Problem) as problem:
        enter(cycle, people["quality"], "nothing", "T1", "1")
    assert problem.value.code is Code.INVALID_INPUT
    refused = enter(cycle, people["quality"], "late", "T9", "1").refused
    assert [one.reason for one in refused] == ["这一项不属于这个单位"]
