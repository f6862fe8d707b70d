"""Working days, teaching weeks, terms."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tenants.organisation import services as org
from tenants.organisation.models import AcademicYear, DayOverride, Term
from tenants.organisation.selectors import (
    academic_year_of,
    add_working_days,
    teaching_week,
    term_of,
    week_range,
    work_calendar,
    working_days_between,
)
from tenants.organisation.workdays import LAST_YEAR, WorkCalendar
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem

DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 12, 31))


class TestWorkCalendar:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2025, 10, 1), False),  # National Day, a Wednesday
            (date(2025, 9, 28), True),  # a Sunday worked for it
            (date(2025, 9, 27), False),  # an ordinary Saturday
            (date(2026, 2, 17), False),  # Spring Festival
            (date(2026, 2, 14), True),  # a Saturday worked for it
            (date(2026, 3, 4), True),
        ],
    )
    def test_national_days(self, day: date, working: bool) -> None:
        assert WorkCalendar().is_working_day(day) is working

    def test_three_working_days_over_a_long_holiday(self) -> None:
        # 2025: free 1-8 October, 28 September and 11 October worked
        assert WorkCalendar().add_working_days(date(2025, 9, 29), 3) == date(2025, 10, 10)
        assert WorkCalendar().working_days_between(date(2025, 9, 26), date(2025, 10, 11)) == 6

    def test_backwards_and_zero(self) -> None:
        work = WorkCalendar()
        assert work.add_working_days(date(2025, 10, 10), -2) == date(2025, 9, 30)
        assert work.add_working_days(date(2025, 10, 3), 0) == date(2025, 10, 3)
        assert work.next_working_day(date(2025, 10, 3)) == date(2025, 10, 9)
        assert work.next_working_day(date(2025, 10, 9)) == date(2025, 10, 9)
        assert work.working_days_between(date(2025, 10, 11), date(2025, 9, 26)) == -6

    @given(start=DAYS, days=st.integers(min_value=1, max_value=60))
    def test_adding_and_counting_agree(self, start: date, days: int) -> None:
        work = WorkCalendar({start + timedelta(days=3): True, start + timedelta(days=5): False})
        end = work.add_working_days(start, days)
        assert work.is_working_day(end)
        assert work.working_days_between(start, end) == days
        assert work.working_days_between(end, start) == -days

    def test_years_without_announcement_count_weekends_and_say_so(self) -> None:
        work, beyond = WorkCalendar(), LAST_YEAR + 1
        assert work.is_working_day(date(beyond, 10, 1)) is (date(beyond, 10, 1).weekday() < 5)
        assert work.notice(date(2025, 1, 1)) == ""
        assert work.notice() == ""
        assert f"{beyond}年的全国放假安排还没有收录" in work.notice(
            date(LAST_YEAR, 12, 31), date(beyond, 1, 4)
        )

    def test_runaway_counts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="ten years"):
            WorkCalendar().add_working_days(date(2025, 1, 1), 10_000)
        with pytest.raises(ValueError, match="ten years"):
            WorkCalendar().working_days_between(date(2005, 1, 1), date(2026, 1, 1))


@pytest.fixture
def autumn(in_college: Tenant) -> Term:
    """The year 2025-2026 with its two terms of 20 weeks; returns the first."""
    year = org.academic_year_create(start_year=2025, acting_user=None)
    first = org.term_set(year=year, number=1, first_monday=date(2025, 9, 1), acting_user=None)
    org.term_set(year=year, number=2, first_monday=date(2026, 3, 2), middle_week=9, acting_user=None)
    return first


class TestTerms:
    def test_teaching_weeks(self, autumn: Term) -> None:
        assert teaching_week(date(2025, 8, 31)) is None
        first = teaching_week(date(2025, 9, 1))
        assert first is not None
        assert (first.term, first.number, str(first)) == (autumn, 1, "2025-2026学年第1学期第1周")
        for day, number in [
            (date(2025, 9, 7), 1),
            (date(2025, 9, 22), 4),
            (date(2025, 12, 22), 17),
            (date(2026, 1, 18), 20),
        ]:
            week = teaching_week(day)
            assert week is not None
            assert week.number == number
        assert teaching_week(date(2026, 1, 19)) is None
        spring = teaching_week(date(2026, 3, 23))
        assert spring is not None
        assert (spring.term.number, spring.number) == (2, 4)

    def test_ranges(self, autumn: Term) -> None:
        assert week_range(autumn, 15, 16) == (date(2025, 12, 8), date(2025, 12, 21))
        assert week_range(autumn, 1) == (date(2025, 9, 1), date(2025, 9, 7))
        assert week_range(autumn, -2, -1) == (date(2025, 8, 18), date(2025, 8, 31))
        for number in (0, 21):
            with pytest.raises(Problem) as caught:
                week_range(autumn, number)
            assert "本学期共20周" in str(caught.value)

    def test_middle_week_by_default_and_by_choice(self, autumn: Term) -> None:
        assert autumn.middle_week == 10
        second = Term.objects.get(number=2)
        assert (second.middle_week, second.last_day) == (9, date(2026, 7, 19))

    def test_school_year(self, autumn: Term) -> None:
        year = academic_year_of(date(2026, 8, 31))
        assert year is not None
        assert (str(year), year.first_day) == ("2025-2026学年", date(2025, 9, 1))
        assert academic_year_of(date(2026, 9, 1)) is None
        assert term_of(date(2026, 2, 1)) is None

    def test_changing_a_term(self, autumn: Term) -> None:
        org.term_set(year=autumn.year, number=1, first_monday=date(2025, 9, 8), weeks=19, acting_user=None)
        changed = Term.objects.get(number=1)
        assert (changed.pk, changed.weeks, changed.middle_week) == (autumn.pk, 19, 10)

    def test_refusals(self, autumn: Term, staff: User) -> None:
        year = autumn.year
        for number, monday, weeks, text in [
            (3, date(2025, 9, 2), 5, "2025-09-02不是星期一"),
            (3, date(2026, 1, 12), 5, "重叠"),
            (2, date(2026, 1, 12), 5, "重叠"),
            (3, date(2026, 7, 20), 31, "学期"),
        ]:
            with pytest.raises(Problem) as caught:
                org.term_set(year=year, number=number, first_monday=monday, weeks=weeks, acting_user=None)
            assert text in str(caught.value)
        with pytest.raises(Problem):
            org.academic_year_create(start_year=2025, acting_user=None)
        with pytest.raises(Problem) as caught:
            org.academic_year_create(start_year=2026, acting_user=staff)
        assert caught.value.code is Code.PERMISSION_DENIED

    @pytest.mark.parametrize(
        "wrong",
        [
            {"first_monday": date(2026, 9, 1)},
            {"weeks": 0},
            {"weeks": 31},
            {"middle_week": 21},
            {"middle_week": 0},
        ],
    )
    def test_the_database_refuses_too(self, autumn: Term, wrong: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.filter(pk=autumn.pk).update(**wrong)

    def test_the_database_refuses_overlapping_terms(self, autumn: Term) -> None:
        later = {"number": 3, "weeks": 2, "middle_week": 1}
        with pytest.raises(IntegrityError, match="term_no_overlap"), transaction.atomic():
            Term.objects.create(year=autumn.year, first_monday=date(2026, 1, 12), **later)
        Term.objects.create(year=autumn.year, first_monday=date(2026, 1, 19), **later)

    def test_year_must_not_end_before_it_begins(self, autumn: Term) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AcademicYear.objects.update(last_day=date(2025, 9, 1))


class TestOverrides:
    def test_the_colleges_own_days_win(self, in_college: Tenant) -> None:
        free = date(2026, 3, 4)
        org.day_override_set(day=free, kind=DayOverride.Kind.HOLIDAY, name="校庆", acting_user=None)
        org.day_override_set(day=date(2026, 3, 7), kind=DayOverride.Kind.WORKDAY, acting_user=None)
        assert add_working_days(date(2026, 3, 3), 3) == date(2026, 3, 7)
        assert working_days_between(date(2026, 3, 3), date(2026, 3, 8)) == 3
        org.day_override_set(day=free, kind=DayOverride.Kind.WORKDAY, acting_user=None)
        assert DayOverride.objects.count() == 2
        assert str(DayOverride.objects.get(day=free)) == "2026-03-04上班（调休）"
        org.day_override_clear(day=date(2026, 3, 7), acting_user=None)
        assert not work_calendar().is_working_day(date(2026, 3, 7))

    def test_one_college_only(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            org.day_override_set(day=date(2026, 3, 4), kind=DayOverride.Kind.HOLIDAY, acting_user=None)
            org.academic_year_create(start_year=2025, acting_user=None)
        with tenant_context(college_b):
            assert work_calendar().is_working_day(date(2026, 3, 4))
            assert academic_year_of(date(2026, 3, 4)) is None
