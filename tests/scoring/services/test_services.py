"""Due dates, draws, register filters and quality-office checks, against figures worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from zhiheng.scoring.services import calendar, quality, registers, sampling


@pytest.mark.parametrize(
    ("bulletin", "week", "due"),
    [
        (date(2020, 10, 12), "next", date(2020, 10, 23)),
        (date(2020, 10, 18), "next", date(2020, 10, 23)),
        (date(2020, 10, 19), "next", date(2020, 10, 30)),
        (date(2020, 12, 30), "next", date(2021, 1, 8)),
        (date(2020, 10, 18), "second_full", date(2020, 10, 30)),
    ],
)
def test_rectification_is_due_on_a_friday(bulletin: date, week: calendar.WeekReading, due: date) -> None:
    assert calendar.rectification_due(bulletin, week=week) == due
    assert due.strftime("%a") == "Fri"


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert calendar.add_months(date(2016, 2, 29), 36) == date(2019, 2, 28)
    assert calendar.add_months(date(2016, 12, 31), -6) == date(2016, 6, 30)


def test_revision_outside_the_cycle_needs_a_report() -> None:
    early = calendar.revision_check(date(2016, 4, 22), revised=date(2019, 4, 21))
    assert (early.due, early.deviation_days, early.deviation_report_needed) == (date(2019, 4, 22), -1, True)
    assert early.warn_from == date(2018, 10, 22)
    tolerated = calendar.revision_check(date(2016, 4, 22), revised=date(2019, 4, 21), tolerance_days=1)
    assert not tolerated.deviation_report_needed


def test_unrevised_standard_is_overdue_after_its_due_day() -> None:
    assert not calendar.revision_check(date(2016, 4, 22), today=date(2019, 4, 22)).overdue
    late = calendar.revision_check(date(2016, 4, 22), today=date(2019, 4, 23))
    assert late.overdue
    assert late.deviation_report_needed


def test_term_ends_after_its_calendar_days() -> None:
    assert calendar.term_due(date(2019, 10, 10), days=90) == date(2020, 1, 8)


def test_sample_size_rounds_up_exactly() -> None:
    assert sampling.sample_size(37, Fraction("0.15")) == 6
    assert sampling.sample_size(40, Fraction("0.15")) == 6
    assert sampling.sample_size(3, Fraction("0.01"), minimum=5) == 3


def test_draw_depends_on_seed_and_items_only() -> None:
    items = [f"p{number:02}" for number in range(30)]
    drawn = sampling.draw(items, size=6, seed="2026-1")
    assert drawn == sampling.draw(items[::-1] + items, size=6, seed="2026-1")
    assert len(set(drawn)) == 6
    assert drawn != sampling.draw(items, size=6, seed="2026-2")
    assert drawn[:3] == sampling.draw(items, size=3, seed="2026-1")
    with pytest.raises(ValueError, match="31 asked for"):
        sampling.draw(items, size=31, seed="x")


def test_strata_are_drawn_each() -> None:
    drawn = sampling.draw_strata({"a": ["1", "2", "3"], "b": ["4"]}, share=Fraction(1, 2), seed="s")
    assert {name: len(items) for name, items in drawn.items()} == {"a": 2, "b": 1}


def achievement(weight: int, **fields: object) -> registers.Achievement:
    return registers.Achievement(Fraction(weight), **fields)  # type: ignore[arg-type]


def test_only_first_role_counts() -> None:
    entries = [achievement(3), achievement(2, role="second", units=2)]
    assert [entry.weight for entry in registers.first_role_only(entries)] == [3]
    assert [entry.weight for entry in registers.first_role_only(entries, joint="split")] == [3, 1]


def test_period_includes_both_ends_and_may_be_extended_by_topic() -> None:
    days = [date(2018, 8, 31), date(2018, 9, 1), date(2019, 8, 31), date(2019, 9, 1)]
    entries = [achievement(1, happened_on=day) for day in days]
    entries.append(achievement(1, happened_on=date(2019, 9, 20), topic="enrolment"))
    kept = registers.in_period(
        entries, first=days[1], last=days[2], extended={"enrolment": date(2019, 9, 30)}
    )
    assert kept == [entries[1], entries[2], entries[4]]


def test_one_work_counts_once_at_its_highest_level() -> None:
    entries = [achievement(2, item="x"), achievement(4, item="x"), achievement(1), achievement(1)]
    assert sorted(entry.weight for entry in registers.highest_only(entries)) == [1, 1, 4]


def test_excused_tasks_leave_both_sides() -> None:
    task = registers.RegisteredTask
    tasks = [
        task(done=True),
        task(done=True, material=False),
        task(done=True, falsified=True),
        task(done=False, request="approved", filed_before_due=True),
        task(done=False, request="approved", filed_before_due=False),
        task(done=False, request="budget_cancelled"),
        task(done=True, request="approved", filed_before_due=True),
        task(done=True, supplementary=True),
        task(done=True, supplementary=True, filed=False),
    ]
    assert registers.task_counts(tasks) == registers.TaskCounts(7, 1, 3, 2)
    assert registers.task_counts(tasks, count_excused_done=True) == registers.TaskCounts(7, 1, 2, 3)


def test_signed_causes_reduce_charged_failures() -> None:
    assert registers.charged_failures(5, excused=2) == 3
    assert registers.charged_failures(1, excused=2) == 0


def series(item: str, *scores: int) -> quality.ItemSeries:
    return quality.ItemSeries(item, tuple(Fraction(score) for score in scores))


def test_flags_low_places_with_ties_and_falls() -> None:
    items = [series("a", 90, 89), series("b", 70, 75), series("c", 75, 75), series("d", 80, 81)]
    assert quality.flagged_items(items, last=1) == ("a", "b", "c")
    assert quality.flagged_items(items, share=Fraction(1, 5), fall="more_than", delta=Fraction(1)) == (
        "b",
        "c",
    )
    assert quality.falling_items([series("x", 9, 8, 7), series("y", 8, 9, 7)], fall="two_in_a_row") == {"x"}


def test_loop_closes_on_a_strict_improvement() -> None:
    assert not quality.is_improved(Fraction(80), Fraction(80))
    assert quality.is_improved(Fraction(80), Fraction(80), strictly=False)


def test_supervision_quota_names_each_missing_visit() -> None:
    check = quality.quota_check([Fraction("149.5")], {"u1": [1, 0], "u2": [2, 1]})
    assert (check.hours_met, check.missing_visits) == (False, (("u1", 2),))


def test_incident_warning_needs_a_limit() -> None:
    assert quality.is_warning(Fraction("0.3"), limit=Fraction("0.25"))
    assert not quality.is_warning(Fraction("0.25"), limit=Fraction("0.25"))
    assert not quality.is_warning(Fraction(9), limit=None)
