"""The worked year of the Jiaozuo scheme through database and worker: every stored number equals the worked one."""

import json
import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker

from assessment.models import (
    Cycle,
    CycleState,
    Decision,
    DecisionKind,
    Fact,
    NodeScore,
    Run,
    RunKind,
    UnitResult,
)
from assessment.selectors.facts import assessed_units
from assessment.services.cycles import cycle_create
from assessment.services.runs import run_start
from assessment.services.schemes import scheme_adopt, version_publish
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create
from zhiheng.kernel.numbers import jsonable, round_half_up
from zhiheng.library.selectors.templates import latest_version
from zhiheng.library.services.sync import ROOT, library_sync
from zhiheng.project.celery import app
from zhiheng.scoring.cases.bench import Bench
from zhiheng.scoring.cases.year import Year
from zhiheng.scoring.cases.year_run import _PREPARE

FILE = (
    Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "golden"
    / "scoring_cases.json"
)
SINCE = date(2020, 1, 1)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the worked cases lie outside the repository")


@pytest.fixture(scope="module")
def case() -> dict[str, Any]:
    """The worked year."""
    found: dict[str, Any] = next(
        c for c in json.loads(FILE.read_text())["end_to_end"] if c["id"] == "E2E-JZU"
    )
    return found


@pytest.fixture
def worker(settings: Any) -> Iterator[None]:
    """A Celery worker in a thread of its own, on a broker in memory."""
    app.conf.broker_url, app.conf.result_backend = "memory://", "cache+memory://"
    with start_worker(app, perform_ping_check=False, pool="solo"):
        yield


@pytest.fixture
def college(fresh_college: Tenant) -> Tenant:
    """A college of this test alone, with the library at hand."""
    with public_context():
        library_sync()
    return fresh_college


def _people() -> User:
    user = user_create(username="quality", name="质量办", password=None, acting_user=None)
    role_grant(user=user, role="quality", valid_from=SINCE, acting_user=None)
    return user


def _cycle(user: User, edits: Mapping[str, Mapping[str, Any]]) -> Cycle:
    with public_context():
        template = latest_version("jiaozuo-2020")
    outcomes = deepcopy(template.document["outcomes"])
    for award in outcomes["awards"]:
        award["params"].update(edits.get(award["code"], {}))
    version = scheme_adopt(
        template=template, code="jzu", title="焦作式", overrides={"outcomes": outcomes}, acting_user=user
    )
    version = version_publish(
        version=version, approved_by="党委会", approved_on=SINCE, basis="文件", acting_user=user
    )
    return cycle_create(
        code="jzu-2020", title="2020年度", version=version, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), year=2020,
        acting_user=user,
    )  # fmt: skip


def _store(year: Year, cycle: Cycle) -> None:
    """Units, facts and decisions of the case as rows of the database."""
    sheet = year.sheet
    groups = {t: g["code"] for g in cycle.version.document["groups"] for t in g["types"]}
    for position, (code, kind) in enumerate(sheet.units.items()):
        assessed_unit_create(
            code=code,
            name=code,
            unit_type=kind,
            group=groups[kind],
            position=position,
            valid_from=SINCE,
            acting_user=None,
        )
    units = {unit.code: unit for unit in assessed_units(cycle)}
    cells = [
        (units[unit], name, value) for unit, facts in sheet.facts.items() for name, value in facts.items()
    ]
    cells += [(None, name, value) for name, value in sheet.college.items()]
    Fact.objects.bulk_create([_fact(cycle, *cell) for cell in cells])
    for gate, vetoed in sheet.vetoes.items():
        for unit in vetoed:
            Decision.objects.create(
                cycle=cycle, kind=DecisionKind.VETO, unit=units[unit], data={"gate": gate}, reason="查实",
                decided_on=SINCE, decided_by="党委会",
            )  # fmt: skip


def _fact(cycle: Cycle, unit: Any, name: str, value: Any) -> Fact:
    if isinstance(value, Mapping) and "state" in value:
        return Fact(cycle=cycle, unit=unit, measure=name, state=value["state"], value=None)
    if value is None:
        return Fact(cycle=cycle, unit=unit, measure=name, state="missing", value=None)
    return Fact(cycle=cycle, unit=unit, measure=name, value=jsonable(value))


@pytest.mark.usefixtures("worker")
def test_every_stored_number_equals_the_worked_one(
    case: dict[str, Any], college: Tenant, django_db_blocker: Any
) -> None:
    year = Year(Bench(ROOT / "templates" / "schemes"), "JZU", case["inputs"], case.get("reading", "default"))
    year.add_units()
    _PREPARE["JZU"](year)
    with tenant_context(college):
        user = _people()
        cycle = _cycle(user, {code: {"limit": 3} for code in year.edits})
        _store(year, cycle)
        Cycle.objects.update(state=CycleState.SCORING)
        run = run_start(cycle=cycle, kind=RunKind.OFFICIAL, acting_user=user)
        _wait(run)
        _compare(run, case)


def _wait(run: Run) -> None:
    import time

    for _ in range(300):
        run.refresh_from_db()
        if run.finished_at is not None:
            break
        time.sleep(0.1)
    assert run.error is None
    assert run.state == "done"


def _compare(run: Run, case: dict[str, Any]) -> None:
    stored = {
        (s.unit.code, s.node): s.points for s in NodeScore.objects.filter(run=run).select_related("unit")
    }
    compared = 0
    for unit, expected in case["expected_units"].items():
        for node, leaf in expected["leaves"].items():
            want = leaf["value"]
            assert stored[unit, node] == Decimal(want), (unit, node)
            compared += 1
        for node, want in expected["components"].items():
            assert round_half_up(stored[unit, node], 4) == Decimal(want), (unit, node)
            compared += 1
    assert compared >= 500
    results = {r.unit.code: r for r in UnitResult.objects.filter(run=run).select_related("unit")}
    outcome = case["expected_outcome"]
    assert {u: r.total for u, r in results.items()} == {
        u: Decimal(v) for u, v in case["expected_score"].items()
    }
    assert {u: r.grade for u, r in results.items()} == outcome["grades"]
    ranks = {u: rank for table in outcome["ranks"].values() for u, rank in table.items()}
    assert {u: r.rank for u, r in results.items()} == ranks
    quotas = {u: _effect(r, "G9") for u, r in results.items()}
    assert quotas == {u: Fraction(v) for u, v in outcome["annual_excellent_quota"].items()}
    awarded = sorted(u for u, r in results.items() if any(a["code"] == "G5" for a in r.outcomes["awards"]))
    assert awarded == outcome["excellent_award"]


def _effect(result: UnitResult, code: str) -> Fraction | None:
    found = next((e for e in result.outcomes["effects"] if e["code"] == code), None)
    return Fraction(found["amount"]) if found else None
