"""Preview and storing of an organisation workbook (组织机构导入)."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from tenants.organisation.models import OrganisationImport, Unit
from tenants.organisation.services.imports.assessed import plan_assessed
from tenants.organisation.services.imports.people import plan_holdings, plan_people
from tenants.organisation.services.imports.plan import CREATE, SAME, ImportPlan, Known, RowPlan
from tenants.organisation.services.imports.posts import plan_posts, plan_sections
from tenants.organisation.services.imports.units import plan_clusters, plan_units
from tenants.organisation.spreadsheets import FORMS, CellError, Row, Unreadable, read_workbook
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

Planner = Callable[[Known, list[Row]], list[RowPlan]]
PLANNERS: dict[str, Planner] = {
    "units": plan_units,
    "clusters": plan_clusters,
    "sections": plan_sections,
    "posts": plan_posts,
    "people": plan_people,
    "holdings": plan_holdings,
    "assessed": plan_assessed,
}
_PEOPLE = {"people", "holdings"}
_SHEETS = [form.title for form in FORMS]


def import_preview(
    *, content: bytes, file_name: str = "", on: date | None = None, acting_user: User | None
) -> ImportPlan:
    """What the workbook would change from a day (today) on; writes nothing.

    All errors of the file are in the plan, each with sheet, cell, value, reason and advice.  FILE_UNREADABLE when the
    file is no workbook of ours.
    """
    return _planned(content, file_name, on or timezone.localdate(), acting_user)


@transaction.atomic
def import_apply(
    *,
    content: bytes,
    file_name: str = "",
    on: date | None = None,
    expected: str = "",
    acting_user: User | None,
) -> OrganisationImport:
    """Store the workbook in one transaction, or nothing.

    ``expected`` is the fingerprint of the preview that a person accepted: CONFLICT when the organisation has changed
    since so that something else would happen.  IMPORT_REJECTED while the file has errors.
    """
    day = on or timezone.localdate()
    plan = _planned(content, file_name, day, acting_user)
    if plan.errors:
        raise Problem(Code.IMPORT_REJECTED, count=len(plan.errors), errors=plan.errors)
    if expected and expected != plan.fingerprint:
        raise Problem(Code.CONFLICT, what="组织机构")
    try:
        with transaction.atomic():
            _store(plan, acting_user)
    except IntegrityError as error:
        raise Problem(Code.CONFLICT, what="组织机构") from error
    record = OrganisationImport.objects.create(
        file_name=file_name[:200],
        effective_on=day,
        fingerprint=plan.fingerprint,
        counts=plan.counts(),
        made_by=acting_user,
    )
    audit.record(acting_user=acting_user, action="organisation.import", target=record, data=_summary(plan))
    return record


def _planned(content: bytes, file_name: str, on: date, acting_user: User | None) -> ImportPlan:
    require(acting_user, "unit.edit")
    try:
        reading = read_workbook(content)
    except Unreadable as error:
        raise Problem(
            Code.FILE_UNREADABLE, name=file_name or "上传的文件", reason=error.reason, advice=error.advice
        ) from error
    if _PEOPLE & reading.rows.keys():
        require(acting_user, "person.edit")
    known = Known(on)
    plan = ImportPlan(on)
    for key, planner in PLANNERS.items():
        if key in reading.rows:
            plan.rows += planner(known, reading.rows[key])
    plan.errors = sorted(reading.errors + known.errors, key=_by_place)
    plan.notices = reading.notices + known.notices
    plan.fingerprint = _fingerprint(plan, content)
    return plan


def _store(plan: ImportPlan, acting_user: User | None) -> None:
    """Endings first, then new rows sheet by sheet with superiors before their units, then changes as in the file."""
    for row in plan.rows:
        for do in row.first:
            do(acting_user)
    new = [row for plan_row in plan.rows for row in plan_row.new]
    for model in dict.fromkeys(type(row) for row in new):
        rows = [row for row in new if type(row) is model]
        for level in _levels(rows) if model is Unit else [rows]:
            model._default_manager.bulk_create(level, batch_size=500)
    for row in plan.rows:
        for do in row.todo:
            do(acting_user)


def _levels(units: Iterable[models.Model]) -> list[list[models.Model]]:
    """New units in layers: each layer's superiors are stored before it."""
    layers: list[list[models.Model]] = []
    waiting = list(units)
    while waiting:
        ready = [u for u in waiting if getattr(u, "parent", None) not in waiting]
        layers.append(ready)
        waiting = [u for u in waiting if u not in ready]
    return layers


def _fingerprint(plan: ImportPlan, content: bytes) -> str:
    """Of the file and of what it would do: the same file after another change of the organisation differs."""
    lines = [f"{r.sheet}|{r.number}|{r.label}|{r.action}|{r.diffs}" for r in plan.rows]
    return hashlib.sha256("\n".join([str(plan.on), *lines]).encode() + content).hexdigest()


def _by_place(error: CellError) -> tuple[int, int, str]:
    """Errors stand in the order of sheets, rows, columns."""
    digits, letters = "".join(filter(str.isdigit, error.cell)), "".join(filter(str.isalpha, error.cell))
    return _SHEETS.index(error.sheet), int(digits or 0), letters.rjust(3)


def _summary(plan: ImportPlan) -> dict[str, object]:
    """For the audit trail: counts, every new row's label and every changed field."""
    rows = [r for r in plan.rows if r.action != SAME]
    changes = [
        {"sheet": r.sheet, "row": r.label, "fields": [f"{d.title}：{d.old}→{d.new}" for d in r.diffs]}
        for r in rows
        if r.action != CREATE
    ]
    created = [f"{r.sheet} {r.label}" for r in rows if r.action == CREATE]
    return {"on": plan.on, "counts": plan.counts(), "created": created, "changed": changes}
