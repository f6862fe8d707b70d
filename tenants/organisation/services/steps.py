"""How a change of the organisation is planned, carried out and taken back (机构调整).

A plan is a list of steps on dated rows: close this one on the day before, open that one on the day.  Planning writes
nothing, so the plan is the preview; carrying out keeps the steps, so the change can be taken back.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tenants.organisation.models import Unit, UnitChange
from tenants.organisation.services.units import refreshed
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit
from zhiheng.kernel.dated import Dated
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.numbers import jsonable


@dataclass(frozen=True)
class Close:
    """End a row on ``last_day``."""

    row: Dated
    last_day: date


@dataclass(frozen=True)
class Open:
    """Begin a row (unsaved); it may refer to rows opened before it."""

    row: Dated


@dataclass
class Plan:
    """What a change would do (调整预览): sentences for people, warnings, steps for the machine."""

    kind: UnitChange.Kind
    on: date
    summary: str
    units: list[Unit]
    sentences: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    steps: list[Close | Open] = field(default_factory=list)

    def close(self, row: Dated) -> None:
        """End ``row`` the day before the change.  STATE when it began only then or later."""
        if row.valid_from >= self.on:
            raise Problem(
                Code.STATE,
                what=f"{row._meta.verbose_name}“{row}”",
                state=f"从{row.valid_from}才开始",
                action=f"在{self.on}调整",
                advice=f"请选{row.valid_from + timedelta(days=1)}或更晚的日期。",
            )
        self.steps.append(Close(row, self.on - timedelta(days=1)))

    def open(self, row: Dated) -> None:
        """Begin ``row`` on the day it says."""
        self.steps.append(Open(row))

    def replace(self, row: Dated, **changes: Any) -> Dated:
        """Close ``row`` and open a copy with ``changes`` that ends when the row would have ended."""
        copy = type(row)(**_values(row))
        for name, value in {**changes, "valid_from": self.on}.items():
            setattr(copy, name, value)
        self.close(row)
        self.open(copy)
        return copy


@transaction.atomic
def plan_apply(*, plan: Plan, acting_user: User | None) -> UnitChange:
    """Carry out a plan.  CONFLICT when somebody changed the same rows since it was made."""
    require(acting_user, "unit.edit")
    try:
        with transaction.atomic():
            done = [_do(step) for step in plan.steps]
    except IntegrityError as error:
        raise Problem(Code.CONFLICT, what="组织机构") from error
    change = UnitChange.objects.create(
        kind=plan.kind, effective_on=plan.on, summary=plan.summary, steps=done, made_by=acting_user
    )
    change.units.set(plan.units)
    refreshed(plan.units, timezone.localdate())
    data = {"summary": plan.summary, "on": plan.on, "steps": len(done)}
    audit.record(acting_user=acting_user, action=f"unit.{plan.kind.value}", target=change, data=data)
    return change


@transaction.atomic
def change_undo(*, change: UnitChange, acting_user: User | None) -> UnitChange:
    """Take a change back: what it opened goes, what it closed is open again.

    STATE when it was taken back already, a later change builds on it, or something else refers to what it opened.
    """
    require(acting_user, "unit.edit")
    change = UnitChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at is not None:
        raise _cannot(change, "已撤回", "不用再撤。")
    later = UnitChange.objects.filter(
        units__in=change.units.all(), undone_at__isnull=True, pk__gt=change.pk
    ).first()
    if later is not None:
        raise _cannot(change, f"之后又有“{later.summary}”", "请先撤回后面的调整。")
    units = list(change.units.all())
    try:
        with transaction.atomic():
            for step in reversed(change.steps):
                _reverse(step)
    except (ProtectedError, IntegrityError, _Touched) as error:
        advice = "请先移走后来录入的岗位、任职或归属，或再做一次相反的调整。"
        raise _cannot(change, "之后又有改动", advice) from error
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    refreshed(Unit.objects.filter(pk__in=[u.pk for u in units]), timezone.localdate())
    audit.record(
        acting_user=acting_user, action="unit.change_undo", target=change, data={"summary": change.summary}
    )
    return change


class _Touched(Exception):
    """A row is no longer as the change left it."""


def _do(step: Close | Open) -> dict[str, Any]:
    """Carry out one step; returns what is needed to reverse it, and how the row looks now."""
    row, label = step.row, step.row._meta.label_lower
    if isinstance(step, Open):
        row.save(force_insert=True)
        return {"op": "open", "model": label, "pk": row.pk, "left": jsonable(_values(row))}
    was = row.valid_to
    untouched = type(row)._default_manager.filter(pk=row.pk, valid_from=row.valid_from, valid_to=was)
    if untouched.update(valid_to=step.last_day) != 1:
        raise Problem(Code.CONFLICT, what="组织机构")
    row.valid_to = step.last_day
    return {
        "op": "close",
        "model": label,
        "pk": row.pk,
        "was": jsonable(was),
        "left": jsonable(step.last_day),
    }


def _reverse(step: dict[str, Any]) -> None:
    """Take one step back.  Raises _Touched when somebody changed the row since: that work would be lost."""
    row = apps.get_model(step["model"])._default_manager.filter(pk=step["pk"]).first()
    if row is None:
        raise _Touched
    if step["op"] == "open":
        if jsonable(_values(row)) != step["left"]:
            raise _Touched
        row.delete()
        return
    if jsonable(row.valid_to) != step["left"]:
        raise _Touched
    row.valid_to = date.fromisoformat(step["was"]) if step["was"] else None
    row.save(update_fields=["valid_to"])


def _values(row: Dated) -> dict[str, Any]:
    skipped = {"id", "sort_key", "initials"}
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in skipped}


def _cannot(change: UnitChange, state: str, advice: str) -> Problem:
    return Problem(Code.STATE, what=f"调整“{change.summary}”", state=state, action="撤回", advice=advice)
