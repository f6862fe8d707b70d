"""The academic calendar (校历): terms, teaching weeks, working days."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from tenants.organisation.models import AcademicYear, DayOverride, Term
from tenants.organisation.workdays import WorkCalendar
from zhiheng.kernel.errors import Code, Problem


class TeachingWeek(NamedTuple):
    """A teaching week (教学周), counted from 1."""

    term: Term
    number: int

    def __str__(self) -> str:
        return f"{self.term}第{self.number}周"


def academic_year_of(day: date) -> AcademicYear | None:
    """The school year that holds this day, or None when the college has not entered it."""
    return AcademicYear.objects.filter(first_day__lte=day, last_day__gte=day).order_by("first_day").first()


def terms() -> QuerySet[Term]:
    """All terms, earliest first."""
    return Term.objects.select_related("year").order_by("first_monday")


def term_of(day: date) -> Term | None:
    """The term whose teaching weeks hold this day, or None in the holidays."""
    begun = terms().filter(first_monday__lte=day).last()
    return begun if begun is not None and day <= begun.last_day else None


def teaching_week(day: date) -> TeachingWeek | None:
    """Teaching week of a day, or None in the holidays."""
    term = term_of(day)
    return None if term is None else TeachingWeek(term, (day - term.first_monday).days // 7 + 1)


def week_range(term: Term, number: int, until: int | None = None) -> tuple[date, date]:
    """Monday of week ``number`` and Sunday of it (or of week ``until``).

    Week -1 is the one before term starts, -2 the one before that; there is no week 0.  Raises INVALID_INPUT for a week
    that the term does not have.
    """
    last = number if until is None else until
    for week in (number, last):
        if week == 0 or week > term.weeks:
            raise Problem(
                Code.INVALID_INPUT,
                place="教学周",
                reason=f"{term}没有第{week}周",
                advice=f"本学期共{term.weeks}周，开学前的周写作-1、-2。",
            )
    return _monday(term, number), _monday(term, last) + timedelta(days=6)


def work_calendar() -> WorkCalendar:
    """This college's working days: one query; ask the result as often as needed."""
    rows = DayOverride.objects.values_list("day", "kind")
    return WorkCalendar({day: kind == DayOverride.Kind.WORKDAY for day, kind in rows})


def working_days_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``."""
    return work_calendar().working_days_between(start, end)


def add_working_days(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``."""
    return work_calendar().add_working_days(start, days)


def _monday(term: Term, week: int) -> date:
    return term.first_monday + timedelta(weeks=week - 1 if week > 0 else week)
