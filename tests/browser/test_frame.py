"""Sign-in, frame, lists and errors at the desk and on the phone."""

from typing import Any

import pytest

from tenants.registry.context import tenant_context
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE


def _jobs(tenant: Any, owner: Any, number: int) -> None:
    from zhiheng.kernel.models import Job

    with tenant_context(tenant):
        for place in range(number):
            state = ("succeeded", "failed", "cancelled")[place % 3]
            Job.objects.create(kind="x", title=f"导入第{place + 1}批", state=state, created_by=owner)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_sign_in_with_a_mistake_first(size: Any, visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", "admin", username="20190618")
    window = visit(size)
    window.go("/")
    window.look("sign-in")
    window.page.fill("[name=username]", "20190618")
    window.page.fill("[name=password]", "wrong")
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("[role=alert]")
    assert "再错4次" in window.page.inner_text("[role=alert]")
    window.look("sign-in-mistake")
    window.page.fill("[name=password]", PASSWORD)
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector(".zh-nav", state="attached")
    window.look("workbench")


def test_password_can_be_shown(visit: Any) -> None:
    window = visit()
    window.go("/sign-in/")
    window.page.fill("[name=password]", "abc")
    window.page.click("[data-reveal]")
    assert window.page.get_attribute("[name=password]", "type") == "text"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_list_filters_without_leaving_the_page(size: Any, visit: Any, site: Any, person: Any) -> None:
    owner = person(site.tenant, "quality", username="20190618")
    _jobs(site.tenant, owner, 60)
    window = visit(size)
    window.sign_in("20190618")
    window.go("/jobs/")
    window.look("list")
    assert window.page.locator("tbody tr").count() == 25
    window.page.evaluate("window.kept = true")
    window.page.select_option("select[name=state]", "failed")
    window.page.wait_for_url("**/jobs/?state=failed*")
    window.page.wait_for_function("document.querySelectorAll('tbody tr').length === 20")
    assert window.page.evaluate("window.kept") is True, "the page was not loaded anew"
    window.page.reload()
    assert window.page.locator("tbody tr").count() == 20, "the address alone gives the same rows"
    window.look("list-filtered")


def test_dark_theme_is_kept(visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", username="20190618")
    window = visit()
    window.sign_in("20190618")
    window.page.click(".zh-top [data-theme-toggle]")
    assert window.page.get_attribute("html", "data-bs-theme") == "dark"
    window.page.reload()
    assert window.page.get_attribute("html", "data-bs-theme") == "dark"
    window.look("workbench-dark")


def test_phone_opens_and_closes_the_navigation(visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", username="20190618")
    window = visit(PHONE)
    window.sign_in("20190618")
    assert not window.page.is_visible("#nav")
    window.page.click("[data-nav-open]")
    assert window.page.is_visible("#nav")
    window.look("navigation-open")
    window.page.keyboard.press("Escape")
    assert not window.page.is_visible("#nav")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_missing_page_says_what_to_do(size: Any, visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "staff", username="20190618")
    window = visit(size)
    window.sign_in("20190618")
    answer = window.go("/no/such/page/")
    assert answer.status == 404
    assert window.page.inner_text("#problem-id").startswith("E-")
    window.look("error-404")


def test_job_page_moves_on_by_itself(visit: Any, site: Any, person: Any) -> None:
    from zhiheng.kernel.models import Job

    owner = person(site.tenant, "quality", username="20190618")
    with tenant_context(site.tenant):
        job = Job.objects.create(
            kind="x",
            title="导入组织机构",
            state="running",
            done=3,
            total=10,
            message="在读第3张表",
            created_by=owner,
        )
    window = visit()
    window.sign_in("20190618")
    window.go(f"/jobs/{job.pk}/")
    assert "3/10" in window.page.inner_text("#job-state")
    window.look("job")
    with tenant_context(site.tenant):
        Job.objects.filter(pk=job.pk).update(state="succeeded", done=10)
    window.page.wait_for_selector("#job-state:has-text('已完成')", timeout=5000)
    assert window.page.get_attribute("#job-state", "hx-get") is None, "nothing is asked any more"


def test_keyboard_reaches_the_content(visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", username="20190618")
    window = visit()
    window.sign_in("20190618")
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.className") == "zh-skip"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "main"
