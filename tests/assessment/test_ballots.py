"""Democratic appraisal from planning to facts: who may do what when, what a valid ballot is, what is counted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.utils import timezone

from assessment.ballot_rules import check_choices, check_paper
from assessment.models import (
    Ballot,
    BallotCampaign,
    BallotState,
    Credential,
    CredentialState,
    Cycle,
    Fact,
    PaperCount,
)
from assessment.selectors.ballots import class_plans, participations, tally, turnout, units_of
from assessment.services.ballots import (
    campaign_close,
    campaign_open,
    campaign_prolong,
    cards_void,
    class_add,
    class_change,
    class_remove,
    credentials_issue,
)
from assessment.services.counting import ballots_count, paper_confirm, paper_enter, paper_return
from assessment.services.runs import evaluate_cycle
from assessment.services.voting import ballot_cast
from tests.assessment.ballot_samples import (
    CADRE,
    LABELS,
    STAFF,
    UNITS,
    hand_out,
    make_campaign,
    make_cycle,
    make_hall,
    make_people,
    vote,
)
from tests.assessment.conftest import make_user
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.services.sync import ROOT

People = dict[str, User]
GOOD = dict(zip(UNITS, ("优秀", "合格", "合格"), strict=True))


@pytest.fixture
def year(people: People) -> Cycle:
    """A cycle that takes figures."""
    return make_cycle(people["admin"], people["quality"])


@pytest.fixture
def campaign(year: Cycle, people: People) -> BallotCampaign:
    """A campaign in preparation."""
    return make_campaign(year, people["quality"])


def _counted(campaign: BallotCampaign, people: People) -> BallotCampaign:
    campaign_close(campaign=campaign, acting_user=people["quality"])
    ballots_count(campaign=campaign, acting_user=people["quality"])
    campaign.refresh_from_db()
    return campaign


# Planning and opening -------------------------------------------------------------------------------------------------


def test_the_scheme_proposes_classes_grades_and_measures(year: Cycle, campaign: BallotCampaign) -> None:
    assert [(plan.title, list(plan.measures)) for plan in class_plans(year)] == [
        (CADRE, list(LABELS)), (STAFF, list(LABELS)),
    ]  # fmt: skip
    assert campaign.classes.get(title=CADRE).measures == {
        "优秀": "D.cadre_excellent", "合格": "D.cadre_qualified", "不合格": "D.cadre_unqualified",
        "弃权": "D.cadre_blank",
    }  # fmt: skip


def test_opening_writes_the_units_down_and_fixes_everything(campaign: BallotCampaign, people: People) -> None:
    assert campaign.units == []
    opened = campaign_open(campaign=campaign, acting_user=people["quality"])
    assert [unit["code"] for unit in opened.units] == list(UNITS)
    assert units_of(opened) == opened.units
    one = opened.classes.first()
    assert one is not None
    for change in (
        lambda: class_add(campaign=opened, title="学生代表", acting_user=people["quality"]),
        lambda: class_change(
            rater_class=one,
            title="干部",
            weight=Decimal(1),
            minimum=5,
            measures={},
            acting_user=people["quality"],
        ),
        lambda: class_remove(rater_class=one, acting_user=people["quality"]),
        lambda: campaign_open(campaign=opened, acting_user=people["quality"]),
    ):
        with pytest.raises(Problem, match="从开始投票起不能再变"):
            change()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"groups": ["nobody"]}, "没有选中方案里的单位组"),
        ({"grades": [{"label": "优秀"}]}, "至少要有两档"),
        ({"grades": [{"label": "优秀"}, {"label": "优秀"}]}, "名称相同"),
        ({"grades": [{"label": "优秀", "at_most": 0}, {"label": "合格"}]}, "限额至少是1"),
        ({"hours": -2}, "截止早于开始"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(year: Cycle, people: People, change: Any, text: str) -> None:
    with pytest.raises(Problem, match=text):
        make_campaign(year, people["quality"], **change)


def test_quotas_that_leave_units_without_a_grade_stop_the_opening(year: Cycle, people: People) -> None:
    grades = [{"label": "优秀", "at_most": 1}, {"label": "合格", "at_most": 1}]
    tight = make_campaign(year, people["quality"], grades=grades)
    with pytest.raises(Problem, match="加起来只有2个，票上有3个单位"):
        campaign_open(campaign=tight, acting_user=people["quality"])


def test_a_minimum_below_five_is_refused(campaign: BallotCampaign, people: People) -> None:
    with pytest.raises(Problem, match="少于5张会认出是谁投的"):
        class_add(campaign=campaign, title="校领导", minimum=4, acting_user=people["quality"])


@pytest.mark.parametrize("who", ["admin", "leader", "head"])
def test_only_organisers_organise(campaign: BallotCampaign, people: People, who: str) -> None:
    one = campaign.classes.first()
    assert one is not None
    for step in (
        lambda: campaign_open(campaign=campaign, acting_user=people[who]),
        lambda: credentials_issue(rater_class=one, cards=5, acting_user=people[who]),
        lambda: ballots_count(campaign=campaign, acting_user=people[who]),
    ):
        with pytest.raises(Problem) as caught:
            step()
        assert caught.value.code == Code.PERMISSION_DENIED


# Codes ----------------------------------------------------------------------------------------------------------------


def test_codes_are_kept_as_hashes_and_a_new_one_kills_the_unused_old_one(
    campaign: BallotCampaign, people: People
) -> None:
    one = campaign.classes.get(title=STAFF)
    invited = make_people(3)
    first = credentials_issue(rater_class=one, people=invited, acting_user=people["quality"])
    campaign_open(campaign=campaign, acting_user=people["quality"])
    stored = " ".join(Credential.objects.values_list("digest", flat=True))
    assert not any(code.token in stored for code in first)
    ballot_cast(token=first[0].token, choices=GOOD)
    again = credentials_issue(rater_class=one, people=invited, acting_user=people["quality"])
    assert [code.person for code in again] == invited[1:]
    with pytest.raises(Problem, match="已作废"):
        ballot_cast(token=first[1].token, choices=GOOD)
    ballot_cast(token=again[0].token, choices=GOOD)
    assert Ballot.objects.count() == 2
    assert [(t.issued, t.used) for t in turnout(campaign)] == [(0, 0), (3, 2)]
    assert [entry.voted_hour is not None for entry in participations(campaign)] == [True, True, False]


def test_nobody_is_invited_in_two_classes(campaign: BallotCampaign, people: People) -> None:
    first, second = campaign.classes.all()
    invited = make_people(1)
    credentials_issue(rater_class=first, people=invited, acting_user=people["quality"])
    with pytest.raises(Problem, match="教师1已在另一类里"):
        credentials_issue(rater_class=second, people=invited, acting_user=people["quality"])


def test_left_over_cards_die_and_codes_of_people_stay(campaign: BallotCampaign, people: People) -> None:
    one = campaign.classes.get(title=STAFF)
    cards = hand_out(one, people["quality"], 4)
    credentials_issue(rater_class=one, people=make_people(2), acting_user=people["quality"])
    campaign_open(campaign=campaign, acting_user=people["quality"])
    vote(cards[:1], *GOOD.values())
    assert cards_void(rater_class=one, acting_user=people["quality"]) == 3
    states = Credential.objects.values_list("state", flat=True)
    assert sorted(states) == ["issued", "issued", "revoked", "revoked", "revoked", "used"]


# Voting ---------------------------------------------------------------------------------------------------------------


def test_a_ballot_is_complete_known_and_within_the_quota(campaign: BallotCampaign, people: People) -> None:
    token = make_hall(campaign, people["quality"], 1)[STAFF][0]
    for choices, errors in (
        ({"T1": "优秀", "T2": "合格"}, [("T3", "请选一档")]),
        ({}, [("T1", "请选一档"), ("T2", "请选一档"), ("T3", "请选一档")]),
        ({**GOOD, "B1": "优秀"}, [("", "票上没有“B1”这个单位。请刷新页面。")]),
        ({**GOOD, "T2": "极好"}, [("T2", "没有“极好”这一档，请重选")]),
        (dict.fromkeys(UNITS, "优秀"), [("T3", "“优秀”最多选2个，您选了3个，请把1个改成别的档")]),
    ):
        with pytest.raises(Problem) as caught:
            ballot_cast(token=token, choices=choices)
        assert [(e.unit, e.text) for e in caught.value.data["errors"]] == errors
    assert not Ballot.objects.exists()
    assert Credential.objects.filter(state=CredentialState.USED).count() == 0
    assert not ballot_cast(token=token, choices=GOOD).again


def test_the_same_submission_again_gives_the_receipt_again_and_no_second_vote(
    campaign: BallotCampaign, people: People
) -> None:
    token = make_hall(campaign, people["quality"], 1)[STAFF][0]
    first = ballot_cast(token=token, choices=GOOD)
    typed = f" {token[:4].lower()}-{token[4:8]} {token[8:]} "
    again = ballot_cast(token=typed, choices=dict.fromkeys(UNITS, "不合格"))
    assert (again.number, again.again) == (first.number, True)
    assert [ballot.choices for ballot in Ballot.objects.all()] == [GOOD]


def test_too_early_too_late_unknown(campaign: BallotCampaign, people: People) -> None:
    tokens = hand_out(campaign.classes.all()[0], people["quality"], 6)
    with pytest.raises(Problem, match="还没开始"):
        ballot_cast(token=tokens[0], choices=GOOD)
    campaign_open(campaign=campaign, acting_user=people["quality"])
    ballot_cast(token=tokens[1], choices=GOOD)
    with pytest.raises(Problem, match="还没开始"):
        ballot_cast(token=tokens[0], choices=GOOD, now=campaign.opens_at - timedelta(seconds=1))
    with pytest.raises(Problem, match="已截止"):
        ballot_cast(token=tokens[0], choices=GOOD, now=campaign.closes_at)
    with pytest.raises(Problem) as caught:
        ballot_cast(token="K" * 16, choices=GOOD)
    assert caught.value.code == Code.NOT_FOUND
    campaign_close(campaign=campaign, acting_user=people["quality"])
    with pytest.raises(Problem, match="已截止"):
        ballot_cast(token=tokens[0], choices=GOOD)
    assert ballot_cast(token=tokens[1], choices=GOOD).again, "a receipt can be had again after closing"
    later = timezone.now() + timedelta(days=1)
    campaign_prolong(campaign=campaign, closes_at=later, reason="人数不足", acting_user=people["quality"])
    ballot_cast(token=tokens[0], choices=GOOD)
    assert Ballot.objects.count() == 2


# Counting -------------------------------------------------------------------------------------------------------------


def test_counts_become_facts_of_the_cycle_once(campaign: BallotCampaign, people: People) -> None:
    tokens = make_hall(campaign, people["quality"], 8)
    vote(tokens[CADRE][:4], "优秀", "合格", "弃权")
    vote(tokens[CADRE][4:5], "合格", "合格", "优秀")
    vote(tokens[STAFF][:6], "优秀", "优秀", "不合格")
    counted = _counted(campaign, people)
    assert counted.state == BallotState.COUNTED
    facts = dict(
        Fact.objects.filter(measure__startswith="D.cadre", unit__code="T3").values_list("measure", "value")
    )
    assert facts == {
        "D.cadre_excellent": "1", "D.cadre_qualified": "0", "D.cadre_unqualified": "0", "D.cadre_blank": "4",
    }  # fmt: skip
    staff = campaign.classes.get(title=STAFF)
    assert tally(counted)[staff.pk]["T1"] == {"优秀": 6, "合格": 0, "不合格": 0, "弃权": 0}
    # T1: cadres (4·0.9 + 1·0.7)/5 = 0.86, staff 0.9; 20 · (0.86 + 0.9)/2 = 17.6.  T3: cadres' one vote 0.9, staff 0.5.
    points = evaluate_cycle(campaign.cycle, missing="pending").stored("D")
    assert points[0] == Decimal("17.6")
    assert points[2] == Decimal("14.0")
    with pytest.raises(Problem, match="结果已计入考核数据"):
        ballots_count(campaign=campaign, acting_user=people["quality"])


def test_a_class_below_its_minimum_is_neither_shown_nor_counted(
    campaign: BallotCampaign, people: People
) -> None:
    tokens = make_hall(campaign, people["quality"], 8)
    vote(tokens[CADRE][:4], "优秀", "合格", "合格")
    vote(tokens[STAFF], "优秀", "合格", "合格")
    with pytest.raises(Problem, match="请先截止投票"):
        tally(campaign_state(campaign))
    campaign_close(campaign=campaign, acting_user=people["quality"])
    for look in (
        lambda: tally(campaign_state(campaign)),
        lambda: ballots_count(campaign=campaign, acting_user=people["quality"]),
    ):
        with pytest.raises(Problem, match=r"中层以上干部只有4张票，不足5张.*可以延长投票"):
            look()
    assert not Fact.objects.exists()
    later = timezone.now() + timedelta(hours=3)
    campaign_prolong(campaign=campaign, closes_at=later, reason="差一张", acting_user=people["quality"])
    vote(tokens[CADRE][4:5], "优秀", "合格", "合格")
    _counted(campaign, people)
    assert Fact.objects.get(measure="D.cadre_excellent", unit__code="T1").value == "5"


def campaign_state(campaign: BallotCampaign) -> BallotCampaign:
    """The campaign as it is stored now."""
    return BallotCampaign.objects.get(pk=campaign.pk)


def test_paper_ballots_need_two_people_and_must_add_up(campaign: BallotCampaign, people: People) -> None:
    tokens = make_hall(campaign, people["quality"], 6)
    vote(tokens[STAFF], "优秀", "合格", "合格")
    cadre = campaign.classes.get(title=CADRE)
    counts = {"T1": {"优秀": 5, "合格": 1}, "T2": {"合格": 6}, "T3": {"不合格": 5}}
    enter: dict[str, Any] = {
        "rater_class": cadre,
        "label": "一号票箱",
        "ballots": 6,
        "acting_user": people["quality"],
    }
    with pytest.raises(Problem, match="有1处对不上") as caught:
        paper_enter(counts=counts, **enter)
    assert caught.value.data["details"] == ["单位T3各档加起来是5票，有效票是6张，请核对"]
    counts["T3"]["弃权"] = 1
    paper = paper_enter(counts=counts, invalid=1, **enter)
    campaign_close(campaign=campaign, acting_user=people["quality"])
    with pytest.raises(Problem, match="一号票箱还没有第二个人复核"):
        ballots_count(campaign=campaign, acting_user=people["quality"])
    with pytest.raises(Problem, match="不能是同一个人"):
        paper_confirm(paper=paper, acting_user=people["quality"])
    paper_confirm(paper=paper, acting_user=people["second"])
    ballots_count(campaign=campaign, acting_user=people["quality"])
    row = Fact.objects.filter(measure__startswith="D.cadre", unit__code="T3").values_list("measure", "value")
    assert dict(row)["D.cadre_unqualified"] == "5"
    assert dict(row)["D.cadre_blank"] == "1"


def test_a_wrong_box_is_returned_with_a_reason(campaign: BallotCampaign, people: People) -> None:
    make_hall(campaign, people["quality"], 1)
    one = campaign.classes.get(title=CADRE)
    counts = {unit: {"合格": 3} for unit in UNITS}
    paper = paper_enter(
        rater_class=one, label="一号", ballots=3, counts=counts, acting_user=people["quality"]
    )
    with pytest.raises(Problem, match="没有写理由"):
        paper_return(paper=paper, reason=" ", acting_user=people["second"])
    paper_return(paper=paper, reason="把二号票箱录成了一号", acting_user=people["second"])
    assert not PaperCount.objects.exists()


def test_paper_above_the_quota_of_all_ballots_is_noticed() -> None:
    units = [{"code": "A", "name": "甲"}, {"code": "B", "name": "乙"}]
    grades = [{"label": "优秀", "at_most": 1}, {"label": "合格", "at_most": None}]
    counts = {"A": {"优秀": 2}, "B": {"优秀": 1, "合格": 1}}
    assert [e.text for e in check_paper(units, grades, 2, counts)] == [
        "“优秀”共3票，超过2张票的限额2票，有票超限应作废"
    ]
    assert check_choices(units, grades, {"A": "优秀", "B": "合格"}) == []


def test_organisers_of_the_right_role_exist(people: People) -> None:
    assert make_user("another", "quality").can("ballot.manage")
    assert not people["admin"].can("ballot.manage")


def test_the_ballots_of_the_lianyungang_scheme_give_its_component(people: People) -> None:
    """20·(0.9·60 + 0.7·30 + 0.5·10)/100 = 16 for a college, 70·0.8 = 56 for a department; abstentions do not count."""
    file = ROOT / "templates" / "schemes" / "lianyungang-2018.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    year = make_cycle(people["admin"], people["quality"], document, types={"S1": "SC", "Q1": "DEP"})
    plans = {plan.title: plan.measures for plan in class_plans(year)}
    assert plans[CADRE]["弃权"] == "D.cadre_blank"
    campaign = make_campaign(year, people["quality"], groups=["faculty", "department"], at_most=None)
    tokens = make_hall(campaign, people["quality"], 60)
    ballots = [(CADRE, "优秀", 40), (CADRE, "合格", 10), (CADRE, "弃权", 10)]
    ballots += [(STAFF, "优秀", 20), (STAFF, "合格", 20), (STAFF, "不合格", 10)]
    for title, grade, number in ballots:
        for _unused in range(number):
            ballot_cast(token=tokens[title].pop(), choices={"S1": grade, "Q1": grade})
    _counted(campaign, people)
    run = evaluate_cycle(year, missing="pending")
    assert dict(zip(run.codes, run.stored("D"), strict=True)) == {"S1": Decimal(16), "Q1": Decimal(56)}
