"""English pages at the desk and on the phone: chosen in the menu, kept, nothing too wide."""

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.web.samples import small_college

PAGES = {
    "units": "/organisation/",
    "people": "/organisation/people/",
    "calendar": "/organisation/calendar/",
    "peers": "/peers/",
    "prefs": "/settings/display/",
}


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_english_from_the_menu_on(size: Any, visit: Any, site: Any, person: Any) -> None:
    person(site.tenant, "quality", "admin", username="20190618")
    small_college(site.tenant)
    window = visit(size)
    window.sign_in("20190618")
    window.page.click(".zh-who")
    window.page.click("button[name=language]")
    window.page.wait_for_selector("html[lang=en]", state="attached")
    assert "Workbench" in window.page.inner_text("nav") or size == PHONE
    for name, path in PAGES.items():
        window.go(path)
        window.look(f"english-{name}")
        assert window.page.get_attribute("html", "lang") == "en"


def test_scripts_speak_english(visit: Any) -> None:
    window = visit()
    window.go("/sign-in/")
    assert window.page.evaluate("gettext('已复制')") == "已复制"
    window.page.click("button[name=language]")
    window.page.wait_for_selector("html[lang=en]", state="attached")
    window.look("english-sign-in")
    assert window.page.evaluate("gettext('已复制')") == "Copied"
