"""Reads of cycles: list, one cycle, where the year stands, which moves are open to a user and what blocks them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assessment.guards import GUARDS
from assessment.models import Cycle, CycleState, SubmissionState
from assessment.transitions import Transition, possible
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry


def cycles() -> QuerySet[Cycle]:
    """All cycles, newest first, with how many suppliers there are and how many are approved."""
    approved = Count("submissions", filter=Q(submissions__state=SubmissionState.APPROVED), distinct=True)
    return (
        Cycle.objects.select_related("version__scheme")
        .defer("version__document")
        .annotate(suppliers=Count("submissions", distinct=True), approved=approved)
        .order_by("-year", "code")
    )


def cycle_for(*, code: str) -> Cycle:
    """The cycle of this code with its scheme, or NOT_FOUND."""
    found = Cycle.objects.select_related("version__scheme", "previous").filter(code=code).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def years() -> list[int]:
    """Years that have a cycle, newest first."""
    return sorted(set(Cycle.objects.values_list("year", flat=True)), reverse=True)


def cycle_of_year(year: int) -> Cycle | None:
    """The cycle of a year that people work on: one that is not sealed before one that is."""
    found = list(Cycle.objects.select_related("version__scheme", "previous").filter(year=year))
    return min(found, key=lambda one: (one.state == CycleState.SEALED, one.code), default=None)


@dataclass(frozen=True)
class Phase:
    """One phase of the year (阶段) with its days where they are known, and whether it is over."""

    code: str
    title: str
    state: Literal["done", "now", "next"]
    starts_on: date | None = None
    ends_on: date | None = None


def phases(cycle: Cycle) -> list[Phase]:
    """The states of the transition table in order; collecting lasts the cycle's period, the notice its own days."""
    order = [state.value for state in CycleState]
    place = order.index(cycle.state)
    known = dict(_dates(cycle))
    sealed = cycle.state == CycleState.SEALED
    return [
        Phase(
            code=code,
            title=str(CycleState(code).label),
            state="done" if number < place or sealed else "now" if number == place else "next",
            starts_on=known.get(code, (None, None))[0],
            ends_on=known.get(code, (None, None))[1],
        )
        for number, code in enumerate(order)
    ]


def _dates(cycle: Cycle) -> Iterator[tuple[str, tuple[date, date]]]:
    yield CycleState.COLLECTING, (cycle.starts_on, cycle.ends_on)
    notice = cycle.notices.first()
    if notice is not None:
        yield CycleState.NOTICE, (notice.starts_on, notice.ends_on)
    seal = cycle.seals.first()
    if seal is not None:
        day = timezone.localdate(seal.sealed_at)
        yield CycleState.SEALED, (day, day)


@dataclass(frozen=True)
class Move:
    """A transition this user may start now; ``blocked`` says what is missing, empty when nothing is."""

    transition: Transition
    blocked: str = ""


def moves(cycle: Cycle, user: Any) -> list[Move]:
    """Transitions that leave the cycle's state and that the user has the right to, forward ones first."""
    allowed = [one for one in possible(cycle.state) if user.can(one.permission)]
    return [Move(one, _blocked(cycle, one)) for one in sorted(allowed, key=lambda one: one.needs_reason)]


def _blocked(cycle: Cycle, transition: Transition) -> str:
    if not transition.guard:
        return ""
    try:
        GUARDS[transition.guard](cycle, timezone.localdate())
    except Problem as problem:
        return str(problem.data.get("advice") or problem)
    return ""


def history(cycle: Cycle) -> QuerySet[AuditEntry]:
    """What happened to the cycle itself, newest first."""
    return AuditEntry.objects.filter(
        action__startswith="cycle.", target_type="assessment.cycle", target_id=str(cycle.pk)
    ).order_by("-id")
