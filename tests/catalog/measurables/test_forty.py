"""The forty measurable standards of catalogue.md A 4, read from the duty catalogue itself."""

from fnmatch import fnmatchcase
from functools import cache

import pytest

from catalog.measurables.reader import Measured, read_all
from tests.integrations.importers.shared_files import CHANGZHOU, reading

# (department, printed number, line) → notations; "*" stands for words of the source.
FORTY: dict[tuple[str, str, int], list[str]] = {
    ("教学工", "2.2.3", 142): ["coverage >= 60 %"],
    ("教学工", "2.2.4", 142): ["调研同类院校 >= 5 所", "国家示范、骨干、省级示范 >= 1 所 per 各"],
    ("教学工", "10.1.1", 169): ["freq >= 1/3 year", "submission_rate = 100 %"],
    ("教学工", "1.2.3", 201): ["window spring term week 3 [c: 春学期]", "error_rate = 0"],
    ("教学工", "7.1.1", 283): ["due yearly 09-30", "error_rate = 0"],
    ("教学工", "7.3.1", 284): ["after(*手续) <= 1 wd", "error_rate = 0"],
    ("教学工", "7.3.2", 284): ["freq >= 1/school year", "after(*入库) <= 6 week", "error_rate = 0"],
    ("教学工", "8.1.1", 285): [
        "window term week 6",
        "window term week 7-8",
        "window term week 9",
        "window term week 10",
        "error_rate = 0",
    ],
    ("教学工", "8.1.2", 285): [
        "window term week 12",
        "window term week 13-14",
        "window term week 15-18",
        "window term week 19-20",
        "error_rate = 0",
    ],
    ("教学工", "8.1.3", 287): [
        "window term week 1",
        "window term week 2",
        "window term week 1",
        "due term week 4",
        "due autumn term week 4",
        "satisfaction >= 80 %",
    ],
    ("教学工", "8.1.5", 287): [
        "due yearly 09-10",
        "due yearly 10-15",
        "after(*反馈*) <= 5 wd",
        "freq >= 1/school year",
        "*覆盖二级学院 >= 7 个",
    ],
    ("教学工", "9.4.4", 377): ["freq >= 1/term", "freq >= 2/month", "after(*问题*) <= 2 d"],
    ("教学工", "9.7.5", 405): ["due monthly day 15", "due monthly day 25"],
    ("教学工", "8.2.2", 416): ["before(正式开考) >= 30 d", "before(考试) >= 15 d", "error_rate = 0"],
    ("教学工", "3.3.3", 443): [
        "after(接到引进任务) <= 3 wd",
        "after(合同签订) <= 5 wd [无硬件部署]",
        "after(合同签订) <= 15 wd [有硬件部署]",
        "after(就绪) <= 3 wd",
    ],
    ("教学工", "8.9.3", 447): [
        "satisfaction >= 85 %",
        "failure_rate <= 0.5 % per 学年",
        "failure_rate = 0 [重大活动*考试期间]",
        "error_rate = 0",
    ],
    ("教学工", "5.3.5", 461): [
        "freq >= 1/term",
        "*培训 >= 1 次",
        "coverage >= 20 % of 专任教师人数",
        "coverage >= 50 % of 新教师人数",
    ],
    ("科技发", "1.2.2", 522): ["due yearly 11-10"],
    ("科技发", "4.1.3", 542): ["error_rate <= 5 %", "on_time_rate = 100 %"],
    ("科技发", "6.1.3", 552): ["due year+1 yearly 03-31", "accuracy = 100 %"],
    ("科技发", "1.5.3", 569): ["awareness >= 90 %"],
    ("科技发", "7.3.2", 588): ["学术交流活动 >= 10 场 per 每年"],
    ("科技发", "6.3.3", 634): ["complaint_rate <= 10 %", "error_rate <= 2 %"],
    ("产学研", "2.1.3", 735): ["参加会议人数 >= 2/3 of 应到会总人数"],
    ("产学研", "2.1.4", 738): ["after(会议结束) <= 2 wd"],
    ("高职教", "1.4.3", 905): ["*奖项 >= 1 项 per 3年内"],
    ("高职教", "4.4.1", 924): ["due monthly day 10 [工作期间]"],
    ("高职教", "5.4.2", 931): ["error_rate < 3 ‱"],
    ("学工处", "1.3.5", 1029): ["before(会议) >= 1 week", "after(会议结束) <= 3 d"],
    ("学工处", "1.6.1", 1072): ["window every 2 years 07-01..07-31", "数量 >= 3 个 per 每次"],
    ("学工处", "3.2.2", 1110): [
        "due yearly 10-31",
        "completion >= 99 %",
        "after(普测结束) <= 1 month",
        "filing_rate = 100 %",
    ],
    ("学工处", "3.4.2", 1119): ["after(遇到紧急事件) <= 48 h"],
    ("学工处", "5.5.1", 1170): ["delays = 0", "registration >= 80 %", "征集比例 >= 0.72 % of 在校学生人数"],
    ("质量管", "3.5.1", 1373): ["window yearly 12-11..12-20", "coverage = 100 %", "coverage = 100 %"],
    ("质量管", "3.5.2", 1375): ["freq >= 1/3 d [测评期间]", "participation >= 90 %"],
    ("质量管", "6.1.1", 1415): ["after(*通知) <= 3 d"],
    ("招生就", "4.1.1", 1563): ["省内生源基地总数 > 300 所"],
    ("招生就", "4.1.2", 1566): ["招生宣传学校数 > 350 所", "capture_rate >= 90 %"],
    ("招生就", "3.1.1", 1598): ["due yearly 12-30"],
    ("招生就", "3.1.2", 1599): ["due yearly 03-25"],
    ("招生就", "3.1.3", 1600): ["due yearly 06-10"],
    ("招生就", "4.11.1", 1661): ["service_hours 工作日 08:00-17:00"],
    ("招生就", "6.11.3", 1726): ["participation >= 90 % [6月]", "participation >= 50 % [12月]"],
    ("保卫处", "1.12.1", 1964): ["after(接到通知) <= 5 min"],
    ("保卫处", "1.14.2", 1965): ["before(重大活动) >= 20 wd [需报备公安部门]"],
    ("保卫处", "3.10.2", 1975): ["*案件数 < 上年"],
    ("保卫处", "3.3.3", 2003): ["*投诉 <= 1 起 per 每月 on average"],
}


