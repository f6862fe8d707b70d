"""Occurrences and runs of a school year, rule by rule."""

import datetime as dt

import pytest

from catalog.schedule.calendar import AcademicCalendar, CalendarError, Term
from catalog.schedule.chains import ChainRun, ChainStep, NotOpenError
from catalog.schedule.kinds import ByNotice, Interval, Monthly, MultiYear, TermWeek, YearlyWindow
from catalog.schedule.occurrences import occurrences, open_on, runs

AUTUMN = Term("autumn", dt.date(2025, 9, 1), 20, 10)
SPRING = Term("spring", dt.date(2026, 3, 2), 20, 10)
YEAR = AcademicCalendar(2025, (AUTUMN, SPRING))
SHORT = AcademicCalendar(2025, (Term("autumn", dt.date(2025, 9, 1), 18, 9), SPRING))


def starts(found: list) -> list[dt.date | None]:
    return [one.span.start for one in found]


def test_window_falls_into_the_school_year() -> None:
    (june,) = occurrences(YearlyWindow(start="06-20", end="06-28"), YEAR)
    (october,) = occurrences(YearlyWindow(start="10-08", end="10-25"), YEAR)
    assert (june.span.start, june.span.end) == (dt.date(2026, 6, 20), dt.date(2026, 6, 28))
    assert october.span.start == dt.date(2025, 10, 8)


def test_window_over_the_year_end() -> None:
    (one,) = occurrences(YearlyWindow(start="09-01", end="05-31", crosses_year=True), YEAR)
    assert one.is_open(dt.date(2026, 1, 15))
    assert not one.is_over(dt.date(2026, 5, 31))
    assert one.is_over(dt.date(2026, 6, 1))


def test_end_of_february_in_any_year() -> None:
    (one,) = occurrences(YearlyWindow(start="02-01", end="02-29"), YEAR)
    assert one.span.end == dt.date(2026, 2, 28)


def test_season_has_no_dates() -> None:
    (one,) = occurrences(YearlyWindow(season="spring"), YEAR)
    assert (one.span.start, one.span.end) == (None, None)
    assert one.term == SPRING
    assert open_on([YearlyWindow(season="spring")], YEAR, dt.date(2026, 4, 1)) == []


def test_weeks_that_touch_are_one_stretch() -> None:
    found = occurrences(TermWeek(weeks=(16, 17, 18)), YEAR)
    assert [(one.span.start, one.span.end) for one in found] == [
        (dt.date(2025, 12, 15), dt.date(2026, 1, 4)),
        (dt.date(2026, 6, 15), dt.date(2026, 7, 5)),
    ]
    assert len(occurrences(TermWeek(weeks=(3, 9)), YEAR)) == 4


def test_points_of_a_term() -> None:
    assert starts(occurrences(TermWeek(anchor="term_start"), YEAR)) == [
        dt.date(2025, 9, 1),
        dt.date(2026, 3, 2),
    ]
    assert starts(occurrences(TermWeek(anchor="mid_term"), YEAR))[0] == dt.date(2025, 11, 3)
    assert starts(occurrences(TermWeek(anchor="term_end"), YEAR))[0] == dt.date(2026, 1, 12)
    (last_two, _) = occurrences(TermWeek(anchor="term_end", weeks=(-2, -1)), YEAR)
    assert last_two.span.start == dt.date(2026, 1, 5)
    (before, _) = occurrences(TermWeek(anchor="before_term_start", weeks=(-2, -1)), YEAR)
    assert (before.span.start, before.span.end) == (dt.date(2025, 8, 18), dt.date(2025, 8, 31))


def test_a_week_that_the_term_lacks_is_an_error() -> None:
    with pytest.raises(CalendarError) as caught:
        occurrences(TermWeek(weeks=(19,)), SHORT)
    assert (caught.value.week, caught.value.weeks) == (19, 18)


def test_every_four_weeks_starts_anew_each_term() -> None:
    found = starts(occurrences(Interval(every_weeks=4), YEAR))
    assert found[:5] == [dt.date(2025, 9, 22), dt.date(2025, 10, 20), dt.date(2025, 11, 17), dt.date(2025, 12, 15), dt.date(2026, 1, 12)]  # fmt: skip
    assert found[5] == dt.date(2026, 3, 23)
    assert len(occurrences(Interval(every_weeks=4), SHORT)) == 9


def test_quarters_and_daily_rhythm() -> None:
    assert len(occurrences(Interval(every_months=3), YEAR)) == 4
    assert occurrences(Interval(every_days=1), YEAR) == []


def test_days_of_each_month() -> None:
    found = occurrences(Monthly(every_months=1, days=(31,), deadline=True), YEAR)
    assert len(found) == 12
    assert found[5].span.end == dt.date(2026, 2, 28)


def test_phases_pair_into_runs() -> None:
    rules = [Monthly(months=(4, 10), phase="报名"), Monthly(months=(6, 12), phase="考试")]
    months = [
        [phase.span.start.month for phase in run.phases if phase.span.start] for run in runs(rules, YEAR)
    ]
    assert months == [[10, 12], [4, 6]]


def test_cycle_of_years_needs_a_base() -> None:
    assert occurrences(MultiYear(every_years=3), YEAR) == []
    due = [
        year
        for year in range(2023, 2031)
        if occurrences(MultiYear(every_years=3, base_year=2024), AcademicCalendar(year, ()))
    ]
    assert due == [2024, 2027, 2030]
    stretch = [
        year
        for year in range(2023, 2031)
        if occurrences(MultiYear(years=3, base_year=2024, recurs=False), AcademicCalendar(year, ()))
    ]
    assert stretch == [2024, 2025, 2026]


def test_notice_places_nothing() -> None:
    assert runs([ByNotice()], YEAR) == []


def test_fan_out_and_join() -> None:
    steps = [ChainStep(1, ("教务处",)), ChainStep(2, ("系部",)), ChainStep(3, ("教务处",))]
    run = ChainRun(steps, {"系部": ["机电系", "商贸系"]})
    assert run.waiting_for() == ["教务处"]
    with pytest.raises(NotOpenError):
        run.complete("机电系", no=2)
    run.complete("教务处", no=1)
    assert run.waiting_for() == ["机电系", "商贸系"]
    run.complete("商贸系", no=2)
    assert run.waiting_for() == ["机电系"]
    run.complete("机电系", no=2)
    assert run.waiting_for() == ["教务处"]
    assert run.seen_by("机电系") == [2]
    run.complete("教务处", no=3)
    assert run.current() is None


def test_outside_body_is_only_recorded() -> None:
    run = ChainRun(
        [ChainStep(1, ("市教委",)), ChainStep(2, ("教务处",))], {}, frozenset({"市教委"}), "教务处"
    )
    with pytest.raises(NotOpenError):
        run.complete("市教委", no=1)
    with pytest.raises(NotOpenError):
        run.record("市教委", no=1, by="系部")
    run.record("市教委", no=1, by="教务处")
    assert run.waiting_for() == ["教务处"]
