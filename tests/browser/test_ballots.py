"""A vote on the phone, with and without a script, and the organiser's desk beside it."""

import re
from typing import Any

import pytest

from assessment.models import Ballot, BallotCampaign
from assessment.services.ballots import campaign_close, campaign_open, credentials_issue
from assessment.services.voting import ballot_cast
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.registry.context import tenant_context
from tests.assessment.ballot_samples import CADRE, STAFF, make_campaign, make_cycle, make_people
from tests.assessment.conftest import SINCE
from tests.browser.conftest import DESKTOP, PHONE

COLLEGES = ("智能制造学院", "信息工程学院", "现代商务学院", "建筑工程学院", "汽车与轨道学院", "医药护理学院",
            "艺术设计学院", "文化旅游学院", "基础教学部", "马克思主义学院", "继续教育学院")  # fmt: skip


@pytest.fixture
def hall(site: Any, person: Any) -> tuple[BallotCampaign, dict[str, list[str]]]:
    """An open campaign on eleven units, and codes of both classes."""
    quality = person(site.tenant, "quality", username="20190618")
    admin = person(site.tenant, "admin", username="20190001")
    with tenant_context(site.tenant):
        cycle = make_cycle(admin, quality, types={})
        for position, name in enumerate(COLLEGES, start=1):
            assessed_unit_create(
                code=f"U{position}", name=name, unit_type="teaching", group="teaching", position=position,
                valid_from=SINCE, acting_user=None,
            )  # fmt: skip
        campaign = campaign_open(campaign=make_campaign(cycle, quality, at_most=4), acting_user=quality)
        staff, cadre = campaign.classes.get(title=STAFF), campaign.classes.get(title=CADRE)
        codes = {
            STAFF: credentials_issue(rater_class=staff, people=make_people(12), acting_user=quality),
            CADRE: credentials_issue(rater_class=cadre, cards=6, acting_user=quality),
        }
    return campaign, {title: [code.token for code in some] for title, some in codes.items()}


def _choose(page: Any, grades: dict[int, str]) -> None:
    for unit, grade in grades.items():
        page.locator(f"#u{unit} label", has_text=re.compile(f"^{grade}$")).click()


