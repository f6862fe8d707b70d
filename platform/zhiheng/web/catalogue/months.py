"""A month as a sheet of weeks (月历) with teaching weeks at the side and events in the days."""

import datetime as dt
from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.selectors.yearly import Event
from tenants.organisation.selectors import calendar as organisation
from zhiheng.web.show import short_weekdays

MOST_PER_DAY = 3
LONG_DAYS = 21
"""A stretch of more days stands above the sheet, not in every cell."""


@dataclass(frozen=True)
class Day:
    """One cell: its events with their names where they begin (or the week does), how many more, what kind of day."""

    day: dt.date
    inside: bool
    working: bool
    today: bool
    busy: bool
    events: tuple[tuple[Event, bool], ...]
    more: int


@dataclass(frozen=True)
class Week:
    """One row with the number of the teaching week, empty in the holidays."""

    label: str
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Month:
    """One sheet with the months before and after."""

    year: int
    month: int
    weeks: tuple[Week, ...]

    @property
    def weekdays(self) -> list[str]:
        """Heads of the columns."""
        return short_weekdays()

    @property
    def before(self) -> str:
        """2026-10."""
        first = dt.date(self.year, self.month, 1) - dt.timedelta(days=1)
        return f"{first:%Y-%m}"

    @property
    def after(self) -> str:
        """2026-12."""
        following = dt.date(self.year, self.month, 28) + dt.timedelta(days=5)
        return f"{following:%Y-%m}"


def is_long(event: Event) -> bool:
    """Longer than three weeks."""
    return (event.end - event.start).days > LONG_DAYS


def month_of(year: int, month: int, events: Sequence[Event], today: dt.date) -> Month:
    """The sheet of a month; long stretches colour their days and are named where they begin."""
    terms = list(organisation.terms())
    work = organisation.work_calendar()
    weeks = []
    for days in Calendar().monthdatescalendar(year, month):
        term = next((t for t in terms if t.first_monday <= days[0] <= t.last_day), None)
        label = str((days[0] - term.first_monday).days // 7 + 1) if term else ""
        cells = tuple(_day(day, month, events, today, working=work.is_working_day(day)) for day in days)
        weeks.append(Week(label, cells))
    return Month(year, month, tuple(weeks))


def _day(day: dt.date, month: int, events: Sequence[Event], today: dt.date, *, working: bool) -> Day:
    on = [event for event in events if event.start <= day <= event.end]
    shown = tuple((event, event.start == day or day.weekday() == 0) for event in on[:MOST_PER_DAY])
    inside = day.month == month
    return Day(day, inside, working, day == today, bool(on), shown, max(0, len(on) - MOST_PER_DAY))
