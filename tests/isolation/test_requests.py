"""Two colleges over HTTP: hosts, sessions, caches."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tenants.registry.context import current_schema, tenant_context
from tenants.registry.hosts import forget_hosts, normal_host, tenant_for_host
from tenants.registry.middleware import TenantMiddleware
from tenants.registry.models import Domain, Tenant, TenantState
from zhiheng.accounts.models import User


def served(host: str, path: str = "/") -> tuple[HttpResponse, list[tuple[str, str]]]:
    """Answer of the middleware, and (schema, urlconf) of each call that went through."""
    seen: list[tuple[str, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((current_schema(), str(request.urlconf)))
        return HttpResponse("ok")

    request = RequestFactory().get(path, headers={"host": host})
    return TenantMiddleware(view)(request), seen


def test_each_host_gets_its_tenant_and_pages(
    college_a: Tenant, college_b: Tenant, province: Tenant, public_tenant: Tenant
) -> None:
    expected = {
        "alpha.testserver.localhost": (college_a.schema_name, "zhiheng.project.urls.college"),
        "beta.testserver.localhost": (college_b.schema_name, "zhiheng.project.urls.college"),
        "gamma.testserver.localhost": (province.schema_name, "zhiheng.project.urls.province"),
        "testserver": ("public", "zhiheng.project.urls.public"),
        "ALPHA.testserver.localhost.:8000": (college_a.schema_name, "zhiheng.project.urls.college"),
    }
    for host, seen in expected.items():
        response, calls = served(host)
        assert response.status_code == 200, host
        assert calls == [seen], host
    assert current_schema() == "public"


@pytest.mark.parametrize(
    "host",
    ["nobody.example.com", "alpha", "testserver.localhost", "127.0.0.1:8000", "bad host", "[::1]", "x" * 300],
)
def test_unknown_host_is_404_in_chinese(db: None, host: str) -> None:
    response, calls = served(host)
    assert response.status_code == 404
    assert calls == []
    assert "没有这个网址" in response.content.decode()


def test_health_answers_on_any_host(db: None) -> None:
    client = Client(SERVER_NAME="10.0.0.7")
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok", "database": "ok"}
    assert client.get("/healthy").status_code == 404


def test_suspended_tenant_is_404_at_once(college_a: Tenant) -> None:
    assert tenant_for_host("alpha.testserver.localhost") == college_a
    Tenant.objects.filter(pk=college_a.pk).update(state=TenantState.SUSPENDED)
    forget_hosts()
    try:
        assert served("alpha.testserver.localhost")[0].status_code == 404
    finally:
        forget_hosts()


def test_host_is_looked_up_once(college_a: Tenant, max_queries: Any) -> None:
    forget_hosts()
    with max_queries(1) as sent:
        for _ in range(3):
            assert served("alpha.testserver.localhost")[0].status_code == 200
    assert len(sent) == 1


def test_unknown_hosts_are_remembered_too(db: None, max_queries: Any) -> None:
    forget_hosts()
    with max_queries(1):
        for _ in range(3):
            assert tenant_for_host("nobody.example.com") is None


def test_memory_for_hosts_is_bounded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenants.registry import hosts

    monkeypatch.setattr(hosts, "LIMIT", 5)
    for number in range(12):
        tenant_for_host(f"h{number}.example.com")
    assert len(hosts._known) == 5
    forget_hosts()


def test_answers_grow_old(college_a: Tenant, settings: Any) -> None:
    settings.TENANT_HOST_CACHE_SECONDS = 0
    forget_hosts()
    assert tenant_for_host("alpha.testserver.localhost") == college_a
    Domain.objects.filter(tenant=college_a).delete()
    assert tenant_for_host("alpha.testserver.localhost") is None


def test_normal_host() -> None:
    assert normal_host("WWW.Example.com.:443") == "example.com"
    assert normal_host("[::1]:8000") == "[::1]"


def test_session_of_one_college_means_nothing_to_another(
    college_a: Tenant, college_b: Tenant, client_for: Callable[..., Client]
) -> None:
    with tenant_context(college_a):
        user = User.objects.create(username="1001", name="张三")
    with tenant_context(college_b):
        User.objects.create(pk=user.pk, username="2002", name="李四")
    client = client_for(college_a, user)
    stranger = client_for(college_b)
    stranger.cookies = client.cookies
    assert session_user_id(client, college_a) == str(user.pk)
    assert session_user_id(stranger, college_b) is None


def session_user_id(client: Client, tenant: Tenant) -> str | None:
    """Whom the session cookie signs in at a tenant."""
    from django.contrib.sessions.models import Session

    key = client.cookies["sessionid"].value
    with tenant_context(tenant):
        session = Session.objects.filter(pk=key).first()
        return session.get_decoded().get("_auth_user_id") if session else None


def test_cache_keys_carry_the_tenant(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        cache.set("user:admin", "甲校的")
        assert cache.get("user:admin") == "甲校的"
    with tenant_context(college_b):
        assert cache.get("user:admin") is None
