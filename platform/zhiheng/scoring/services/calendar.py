"""Due dates that schemes and standards ask for (时限计算); rules JZU-B1, PEO-1 and LYG-G8."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

WeekReading = Literal["next", "second_full"]

_FRIDAY = 4
_WEEKS_AHEAD: dict[WeekReading, int] = {"next": 1, "second_full": 2}


def rectification_due(bulletin: date, *, week: WeekReading = "next") -> date:
    """Return the Friday by which a published problem must be reported as rectified (通报整改反馈, JZU-B1).

    The week of the bulletin (Monday to Sunday) is week 1. ``next`` takes the Friday of the calendar week
    after it, ``second_full`` the Friday of the second full week after it.
    """
    monday = bulletin - timedelta(days=bulletin.weekday())
    return monday + timedelta(weeks=_WEEKS_AHEAD[week], days=_FRIDAY)


def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def term_due(start: date, *, days: int) -> date:
    """Return the day a fixed term of calendar days ends (整改期限, LYG-G8); the first day is not counted."""
    return start + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class RevisionCheck:
    """Where a standard stands in its revision cycle (标准修订周期, PEO-1)."""

    due: date
    warn_from: date
    deviation_days: int | None
    deviation_report_needed: bool
    overdue: bool


def revision_check(
    adopted: date,
    *,
    cycle_months: int = 36,
    revised: date | None = None,
    today: date | None = None,
    tolerance_days: int = 0,
    warn_months: int = 6,
) -> RevisionCheck:
    """Compare a standard's revision with its cycle (PEO-1).

    A revision earlier or later than the due day by more than ``tolerance_days`` needs an approved report;
    so does a standard that is still unrevised on ``today``, when that lies beyond the tolerance.
    """
    due = add_months(adopted, cycle_months)
    overdue = revised is None and today is not None and (today - due).days > tolerance_days
    deviation = None if revised is None else (revised - due).days
    needed = overdue if deviation is None else abs(deviation) > tolerance_days
    return RevisionCheck(due, add_months(due, -warn_months), deviation, needed, overdue)
