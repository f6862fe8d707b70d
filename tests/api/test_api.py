"""The API: tokens per tenant, rights, problem details, pages by cursor, repeatable writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from assessment.models import Cycle, Fact, Run
from assessment.services.cycles import cycle_move
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.accounts.services.tokens import token_issue
from zhiheng.kernel.models import Job

ClientFor = Callable[..., Client]
RIGHTS = {
    "units": "unit.view", "posts": "unit.view", "people": "person.view", "assessed_units": "unit.view",
    "departments": "catalog.view", "work_items": "catalog.view", "procedures": "catalog.view", "procedure": "catalog.view",
    "schemes": "scheme.view", "scheme_version": "scheme.view", "cycles": "cycle.view", "cycle": "cycle.view",
    "facts": "fact.view", "runs": "result.view", "run": "result.view", "results": "result.view", "scores": "result.view",
    "explanation": "result.view", "job": "job.view", "releases": "benchmark.view", "peers": "benchmark.view",
    "progress": "provincial.view", "distributions": "provincial.view", "reports": "provincial.view",
    "report": "provincial.view",
}  # fmt: skip
OPEN = {"openapi"}


def _bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_issue(user=user, name='测试', acting_user=None).text}"}


@pytest.fixture
def call(college_a: Tenant, client_for: ClientFor, people: dict[str, User]) -> Callable[..., Any]:
    """``call("get", "units/", who="head", data=…)`` with that user's token."""
    client = client_for(college_a)
    tokens = {name: _bearer(user) for name, user in people.items()}

    def send(method: str, address: str, who: str = "quality", data: Any = None, **headers: str) -> Any:
        extra = {"content_type": "application/json", "data": data} if data is not None else {}
        return getattr(client, method)(f"/api/v1/{address}", headers={**tokens[who], **headers}, **extra)

    return send


def _views(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns, prefix + str(one.pattern))
            elif isinstance(one, URLPattern) and prefix.startswith("api/v1/"):
                found[str(one.name)] = getattr(one.callback, "view_class")  # noqa: B009

    walk(get_resolver(f"zhiheng.project.urls.{kind}").url_patterns, "")
    return found


@pytest.mark.parametrize("kind", ["college", "province"])
def test_every_route_is_in_the_table_with_its_right(kind: str) -> None:
    for name, view in _views(kind).items():
        if name not in OPEN:
            assert view.rights["GET"] == RIGHTS[name], name


@pytest.mark.usefixtures("cycle")
def test_without_token_401_with_a_problem(college_a: Tenant, client_for: ClientFor) -> None:
    answer = client_for(college_a).get("/api/v1/units/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["title"] == "SIGN_IN_REQUIRED"


def test_a_token_of_another_college_is_unknown(
    college_b: Tenant, client_for: ClientFor, people: dict[str, User]
) -> None:
    headers = _bearer(people["quality"])
    assert client_for(college_b).get("/api/v1/units/", headers=headers).status_code == 401


def test_without_the_right_403(call: Callable[..., Any], cycle: Cycle) -> None:
    answer = call("get", f"cycles/{cycle.code}/runs/", who="head")
    assert (answer.status_code, answer.json()["title"]) == (403, "PERMISSION_DENIED")


def test_an_unknown_object_is_404(call: Callable[..., Any]) -> None:
    answer = call("get", "cycles/nobody/")
    assert (answer.status_code, answer.json()["title"]) == (404, "NOT_FOUND")


def test_pages_by_cursor(call: Callable[..., Any], cycle: Cycle) -> None:
    first = call("get", "assessed-units/?page_size=2").json()
    assert [u["code"] for u in first["results"]] == ["T1", "T2"]
    second = call("get", first["next"].split("/api/v1/")[1]).json()
    assert [u["code"] for u in second["results"]] == ["T3"]
    assert second["next"] is None


def _cells(*values: tuple[str, str, Any]) -> dict[str, Any]:
    return {"origin": "接口", "cells": [{"measure": m, "unit": u, "value": v} for m, u, v in values]}


def test_facts_are_stored_together_or_not_at_all(
    call: Callable[..., Any], cycle: Cycle, people: dict[str, User]
) -> None:
    cycle_move(cycle=cycle, action="open", acting_user=people["quality"])
    wrong = call(
        "put", f"cycles/{cycle.code}/facts/", data=_cells(("rate", "T1", "0.9"), ("late", "T1", "1.5"))
    )
    assert wrong.status_code == 400
    assert wrong.json()["detail"] == "请核对cells[1]：“1.5”不是整数。这一项按个数计，请填整数"
    assert not Fact.objects.exists()
    right = call(
        "put", f"cycles/{cycle.code}/facts/", data=_cells(("rate", "T1", "0.9"), ("months", "T1", ["2", "3"]))
    )
    assert (right.status_code, right.json()) == (200, {"created": 2, "changed": 0, "same": 0})
    listed = call("get", f"cycles/{cycle.code}/facts/").json()["results"]
    assert [(f["measure"], f["value"], f["source"]) for f in listed] == [
        ("rate", "0.9", "接口"),
        ("months", ["2", "3"], "接口"),
    ]


def test_a_repeated_write_gives_the_first_answer(call: Callable[..., Any], cycle: Cycle) -> None:
    sends = [
        call("post", f"cycles/{cycle.code}/runs/", data={"kind": "preview"}, **{"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [one.status_code for one in sends] == [202, 202]
    assert sends[0].json() == sends[1].json()
    assert Run.objects.count() == 1
    assert Job.objects.count() == 1
    other = call("post", f"cycles/{cycle.code}/runs/", data={"kind": "official"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["title"]) == (422, "KEY_REUSED")


def test_a_failed_write_leaves_its_key_free(call: Callable[..., Any], cycle: Cycle) -> None:
    refused = call(
        "post", f"cycles/{cycle.code}/runs/", data={"kind": "official"}, **{"Idempotency-Key": "k2"}
    )
    assert (refused.status_code, refused.json()["title"]) == (409, "STATE")
    again = call("post", f"cycles/{cycle.code}/runs/", data={"kind": "preview"}, **{"Idempotency-Key": "k2"})
    assert again.status_code == 202


@pytest.mark.parametrize(
    ("body", "place"), [({}, "kind"), ({"kind": "final"}, "kind"), ("[1]", "non_field_errors"), ("{", "")]
)
def test_bad_bodies_are_told_with_their_place(
    call: Callable[..., Any], cycle: Cycle, body: Any, place: str
) -> None:
    answer = call("post", f"cycles/{cycle.code}/runs/", data=body)
    assert answer.status_code == 400
    errors = answer.json()["data"].get("errors", [{"place": ""}])
    assert [one["place"] for one in errors] == [place]


def test_a_province_asks_for_its_progress(province: Tenant, client_for: ClientFor) -> None:
    from zhiheng.accounts.services.roles import role_grant
    from zhiheng.accounts.services.users import user_create

    with tenant_context(province):
        officer = user_create(username="officer", name="省", password=None, acting_user=None)
        role_grant(user=officer, role="officer", acting_user=None)
        headers = _bearer(officer)
    answer = client_for(province).get("/api/v1/progress/2025/", headers=headers)
    assert (answer.status_code, answer.json()["results"]) == (200, [])
