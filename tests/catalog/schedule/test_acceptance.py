"""The fifteen acceptance checks on the real handbook (catalogue.md B 5)."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from catalog.schedule.calendar import AcademicCalendar, CalendarError, Term
from catalog.schedule.chains import ChainRun, ChainStep, NotOpenError
from catalog.schedule.kinds import MultiYear, Schedule, from_json
from catalog.schedule.occurrences import Run, occurrences, open_on, runs
from tests.integrations.importers.shared_files import CHONGQING, reading

AUTUMN = Term("autumn", dt.date(2025, 9, 1), 20, 10)
SPRING = Term("spring", dt.date(2026, 3, 2), 20, 10)
YEAR = AcademicCalendar(2025, (AUTUMN, SPRING))
FIXED = ("yearly_window", "monthly")
UNITS = {"系部": ["机电系", "商贸系", "通识教育部"]}


@pytest.fixture
def handbook() -> dict[str, Any]:
    return reading(CHONGQING[0])


def item(handbook: dict[str, Any], no: str) -> dict[str, Any]:
    return next(one for chapter in handbook["chapters"] for one in chapter["items"] if one["no"] == no)


def schedules(one: dict[str, Any]) -> list[Schedule]:
    return [from_json(data) for data in one["schedule"]]


def year_runs(one: dict[str, Any], calendar: AcademicCalendar = YEAR) -> list[Run]:
    return runs(schedules(one), calendar)


def chain(one: dict[str, Any], name: str | None = None) -> ChainRun:
    steps = [step for step in one["workflow"] if step.get("chain") == name]
    made = [ChainStep(step["no"], tuple(step["actors"])) for step in steps]
    return ChainRun(made, UNITS, frozenset({"市教委"}), "教务处")


def due_weeks(one: dict[str, Any], no: int, calendar: AcademicCalendar = YEAR) -> list[dt.date | None]:
    time = next(time for time in one["embedded_times"] if time["where"] == f"workflow[{no - 1}]")
    return [found.span.start for found in occurrences(from_json(time["schedule"]), calendar)]


def actors(one: dict[str, Any]) -> list[str]:
    return ["、".join(step["actors"]) for step in one["workflow"]]


def test_1_registration_windows(handbook: dict[str, Any]) -> None:
    one = item(handbook, "1.1")
    found = {run.phases[0].label: run.phases[0] for run in year_runs(one)}
    assert len(found) == 3
    current = found["在校生学年注册"]
    assert not current.is_open(dt.date(2025, 8, 31))
    assert current.is_open(dt.date(2025, 9, 1))
    assert current.is_open(dt.date(2025, 9, 25))
    assert current.is_over(dt.date(2025, 9, 26))
    assert (found["新生学籍注册"].span.start, found["新生学籍注册"].span.end) == (
        dt.date(2025, 10, 8),
        dt.date(2025, 10, 25),
    )
    assert (found["毕业生学历注册"].span.start, found["毕业生学历注册"].span.end) == (
        dt.date(2026, 6, 20),
        dt.date(2026, 6, 28),
    )
    assert len(one["workflow"]) == 6
    assert chain(one).waiting_for() == ["教务处"]


def test_2_hand_over_and_fan_out(handbook: dict[str, Any]) -> None:
    run = chain(item(handbook, "1.1"))
    run.complete("教务处", no=1)
    run.complete("教务处", no=2)
    assert run.waiting_for() == UNITS["系部"]
    for no in (3, 4):
        for unit in UNITS["系部"]:
            with pytest.raises(NotOpenError):
                run.complete("教务处", no=5)
            run.complete(unit, no=no)
    assert run.seen_by("机电系") == [3, 4]
    run.complete("教务处", no=5)


def test_3_every_four_weeks(handbook: dict[str, Any]) -> None:
    one = item(handbook, "1.6")
    begins = [run.span.start for run in year_runs(one)]
    assert begins[:6] == [dt.date(2025, 9, 22), dt.date(2025, 10, 20), dt.date(2025, 11, 17), dt.date(2025, 12, 15), dt.date(2026, 1, 12), dt.date(2026, 3, 23)]  # fmt: skip
    nineteen = AcademicCalendar(2025, (Term("autumn", AUTUMN.first_monday, 19, 10),))
    assert len(year_runs(one, nineteen)) == 4
    assert [(step["actors"], step["actor_inferred"]) for step in one["workflow"]] == [(["教务处"], True)] * 4


def test_4_electives_in_week_three(handbook: dict[str, Any]) -> None:
    one = item(handbook, "1.5")
    spans = [(run.span.start, run.span.end) for run in year_runs(one)]
    assert spans == [
        (dt.date(2025, 9, 15), dt.date(2025, 9, 21)),
        (dt.date(2026, 3, 16), dt.date(2026, 3, 22)),
    ]
    assert [step["no"] for step in one["workflow"] if step["actors"] == ["系部"]] == [1, 2, 4]
    assert [step["no"] for step in one["workflow"] if step["actors"] == ["教务处"]] == [3, 5, 6, 7, 8, 9]
    assert all(step["actor_inferred"] for step in one["workflow"])


def test_5_exams_by_month(handbook: dict[str, Any]) -> None:
    def months(no: str) -> list[list[int]]:
        return [
            [phase.span.start.month for phase in run.phases if phase.span.start]
            for run in year_runs(item(handbook, no))
        ]

    assert months("2.2") == [[10, 12], [1, 3]]
    assert months("2.3") == [[10, 12], [4, 6]]
    assert len(year_runs(item(handbook, "2.1"))) == 12
    october = [
        one.label
        for no in ("2.2", "2.3")
        for one in open_on(schedules(item(handbook, no)), YEAR, dt.date(2025, 10, 20))
    ]
    december = [
        one.label
        for no in ("2.2", "2.3")
        for one in open_on(schedules(item(handbook, no)), YEAR, dt.date(2025, 12, 15))
    ]
    assert october == ["报名", "报名"]
    assert december == ["考试", "考试"]


def test_6_term_end(handbook: dict[str, Any]) -> None:
    survey, review = (year_runs(item(handbook, no))[0].span for no in ("4.7", "3.12"))
    assert (survey.start, survey.end) == (dt.date(2025, 12, 8), dt.date(2025, 12, 21))
    assert (review.start, review.end) == (dt.date(2025, 12, 15), dt.date(2026, 1, 4))
    week_16 = dt.date(2025, 12, 15)
    assert survey.holds(week_16)
    assert review.holds(week_16)
    assert year_runs(item(handbook, "1.6"))[3].span.holds(week_16)


def test_7_dated_steps_of_the_teaching_group(handbook: dict[str, Any]) -> None:
    one = item(handbook, "3.2")
    assert len(year_runs(one)) == 2
    first = {no: due_weeks(one, no)[0] for no in (6, 8, 9, 10)}
    assert first == {
        6: dt.date(2025, 9, 22),
        8: dt.date(2025, 12, 22),
        9: dt.date(2025, 12, 29),
        10: dt.date(2026, 1, 5),
    }
    assert [actors(one)[no - 1] for no in (6, 8, 9, 10)] == ["教务处", "系部", "教务处", "教务处"]
    with pytest.raises(CalendarError):
        due_weeks(one, 10, AcademicCalendar(2025, (Term("autumn", AUTUMN.first_monday, 18, 9),)))


def test_8_graduation_project(handbook: dict[str, Any]) -> None:
    one = item(handbook, "2.12")
    (run,) = year_runs(one)
    assert run.span.start == dt.date(2025, 9, 1)
    assert run.span.holds(dt.date(2026, 1, 15))
    due = next(time for time in one["embedded_times"] if time["where"] == "workflow[5]")
    (scores,) = occurrences(from_json(due["schedule"]), YEAR)
    assert scores.span.end == dt.date(2026, 5, 30)
    assert scores.is_over(dt.date(2026, 5, 31))
    assert actors(one)[5:] == ["系部", "教务处", "系部", "教务处"]
    assert "month_end" in schedules(one)[0].questions


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 6, 10), ["1.3", "1.8", "2.1", "2.3", "2.6", "3.8", "4.1", "4.2"]),
        (dt.date(2026, 7, 15), ["2.1", "4.1"]),
        (dt.date(2025, 12, 15), ["2.1", "2.2", "2.3", "2.12", "2.16", "4.1", "4.8"]),
    ],
)
def test_9_what_is_open_on_a_day(handbook: dict[str, Any], day: dt.date, expected: list[str]) -> None:
    found = [
        one["no"]
        for chapter in handbook["chapters"]
        for one in chapter["items"]
        if open_on([rule for rule in schedules(one) if rule.kind in FIXED], YEAR, day)
    ]
    assert found == expected


def test_10_order_of_actors(handbook: dict[str, Any]) -> None:
    one = item(handbook, "1.8")
    (run,) = year_runs(one)
    assert (run.span.start, run.span.end) == (dt.date(2026, 3, 1), dt.date(2026, 6, 30))
    short = "".join(
        name.replace("教务处", "J").replace("系部", "X").replace("、", "") + " " for name in actors(one)
    )
    assert short.split() == ["J", "X", "X", "X", "J", "X", "JX", "X", "J", "J", "X", "J", "JX", "J", "J"]


def test_11_named_units(handbook: dict[str, Any]) -> None:
    assert actors(item(handbook, "2.15"))[0] == "通识教育部"
    assert actors(item(handbook, "2.16"))[0] == "通识教育部"
    assert chain(item(handbook, "2.15")).waiting_for() == ["通识教育部"]
    assert [actors(item(handbook, "3.6"))[no - 1] for no in (5, 10)] == ["教研室", "教研室"]
    assert actors(item(handbook, "4.9"))[9] == "考核领导小组"


def test_12_outside_steps(handbook: dict[str, Any]) -> None:
    assert actors(item(handbook, "3.11"))[4] == "市教委"
    assert actors(item(handbook, "3.4"))[6] == "市教委"
    run = chain(item(handbook, "3.11"))
    for no, unit in ((1, "教务处"), *((2, unit) for unit in UNITS["系部"]), (3, "教务处"), (4, "教务处")):
        run.complete(unit, no=no)
    with pytest.raises(NotOpenError):
        run.complete("市教委", no=5)
    run.record("市教委", no=5, by="教务处")
    assert run.waiting_for() == ["教务处"]


def test_13_several_chains(handbook: dict[str, Any]) -> None:
    exams, rooms = item(handbook, "1.7"), item(handbook, "2.11")
    assert len(year_runs(exams)) == 5
    assert list(Counter(step["chain"] for step in exams["workflow"]).values()) == [8, 10]
    sizes = Counter(step["chain"] for step in rooms["workflow"])
    assert list(sizes.values()) == [5, 5, 4]
    second = list(sizes)[1]
    assert chain(rooms, second).waiting_for() == UNITS["系部"]


def test_14_no_invented_dates(handbook: dict[str, Any]) -> None:
    counts = {one["no"]: len(year_runs(one)) for chapter in handbook["chapters"] for one in chapter["items"]}
    assert sum(counts.values()) == 69
    none = {no for no, count in counts.items() if count == 0}
    assert none == {
        "1.4",
        "2.8",
        "2.10",
        "2.11",
        "2.13",
        "2.14",
        "3.1",
        "3.3",
        "3.4",
        "3.6",
        "3.7",
        "3.9",
        "3.11",
        "4.1",
        "4.4",
        "4.5",
    }
    nineteen = AcademicCalendar(
        2025, (Term("autumn", AUTUMN.first_monday, 19, 10), Term("spring", SPRING.first_monday, 19, 10))
    )
    assert (
        sum(len(year_runs(one, nineteen)) for chapter in handbook["chapters"] for one in chapter["items"])
        == 67
    )
    (cycle,) = schedules(item(handbook, "3.6"))
    assert isinstance(cycle, MultiYear)
    due = [
        year
        for year in range(2024, 2031)
        if occurrences(MultiYear(every_years=cycle.every_years, base_year=2024), AcademicCalendar(year, ()))
    ]
    assert due == [2024, 2027, 2030]


def test_15_totals_and_traces(handbook: dict[str, Any]) -> None:
    items = [one for chapter in handbook["chapters"] for one in chapter["items"]]
    steps = [step for one in items for step in one["workflow"]]
    duties = {party: sum(len(one["duties"].get(party, [])) for one in items) for party in ("教务处", "系部")}
    assert (len(handbook["chapters"]), len(items), len(steps)) == (4, 45, 401)
    assert duties == {"教务处": 305, "系部": 226}
    assert sum(len(one["standards"]) for one in items) == 139
    assert len({(one["no"], step.get("chain")) for one in items for step in one["workflow"]}) == 48
    assert Counter(warning["code"] for warning in handbook["warnings"])["actor_not_written"] == 23
    assert len(item(handbook, "4.9")["standards"]) == 3
    assert (len(item(handbook, "1.8")["duties"]["系部"]), len(item(handbook, "1.8")["standards"])) == (9, 5)
    assert len(item(handbook, "1.1")["work_content"]) == 6
    assert all("line" in step for step in steps)
    places = [place for one in items for listed in one["entry_places"].values() for place in listed]
    assert all("line" in place for place in places)
