"""The workbench: first steps of a new college, nothing to do, few queries; display settings."""

from typing import Any

import pytest

from tenants.registry.context import tenant_context
from tests.web.samples import small_college


def test_new_college_is_told_where_to_begin(college_a: Any, client_for: Any, person: Any) -> None:
    text = client_for(college_a, person(college_a, "admin")).get("/").content.decode()
    assert "还有4步（共4步）" in text
    assert 'href="/organisation/import/"' in text


def test_steps_done_are_counted_off(college_a: Any, client_for: Any, person: Any) -> None:
    small_college(college_a)
    text = client_for(college_a, person(college_a, "admin")).get("/").content.decode()
    assert "还有1步（共4步）" in text


def test_staff_see_no_first_steps(college_a: Any, client_for: Any, person: Any) -> None:
    text = client_for(college_a, person(college_a, "staff")).get("/").content.decode()
    assert "开始用之前" not in text
    assert "现在没有要您处理的事" in text


@pytest.mark.parametrize(("fixture", "role"), [("college_a", "quality"), ("province", "officer")])
def test_workbench_is_cheap(fixture: str, role: str, request: Any, client_for: Any, max_queries: Any) -> None:
    tenant, person = request.getfixturevalue(fixture), request.getfixturevalue("person")
    client = client_for(tenant, person(tenant, role))
    with max_queries(12):
        assert client.get("/").status_code == 200


def test_navigation_shows_only_what_one_may_open(college_a: Any, client_for: Any, person: Any) -> None:
    quality = client_for(college_a, person(college_a, "quality")).get("/").content.decode()
    assert ("后台任务" in quality, "单位与岗位" in quality) == (True, True)
    nobody = client_for(college_a, person(college_a)).get("/").content.decode()
    assert ("后台任务" in nobody, "单位与岗位" in nobody) == (False, False)


def test_theme_and_density_are_kept_and_checked(college_a: Any, client_for: Any) -> None:
    client = client_for(college_a)
    answer = client.post(
        "/settings/display/display/", {"theme": "dark", "density": "compact", "next": "/sign-in/"}
    )
    assert answer["Location"] == "/sign-in/"
    text = client.get("/sign-in/").content.decode()
    assert 'data-bs-theme="dark" data-density="compact"' in text
    client.post("/settings/display/display/", {"theme": '"><script>', "next": "https://evil.example/"})
    assert client.cookies["zh_theme"].value == "dark"


def test_policy_allows_no_inline_script(college_a: Any, client_for: Any) -> None:
    policy = client_for(college_a).get("/sign-in/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_year_is_kept_in_the_session(college_a: Any, client_for: Any, person: Any) -> None:
    client = client_for(college_a, person(college_a, "quality"))
    assert client.post("/settings/display/year/", {"year": "2025", "next": "/jobs/"})["Location"] == "/jobs/"
    client.post("/settings/display/year/", {"year": "20x5"})
    with tenant_context(college_a):
        assert client.session["year"] == 2025
