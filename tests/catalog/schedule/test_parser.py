"""Chinese time expressions become schedules; what is ambiguous is asked (catalogue.md B 4)."""

from typing import Any

import pytest

from catalog.schedule.embedded import before_item, find_times
from catalog.schedule.kinds import QUESTIONS, from_json
from catalog.schedule.parser import parse


def window(start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    return {"kind": "yearly_window", "start": start, "end": end} | more


def week(*weeks: int, **more: Any) -> dict[str, Any]:
    return {"kind": "term_week", "weeks": list(weeks)} | more


CASES: list[tuple[str, list[dict[str, Any]], set[str]]] = [
    ("新生注册 10月8至25日；老生注册 9月1日-25日", [window("10-08", "10-25", label="新生注册"), window("09-01", "09-25", label="老生注册")], set()),
    ("11月中下旬", [window("11-11", "11-30")], set()),
    ("三月上旬", [window("03-01", "03-10")], set()),
    ("6月前两周", [window("06-01", "06-14", accept=[{"start": "05-18", "end": "05-31"}])], {"first_or_before"}),
    ("不定时", [{"kind": "adhoc", "continuous": False}], {"case"}),
    ("第3周", [week(3)], {"which_term"}),
    ("每4周一次", [{"kind": "interval", "every_weeks": 4}], {"restart"}),
    ("每年3-6月", [window("03-01", "06-30")], set()),
    ("每年4—6月", [window("04-01", "06-30")], set()),
    ("每年3月到6月", [window("03-01", "06-30")], set()),
    ("每年的9-10月", [window("09-01", "10-31")], set()),
    ("每年1月份", [window("01-01", "01-31", accept=[{"kind": "monthly", "months": [1]}])], set()),
    ("每月组织一次测试", [{"kind": "monthly", "every_months": 1, "times": 1}], {"holiday_months"}),
    ("每年1月、10月报名；3月、12月考试", [{"kind": "monthly", "months": [1, 10], "phase": "报名"}, {"kind": "monthly", "months": [3, 12], "phase": "考试"}], {"days_in_month"}),
    ("每年4、10月报名，6、12月考试", [{"kind": "monthly", "months": [4, 10], "phase": "报名"}, {"kind": "monthly", "months": [6, 12], "phase": "考试"}], {"days_in_month"}),
    ("春秋两季", [window(None, None, season="spring"), window(None, None, season="autumn")], {"dates"}),
    ("春季球类比赛，秋季田径比赛", [window(None, None, season="spring", label="球类比赛"), window(None, None, season="autumn", label="田径比赛")], {"dates"}),
    ("每年9月至次年5月前完成", [window("09-01", "05-31", crosses_year=True)], {"month_end"}),
    ("根据上级文件要求", [{"kind": "by_notice"}], {"notice"}),
    ("课题周期", [{"kind": "by_notice"}], {"notice"}),
    ("三年为周期", [{"kind": "multi_year", "every_years": 3, "base_year": None}], {"base_year"}),
    ("每三年一周期", [{"kind": "multi_year", "every_years": 3}], {"base_year"}),
    ("两年一届", [{"kind": "multi_year", "every_years": 2}], {"base_year"}),
    ("未来3年", [{"kind": "multi_year", "years": 3, "recurs": False}], {"base_year"}),
    ("整个学期", [week(anchor="whole_term")], set()),
    ("五月第2周", [window("05-08", "05-14")], {"floating_week"}),
    ("日常工作", [{"kind": "adhoc", "continuous": True}], set()),
    ("一学年一次，学期中旬", [week(anchor="mid_term", times_per_year=1)], {"middle_week", "which_term"}),
    ("学期第16周至18周", [week(16, 17, 18)], set()),
    ("每学期第15-16周", [week(15, 16)], set()),
    ("全年", [window("01-01", "12-31", all_year=True)], set()),
    ("学期初、学期中、学期末、不定期", [week(anchor="term_start"), week(anchor="mid_term"), week(anchor="term_end"), {"kind": "adhoc"}], {"middle_week", "calendar", "case"}),
    ("开学前两周", [week(-2, -1, anchor="before_term_start", accept=[{"anchor": "term_start", "weeks": [1, 2]}])], {"first_or_two_before"}),
    ("学期结束前两周", [week(-2, -1, anchor="term_end")], set()),
    ("每个月15日前", [{"kind": "monthly", "every_months": 1, "days": [15], "deadline": True}], set()),
    ("每年12月20日前", [window(None, "12-20", deadline=True)], set()),
    ("待定", [{"kind": "by_notice"}], {"unread"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "questions"), CASES, ids=[case[0] for case in CASES])
def test_expression(text: str, expected: list[dict[str, Any]], questions: set[str]) -> None:
    found = parse(text)
    assert len(found) == len(expected)
    for schedule, wanted in zip(found, expected, strict=True):
        data = schedule.to_json()
        assert {key: data.get(key) for key in wanted} == wanted
    assert {question for schedule in found for question in schedule.questions} == questions


def test_windows_beside_a_notice_are_expected_only() -> None:
    first, second, notice = parse(
        "三年制第五学期（11月中下旬）；两年制第二期（三月中下旬）；具体时间以通知为准。"
    )
    assert [first.label, second.label] == ["三年制第五学期", "两年制第二期"]
    assert "expected_only" in first.questions
    assert "expected_only" in second.questions
    assert notice.to_json()["kind"] == "by_notice"


def test_parts_of_the_title_name_the_rules() -> None:
    found = parse("每学期开学、期末，以及每年5月", events=("补考", "期末考试", "毕业补考"))
    assert [schedule.label for schedule in found] == ["补考", "期末考试", "毕业补考"]


def test_every_question_has_a_sentence() -> None:
    asked = {question for text, _, _ in CASES for schedule in parse(text) for question in schedule.questions}
    assert asked <= set(QUESTIONS)


@pytest.mark.parametrize("text", [case[0] for case in CASES])
def test_plain_data_comes_back(text: str) -> None:
    for schedule in parse(text):
        assert from_json(schedule.to_json()) == schedule


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="weekly"):
        from_json({"kind": "weekly"})


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        ("于5月30日前完成录入", ["5月30日前"]),
        ("第4四周完成统计", ["第4四周"]),
        ("定期检查并通报", ["定期"]),
        ("组织期末考试", []),
        ("每天及时报送材料", ["每天"]),
        ("每年的九月初启动，为期一个月", ["每年的九月初启动，为期一个月"]),
    ],
)
def test_times_in_sentences(sentence: str, texts: list[str]) -> None:
    assert [time.text for time in find_times(sentence)] == texts


def test_figure_written_twice_and_a_month_long_window() -> None:
    doubled = find_times("第4四周完成统计")[0].schedule
    started = find_times("每年的九月初启动，为期一个月")[0].schedule
    assert doubled is not None
    assert doubled.to_json()["weeks"] == [4]
    assert started is not None
    assert (started.to_json()["start"], started.to_json()["end"]) == ("09-01", "09-30")


def test_periodic_without_period_has_no_schedule() -> None:
    assert find_times("定期检查")[0].schedule is None


def test_before_another_item() -> None:
    assert before_item("在学生出去毕业实习前收齐材料", ["毕业实习", "实习"]) == (
        "学生出去毕业实习前",
        "毕业实习",
    )
