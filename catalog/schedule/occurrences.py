"""Occurrences of a schedule in a school year (日程发生) and the runs of a procedure (catalogue.md B 5).

No date is invented: what waits for a notice, a case or a base year gives nothing, a season gives an occurrence without
dates.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import groupby

from catalog.schedule.calendar import AcademicCalendar, Span, Term, safe_date
from catalog.schedule.kinds import (
    AdHoc,
    ByNotice,
    Interval,
    Monthly,
    MultiYear,
    Schedule,
    TermWeek,
    YearlyWindow,
)

DAY = dt.timedelta(days=1)
MONTHS_OF_SCHOOL_YEAR = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)


@dataclass(frozen=True)
class Occurrence:
    """One stretch in which a schedule is due.  ``continuous``: always open, no run of its own."""

    schedule: Schedule
    span: Span
    term: Term | None = None
    continuous: bool = False

    @property
    def label(self) -> str | None:
        """What is done then."""
        return self.schedule.phase or self.schedule.label

    def is_open(self, day: dt.date) -> bool:
        """Is the day inside?"""
        return self.span.holds(day)

    def is_over(self, day: dt.date) -> bool:
        """Is the day after the last?"""
        return self.span.end is not None and day > self.span.end


@dataclass(frozen=True)
class Run:
    """One run of a procedure: its phases in order (registration and test are one run)."""

    phases: tuple[Occurrence, ...]

    @property
    def span(self) -> Span:
        """From the first day of the first phase to the last day of the last."""
        return Span(self.phases[0].span.start, self.phases[-1].span.end)


def runs(schedules: Iterable[Schedule], calendar: AcademicCalendar) -> list[Run]:
    """All runs of a school year, dated ones in order, those without dates last."""
    found: list[Run] = []
    phased: list[Monthly] = []
    for schedule in schedules:
        if isinstance(schedule, Monthly) and schedule.phase:
            phased.append(schedule)
            continue
        found += [Run((one,)) for one in occurrences(schedule, calendar) if not one.continuous]
    found += _paired(phased, calendar)
    return sorted(found, key=lambda run: (run.span.start is None, run.span.start or dt.date.max))


def _paired(phased: list[Monthly], calendar: AcademicCalendar) -> Iterator[Run]:
    """The k-th phase of a run is the next occurrence of that phase after the one before it, in the cycle of the year."""
    if not phased:
        return
    later = [occurrences(schedule, calendar) for schedule in phased[1:]]
    for first in occurrences(phased[0], calendar):
        chain = [first]
        for options in later:
            chain.append(min(options, key=lambda one: _months_after(chain[-1], one)))
        yield Run(tuple(chain))


def _months_after(one: Occurrence, other: Occurrence) -> int:
    before, after = one.span.start, other.span.start
    return (after.month - before.month) % 12 or 12 if before and after else 12


def open_on(schedules: Iterable[Schedule], calendar: AcademicCalendar, day: dt.date) -> list[Occurrence]:
    """Occurrences that are open on a day."""
    return [one for schedule in schedules for one in occurrences(schedule, calendar) if one.is_open(day)]


@singledispatch
def occurrences(schedule: Schedule, calendar: AcademicCalendar) -> list[Occurrence]:
    """Occurrences in the calendar's school year, in order; CalendarError when a term is too short for the rule."""
    raise TypeError(f"no rule for {type(schedule).__name__} in {calendar.year}")


@occurrences.register
def _window(schedule: YearlyWindow, calendar: AcademicCalendar) -> list[Occurrence]:
    if schedule.every_years > 1:
        return []
    if schedule.season:
        term = next((term for term in calendar.terms if term.season == schedule.season), None)
        return [Occurrence(schedule, Span(None, None), term)]
    if schedule.all_year:
        return [Occurrence(schedule, calendar.span, continuous=True)]
    start = _date(schedule.start, calendar) if schedule.start else None
    end = _date(schedule.end, calendar) if schedule.end else None
    if start and schedule.end and schedule.start:
        month, day = _month_day(schedule.end)
        year = start.year + (1 if schedule.crosses_year or schedule.end < schedule.start else 0)
        end = safe_date(year, month, day)
    return [Occurrence(schedule, Span(start, end))]


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def _date(text: str, calendar: AcademicCalendar) -> dt.date:
    return calendar.date(*_month_day(text))


