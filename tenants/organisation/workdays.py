"""Working days (工作日): the national calendar of chinesecalendar, overridden by the college's own days.

Beyond the years that the library knows (the State Council announces each year in the autumn before), only weekends
count as free; ``notice`` says so, and whoever shows such a date shows the notice.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays as _known_holidays

FIRST_YEAR = min(_known_holidays).year
LAST_YEAR = max(_known_holidays).year
LONGEST_COUNT = 3660
"""Counting further than ten years of days is a mistake."""


class WorkCalendar:
    """One college's working days; ``overrides`` maps a day to True (上班) or False (放假)."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def is_working_day(self, day: date) -> bool:
        """True when people work: the college's override, else the national calendar, else Monday to Friday."""
        if day in self._overrides:
            return self._overrides[day]
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier.

        The day of the event is not counted, so ``add_working_days(start, n)`` lies n working days after ``start``.
        """
        if end < start:
            return -self.working_days_between(end, start)
        span = (end - start).days
        if span > LONGEST_COUNT:
            raise ValueError("more than ten years")
        return sum(self.is_working_day(start + timedelta(days=i)) for i in range(1, span + 1))

    def add_working_days(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start`` (before it, when negative); ``start`` itself for 0."""
        step, left, day = (1 if days > 0 else -1), abs(days), start
        for _ in range(LONGEST_COUNT):
            if left == 0:
                return day
            day += timedelta(days=step)
            left -= self.is_working_day(day)
        raise ValueError("more than ten years")

    def next_working_day(self, day: date) -> date:
        """``day`` when people work then, else the first working day after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def notice(self, *days: date) -> str:
        """Chinese sentence about the years among ``days`` without national holidays; empty when all are known."""
        span = range(min(d.year for d in days), max(d.year for d in days) + 1) if days else range(0)
        unknown = [str(year) for year in span if not FIRST_YEAR <= year <= LAST_YEAR]
        if not unknown:
            return ""
        return f"{'、'.join(unknown)}年的全国放假安排还没有收录，暂按周一至周五上班计算；可在校历里补填放假与调休。"
