"""The year in the browser: the quality office looks and closes, the results explain themselves, at two widths and in the dark."""

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.web.year_samples import sample_year

LOOKS = {
    "quality": (
        ("workbench", "/"),
        ("cycles", "/cycles/"),
        ("cycle", "/cycles/jx-2026/"),
        ("cycle-move", "/cycles/jx-2025/moves/correct/"),
        ("cycle-new", "/cycles/new/"),
        ("facts", "/facts/"),
        ("results", "/results/jx-2025/"),
        ("components", "/results/jx-2025/components/"),
        ("years", "/results/jx-2025/years/"),
        ("decisions", "/results/jx-2026/decisions/"),
        ("decision-new", "/results/jx-2026/decisions/new/"),
        ("runs", "/results/jx-2026/runs/"),
        ("notice", "/results/jx-2025/notice/"),
        ("unit-result", "/results/jx-2025/units/XX/"),
        ("explanation", "/results/jx-2025/units/XX/explain/?node=A"),
        ("schemes", "/schemes/"),
        ("scheme", "/schemes/jx/1/?node=B"),
        ("scheme-readings", "/schemes/jx/1/readings/"),
        ("scheme-measures", "/schemes/jx/1/measures/"),
        ("scheme-outcomes", "/schemes/jx/1/outcomes/"),
        ("scheme-diff", "/schemes/jx/1/diff/"),
        ("templates", "/schemes/templates/"),
    ),
    "assessor": (("workbench-assessor", "/"), ("grid", "/facts/")),
    "head": (("workbench-head", "/"), ("own-result", "/results/")),
    "leader": (("workbench-leader", "/"),),
}


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("who", list(LOOKS))
def test_pages_look_right(size: Any, who: str, visit: Any, site: Any) -> None:
    sample_year(site.tenant)
    window = visit(size)
    window.sign_in(who)
    for name, path in LOOKS[who]:
        window.go(path)
        window.look(name)


def test_pages_look_right_in_the_dark(visit: Any, site: Any) -> None:
    sample_year(site.tenant)
    window = visit(DESKTOP)
    window.sign_in("quality")
    window.page.click("[data-theme-toggle]")
    for name, path in (
        ("workbench", "/"),
        ("results", "/results/jx-2025/"),
        ("scheme", "/schemes/jx/1/?node=A"),
    ):
        window.go(path)
        window.look(f"{name}-dark")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_from_the_ranking_to_one_formula_and_back(size: Any, visit: Any, site: Any) -> None:
    sample_year(site.tenant)
    window = visit(size)
    window.sign_in("quality")
    window.page.goto(f"{window.url}/results/")
    window.page.click("table >> text=信息工程学院")
    drawer = window.page.locator(".zh-drawer")
    drawer.wait_for()
    drawer.locator("summary >> text=就业").click()
    assert "60 × 0.8 ÷ 0.9" in drawer.inner_text()
    window.look("results-drawer")
    window.page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    assert window.page.evaluate("document.activeElement.textContent") == "信息工程学院"


def test_year_from_entry_to_approval_by_three_people(visit: Any, site: Any) -> None:
    sample_year(site.tenant)
    assessor = visit(DESKTOP)
    assessor.sign_in("assessor")
    assessor.page.click("text=打开填报表")
    fill = {("B.late", "XX"): "1", ("B.lost", "XX"): "0", ("B.late", "XD"): "2", ("B.lost", "XD"): "0"}
    for (measure, unit), text in fill.items():
        assessor.page.fill(f'[data-m="{measure}"][data-u="{unit}"]', text)
    assessor.page.wait_for_selector("#grid-state >> text=已保存")
    assessor.page.click("text=提交给质量办")
    assessor.page.wait_for_selector("text=已提交")
    quality = visit(DESKTOP)
    quality.sign_in("quality")
    quality.page.click("text=复核：教务处的数据")
    quality.page.click("text=复核通过")
    quality.page.wait_for_selector("text=教务处的数据已复核")
    quality.go("/cycles/jx-2026/")
    assert quality.page.locator("text=2个部门，1个已复核").count() == 1
    quality.look("cycle-approved")