def test_a_vote_on_the_phone(visit: Any, site: Any, hall: Any) -> None:
    _campaign, codes = hall
    window = visit(PHONE)
    window.go(f"/vote/{codes[STAFF][0]}/")
    page = window.page
    window.look("ballot-empty")
    _choose(
        page,
        {
            1: "优秀",
            2: "优秀",
            3: "合格",
            4: "合格",
            5: "优秀",
            6: "合格",
            8: "不合格",
            9: "合格",
            11: "合格",
        },
    )
    assert page.locator("[data-done]").inner_text() == "已评9个，还差2个"
    assert page.locator("[data-left]").inner_text() == "已选3个，还可选1个"
    sizes = page.evaluate(
        "[...document.querySelectorAll('.zh-grade, .zh-btn')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44, "a thumb hits every target"
    page.click("text=提交测评")
    page.wait_for_selector("text=还有2个单位没有选")
    window.look("ballot-errors")
    page.click(".zh-summary a >> text=马克思主义学院")
    top = page.locator("#u10").evaluate("e => e.getBoundingClientRect().top")
    header = page.locator(".zh-ballot-top").evaluate("e => e.getBoundingClientRect().bottom")
    assert top >= header - 1, "the linked unit is not hidden behind the bar"
    _choose(page, {7: "优秀", 10: "优秀"})
    assert page.locator("[data-left]").inner_text() == "选了5个，多了1个"
    page.click("text=提交测评")
    page.wait_for_selector("text=请把1个改成别的档")
    _choose(page, {10: "弃权"})
    assert page.locator("[data-done]").inner_text() == "都评了，可以提交"
    page.click("text=提交测评")
    page.wait_for_selector("text=核对一遍再交")
    window.look("ballot-confirm")
    page.click("text=返回修改")
    assert page.locator("input:checked").count() == 11
    page.click("text=提交测评")
    page.click("text=确认提交")
    page.wait_for_selector("text=已收到您的测评")
    window.look("ballot-receipt")
    number = page.locator(".zh-receipt-no").inner_text()
    page.reload()
    assert page.locator(".zh-receipt-no").inner_text() == number
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrftoken"}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    with tenant_context(site.tenant):
        assert Ballot.objects.get().choices["U10"] == "弃权"


def test_a_vote_with_the_keyboard_and_without_a_script(browser: Any, site: Any, hall: Any) -> None:
    _campaign, codes = hall
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{site.url}/vote/{codes[STAFF][1]}/")
    for unit in range(1, 12):
        page.focus(f"#u{unit} input >> nth=1")
        page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.click("text=确认提交")
    assert "已收到您的测评" in page.content()
    context.close()
    with tenant_context(site.tenant):
        assert set(Ballot.objects.get().choices.values()) == {"合格"}


def test_a_lost_connection_costs_nothing(visit: Any, site: Any, hall: Any) -> None:
    """The answer to the last press never arrives; the voter presses again and gets the receipt, not a second vote."""
    _campaign, codes = hall
    window = visit(PHONE)
    window.go(f"/vote/{codes[STAFF][2]}/")
    page = window.page
    _choose(page, dict.fromkeys(range(1, 12), "合格"))
    page.click("text=提交测评")
    page.wait_for_selector("text=核对一遍再交")
    with tenant_context(site.tenant):
        ballot_cast(token=codes[STAFF][2], choices={f"U{n}": "合格" for n in range(1, 12)})
    page.click("text=确认提交")
    page.wait_for_selector("text=已收到您的测评")
    with tenant_context(site.tenant):
        assert Ballot.objects.count() == 1


def test_kind_pages_for_codes_that_do_not_vote(visit: Any, site: Any, hall: Any) -> None:
    campaign, codes = hall
    window = visit(PHONE)
    window.go("/vote/")
    window.look("ballot-enter")
    window.page.fill("[name=code]", "k7qm-42rx-9mtb-h3vn")
    window.page.click("text=打开选票")
    window.page.wait_for_selector("text=没有这个投票码")
    window.look("ballot-unknown")
    with tenant_context(site.tenant):
        campaign_close(campaign=campaign, acting_user=None)
    window.go(f"/vote/{codes[STAFF][3]}/")
    window.look("ballot-over")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_organisers_desk(size: Any, visit: Any, site: Any, hall: Any) -> None:
    campaign, codes = hall
    with tenant_context(site.tenant):
        for token in codes[STAFF][:9]:
            ballot_cast(token=token, choices={f"U{n}": "优秀" if n < 4 else "合格" for n in range(1, 12)})
    window = visit(size)
    window.sign_in("20190618")
    window.go("/ballots/")
    window.look("ballots")
    window.go("/ballots/new/")
    window.look("ballots-new")
    window.go(f"/ballots/{campaign.pk}/")
    window.look("ballots-campaign")
    with tenant_context(site.tenant):
        for token in codes[CADRE]:
            ballot_cast(token=token, choices={f"U{n}": "优秀" if n < 5 else "合格" for n in range(1, 12)})
    window.page.wait_for_selector("text=已投15张", timeout=15_000)
    with tenant_context(site.tenant):
        classes = {one.title: one.pk for one in campaign.classes.all()}
    window.go(f"/ballots/{campaign.pk}/people/?voted=no")
    window.look("ballots-people")
    window.go(f"/ballots/{campaign.pk}/classes/{classes[CADRE]}/paper/")
    window.look("ballots-paper")
    window.go(f"/ballots/{campaign.pk}/classes/{classes[CADRE]}/codes/")
    window.look("ballots-issue")
    window.page.fill("[name=cards]", "8")
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector(".zh-card")
    assert window.page.locator(".zh-card svg").count() == 8
    window.look("ballots-sheet")
    window.go(f"/ballots/{campaign.pk}/moves/close/")
    window.look("ballots-close")
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector("text=已截止")
    window.page.click("main .zh-acts >> text=计票")
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector("text=加权占比")
    window.look("ballots-counted")
