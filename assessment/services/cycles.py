"""Create a cycle and move it along its table of transitions."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessment.guards import GUARDS, latest_official
from assessment.models import Cycle, CycleStep, PublicNotice, SchemeVersion, Seal, StepState, Submission
from assessment.transitions import Transition, transition_for
from tenants.organisation.selectors.calendar import add_working_days
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

NOTICE_DAYS = 5
"""Working days of public notice when the scheme does not say."""


@transaction.atomic
def cycle_create(
    *, code: str, title: str, version: SchemeVersion, starts_on: date, ends_on: date, year: int, acting_user: Any,
    previous: Cycle | None = None,
) -> Cycle:  # fmt: skip
    """Plan a year: the cycle, its steps from the scheme's process, one submission per supplier."""
    if starts_on > ends_on:
        raise Problem(Code.INVALID_INPUT, place="考核期", reason="结束日早于开始日", advice="请核对两个日期")
    cycle = Cycle.objects.create(
        code=code,
        title=title,
        version=version,
        starts_on=starts_on,
        ends_on=ends_on,
        year=year,
        previous=previous,
    )
    CycleStep.objects.bulk_create(
        [
            _step(cycle, order, entry)
            for order, entry in enumerate(version.document.get("process", []), start=1)
        ]
    )
    suppliers = sorted({m.get("supplier", "") for m in version.document.get("measures", [])} - {""})
    Submission.objects.bulk_create([Submission(cycle=cycle, supplier=name) for name in suppliers])
    audit.record(acting_user=acting_user, action="cycle.create", target=cycle, data={"version": version.pk})
    return cycle


def _step(cycle: Cycle, order: int, entry: dict[str, Any]) -> CycleStep:
    return CycleStep(
        cycle=cycle,
        order=order,
        code=entry.get("code", f"S{order}"),
        title=entry["title"],
        actor=entry.get("actor", ""),
        ends_on=_due(cycle, entry.get("due")),
    )


_DUE = re.compile(r"(次年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def _due(cycle: Cycle, due: Any) -> date | None:
    """A step's due date where the process names a day (“3 月 31 日前”, “次年 1 月 15 日”): the first such day on or after
    the cycle's start; words without a day give none and are never guessed."""
    found = _DUE.search(str(due or ""))
    if found is None:
        return None
    try:
        day = date(cycle.starts_on.year, int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day.replace(year=day.year + 1) if found[1] or day < cycle.starts_on else day


@transaction.atomic
def cycle_move(
    *, cycle: Cycle, action: str, acting_user: Any, reason: str = "", today: date | None = None
) -> Cycle:
    """Do one transition.  Raises STATE (not possible now, with what is), PERMISSION_DENIED, INVALID_INPUT (reason)."""
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    step = transition_for(locked.state, action, what=locked.title)
    if not acting_user.can(step.permission):
        raise Problem(Code.PERMISSION_DENIED)
    if step.needs_reason and not reason.strip():
        raise Problem(
            Code.INVALID_INPUT, place="理由", reason=f"{step.title}要写明理由", advice="请写一句话说明原因"
        )
    day = today or timezone.localdate()
    if step.guard:
        GUARDS[step.guard](locked, day)
    _effects(locked, step, acting_user, day)
    locked.state = step.target
    locked.save(update_fields=["state", "opened_at"])
    audit.record(
        acting_user=acting_user,
        action=f"cycle.{action}",
        target=locked,
        data={"reason": reason, "to": step.target},
    )
    return locked


def _effects(cycle: Cycle, step: Transition, acting_user: Any, day: date) -> None:
    if step.action == "open":
        cycle.opened_at = timezone.now()
    elif step.action == "notice":
        _start_notice(cycle, day)
    elif step.action == "withdraw":
        cycle.notices.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    elif step.action == "seal":
        _seal(cycle, acting_user)


def _start_notice(cycle: Cycle, day: date) -> None:
    days = int(cycle.version.document.get("notice_working_days", NOTICE_DAYS))
    run = latest_official(cycle)
    if run is not None:
        PublicNotice.objects.create(
            cycle=cycle, run=run, starts_on=day, ends_on=add_working_days(day, days), working_days=days
        )


def _seal(cycle: Cycle, acting_user: Any) -> None:
    run = latest_official(cycle)
    if run is None:
        return
    if Seal.objects.filter(run=run).exists():
        raise Problem(
            Code.STATE,
            what=cycle.title,
            state="已封存过这次计分",
            action="再封存",
            advice="更正后请先做一次新的正式计分。",
        )
    number = Seal.objects.filter(cycle=cycle).count() + 1
    reason = _correction_reason(cycle) if number > 1 else ""
    Seal.objects.create(
        cycle=cycle, run=run, number=number, fingerprint=run.fingerprint, reason=reason, sealed_at=timezone.now(),
        sealed_by=acting_user,
    )  # fmt: skip


def _correction_reason(cycle: Cycle) -> str:
    entry = AuditEntry.objects.filter(action="cycle.correct", target_id=str(cycle.pk)).order_by("-id").first()
    return str(entry.data.get("reason", "")) if entry else ""


@transaction.atomic
def step_finish(*, step: CycleStep, acting_user: Any, at: datetime | None = None) -> CycleStep:
    """Mark a step of the year as done; a done step stays done."""
    if step.state != StepState.DONE:
        step.state, step.done_at = StepState.DONE, at or timezone.now()
        step.save(update_fields=["state", "done_at"])
        audit.record(acting_user=acting_user, action="cycle.step_done", target=step)
    return step


def default_period(year: int, year_kind: str) -> tuple[date, date]:
    """First and last day of an assessment year: calendar year, or school year from 1 September."""
    if year_kind == "school":
        return date(year, 9, 1), date(year + 1, 9, 1) - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)
