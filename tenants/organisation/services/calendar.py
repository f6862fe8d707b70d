"""Academic years, terms and special days (校历)."""

from datetime import date, timedelta

from django.db import transaction

from tenants.organisation.models import AcademicYear, DayOverride, Term
from tenants.organisation.services.checks import refuse, stored
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit


@transaction.atomic
def academic_year_create(
    *, start_year: int, first_day: date | None = None, last_day: date | None = None, acting_user: User | None
) -> AcademicYear:
    """Enter a school year; without dates 1 September to 31 August.  INVALID_INPUT when it exists."""
    require(acting_user, "calendar.edit")
    year = stored(
        AcademicYear(
            code=f"{start_year}-{start_year + 1}",
            first_day=first_day or date(start_year, 9, 1),
            last_day=last_day or date(start_year + 1, 8, 31),
        )
    )
    audit.record(
        acting_user=acting_user, action="academic_year.create", target=year, data={"code": year.code}
    )
    return year


@transaction.atomic
def term_set(
    *,
    year: AcademicYear,
    number: int,
    first_monday: date,
    weeks: int = 20,
    middle_week: int | None = None,
    acting_user: User | None,
) -> Term:
    """Enter or change a term of a year; the middle week is half of the weeks, rounded up, unless given.

    INVALID_INPUT for a first day that is no Monday, or weeks that overlap another term.
    """
    require(acting_user, "calendar.edit")
    if first_monday.weekday() != 0:
        monday = first_monday - timedelta(days=first_monday.weekday())
        refuse("第一周星期一", f"{first_monday}不是星期一", f"那一周的星期一是{monday}。")
    term = Term.objects.filter(year=year, number=number).first() or Term(year=year, number=number)
    term.first_monday, term.weeks = first_monday, weeks
    term.middle_week = middle_week or (weeks + 1) // 2
    _check_no_overlap(term)
    stored(term)
    data = {"first_monday": first_monday, "weeks": weeks, "middle_week": term.middle_week}
    audit.record(acting_user=acting_user, action="term.set", target=term, data=data)
    return term


@transaction.atomic
def day_override_set(
    *, day: date, kind: DayOverride.Kind, name: str = "", acting_user: User | None
) -> DayOverride:
    """Say that a day is free or worked, whatever the national calendar says."""
    require(acting_user, "calendar.edit")
    override = DayOverride.objects.filter(day=day).first() or DayOverride(day=day)
    override.kind, override.name = kind, name
    stored(override)
    audit.record(
        acting_user=acting_user, action="day_override.set", target=override, data={"day": day, "kind": kind}
    )
    return override


@transaction.atomic
def day_override_clear(*, day: date, acting_user: User | None) -> None:
    """Follow the national calendar again on that day."""
    require(acting_user, "calendar.edit")
    for override in DayOverride.objects.filter(day=day):
        audit.record(acting_user=acting_user, action="day_override.clear", target=override, data={"day": day})
        override.delete()


def _check_no_overlap(term: Term) -> None:
    for other in Term.objects.exclude(pk=term.pk):
        if other.first_monday <= term.last_day and term.first_monday <= other.last_day:
            refuse("学期", f"与{other}（{other.first_monday}到{other.last_day}）重叠", "请改开学日期或周数。")
