"""Measures in the words of a standard, by the conventions of catalogue.md A 4."""

import json
from fractions import Fraction

import pytest

from catalog.measurables.kinds import Dated, Lapse, Limit
from catalog.measurables.reader import read, read_all
from catalog.schedule.kinds import TermWeek, from_json

CASES: list[tuple[str, list[str]]] = [
    # signs
    ("合格率不低于95%", ["pass_rate >= 95 %"]),
    ("合格率达95％以上", ["pass_rate >= 95 %"]),
    ("合格率＞95%", ["pass_rate > 95 %"]),
    ("投诉率控制在2%以内", ["complaint_rate <= 2 %"]),
    ("投诉率低于千分之二", ["complaint_rate < 2 ‰"]),
    ("投诉率为零", ["complaint_rate = 0"]),
    ("到课率达到100%", ["到课率 = 100 %"]),
    ("到课率约束力强", []),
    ("全年教学事故为0", []),
    ("零事故，无投诉", ["accidents = 0", "complaints = 0"]),
    ("无重大安全事故", ["accidents = 0"]),
    ("无明显错误", []),
    ("有无遗漏要登记", []),
    ("数据准确无误", ["errors = 0"]),
    ("占比20%左右", ["占比 = 20 % (about)"]),
    ("出席人数不少于应到人数的三分之二", ["出席人数 >= 2/3 of 应到人数"]),
    ("抽查人数不低于教师的10%、学生的5%", ["抽查人数 >= 10 % of 教师", "抽查人数 >= 5 % of 学生"]),
    ("各系部全覆盖", ["coverage = 100 %"]),
    ("考试期间停电率为0", ["停电率 = 0 [考试期间]"]),
    # counts
    ("每年举办讲座不少于4场", ["举办讲座 >= 4 场 per 每年"]),
    ("论文3篇以上", ["论文 >= 3 篇"]),
    ("听课不超过2节", ["听课 <= 2 节"]),
    ("走访企业、学校各2家", ["走访企业、学校 >= 2 家 per 各"]),
    ("失窃案件低于上年", ["失窃案件 < 上年"]),
    ("电话平均每月不超过三起", ["电话 <= 3 起 per 每月 on average"]),
    # how often
    ("每月至少巡查二次", ["freq >= 2/month"]),
    ("每三天一次通报", ["freq >= 1/3 d"]),
    ("每两年修订一次", ["freq >= 1/2 year"]),
    ("三年评选一次", ["freq >= 1/3 year"]),
    ("每季度汇总", ["freq >= 1/3 month"]),
    ("第一次会议", []),
    ("每次会议有记录", []),
    # dates
    ("每年9月20日前上报", ["due yearly 09-20"]),
    ("每年6月底前完成", ["due yearly 06-30"]),
    ("11月上旬完成汇总", ["due yearly 11-10"]),
    ("11月上旬组织座谈", ["window yearly 11-01..11-10"]),
    ("次年2月底前公布", ["due year+1 yearly 02-29"]),
    ("年底前归档", ["due yearly 12-31"]),
    ("每三年5月开展评估", ["window every 3 years 05-01..05-31"]),
    ("每月25日前报表", ["due monthly day 25"]),
    ("每月底前报表", ["due monthly day 31"]),
    ("每月10号出刊", ["due monthly day 10"]),
    ("完成上一月考勤", []),
    ("2019年5月文件", []),
    ("每学期第2-3周检查", ["window term week 2-3"]),
    ("春学期第1周补考", ["window spring term week 1"]),
    ("每学期第4周之前选课", ["due term week 4"]),
    ("每学期结束前交卷", ["due term term_end"]),
    ("期末成绩齐全", []),
    ("8:30-17:30接待，工作日另行安排", ["service_hours ? 08:30-17:30"]),
    ("工作日8：30—17：30接待", ["service_hours 工作日 08:30-17:30"]),
    ("系统24小时运行", ["service_hours 每天 00:00-24:00"]),
    ("24小时内回复", ["after(?) <= 24 h"]),
    # from and before events
    ("收到报修后2个工作日内处理", ["after(收到报修) <= 2 wd"]),
    ("合同生效后，有场地的3天内进场，无场地的一周内进场", ["after(合同生效) <= 3 d [有场地]", "after(合同生效) <= 1 week [无场地]"]),
    ("听证结束第3天公布", ["after(听证结束) <= 3 d"]),
    ("接到投诉两小时内到场", ["after(接到投诉) <= 2 h"]),
    ("开标前5天公告", ["before(开标) >= 5 d"]),
    ("会前3天通知", ["before(会议) >= 3 d"]),
    ("提前两天发布培训通知", ["before(培训) >= 2 d"]),
    ("大型活动10个工作日前报批", ["before(大型活动) >= 10 wd"]),
    ("须备案的大型活动10个工作日前报批", ["before(大型活动) >= 10 wd [须备案]"]),
    ("考前3天内封存", ["within_before(考试) <= 3 d"]),
    ("三年内获奖不少于1项", ["获奖 >= 1 项 per 3年内"]),
    ("收到挂号信1小时内登记", ["after(收到挂号信) <= 1 h"]),
    ("热情周到，服务规范", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "notations"), CASES, ids=[text for text, _ in CASES])
def test_measures_of_a_standard(text: str, notations: list[str]) -> None:
    assert [measure.notation() for measure in read(text).measures] == notations


def test_words_without_a_limit_are_kept_apart() -> None:
    found = read("第一时间上报，及时处理，及时率98%")
    assert found.vague == ("第一时间", "及时")
    assert [measure.notation() for measure in found.measures] == ["on_time_rate = 98 %"]


def test_term_of_an_earlier_standard_holds_until_another_is_named() -> None:
    first, second, third, fourth = read_all(["春学期第1周启动", "第3周汇总", "秋学期第2周公布", "第5周归档"])
    weeks = [one.measures[0] for one in (first, second, third, fourth)]
    assert all(isinstance(one, Dated) and isinstance(one.schedule, TermWeek) for one in weeks)
    assert [one.notation() for one in weeks] == [
        "window spring term week 1",
        "window spring term week 3 [c: 春学期]",
        "window autumn term week 2",
        "window autumn term week 5 [c: 秋学期]",
    ]
    assert read("第3周汇总").measures[0].questions == ("which_term",)


def test_bare_share_asks_for_its_sign() -> None:
    assert [
        read(f"及时率{share}").measures[0].questions for share in ("98%", "不低于98%", "100%", "98%以上")
    ] == [
        ("sign",),
        (),
        (),
        (),
    ]


def test_figures_are_exact_and_plain_data_is_json() -> None:
    limit = read("比例不低于在校生的0.72%").measures[0]
    assert isinstance(limit, Limit)
    assert limit.value == Fraction(18, 25)
    data = [
        measure.to_json() for measure in read("每年9月20日前上报，差错率不超过0.5%，收到后3天内答复").measures
    ]
    assert json.loads(json.dumps(data)) == data
    assert [one["kind"] for one in data] == ["due", "limit", "lapse"]
    assert from_json(data[0]["schedule"]).to_json() == data[0]["schedule"]
    assert data[1]["value"] == "0.5"


def test_event_that_the_text_does_not_name_is_asked() -> None:
    lapse = read("7个工作日内办结").measures[0]
    assert isinstance(lapse, Lapse)
    assert (lapse.event, lapse.questions) == (None, ("event",))
