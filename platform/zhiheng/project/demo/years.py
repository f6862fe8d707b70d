"""Run one college's assessment years from an empty cycle to a sealed result, facts coming in as workbooks."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from assessment.models import Cycle, DecisionKind, Run, RunKind, RunState, SchemeVersion, SubmissionState
from assessment.selectors.facts import assessed_units, fact_form
from assessment.selectors.schemes import model_of
from assessment.services.cycles import cycle_create, cycle_move, default_period
from assessment.services.facts import decision_record, facts_import, submission_move
from assessment.services.runs import run_start
from assessment.spreadsheets.facts import CellKey, FactForm, write_facts
from assessment.values import Cell
from tenants.organisation.models import AssessedUnit
from zhiheng.accounts.models import User
from zhiheng.kernel import jobs
from zhiheng.kernel.models import Job
from zhiheng.kernel.numbers import plain
from zhiheng.project.demo.figures import COLLEGE, Year, make

Say = Callable[[str], None]
STUDENTS_PER_TEACHER = 19


def run_year(
    *, version: SchemeVersion, year: int, quality: float, previous: Cycle | None, users: Mapping[str, User],
    folder: Path, seal: bool, say: Say,
) -> Cycle:  # fmt: skip
    """One year of a college.  ``seal=False`` stops after the official run, so that the current year stays open."""
    starts_on, ends_on = default_period(year, version.scheme.year_kind)
    quality_office, second = users["quality"], users["review"]
    title = f"{year}—{year + 1}学年考核" if version.scheme.year_kind == "school" else f"{year}年度考核"
    cycle = cycle_create(
        code=f"{version.scheme.code}-{year}", title=title, version=version, starts_on=starts_on, ends_on=ends_on,
        year=year, previous=previous, acting_user=quality_office,
    )  # fmt: skip
    cycle = cycle_move(cycle=cycle, action="open", acting_user=quality_office)
    say(f"{title}：数据表入库")
    content = write_facts(fact_form(cycle), fill(cycle, quality))
    path = folder / f"{cycle.code}-数据.xlsx"
    path.write_bytes(content)
    facts_import(cycle=cycle, content=content, name=path.name, acting_user=users["admin"])
    for submission in cycle.submissions.all():
        handed_in = submission_move(
            submission=submission, to=SubmissionState.SUBMITTED, acting_user=quality_office
        )
        submission_move(submission=handed_in, to=SubmissionState.APPROVED, acting_user=second)
    cycle = cycle_move(cycle=cycle, action="close", acting_user=quality_office)
    say(f"{title}：计分")
    score(cycle, quality_office)
    if not seal:
        return cycle
    return _finish(cycle, users, ends_on + timedelta(days=14), say)


def score(cycle: Cycle, user: User) -> Run:
    """An official run, worked off here and now; its message to the workers then finds it done."""
    run = run_start(cycle=cycle, kind=RunKind.OFFICIAL, acting_user=user)
    jobs.run(str(run.job_id))
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise RuntimeError(f"{run}: {run.error or Job.objects.get(pk=run.job_id).error}")
    return run


def _finish(cycle: Cycle, users: Mapping[str, User], day: date, say: Say) -> Cycle:
    say(f"{cycle.title}：公示、审定、封存")
    cycle = cycle_move(cycle=cycle, action="notice", acting_user=users["quality"], today=day)
    cycle = cycle_move(
        cycle=cycle, action="decide", acting_user=users["leader"], today=day + timedelta(days=30)
    )
    return cycle_move(
        cycle=cycle, action="seal", acting_user=users["quality"], today=day + timedelta(days=31)
    )


def veto(cycle: Cycle, gate: str, unit: AssessedUnit, users: Mapping[str, User]) -> None:
    """Record a decided veto, so that the demo shows its effect."""
    decision_record(
        cycle=cycle, kind=DecisionKind.VETO, unit=unit, data={"gate": gate}, reason="发生一级教学事故，已查实",
        decided_by="党委会", decided_on=cycle.ends_on, acting_user=users["quality"],
    )  # fmt: skip


def fill(cycle: Cycle, quality: float) -> dict[CellKey, Cell]:
    """A filled form of the cycle."""
    form = fact_form(cycle)
    points = _points(cycle)
    units = {unit.code: unit for unit in assessed_units(cycle)}
    cells: dict[CellKey, Cell] = {}
    for unit in form.units:
        for measure in [*form.grid(), *form.registers()]:
            if not form.fits(measure, unit):
                continue
            state = _year(cycle, units[unit.code], quality, measure["code"], points)
            cell = make(measure, state)
            if cell is not None:
                cells[measure["code"], unit.code] = cell
    for measure in form.college():
        if measure["code"] in COLLEGE:
            cells[measure["code"], None] = Cell("value", COLLEGE[measure["code"]])
    _reconcile(form, cells)
    return cells


def _points(cycle: Cycle) -> dict[tuple[str, str], Decimal]:
    found = {}
    for node in model_of(cycle.version).tree.walk():
        for unit_type, points in node.points.items():
            found[node.code, unit_type] = Decimal(points.numerator) / Decimal(points.denominator)
    return found


def _year(
    cycle: Cycle, unit: AssessedUnit, quality: float, measure: str, points: Mapping[tuple[str, str], Decimal]
) -> Year:
    steady = random.Random(f"{cycle.version.scheme.code}/{unit.code}").gauss(0, 0.10)  # noqa: S311
    drift = random.Random(f"{cycle.code}/{unit.code}").gauss(0, 0.05)  # noqa: S311
    teachers = int(unit.attributes.get("headcount", 20))
    leaf = measure.rsplit(".", 1)[0]
    return Year(
        quality=min(0.99, max(0.3, quality + steady + drift)),
        students=teachers * STUDENTS_PER_TEACHER,
        teachers=teachers,
        full=points.get((leaf, unit.unit_type), Decimal(1)),
        random=random.Random(f"{cycle.code}/{unit.code}/{measure}"),  # noqa: S311
    )


def _reconcile(form: FactForm, cells: dict[CellKey, Cell]) -> None:
    """Figures that belong together: nobody completes more than planned, nor reaches a norm more often than there are people."""
    for unit in form.units:
        for part, whole in (("key.completed", "key.planned"), ("routine.completed", "routine.planned"),
                            ("F4.issued_in_time", "F4.planned_bulletins"), ("C13a.met", "C13a.persons"),
                            ("C13b.met", "C13b.students")):  # fmt: skip
            if (whole, unit.code) in cells and (part, unit.code) in cells:
                most = Decimal(cells[whole, unit.code].value)
                own = Decimal(cells[part, unit.code].value)
                if part.endswith(("completed", "in_time")):
                    own = most - min(2, int(own) % 3)
                cells[part, unit.code] = Cell("value", plain(max(Decimal(0), min(most, own))))
        for code in ("key.excused", "key.supplementary", "routine.excused"):
            cells.pop((code, unit.code), None)
