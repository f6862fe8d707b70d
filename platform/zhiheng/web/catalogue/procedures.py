"""Procedures (工作流程): list by chapter, actor and month; one procedure as a chain of steps with hand-overs."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from catalog.models import Procedure, Step
from catalog.schedule.embedded import find_times
from catalog.schedule.kinds import QUESTIONS
from catalog.selectors import contents, yearly
from catalog.selectors.catalogue import procedure_for
from catalog.selectors.yearly import Event, YearPlan
from zhiheng.web.catalogue.asking import frame, version_asked
from zhiheng.web.catalogue.lists import CatalogueList
from zhiheng.web.catalogue.months import month_of
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Filter, Rows
from zhiheng.web.show import show_when


@dataclass
class Listed:
    """One procedure of the list with who takes part and when it is due this school year."""

    procedure: Procedure
    actors: list[str]
    months: frozenset[int]
    next: Event | None

    @property
    def when(self) -> str:
        """The next date, else the words of the paper."""
        if self.next is None:
            return self.procedure.time_text[:40]
        return show_when(self.next.start, self.next.end, timezone.localdate())


def listed(request: HttpRequest) -> list[Listed]:
    """All procedures of the version, read once per request."""
    if hasattr(request, "listed_procedures"):
        return request.listed_procedures  # type: ignore[no-any-return]
    version, today = version_asked(request), timezone.localdate()
    rows: list[Listed] = []
    if version is not None:
        this, following = yearly.calendars_from(today)
        plans = (yearly.year_plan(version, this), yearly.year_plan(version, following))
        rows = [_listed(one, plans, today) for one in contents.procedures_with_steps(version)]
    request.listed_procedures = rows  # type: ignore[attr-defined]
    return rows


def _listed(one: Procedure, plans: Iterable[YearPlan], today: dt.date) -> Listed:
    events = [event for plan in plans for event in plan.of(one)]
    months = {month for event in events for month in _months(event)}
    ahead = next((event for event in events if event.end >= today), None)
    return Listed(one, contents.actors_of(one), frozenset(months), ahead)


def _months(event: Event) -> Iterable[int]:
    day = event.start.replace(day=1)
    while day <= event.end:
        yield day.month
        day = (day + dt.timedelta(days=32)).replace(day=1)


def chapter_choices(request: HttpRequest) -> list[Choice]:
    """Chapters in their order."""
    return [(c, c) for c in dict.fromkeys(row.procedure.chapter for row in listed(request))]


def actor_choices(request: HttpRequest) -> list[Choice]:
    """Everybody who does a step."""
    return [(a, a) for a in dict.fromkeys(actor for row in listed(request) for actor in row.actors)]


def month_choices(_request: HttpRequest) -> list[Choice]:
    """The months of a school year."""
    return [(str(m), _("{m}月").format(m=m)) for m in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)]


def procedure_href(row: Listed) -> str:
    """The procedure's page."""
    return reverse("catalogue:procedure", args=[row.procedure.pk])


