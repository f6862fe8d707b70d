"""The entry grid under the hands: arrows, a block from Excel, errors with a way out, two people, a dead network."""

from typing import Any

import pytest

from assessment.models import Fact
from tenants.registry.context import tenant_context
from tests.browser.conftest import DESKTOP, PHONE
from tests.web.year_samples import sample_year

GRID = "/facts/jx-2026/?supplier=教务处"


@pytest.fixture
def grid(visit: Any, site: Any) -> Any:
    """The assessor in front of the grid."""
    sample_year(site.tenant)
    window = visit(DESKTOP)
    window.sign_in("assessor")
    window.go(GRID)
    return window


def cell(window: Any, measure: str, unit: str) -> Any:
    """One input."""
    return window.page.locator(f'[data-m="{measure}"][data-u="{unit}"]')


def saved(window: Any) -> None:
    """Wait until the page says that everything is stored."""
    window.page.wait_for_selector("#grid-state >> text=已保存")


def stored(site: Any, measure: str, unit: str) -> Any:
    """What the database holds."""
    with tenant_context(site.tenant):
        return (
            Fact.objects.filter(cycle__code="jx-2026", measure=measure, unit__code=unit)
            .values_list("value", flat=True)
            .first()
        )


def paste(window: Any, measure: str, unit: str, text: str) -> None:
    """A block from the clipboard, as Excel gives it."""
    cell(window, measure, unit).evaluate(
        """(input, text) => { const data = new DataTransfer(); data.setData('text/plain', text);
           input.focus(); input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def test_arrows_move_and_typing_replaces(grid: Any, site: Any) -> None:
    cell(grid, "B.late", "ZN").focus()
    grid.page.keyboard.press("ArrowDown")
    grid.page.keyboard.type("7")
    grid.page.keyboard.press("ArrowRight")
    grid.page.keyboard.type("1")
    grid.page.keyboard.press("Enter")
    assert (
        grid.page.evaluate("document.activeElement.dataset.u + document.activeElement.dataset.m")
        == "XDB.lost"
    )
    saved(grid)
    assert (stored(site, "B.late", "XX"), stored(site, "B.lost", "XX")) == ("7", "1")
    assert "漏报次数" in grid.page.inner_text(".zh-grid-side")


def test_block_from_excel_with_one_bad_cell_and_its_repair(grid: Any, site: Any) -> None:
    paste(grid, "B.late", "XX", "3\t1\r\n1，5\t\r\n")
    grid.page.wait_for_selector("#grid-errors:not([hidden])")
    assert "信息工程学院" not in grid.page.inner_text("#grid-errors")
    assert "现代商务学院，报送·迟报次数" in grid.page.inner_text("#grid-errors")
    assert (stored(site, "B.late", "XX"), stored(site, "B.lost", "XX")) == ("3", "1")
    assert stored(site, "B.late", "XD") is None
    assert "刚粘贴2行×2列，3格" in grid.page.inner_text("#grid-undo")
    grid.look("grid-error")
    cell(grid, "B.late", "XD").fill("1")
    grid.page.wait_for_selector("#grid-errors", state="hidden")
    saved(grid)
    assert stored(site, "B.late", "XD") == "1"


def test_undo_takes_a_block_back(grid: Any, site: Any) -> None:
    paste(grid, "B.late", "ZN", "5\t6")
    saved(grid)
    assert (stored(site, "B.late", "ZN"), stored(site, "B.lost", "ZN")) == ("5", "6")
    with grid.page.expect_response(lambda answer: answer.url.endswith("/cells/")):
        grid.page.click("[data-grid-undo]")
    grid.page.wait_for_timeout(300)
    assert (stored(site, "B.late", "ZN"), stored(site, "B.lost", "ZN")) == ("0", "1")


def test_two_people_in_one_cell(grid: Any, visit: Any, site: Any) -> None:
    other = visit(DESKTOP)
    other.sign_in("quality")
    other.go(GRID)
    cell(other, "B.late", "ZN").fill("4")
    saved(other)
    cell(grid, "B.late", "ZN").fill("9")
    grid.page.wait_for_selector("#grid-errors:not([hidden])")
    assert "周敏刚改成4，您填的是9" in grid.page.inner_text("#grid-errors")
    assert stored(site, "B.late", "ZN") == "4"
    grid.look("grid-conflict")
    grid.page.click("text=用我的")
    grid.page.wait_for_selector("#grid-errors", state="hidden")
    saved(grid)
    assert stored(site, "B.late", "ZN") == "9"


def test_typing_goes_on_without_network_and_is_stored_when_it_is_back(grid: Any, site: Any) -> None:
    grid.page.context.set_offline(True)
    cell(grid, "B.late", "XX").fill("6")
    grid.page.wait_for_selector("#grid-state >> text=网络断了")
    cell(grid, "B.lost", "XX").fill("1")
    assert stored(site, "B.late", "XX") is None
    grid.page.context.set_offline(False)
    saved(grid)
    assert (stored(site, "B.late", "XX"), stored(site, "B.lost", "XX")) == ("6", "1")


def test_typed_values_survive_the_loss_of_the_window(grid: Any, site: Any) -> None:
    context = grid.page.context
    context.set_offline(True)
    cell(grid, "B.late", "XX").fill("6")
    grid.page.wait_for_selector("#grid-state >> text=网络断了")
    grid.page.close()
    context.set_offline(False)
    assert stored(site, "B.late", "XX") is None
    grid.page = context.new_page()
    grid.go(GRID)
    saved(grid)
    assert cell(grid, "B.late", "XX").input_value() == "6"
    assert stored(site, "B.late", "XX") == "6"


def test_one_measure_at_a_time_on_a_phone(visit: Any, site: Any) -> None:
    sample_year(site.tenant)
    window = visit(PHONE)
    window.sign_in("assessor")
    window.go(GRID)
    assert cell(window, "B.late", "XX").is_visible()
    assert not cell(window, "B.lost", "XX").is_visible()
    window.look("grid-phone")
    window.page.click("[data-grid-next] >> nth=0")
    cell(window, "B.lost", "XX").fill("2")
    saved(window)
    assert stored(site, "B.lost", "XX") == "2"
