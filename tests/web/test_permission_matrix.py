"""Every route against every kind of visitor; a route that is missing from the table fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.routes import MATRIX, NOBODY, OPEN, SIGNED_IN, Rule, routes_of
from zhiheng.accounts.roles import PERMISSIONS, ROLE_PERMISSIONS, roles_for

KINDS = ("college", "province", "public")
GUARDED = [
    (kind, name)
    for kind in KINDS
    for name, rule in MATRIX[kind].items()
    if rule.right not in {OPEN} and "health" not in name
]
WITH_RIGHT = [(kind, name) for kind, name in GUARDED if MATRIX[kind][name].right not in {SIGNED_IN}]


@pytest.fixture
def tenant_of(college_a: Any, province: Any, public_tenant: Any) -> Callable[[str], Any]:
    """The test's tenant of a kind."""
    return {"college": college_a, "province": province, "public": public_tenant}.__getitem__


def _address(kind: str, name: str) -> str:
    kwargs = dict(MATRIX[kind][name].kwargs)
    return reverse(name, urlconf=f"zhiheng.project.urls.{kind}", kwargs=kwargs)


def _ask(client: Client, kind: str, name: str) -> Any:
    method = client.post if MATRIX[kind][name].post else client.get
    return method(_address(kind, name))


@pytest.mark.parametrize("kind", KINDS)
def test_table_and_resolver_name_the_same_routes(kind: str) -> None:
    found = {name for name, _pattern in routes_of(kind)}
    assert found == set(MATRIX[kind]), f"tests/web/routes.py and the {kind} addresses differ"


@pytest.mark.parametrize("kind", KINDS)
def test_view_carries_the_right_of_the_table(kind: str) -> None:
    wanted = {OPEN: None, SIGNED_IN: ""}
    for name, pattern in routes_of(kind):
        if name.startswith("health"):
            continue
        view = getattr(pattern.callback, "view_class", pattern.callback)
        right = getattr(view, "required_permission", "(no mark)")
        rule = MATRIX[kind][name]
        assert right == wanted.get(rule.right, rule.right), f"{kind} {name} is marked {right!r}"


def test_rights_of_the_table_exist() -> None:
    named = {rule.right for table in MATRIX.values() for rule in table.values()}
    assert named - {OPEN, SIGNED_IN} <= set(PERMISSIONS)


@pytest.mark.parametrize(("kind", "name"), GUARDED)
def test_signed_out_goes_to_sign_in(kind: str, name: str, tenant_of: Any, client_for: Any) -> None:
    answer = _ask(client_for(tenant_of(kind)), kind, name)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(("kind", "name"), WITH_RIGHT)
def test_without_the_right_is_forbidden(
    kind: str, name: str, tenant_of: Any, client_for: Any, person: Any
) -> None:
    tenant = tenant_of(kind)
    answer = _ask(client_for(tenant, person(tenant)), kind, name)
    assert answer.status_code == 403
    assert "您的角色不能" in answer.content.decode()


@pytest.mark.parametrize(("kind", "name"), GUARDED)
def test_with_the_right_it_answers(
    kind: str, name: str, tenant_of: Any, client_for: Any, person: Any
) -> None:
    tenant, rule = tenant_of(kind), MATRIX[kind][name]
    client = client_for(tenant, person(tenant, *_role_with(kind, rule)))
    answer = _ask(client, kind, name)
    if rule.kwargs:
        assert answer.status_code == 404, "an object that nobody has must not be found"
    else:
        assert answer.status_code in ({302, 422} if rule.post else {200})


@pytest.mark.parametrize("name", [name for kind, name in GUARDED if kind == "college"])
def test_session_of_another_college_is_worth_nothing(
    name: str, college_a: Any, college_b: Any, client_for: Any, person: Any
) -> None:
    """The cookie of a session in college B, sent to college A, is a signed-out visitor."""
    rule = MATRIX["college"][name]
    insider = client_for(college_b, person(college_b, *_role_with("college", rule)))
    visitor = client_for(college_a)
    visitor.cookies = insider.cookies
    answer = _ask(visitor, "college", name)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def _role_with(kind: str, rule: Rule) -> list[str]:
    if rule.right == SIGNED_IN:
        return []
    held = [role.code for role in roles_for(kind) if rule.right in ROLE_PERMISSIONS[role.code]]
    assert held, f"no role of a {kind} has {rule.right}"
    return held[:1]


def test_placeholder_object_is_no_real_one() -> None:
    assert str(NOBODY).startswith("00000000")
