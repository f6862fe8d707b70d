"""Procedures on the college's academic calendar (全年日程): dated occurrences, and what needs an answer first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from catalog.models import CatalogueVersion, Procedure
from catalog.schedule import calendar as academic
from catalog.schedule.embedded import find_times
from catalog.schedule.kinds import AdHoc, ByNotice, Schedule, from_json
from catalog.schedule.occurrences import Occurrence, occurrences
from tenants.organisation.models import AcademicYear, Term

SEASONS = {1: "autumn", 2: "spring"}


@dataclass(frozen=True)
class Event:
    """One dated occurrence of a procedure."""

    procedure: Procedure
    occurrence: Occurrence

    @property
    def start(self) -> dt.date:
        """First day; the last one for a deadline without a beginning."""
        span = self.occurrence.span
        return span.start or span.end or dt.date.max

    @property
    def end(self) -> dt.date:
        """Last day."""
        return self.occurrence.span.end or self.start

    @property
    def label(self) -> str:
        """Procedure, with the part that is due."""
        part = self.occurrence.label
        return (
            f"{self.procedure.title}：{part}"
            if part and part != self.procedure.title
            else self.procedure.title
        )

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Is any day of it between the two, both included?"""
        return self.start <= last and self.end >= first


@dataclass(frozen=True)
class Undated:
    """A time of a procedure that no date can be made from, with why (codes of QUESTIONS)."""

    procedure: Procedure
    schedule: Schedule
    questions: tuple[str, ...]
    reason: str = ""

    @property
    def standing(self) -> bool:
        """Nothing to answer: standing work, or work that begins with a case."""
        return isinstance(self.schedule, AdHoc) or getattr(self.schedule, "all_year", False)


@dataclass(frozen=True)
class YearPlan:
    """A school year of procedures: dated events in order, times without dates."""

    calendar: academic.AcademicCalendar
    events: tuple[Event, ...]
    undated: tuple[Undated, ...]

    @cached_property
    def to_answer(self) -> list[Undated]:
        """What a person has to answer before dates can be made."""
        return [one for one in self.undated if not one.standing]

    @cached_property
    def standing(self) -> list[Undated]:
        """Standing work and work on demand."""
        return [one for one in self.undated if one.standing]

    def between(self, first: dt.date, last: dt.date) -> list[Event]:
        """Events with a day in that stretch."""
        return [event for event in self.events if event.touches(first, last)]

    def of(self, procedure: Procedure) -> list[Event]:
        """Events of one procedure."""
        return [event for event in self.events if event.procedure == procedure]


def school_years() -> list[AcademicYear]:
    """The college's school years with terms, oldest first."""
    return list(AcademicYear.objects.prefetch_related("terms").order_by("first_day"))


def calendar_of(year: AcademicYear) -> academic.AcademicCalendar:
    """A school year of the organisation as the calendar that schedules are placed on."""
    terms = sorted(year.terms.all(), key=lambda term: term.first_monday)
    return academic.AcademicCalendar(
        year.first_day.year, tuple(_term(term) for term in terms if term.number in SEASONS)
    )


def calendars_from(day: dt.date) -> tuple[academic.AcademicCalendar, academic.AcademicCalendar]:
    """The school year that holds a day and the one after it; without terms where the college has not entered them."""
    known = {year.first_day.year: calendar_of(year) for year in school_years()}
    begins = day.year if (day.month, day.day) >= academic.SCHOOL_YEAR_BEGINS else day.year - 1
    return _known(known, begins), _known(known, begins + 1)


def _known(calendars: dict[int, academic.AcademicCalendar], year: int) -> academic.AcademicCalendar:
    return calendars.get(year) or academic.AcademicCalendar(year, ())


def _term(term: Term) -> academic.Term:
    season = "autumn" if SEASONS[term.number] == "autumn" else "spring"
    return academic.Term(season, term.first_monday, term.weeks, term.middle_week)  # type: ignore[arg-type]


def year_plan(version: CatalogueVersion, calendar: academic.AcademicCalendar) -> YearPlan:
    """All procedures of a version in one school year."""
    events: list[Event] = []
    undated: list[Undated] = []
    for procedure in version.procedures.all():
        found, rest = place(procedure, calendar)
        events += found
        undated += rest
    events.sort(key=lambda event: (event.start, event.end, event.procedure.order))
    return YearPlan(calendar, tuple(events), tuple(undated))


def place(procedure: Procedure, calendar: academic.AcademicCalendar) -> tuple[list[Event], list[Undated]]:
    """One procedure's schedules: dated events, and times without dates."""
    events: list[Event] = []
    undated: list[Undated] = []
    for schedule in schedules_of(procedure):
        found, reason = _placed(schedule, calendar)
        dated = [one for one in found if not one.continuous and (one.span.start or one.span.end)]
        events += [Event(procedure, one) for one in dated]
        if not dated:
            undated.append(Undated(procedure, schedule, _questions(schedule, calendar), reason))
    return events, undated


def schedules_of(procedure: Procedure) -> list[Schedule]:
    """The stored schedules as objects."""
    return [from_json(data) for data in procedure.schedules]


def next_of(
    schedules: Iterable[Schedule], today: dt.date, calendars: Iterable[academic.AcademicCalendar]
) -> Occurrence | None:
    """The occurrence that is open today or begins next within these school years."""
    wanted = list(schedules)
    for calendar in calendars:
        found = [one for schedule in wanted for one in _placed(schedule, calendar)[0] if not one.continuous]
        ahead = [one for one in found if one.span.end is not None and one.span.end >= today]
        if ahead:
            return min(
                ahead, key=lambda one: (one.span.start or one.span.end or today, one.span.end or today)
            )
    return None


def times_in(text: str) -> list[Schedule]:
    """Schedules that a sentence names (每年9月25日前)."""
    return [time.schedule for time in find_times(text) if time.schedule is not None]


def _placed(schedule: Schedule, calendar: academic.AcademicCalendar) -> tuple[list[Occurrence], str]:
    try:
        return occurrences(schedule, calendar), ""
    except academic.CalendarError as error:
        return [], str(error)


def _questions(schedule: Schedule, calendar: academic.AcademicCalendar) -> tuple[str, ...]:
    if schedule.questions:
        return schedule.questions
    if isinstance(schedule, ByNotice):
        return ("notice",)
    return () if calendar.terms else ("calendar",)
