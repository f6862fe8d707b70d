"""Finding out who is responsible, reading a procedure, importing a catalogue: at the desk and on the phone."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.web.catalogue_samples import school_year, small_catalogue

SHARED = Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[3] / "shared"))
HANDBOOK = SHARED / "documents" / "chongqing-routine-teaching-work.docx"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_staff_ask_who_is_responsible_and_read_the_procedure(
    size: Any, visit: Any, site: Any, person: Any
) -> None:
    school_year(site.tenant)
    small_catalogue(site.tenant)
    person(site.tenant, "staff", username="20200102")
    window = visit(size)
    window.sign_in("20200102")
    page = window.page
    if size == DESKTOP:
        page.fill("#top-q", "期末考试归谁管")
        page.press("#top-q", "Enter")
    else:
        page.click("header .zh-menu-btn[href='/search/']")
        page.fill("#big", "期末考试归谁管")
        page.press("#big", "Enter")
    page.wait_for_selector(".zh-answer")
    assert "教务处管，系部做" in page.inner_text(".zh-answer h2")
    window.look("search")
    page.click("text=看完整流程")
    page.wait_for_url("**/catalogue/procedures/**")
    assert page.locator(".zh-proc > li").count() == 3
    window.look("procedure")
    for name in (
        "",
        "posts/",
        "standards/",
        "procedures/",
        "calendar/?month=2026-12",
        "calendar/?week=2026-12-30",
        "versions/",
    ):
        window.go(f"/catalogue/{name}")
        window.look("catalogue-" + (name.split("/")[0] or "overview") + ("-week" if "week" in name else ""))
    window.go("/catalogue/")
    page.click("text=教务处")
    page.wait_for_url("**/departments/**")
    page.click("text=展开标准")
    page.wait_for_selector("text=每年9月25日前办完注册")
    window.look("catalogue-department")
    page.click(".zh-post >> nth=0")
    page.wait_for_url("**/posts/**")
    window.look("catalogue-post")


@pytest.mark.skipif(not HANDBOOK.exists(), reason="the shared handbook is not on this machine")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.usefixtures("files")
def test_import_from_file_to_force(size: Any, visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", username="20190618")
    window = visit(size)
    window.sign_in("20190618")
    page = window.page
    window.go("/catalogue/")
    page.click("text=导入职责目录")
    window.look("catalogue-import")
    page.set_input_files("input[type=file]", HANDBOOK)
    page.fill("[name=title]", "教学常规工作手册")
    page.click("main button.btn-primary")
    page.wait_for_url("**/catalogue/import/*-*/")
    assert "认出是工作流程手册" in page.inner_text(".zh-lead")
    assert "45项流程" in page.inner_text(".zh-lead")
    window.look("catalogue-review")
    page.click("main .zh-head form button")
    page.wait_for_url("**/findings/")
    window.look("catalogue-findings")
    page.check("[name=finding] >> nth=0")
    page.click("text=选中的已核对")
    page.wait_for_selector("text=已核对1处")
    window.go("/catalogue/versions/")
    page.click("text=批准并施行")
    page.fill("[name=approved_by]", "校长办公会")
    page.click("main button.btn-primary")
    page.wait_for_url("**/catalogue/")
    assert "45项流程" in page.inner_text("h1")


def test_dark(visit: Any, site: Any, person: Any) -> None:
    school_year(site.tenant)
    small_catalogue(site.tenant)
    person(site.tenant, "staff", username="20200102")
    window = visit(DESKTOP, scheme="dark")
    window.sign_in("20200102")
    for name, path in (
        ("search", "/search/?q=新生学籍注册"),
        ("calendar", "/catalogue/calendar/?month=2026-12"),
    ):
        window.go(path)
        window.look(f"dark-{name}")
