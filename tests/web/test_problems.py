"""Failures as pages, notes and problem details."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory

from zhiheng.kernel.errors import Code, Problem
from zhiheng.web.problems import ADVICE, ProblemMiddleware, new_id, render_problem, server_error


def _request(path: str = "/x/", **headers: str) -> Any:
    request = RequestFactory(headers=headers).get(path)
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("code", list(Code))
def test_every_code_renders_with_its_status(code: Code) -> None:
    answer = render_problem(_request(), Problem(code))
    assert answer.status_code == code.value.status
    text = answer.content.decode()
    assert str(Problem(code)) in text.replace("&#x27;", "'").replace("&quot;", '"') or "“" in str(
        Problem(code)
    )
    assert re.search(r"E-\d{4}-[2-9A-HJ-NP-Z]{4}", text)


def test_every_status_of_the_list_has_its_advice() -> None:
    assert {code.value.status for code in Code} <= set(ADVICE)


def test_fragment_goes_above_the_content() -> None:
    answer = render_problem(_request(**{"HX-Request": "true"}), Problem(Code.CONFLICT, what="指标"))
    text = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#problems"
    assert "指标刚被别人改过" in text
    assert "<html" not in text


def test_machines_get_problem_details() -> None:
    answer = render_problem(_request("/api/v1/units/"), Problem(Code.NOT_FOUND))
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert (body["status"], body["type"]) == (404, "urn:zhiheng:problem:not_found")


def test_middleware_knows_the_expected_failures() -> None:
    middleware = ProblemMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]
    assert middleware.process_exception(_request(), Http404()).status_code == 404  # type: ignore[union-attr]
    assert middleware.process_exception(_request(), Problem(Code.STATE)).status_code == 409  # type: ignore[union-attr]
    assert middleware.process_exception(_request(), RuntimeError()) is None


def test_data_of_a_problem_is_escaped() -> None:
    problem = Problem(Code.FILE_UNREADABLE, name="<script>alert(1)</script>", reason="x", advice="y")
    assert "<script>alert" not in render_problem(_request(), problem).content.decode()


def test_unexpected_error_still_gives_a_page() -> None:
    answer = server_error(_request())
    assert answer.status_code == 500
    assert "再试一次" in answer.content.decode()


def test_ids_can_be_read_over_the_phone() -> None:
    assert all(re.fullmatch(r"E-\d{4}-[2-9A-HJ-NP-Z]{4}", new_id()) for _unused in range(200))


def test_unknown_address_inside_a_college(college_a: Any, client_for: Any, person: Any) -> None:
    signed_out = client_for(college_a).get("/no/such/page/")
    assert (signed_out.status_code, "没有找到这一页" in signed_out.content.decode()) == (404, True)
    inside = client_for(college_a, person(college_a, "quality")).get("/no/such/page/")
    assert inside.status_code == 404
    assert 'class="zh-nav"' in inside.content.decode(), "the frame stays around the message"


def test_fragment_request_of_a_signed_out_visitor(college_a: Any, client_for: Any) -> None:
    answer = client_for(college_a).get(
        "/jobs/", headers={"HX-Request": "true", "HX-Current-URL": "http://a.example/jobs/?page=3"}
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Fjobs%2F%3Fpage%3D3"