@requires("catalog.view")
class ProcedureList(CatalogueList):
    """All procedures of the handbook."""

    tab = "procedures"
    heading = gettext_noop("工作流程")
    sizes = (50, 100)
    columns: ClassVar[Sequence[Column]] = (
        Column("no", gettext_noop("序号"), "procedure.no"),
        Column("title", gettext_noop("流程"), "procedure.title", head=True, href=procedure_href),
        Column("chapter", gettext_noop("章"), "procedure.chapter", on_phone=False),
        Column("when", gettext_noop("下一次"), "when", cell="web/catalogue/when_cell.html"),
        Column("actors", gettext_noop("谁参与"), lambda r: _("、").join(r.actors), on_phone=False),
        Column(
            "steps", gettext_noop("步数"), lambda r: len(r.procedure.steps.all()), align="r", on_phone=False
        ),
        Column("standards", gettext_noop("标准"), "procedure.standard_count", align="r", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter("q", gettext_noop("流程"), lambda rows, v: [r for r in rows if v in r.procedure.title], placeholder=gettext_noop("找流程")),
        Filter("chapter", gettext_noop("章"), lambda rows, v: [r for r in rows if r.procedure.chapter == v], choices=chapter_choices),
        Filter("actor", gettext_noop("承担方"), lambda rows, v: [r for r in rows if v in r.actors], choices=actor_choices),
        Filter("month", gettext_noop("月份"), lambda rows, v: [r for r in rows if v.isdecimal() and int(v) in r.months], choices=month_choices),
    )  # fmt: skip

    def rows(self) -> Rows:
        """Procedures of the version."""
        return listed(self.request)

    def context(self) -> dict[str, Any]:
        """How many there are, and how many this month."""
        rows, month = listed(self.request), timezone.localdate().month
        now = sum(month in row.months for row in rows)
        found = super().context()
        if rows:
            found["heading"] = _("{n}项工作流程，这个月有{k}项").format(n=len(rows), k=now)
        return found


@dataclass(frozen=True)
class StepLine:
    """One step with the time it names and to whom it is handed."""

    number: int
    step: Step
    when: str
    to: str


@requires("catalog.view")
@require_safe
def procedure_page(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Steps as a chain, times of the school year, what each party does, standards, source."""
    one = procedure_for(procedure_id=procedure_id)
    today = timezone.localdate()
    this, following = yearly.calendars_from(today)
    events, undated = yearly.place(one, this)
    later, _rest = yearly.place(one, following)
    events = sorted([*events, *later], key=lambda event: event.start)
    ahead = [event for event in events if event.end >= today]
    chains = chains_of(one)
    actors = contents.actors_of(one)
    parties: dict[str, list[str]] = {}
    for duty in one.party_duties.all():
        parties.setdefault(duty.party, []).append(duty.text)
    shown_month = ahead[0].start if ahead else today
    context = {
        "heading": one.title,
        "lead": lead(ahead[0], today) if ahead else (one.time_text or _("时间没有写明。")),
        "procedure": one,
        "chains": chains,
        "actors": actors,
        "steps_heading": _("{n}步，{k}方参与").format(n=len(one.steps.all()), k=len(actors)),
        "ahead": ahead[:8],
        "undated": [(row, [QUESTIONS[q] for q in row.questions if q in QUESTIONS]) for row in undated],
        "parties": parties.items(),
        "month": month_of(shown_month.year, shown_month.month, events, today) if ahead else None,
        **frame(
            request,
            "procedures",
            one.version,
            (_("工作流程"), reverse("catalogue:procedures")),
            (one.title, ""),
        ),
    }
    return render(request, "web/catalogue/procedure.html", context)


def lead(event: Event, today: dt.date) -> str:
    """下一次：12月7日—20日，还有17天."""
    period = show_when(event.start, event.end, today)
    part = f"{event.occurrence.label}，" if event.occurrence.label else ""
    if event.start <= today <= event.end:
        return _("正在进行：{part}{period}，还剩{n}天。").format(
            part=part, period=period, n=(event.end - today).days
        )
    return _("下一次：{part}{period}，还有{n}天。").format(
        part=part, period=period, n=(event.start - today).days
    )


def chains_of(one: Procedure) -> list[tuple[str, list[StepLine]]]:
    """Steps by chain, each with the hand-over to the next actors when they differ."""
    found: dict[str, list[Step]] = {}
    for step in one.steps.all():
        found.setdefault(step.chain, []).append(step)
    return [(chain, [_line(steps, place) for place in range(len(steps))]) for chain, steps in found.items()]


def _line(steps: list[Step], place: int) -> StepLine:
    step = steps[place]
    following = steps[place + 1].actors if place + 1 < len(steps) else []
    to = "" if set(following) <= set(step.actors) else _("、").join(following)
    times = find_times(step.text)
    return StepLine(place + 1, step, times[0].text if times else "", to)