@occurrences.register
def _term_weeks(schedule: TermWeek, calendar: AcademicCalendar) -> list[Occurrence]:
    if schedule.times_per_year == 1 or schedule.terms == "one":
        return [Occurrence(schedule, Span(None, None))]
    terms = [term for term in calendar.terms if schedule.terms in ("every", term.season)]
    return [Occurrence(schedule, span, term) for term in terms for span in _spans(schedule, term)]


def _spans(schedule: TermWeek, term: Term) -> list[Span]:
    weeks = schedule.weeks
    if schedule.anchor == "whole_term":
        return [term.whole()]
    if schedule.anchor == "before_term_start":
        first = term.first_monday + (min(weeks) if weeks else 0) * dt.timedelta(weeks=1)
        return [Span(first if weeks else None, term.first_monday - DAY)]
    if schedule.anchor == "term_end":
        weeks = tuple(term.weeks + week + 1 for week in weeks) or (term.weeks,)
    elif schedule.anchor == "mid_term":
        weeks = weeks or (term.middle_week,)
    elif schedule.anchor == "term_start":
        weeks = weeks or (1,)
    return [Span(term.week(group[0]).start, term.week(group[-1]).end) for group in _neighbours(weeks)]


def _neighbours(weeks: tuple[int, ...]) -> list[list[int]]:
    """Runs of neighbouring weeks: 16, 17, 18 is one stretch, 3 and 9 are two."""
    groups = groupby(enumerate(sorted(weeks)), key=lambda pair: pair[1] - pair[0])
    return [[week for _, week in group] for _, group in groups]


@occurrences.register
def _interval(schedule: Interval, calendar: AcademicCalendar) -> list[Occurrence]:
    """Teaching weeks, terms, quarters and years are placed; a daily rhythm belongs to its step and places nothing."""
    if schedule.every_weeks:
        step = schedule.every_weeks
        return [
            Occurrence(schedule, term.week(week), term)
            for term in calendar.terms
            for week in range(step, term.weeks + 1, step)
        ]
    if schedule.every_terms:
        return [Occurrence(schedule, term.whole(), term) for term in calendar.terms]
    if schedule.every_months:
        size = schedule.every_months
        groups = [MONTHS_OF_SCHOOL_YEAR[i : i + size] for i in range(0, 12, size)]
        return [
            Occurrence(schedule, Span(_first(group[0], calendar), _last(group[-1], calendar)))
            for group in groups
        ]
    if schedule.every_years == 1:
        return [Occurrence(schedule, Span(None, None))]
    return []


def _first(month: int, calendar: AcademicCalendar) -> dt.date:
    return calendar.date(month, 1)


def _last(month: int, calendar: AcademicCalendar) -> dt.date:
    first = calendar.date(month, 1)
    return safe_date(first.year, month, 31)


@occurrences.register
def _monthly(schedule: Monthly, calendar: AcademicCalendar) -> list[Occurrence]:
    step = schedule.every_months or 1
    wanted = set(schedule.months) or set(MONTHS_OF_SCHOOL_YEAR[::step])
    found: list[Occurrence] = []
    for month in (month for month in MONTHS_OF_SCHOOL_YEAR if month in wanted):
        first = _first(month, calendar)
        spans = [Span(first if schedule.deadline else day, day) for day in _days(schedule, first)]
        found += [Occurrence(schedule, span) for span in spans or [Span(first, _last(month, calendar))]]
    return found


def _days(schedule: Monthly, first: dt.date) -> list[dt.date]:
    return [safe_date(first.year, first.month, day) for day in schedule.days]


@occurrences.register
def _multi_year(schedule: MultiYear, calendar: AcademicCalendar) -> list[Occurrence]:
    base = schedule.base_year
    if base is None or calendar.year < base:
        return []
    if schedule.every_years:
        due = (calendar.year - base) % schedule.every_years == 0
    else:
        due = calendar.year < base + (schedule.years or 1)
    return [Occurrence(schedule, Span(None, None))] if due else []


@occurrences.register(ByNotice)
@occurrences.register(AdHoc)
def _nothing(_schedule: Schedule, _calendar: AcademicCalendar) -> list[Occurrence]:
    return []
