"""Run one college's assessment years from an empty cycle to a sealed result, facts coming in as workbooks."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from assessment.models import (
    Cycle,
    DecisionKind,
    Run,
    RunKind,
    RunState,
    SchemeVersion,
    Submission,
    SubmissionState,
)
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


@dataclass(frozen=True)
class College:
    """What every year of one college needs."""

    version: SchemeVersion
    quality: float
    users: Mapping[str, User]
    folder: Path
    say: Say


def sealed_year(college: College, year: int, previous: Cycle | None) -> Cycle:
    """One whole year, from the empty cycle to the sealed result."""
    cycle = _opened(college, year, previous)
    college.say(f"{cycle.title}：数据表入库")
    _load(college, cycle, fill(cycle, college.quality))
    for submission in cycle.submissions.all():
        _hand_in(submission, college.users)
    cycle = cycle_move(cycle=cycle, action="close", acting_user=college.users["quality"])
    college.say(f"{cycle.title}：计分")
    score(cycle, college.users["quality"])
    return _finish(cycle, college.users, cycle.ends_on + timedelta(days=14), college.say)


def open_year(college: College, year: int, previous: Cycle | None) -> Cycle:
    """The current year in the middle of its collection: some departments have handed in, some are late."""
    cycle = _opened(college, year, previous)
    college.say(f"{cycle.title}：正在填报")
    cells = fill(cycle, college.quality)
    suppliers = {m["code"]: m.get("supplier", "") for m in cycle.version.document["measures"]}
    luck = random.Random(cycle.title)  # noqa: S311
    done = {name: luck.choice((1.0, 1.0, 1.0, 0.9, 0.6, 0.2)) for name in sorted(set(suppliers.values()))}
    kept = {key: cell for key, cell in cells.items() if luck.random() < done[suppliers[key[0]]]}
    _load(college, cycle, kept)
    for submission in cycle.submissions.all():
        if done[submission.supplier] == 1.0:
            _hand_in(submission, college.users)
    return cycle


def _opened(college: College, year: int, previous: Cycle | None) -> Cycle:
    scheme = college.version.scheme
    starts_on, ends_on = default_period(year, scheme.year_kind)
    title = f"{year}—{year + 1}学年考核" if scheme.year_kind == "school" else f"{year}年度考核"
    cycle = cycle_create(
        code=f"{scheme.code}-{year}", title=title, version=college.version, starts_on=starts_on, ends_on=ends_on,
        year=year, previous=previous, acting_user=college.users["quality"],
    )  # fmt: skip
    return cycle_move(cycle=cycle, action="open", acting_user=college.users["quality"])


def _load(college: College, cycle: Cycle, cells: Mapping[CellKey, Cell]) -> None:
    """Write the filled form as a workbook and import it, as an office would."""
    content = write_facts(fact_form(cycle), cells)
    path = college.folder / f"{cycle.version.scheme.title}-{cycle.year}-数据.xlsx"
    path.write_bytes(content)
    facts_import(cycle=cycle, content=content, name=path.name, acting_user=college.users["admin"])


def _hand_in(submission: Submission, users: Mapping[str, User]) -> None:
    handed_in = submission_move(
        submission=submission, to=SubmissionState.SUBMITTED, acting_user=users["quality"]
    )
    submission_move(submission=handed_in, to=SubmissionState.APPROVED, acting_user=users["review"])


def score(cycle: Cycle, user: User) -> Run:
    """An official run, worked off here and now; its message to the workers then finds it done."""
    run = run_start(cycle=cycle, kind=RunKind.OFFICIAL, acting_user=user)
    jobs.run(str(run.job_id))
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise RuntimeError(f"{run}: {run.error or Job.objects.get(pk=str(run.job_id)).error}")
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
    seed = cycle.version.scheme.title
    steady = random.Random(f"{seed}/{unit.code}").gauss(0, 0.13)  # noqa: S311
    drift = random.Random(f"{seed}/{cycle.year}/{unit.code}").gauss(0, 0.02)  # noqa: S311
    teachers = int(unit.attributes.get("headcount", 20))
    leaf = measure.rsplit(".", 1)[0]
    return Year(
        quality=min(0.99, max(0.3, quality + steady + drift)),
        students=teachers * STUDENTS_PER_TEACHER,
        teachers=teachers,
        full=points.get((leaf, unit.unit_type), Decimal(1)),
        random=random.Random(f"{seed}/{cycle.year}/{unit.code}/{measure}"),  # noqa: S311
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
