"""The organisation at the desk and on the phone."""

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.web.samples import small_college


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_from_the_tree_to_a_unit_and_a_person(size: Any, visit: Any, site: Any, person: Any) -> None:
    small_college(site.tenant)
    person(site.tenant, "quality", username="20190618")
    window = visit(size)
    window.sign_in("20190618")
    window.go("/organisation/")
    window.look("units")
    window.page.click(".zh-tree >> text=质量管理办公室")
    window.page.wait_for_url("**/units/ZLB/")
    window.look("unit")
    window.page.click("text=吴静 >> nth=-1")
    window.page.wait_for_url("**/people/**")
    window.look("person")
    for name in ("chart", "posts", "people", "assessed", "calendar"):
        window.go(f"/organisation/{name}/")
        window.look(f"organisation-{name}")
