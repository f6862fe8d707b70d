"""Pages of the organiser and of the voter: from the plan to the facts, and every way a code can fail."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessment.models import (
    Ballot,
    BallotCampaign,
    BallotState,
    Credential,
    CredentialState,
    Fact,
    PaperCount,
)
from assessment.services.ballots import campaign_close, campaign_open, credentials_issue
from tenants.registry.context import tenant_context
from tests.assessment.ballot_samples import (
    CADRE,
    STAFF,
    make_campaign,
    make_cycle,
    make_hall,
    make_people,
)
from tests.assessment.conftest import make_user
from zhiheng.web.ballots import voting

GOOD = {"u-T1": "优秀", "u-T2": "合格", "u-T3": "合格"}
CODE = re.compile(r'<div class="zh-mono">([A-Z2-9 ]{19})</div>')


@pytest.fixture
def office(college_a: Any, client_for: Any) -> tuple[Client, Any]:
    """A signed-in organiser and her account."""
    with tenant_context(college_a):
        user = make_user("zhoumin", "quality")
    return client_for(college_a, user), user


@pytest.fixture
def campaign(college_a: Any, office: Any) -> BallotCampaign:
    """A campaign in preparation."""
    with tenant_context(college_a):
        return make_campaign(make_cycle(make_user("admin", "admin"), office[1]), office[1])


@pytest.fixture
def voter(college_a: Any, client_for: Any) -> Client:
    """Somebody with a phone."""
    return client_for(college_a)


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _address(campaign: BallotCampaign, name: str, **kwargs: Any) -> str:
    return reverse(
        f"ballots:{name}", urlconf="zhiheng.project.urls.college", kwargs={"pk": campaign.pk, **kwargs}
    )


def _open(college: Any, campaign: BallotCampaign, user: Any, cards: int = 1) -> dict[str, list[str]]:
    with tenant_context(college):
        return make_hall(campaign, user, cards)


# The voter ------------------------------------------------------------------------------------------------------------


def test_a_vote_goes_from_the_paper_over_the_check_to_the_receipt(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    here = f"/vote/{token}/"
    page = voter.get(here)
    assert page.status_code == 200
    assert "给3个单位各选一档" in _text(page)
    assert "“优秀”最多选2个" in _text(page)
    checked = voter.post(here, {**GOOD, "step": "check"})
    assert "核对一遍再交" in _text(checked)
    with tenant_context(college_a):
        assert not Ballot.objects.exists(), "checking is not casting"
    back = voter.post(here, {**GOOD, "step": "edit"})
    assert _text(back).count(" checked>") == 3
    cast = voter.post(here, {**GOOD, "step": "cast"})
    assert (cast.status_code, cast["Location"]) == (302, here)
    receipt = voter.get(here)
    assert "已收到您的测评" in _text(receipt)
    number = re.search(r'zh-receipt-no zh-num">([^<]+)<', _text(receipt))
    again = voter.post(here, {**GOOD, "step": "cast"}, follow=True)
    assert number is not None
    assert number[1] in _text(again), "a repeated submission shows the receipt again"
    with tenant_context(college_a):
        assert [b.choices for b in Ballot.objects.all()] == [{"T1": "优秀", "T2": "合格", "T3": "合格"}]


def test_no_cookie_but_the_one_against_forgery_and_nothing_is_stored_by_caches(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    for answer in (
        voter.get(f"/vote/{token}/"),
        voter.post(f"/vote/{token}/", {**GOOD, "step": "cast"}),
        voter.get(f"/vote/{token}/"),
        voter.get("/vote/"),
    ):
        assert set(answer.cookies) <= {"csrftoken"}
        assert "no-store" in answer["Cache-Control"]
    page = _text(voter.get(f"/vote/{token}/"))
    assert "tabler.min.css" not in page, "a phone in a full hall does not load the framework"
    assert "htmx" not in page


def test_errors_stand_in_a_list_that_links_to_each(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    answer = voter.post(f"/vote/{token}/", {"u-T1": "优秀", "step": "cast"})
    page = _text(answer)
    assert answer.status_code == 422
    assert "还有2个单位没有选" in page
    assert '<a href="#u2">单位T2</a>、<a href="#u3">单位T3</a>' in page
    assert page.count('class="is-missing"') == 2
    assert page.count(" checked>") == 1, "what was chosen stays"
    over = voter.post(f"/vote/{token}/", {**GOOD, "u-T2": "优秀", "u-T3": "优秀", "step": "check"})
    assert '<a href="#u3">“优秀”最多选2个，您选了3个，请把1个改成别的档</a>' in _text(over)
    with tenant_context(college_a):
        assert not Ballot.objects.exists()


def test_every_code_that_cannot_vote_is_told_kindly(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    with tenant_context(college_a):
        one = campaign.classes.get(title=STAFF)
        invited = make_people(1)
        old = credentials_issue(rater_class=one, people=invited, acting_user=office[1])[0].token
        new = credentials_issue(rater_class=one, people=invited, acting_user=office[1])[0].token
    assert "投票还没开始" in _text(voter.get(f"/vote/{new}/"))
    with tenant_context(college_a):
        campaign_open(campaign=campaign, acting_user=office[1])
    assert "这个投票码已换新" in _text(voter.get(f"/vote/{old}/"))
    unknown = voter.get("/vote/KKKKKKKKKKKKKKKK/")
    assert (unknown.status_code, "没有这个投票码" in _text(unknown)) == (404, True)
    with tenant_context(college_a):
        campaign_close(campaign=campaign, acting_user=office[1])
    for answer in (voter.get(f"/vote/{new}/"), voter.post(f"/vote/{new}/", {**GOOD, "step": "cast"})):
        assert (answer.status_code, "投票已经截止" in _text(answer)) == (410, True)


def test_guessing_codes_is_slowed_and_does_not_keep_a_hall_from_voting(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voting, "LIMIT", 3)
    with tenant_context(college_a):
        cache.clear()
    token = _open(college_a, campaign, office[1])[STAFF][0]
    answers = [voter.get(f"/vote/{'K' * 15}{sign}/").status_code for sign in "2345"]
    assert answers == [404, 404, 404, 429]
    assert voter.get(f"/vote/{token}/").status_code == 200


def test_a_code_can_be_typed(college_a: Any, office: Any, campaign: BallotCampaign, voter: Client) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    short = voter.post("/vote/", {"code": "K7QM"})
    assert (short.status_code, "您输了4位" in _text(short)) == (422, True)
    typed = f"{token[:4].lower()}-{token[4:8]} {token[8:12]} {token[12:]}"
    assert voter.post("/vote/", {"code": typed})["Location"] == f"/vote/{token}/"


def test_a_code_of_another_college_is_unknown_here(
    college_a: Any, college_b: Any, office: Any, campaign: BallotCampaign, client_for: Any
) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    assert client_for(college_b).get(f"/vote/{token}/").status_code == 404


def test_a_ballot_costs_few_statements(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client, max_queries: Any
) -> None:
    token = _open(college_a, campaign, office[1])[STAFF][0]
    with max_queries(1):
        voter.get(f"/vote/{token}/")
    with max_queries(7):
        voter.post(f"/vote/{token}/", {**GOOD, "step": "cast"})


# The organiser --------------------------------------------------------------------------------------------------------


def test_a_campaign_is_planned_from_what_the_scheme_counts(college_a: Any, office: Any) -> None:
    client, user = office
    with tenant_context(college_a):
        make_cycle(make_user("admin", "admin"), user)
    form = client.get("/ballots/new/").context["form"]
    assert form.initial["grades"].split() == ["优秀", "合格", "不合格", "弃权"]
    assert form.initial["classes"].split() == [CADRE, STAFF]
    data = {
        "cycle": "voted-2025", "title": "年度测评", "groups": ["teaching"], "grades": "优秀 最多1个\n合格",
        "classes": f"{CADRE}\n{STAFF}", "opens_at": "2025-12-01T08:00", "closes_at": "2025-12-04T18:00",
    }  # fmt: skip
    wrong = client.post("/ballots/new/", {**data, "closes_at": "2025-11-30T18:00"})
    assert (wrong.status_code, "截止早于开始" in _text(wrong)) == (400, True)
    assert client.post("/ballots/new/", data).status_code == 302
    with tenant_context(college_a):
        made = BallotCampaign.objects.get()
        assert made.grades == [{"label": "优秀", "at_most": 1}, {"label": "合格", "at_most": None}]
        assert made.classes.get(title=CADRE).measures == {
            "优秀": "D.cadre_excellent",
            "合格": "D.cadre_qualified",
        }
        assert timezone.localtime(made.closes_at).hour == 18


def test_cards_are_shown_once_and_their_codes_vote(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    client, user = office
    with tenant_context(college_a):
        one = campaign.classes.get(title=STAFF)
        campaign_open(campaign=campaign, acting_user=user)
    issue = _address(campaign, "issue", rater_class=one.pk)
    sheet = client.post(issue, {"cards": 6, "output": "cards"})
    page = _text(sheet)
    codes = CODE.findall(page)
    assert len(codes) == 6
    assert page.count("<svg") - page.count('class="i') >= 6
    assert "no-store" in sheet["Cache-Control"]
    assert voter.get(f"/vote/{codes[0].replace(' ', '')}/").status_code == 200
    nothing = client.post(issue, {"output": "cards"})
    assert "没有写发给谁" in _text(nothing)
    unknown = client.post(issue, {"people": "P9999", "output": "cards"})
    assert "没有这些工号：P9999" in _text(unknown)
    client.post(_address(campaign, "void", rater_class=one.pk))
    with tenant_context(college_a):
        assert set(Credential.objects.values_list("state", flat=True)) == {CredentialState.REVOKED}


def test_links_of_people_come_as_a_table_and_the_ledger_lists_who_has_voted(
    college_a: Any, office: Any, campaign: BallotCampaign, voter: Client
) -> None:
    client, user = office
    with tenant_context(college_a):
        make_people(2)
        one = campaign.classes.get(title=STAFF)
        campaign_open(campaign=campaign, acting_user=user)
    answer = client.post(
        _address(campaign, "issue", rater_class=one.pk), {"people": "P0001\nP0002", "output": "table"}
    )
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[:2] for row in rows] == [("工号", "姓名"), ("P0001", "教师1"), ("P0002", "教师2")]
    path = str(rows[1][2]).split("localhost", 1)[1]
    voter.post(path, {**GOOD, "step": "cast"})
    people = _address(campaign, "people")
    assert "教师1" in _text(client.get(people))
    missing = _text(client.get(f"{people}?voted=no"))
    assert "教师1" not in missing
    assert "教师2" in missing


def test_the_whole_campaign_on_pages(
    college_a: Any, office: Any, campaign: BallotCampaign, client_for: Any
) -> None:
    client, user = office
    client.post(_address(campaign, "move", action="open"))
    tokens: dict[str, list[str]] = {}
    with tenant_context(college_a):
        second = make_user("wujing", "quality")
        staff, cadre = campaign.classes.get(title=STAFF), campaign.classes.get(title=CADRE)
        tokens[STAFF] = [c.token for c in credentials_issue(rater_class=staff, cards=5, acting_user=user)]
    for token in tokens[STAFF]:
        client_for(college_a).post(f"/vote/{token}/", {**GOOD, "step": "cast"})
    part = _text(client.get(_address(campaign, "turnout")))
    assert "5个投票码，已投5张" in part
    assert "还差5张" in part, "the other class is still too small"
    assert "每5秒" in part
    paper = {"label": "一号票箱", "ballots": 5, "invalid": 0}
    paper |= {f"n-{row}-{cell}": 5 if cell == 1 else 0 for row in range(3) for cell in range(4)}
    wrong = client.post(_address(campaign, "paper", rater_class=cadre.pk), {**paper, "n-2-1": 4})
    assert "单位T3各档加起来是4票，有效票是5张" in _text(wrong)
    assert client.post(_address(campaign, "paper", rater_class=cadre.pk), paper).status_code == 302
    with tenant_context(college_a):
        box = PaperCount.objects.get()
    confirm = _address(campaign, "paper_confirm", paper=box.pk)
    assert client.post(confirm).status_code == 400, "the same person"
    client.post(_address(campaign, "move", action="close"))
    early = client.post(_address(campaign, "move", action="count"))
    assert "还没有第二个人复核" in _text(early)
    assert client_for(college_a, second).post(confirm).status_code == 302
    assert client.post(_address(campaign, "move", action="count")).status_code == 302
    page = _text(client.get(_address(campaign, "campaign")))
    assert "已计票" in page
    assert "加权占比" in page
    with tenant_context(college_a):
        campaign.refresh_from_db()
        assert campaign.state == BallotState.COUNTED
        assert Fact.objects.get(measure="D.staff_excellent", unit__code="T1").value == "5"


def test_nothing_of_the_choices_is_on_any_page_before_counting(
    college_a: Any, office: Any, campaign: BallotCampaign, client_for: Any
) -> None:
    client, user = office
    tokens = _open(college_a, campaign, user, 7)
    for token in tokens[STAFF]:
        client_for(college_a).post(f"/vote/{token}/", {**GOOD, "step": "cast"})
    for name in ("campaign", "turnout", "people"):
        assert "%" not in re.sub(
            r'(width|aria-label)="[^"]*"', "", _text(client.get(_address(campaign, name)))
        )
        assert "加权占比" not in _text(client.get(_address(campaign, name)))


def test_prolonging_asks_for_a_reason(college_a: Any, office: Any, campaign: BallotCampaign) -> None:
    client, user = office
    _open(college_a, campaign, user)
    later = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    assert client.post(_address(campaign, "prolong"), {"closes_at": later, "reason": ""}).status_code == 422
    assert (
        client.post(_address(campaign, "prolong"), {"closes_at": later, "reason": "停电"}).status_code == 302
    )


def test_a_class_is_added_changed_and_removed_before_opening(
    college_a: Any, office: Any, campaign: BallotCampaign
) -> None:
    client, _user = office
    data = {"title": "学生代表", "weight": "2", "minimum": "4", "measure-0": "D.staff_excellent"}
    small = client.post(_address(campaign, "class_add"), data)
    assert "少于5张会认出是谁投的" in _text(small)
    assert client.post(_address(campaign, "class_add"), {**data, "minimum": "10"}).status_code == 302
    with tenant_context(college_a):
        one = campaign.classes.get(title="学生代表")
        assert (one.minimum, one.measures) == (10, {"优秀": "D.staff_excellent"})
    form = client.get(_address(campaign, "class_change", rater_class=one.pk)).context["form"]
    assert form.initial["measure-0"] == "D.staff_excellent"
    client.post(_address(campaign, "class_remove", rater_class=one.pk))
    with tenant_context(college_a):
        assert campaign.classes.count() == 2
