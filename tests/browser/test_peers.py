"""Peers: the table, one indicator with charts, releasing with the preview; both sizes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tenants.registry.services.provisioning import deprovision, provision
from tests.browser.conftest import DESKTOP, PHONE
from tests.web.peers_samples import forget_world, released_world


@pytest.fixture
def world(site: Any) -> Iterator[Any]:
    """The site's college among fourteen others, and their province."""
    province = provision(
        kind="province",
        code="freshpro",
        name="丙省教育厅",
        domain="freshpro.testserver.localhost",
        acting_user=None,
    )
    released_world(site.tenant, province)
    yield province
    forget_world()
    deprovision(tenant=province, acting_user=None)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_where_we_stand_and_what_we_release(
    size: Any, visit: Any, site: Any, world: Any, person: Any
) -> None:
    del world
    person(site.tenant, "quality", username="20190618")
    window = visit(size)
    window.sign_in("20190618")
    page = window.page
    window.go("/peers/")
    assert "一项在后25%" in page.inner_text("h1")
    window.look("peers")
    window.go("/peers/?group=tier")
    assert "不足10所" in page.inner_text("main")
    assert page.locator(".zh-boxsvg").count() == 0
    window.look("peers-withheld")
    window.go("/peers/indicators/settled_rate/?group=province")
    page.wait_for_selector("#peer-boxes[data-drawn] svg")
    page.wait_for_selector("#peer-trend[data-drawn] svg")
    window.look("peers-indicator")
    window.go("/peers/releases/new/?year=2026")
    window.look("release-form")
    page.fill("#n-settled_rate", "3040")
    page.click("text=看别人会看到什么 >> nth=-1")
    assert "分母" in page.inner_text(".zh-summary")
    page.fill("#d-settled_rate", "3200")
    page.click("text=看别人会看到什么 >> nth=-1")
    page.wait_for_selector("text=省级会看到这张表")
    window.look("release-preview")
    page.click("text=确认发布1项")
    page.wait_for_selector("#receipt-code")
    window.look("release-receipt")
    window.go("/peers/releases/")
    window.look("releases")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_province_reads_and_reports(size: Any, visit: Any, site: Any, world: Any, person: Any) -> None:
    person(world, "officer", username="officer")
    window = visit(size)
    window.url = site.url.replace("fresh.", "freshpro.")
    window.sign_in("officer")
    page = window.page
    window.go("/province/?year=2025")
    page.wait_for_selector("#spread[data-drawn] svg")
    window.look("province")
    page.select_option("[name=indicator]", "student_teacher_ratio")
    page.click("text=看这一项")
    page.wait_for_selector("text=生师比的中位数")
    page.click(".zh-tile >> nth=0")
    page.wait_for_url("**/province/colleges/**")
    window.look("province-college")
    for name in ("colleges", "indicators", "indicators/settled_rate"):
        window.go(f"/province/{name}/?year=2025")
        window.look("province-" + name.replace("/", "-"))
    window.go("/province/reports/new/?year=2025")
    window.look("province-report-new")
    page.click("main button.btn-primary")
    page.wait_for_selector("text=定格15所学校")
    window.look("province-report")
    with page.expect_download() as download:
        page.click("text=下载.docx")
    assert download.value.suggested_filename.endswith("第1版.docx")


def test_peers_dark(visit: Any, site: Any, world: Any, person: Any) -> None:
    del world
    person(site.tenant, "quality", username="20190618")
    window = visit(DESKTOP, scheme="dark")
    window.sign_in("20190618")
    window.go("/peers/indicators/settled_rate/?group=province")
    window.page.wait_for_selector("#peer-boxes[data-drawn] svg")
    window.look("dark-peers-indicator")
