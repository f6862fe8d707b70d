"""The academic calendar that schedules are placed on (校历): terms with their Mondays, weeks and middle week."""

import datetime as dt
from dataclasses import dataclass

from catalog.schedule.kinds import Season

WEEK = dt.timedelta(weeks=1)
SCHOOL_YEAR_BEGINS = (9, 1)


class CalendarError(ValueError):
    """A rule names a week that a term does not have; nothing is dropped silently."""

    def __init__(self, season: str, week: int, weeks: int) -> None:
        super().__init__(f"{'春' if season == 'spring' else '秋'}季学期只有{weeks}周，没有第{week}周")
        self.season = season
        self.week = week
        self.weeks = weeks


@dataclass(frozen=True)
class Span:
    """First and last day, both included; None where a person has to give it."""

    start: dt.date | None
    end: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Is the day inside?  A span without both days holds none."""
        return self.start is not None and self.end is not None and self.start <= day <= self.end


@dataclass(frozen=True)
class Term:
    """One term (学期): its first Monday, number of teaching weeks and the week that counts as its middle."""

    season: Season
    first_monday: dt.date
    weeks: int
    middle_week: int

    def week(self, number: int) -> Span:
        """Monday to Sunday of a teaching week, counted from 1; CalendarError when the term is shorter."""
        if not 1 <= number <= self.weeks:
            raise CalendarError(self.season, number, self.weeks)
        start = self.first_monday + (number - 1) * WEEK
        return Span(start, start + dt.timedelta(days=6))

    def whole(self) -> Span:
        """First Monday to the Sunday of the last week."""
        return Span(self.first_monday, self.week(self.weeks).end)


@dataclass(frozen=True)
class AcademicCalendar:
    """Terms of one school year (学年), 1 September to 31 August; ``year`` is the calendar year it begins in."""

    year: int
    terms: tuple[Term, ...]

    @property
    def span(self) -> Span:
        """The school year."""
        month, day = SCHOOL_YEAR_BEGINS
        begin = dt.date(self.year, month, day)
        return Span(begin, dt.date(self.year + 1, month, day) - dt.timedelta(days=1))

    def date(self, month: int, day: int) -> dt.date:
        """The date of this school year with that month and day; 29 February becomes the 28th in other years."""
        year = self.year if (month, day) >= SCHOOL_YEAR_BEGINS else self.year + 1
        return safe_date(year, month, day)


def safe_date(year: int, month: int, day: int) -> dt.date:
    """A date, or the last day of that month."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return following - dt.timedelta(days=1)
