"""The year of procedures (全年日程): month and week view, what needs an answer first, .ics."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.documents import CalendarEvent, icalendar
from catalog.models import CatalogueVersion
from catalog.schedule.kinds import QUESTIONS
from catalog.selectors import contents, yearly
from catalog.selectors.yearly import Event, Undated, YearPlan
from tenants.organisation.selectors import teaching_week
from zhiheng.web import xlsx
from zhiheng.web.catalogue.asking import frame, nothing_yet, version_asked
from zhiheng.web.catalogue.months import is_long, month_of
from zhiheng.web.guards import requires
from zhiheng.web.show import short_weekdays, show_period
from zhiheng.web.xlsx import attachment


@requires("catalog.view")
@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Month (?month=2026-11) or week (?week=2026-11-16), for all or one actor (?actor=教务处)."""
    version, today = version_asked(request), timezone.localdate()
    if version is None:
        context = {
            "heading": _("全年日程"),
            "empty": nothing_yet(request),
            **frame(request, "calendar", None),
        }
        return render(request, "web/catalogue/nothing.html", context)
    day = day_asked(request, today)
    plan, actors = plan_for(request, version, day)
    if request.GET.get("format") == "xlsx":
        return _workbook(plan)
    weekly = "week" in request.GET
    context = {
        "lead": _lead(plan),
        "plan": plan,
        "day": day,
        "weekly": weekly,
        "actor": request.GET.get("actor", ""),
        "actors": actors,
        "keep": _keep(request),
        "to_answer": [
            (one, [QUESTIONS[q] for q in one.questions if q in QUESTIONS]) for one in plan.to_answer
        ],
        "standing": plan.standing,
        **(_week(plan, day, today) if weekly else _month(plan, day, today)),
        **frame(request, "calendar", version, (_("全年日程"), "")),
    }
    return render(request, "web/catalogue/calendar.html", context)


def day_asked(request: HttpRequest, today: dt.date) -> dt.date:
    """The day that the address means; nonsense is today."""
    for text in (request.GET.get("week", ""), f"{request.GET.get('month', '')}-01"):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            continue
    return today


def plan_for(request: HttpRequest, version: CatalogueVersion, day: dt.date) -> tuple[YearPlan, list[str]]:
    """The school year that holds the day, narrowed to one actor, and all actors to choose from."""
    plan = yearly.year_plan(version, yearly.calendars_from(day)[0])
    actors = contents.actors(version)
    actor = request.GET.get("actor", "")
    if not actor:
        return plan, actors
    mine = {one.pk for one in contents.procedures_with_steps(version) if actor in contents.actors_of(one)}
    return (
        YearPlan(
            plan.calendar,
            tuple(event for event in plan.events if event.procedure.pk in mine),
            tuple(one for one in plan.undated if one.procedure.pk in mine),
        ),
        actors,
    )


def _keep(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("month", "week", "format"):
        query.pop(name, None)
    return f"&{query.urlencode()}" if query else ""


def _lead(plan: YearPlan) -> str:
    year = plan.calendar.year
    text = _("{a}—{b}学年，{n}次排上了日期").format(a=year, b=year + 1, n=len(plan.events))
    if plan.to_answer:
        text += _("，{k}处时间要先答复才能排").format(k=len(plan.to_answer))
    return text + _("。")


def _month(plan: YearPlan, day: dt.date, today: dt.date) -> dict[str, Any]:
    first = day.replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    found = plan.between(first, last)
    return {
        "heading": _("{y}年{m}月有{n}项工作").format(
            y=day.year, m=day.month, n=len({e.procedure.pk for e in found})
        ),
        "month": month_of(day.year, day.month, [e for e in found if not is_long(e)], today),
        "long": [e for e in found if is_long(e)],
        "listed": lines(found),
        "today_href": f"?month={today:%Y-%m}",
    }


def _week(plan: YearPlan, day: dt.date, today: dt.date) -> dict[str, Any]:
    monday = day - dt.timedelta(days=day.weekday())
    sunday = monday + dt.timedelta(days=6)
    found = plan.between(monday, sunday)
    term = teaching_week(monday)
    name = str(term) if term else show_period(monday, sunday)
    days = [
        (
            one,
            short_weekdays()[one.weekday()],
            one == today,
            [e for e in found if e.start <= one <= e.end and _named(e, one, monday)],
        )
        for one in (monday + dt.timedelta(days=n) for n in range(7))
    ]
    return {
        "heading": _("{week}有{n}项工作").format(week=name, n=len({e.procedure.pk for e in found})),
        "days": days,
        "listed": lines(found),
        "before": f"{monday - dt.timedelta(days=7):%Y-%m-%d}",
        "after": f"{monday + dt.timedelta(days=7):%Y-%m-%d}",
        "period": show_period(monday, sunday),
        "today_href": f"?week={today:%Y-%m-%d}",
    }


def _named(event: Event, day: dt.date, monday: dt.date) -> bool:
    """Long stretches are named on their first shown day and their last."""
    return day in (event.start, event.end) or (day == monday and event.start < monday)


def lines(events: list[Event]) -> list[tuple[str, Event]]:
    """(period, event) in order."""
    return [(show_period(event.start, event.end), event) for event in events]


def _workbook(plan: YearPlan) -> HttpResponse:
    rows: list[list[Any]] = [
        [
            e.procedure.no,
            e.procedure.title,
            e.occurrence.label or "",
            e.start,
            e.end,
            e.procedure.time_text,
            "",
        ]
        for e in plan.events
    ]
    rows += [_undated_row(one) for one in plan.undated]
    return xlsx.table_response(
        filename=_("全年日程_{y}学年.xlsx").format(y=plan.calendar.year),
        title=_("全年日程"),
        headers=[_("序号"), _("流程"), _("环节"), _("开始"), _("结束"), _("时间原文"), _("要答复的")],
        rows=rows,
    )


def _undated_row(one: Undated) -> list[Any]:
    asked = one.reason or "".join(QUESTIONS[q] for q in one.questions if q in QUESTIONS)
    p = one.procedure
    return [p.no, p.title, one.schedule.label or "", None, None, one.schedule.text or p.time_text, asked]


@requires("catalog.view")
@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The school year as .ics, for all or one actor, or one procedure (?procedure=12)."""
    version, today = version_asked(request), timezone.localdate()
    events: tuple[Event, ...] = ()
    if version is not None:
        day = day_asked(request, today)
        plan, _actors = plan_for(request, version, day)
        wanted = request.GET.get("procedure", "")
        after = yearly.year_plan(version, yearly.calendars_from(day)[1]) if wanted else None
        events = plan.events + (after.events if after else ())
        events = tuple(e for e in events if str(e.procedure.pk) == wanted) if wanted else events
    tenant: Any = getattr(request, "tenant", None)
    content = icalendar(
        [_entry(request, event, tenant.code) for event in events],
        name=_("{name}工作日程").format(name=tenant.name),
        made_at=timezone.now(),
    )
    headers = {"Content-Disposition": attachment(_("工作日程.ics"))}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _entry(request: HttpRequest, event: Event, code: str) -> CalendarEvent:
    one = event.procedure
    return CalendarEvent(
        uid=f"{code}-{one.no}-{event.start:%Y%m%d}-{event.occurrence.label or ''}@zhiheng",
        start=event.start,
        end=event.end,
        title=event.label,
        note=one.time_text,
        address=request.build_absolute_uri(reverse("catalogue:procedure", args=[one.pk])),
    )