@cache
def measured() -> list[tuple[tuple[str, str, int], Measured]]:
    found = []
    for department in reading(CHANGZHOU[0])["departments"]:
        for entry in department["standards"]:
            texts = [standard["text"] for standard in entry["standards"]]
            for standard, result in zip(entry["standards"], read_all(texts), strict=True):
                found.append(((department["name"][:3], standard["no"], standard["line"]), result))
    return found


@pytest.mark.parametrize("key", FORTY, ids=lambda key: "-".join(map(str, key)))
def test_one_of_the_forty(key: tuple[str, str, int]) -> None:
    notations = [measure.notation() for measure in dict(measured())[key].measures]
    expected = FORTY[key]
    assert len(notations) == len(expected), notations
    for got, wanted in zip(notations, expected, strict=True):
        assert fnmatchcase(got, wanted.replace("[", "[[]")), (got, wanted)


def test_at_once_is_no_measure() -> None:
    assert "立即" in dict(measured())["学工处", "3.4.2", 1119].vague


def test_share_of_standards_with_a_measure() -> None:
    """About 730 of 1 213 by a rough count of the source; counts, shares and faults without a sign are read as well."""
    found = [result for _, result in measured()]
    assert len(found) == 1213
    assert 730 <= sum(one.measurable for one in found) <= 800
