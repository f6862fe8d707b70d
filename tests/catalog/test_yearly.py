"""Procedures on the calendar: dates, questions, the next date over two school years."""

from datetime import date
from typing import Any

import pytest

from catalog.schedule.kinds import TermWeek, YearlyWindow
from catalog.selectors import yearly
from catalog.selectors.catalogue import effective_version
from tests.web.catalogue_samples import school_year, small_catalogue


@pytest.fixture
def plan(in_college: Any) -> yearly.YearPlan:
    """The small catalogue in 2026-2027."""
    school_year(in_college)
    small_catalogue(in_college)
    version = effective_version()
    assert version is not None
    return yearly.year_plan(version, yearly.calendars_from(date(2026, 11, 20))[0])


def test_events_stand_in_order(plan: yearly.YearPlan) -> None:
    found = [(event.procedure.title, event.start, event.end) for event in plan.events]
    assert found == [
        ("年报编制", date(2026, 11, 1), date(2026, 12, 31)),
        ("期末考试", date(2026, 12, 28), date(2027, 1, 10)),
        ("期末考试", date(2027, 6, 28), date(2027, 7, 11)),
    ]


def test_what_waits_for_a_notice_has_no_date(plan: yearly.YearPlan) -> None:
    assert [(one.procedure.title, one.questions) for one in plan.to_answer] == [("技能大赛", ("notice",))]


def test_between_holds_what_touches_the_days(plan: yearly.YearPlan) -> None:
    assert [e.procedure.title for e in plan.between(date(2026, 12, 31), date(2026, 12, 31))] == [
        "年报编制",
        "期末考试",
    ]
    assert plan.between(date(2027, 2, 1), date(2027, 2, 28)) == []


def test_without_a_calendar_weeks_have_no_date_and_say_so(in_college: Any) -> None:
    small_catalogue(in_college)
    version = effective_version()
    assert version is not None
    plan = yearly.year_plan(version, yearly.calendars_from(date(2026, 11, 20))[0])
    assert [e.procedure.title for e in plan.events] == ["年报编制"]
    assert ("期末考试", ("calendar",)) in [(one.procedure.title, one.questions) for one in plan.to_answer]


def test_week_that_the_term_does_not_have_is_told(in_college: Any) -> None:
    school_year(in_college)
    version = small_catalogue(in_college)
    version.procedures.filter(no="1.1").update(
        schedules=[{"kind": "term_week", "weeks": [25], "terms": "every"}]
    )
    plan = yearly.year_plan(version, yearly.calendars_from(date(2026, 11, 20))[0])
    assert [one.reason for one in plan.to_answer if one.procedure.no == "1.1"] == [
        "秋季学期只有20周，没有第25周"
    ]


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 9, 1), date(2026, 10, 8)),
        (date(2026, 10, 25), date(2026, 10, 8)),
        (date(2026, 10, 26), date(2027, 10, 8)),
    ],
)
def test_next_is_open_or_ahead_and_goes_into_the_next_year(in_college: Any, today: date, start: date) -> None:
    school_year(in_college)
    window = YearlyWindow(text="10月8日-25日", start="10-08", end="10-25")
    found = yearly.next_of([window], today, yearly.calendars_from(today))
    assert found is not None
    assert found.span.start == start


def test_nearest_of_several(in_college: Any) -> None:
    school_year(in_college)
    today = date(2026, 11, 20)
    schedules = [YearlyWindow(text="6月", start="06-01", end="06-30"), TermWeek(text="第18周", weeks=(18,))]
    found = yearly.next_of(schedules, today, yearly.calendars_from(today))
    assert found is not None
    assert found.span.start == date(2026, 12, 28)


def test_times_in_a_standard() -> None:
    assert [one.kind for one in yearly.times_in("每年9月25日前办完注册")] == ["yearly_window"]
    assert yearly.times_in("及时、规范") == []
