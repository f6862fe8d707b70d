"""The fixtures themselves: roll back, commit for real, count, refuse writes."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import connections, transaction
from django.test import Client

from tenants.registry.connection import tenant_connection
from tenants.registry.context import current_schema, tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User


@pytest.mark.parametrize("turn", [1, 2])
def test_everything_is_rolled_back(college_a: Tenant, province: Tenant, turn: int) -> None:
    for tenant in (college_a, province):
        with tenant_context(tenant):
            User.objects.create(username="same", name=str(turn))
    Tenant.objects.filter(pk=college_a.pk).update(name=f"改名{turn}")


def test_names_are_as_they_were(college_a: Tenant) -> None:
    assert Tenant.objects.get(pk=college_a.pk).name == "甲职业技术学院"


@pytest.mark.django_db
def test_the_mark_rolls_back_as_well(session_tenants: Any) -> None:
    with tenant_context(session_tenants.alpha):
        User.objects.create(username="same", name="标记")
        assert tenant_connection().in_atomic_block


def test_in_college(in_college: Tenant) -> None:
    assert current_schema() == in_college.schema_name


def test_on_commit_runs_when_asked(in_college: Tenant, django_capture_on_commit_callbacks: Any) -> None:
    done: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        transaction.on_commit(lambda: done.append("发出"))
        assert done == []
    assert done == ["发出"]


def test_fresh_college_is_seen_by_others(fresh_college: Tenant) -> None:
    """By another thread, as a worker or a live server would."""
    with tenant_context(fresh_college), transaction.atomic():
        User.objects.create(username="1", name="提交了")
    seen: list[str] = []

    def look() -> None:
        with tenant_context(fresh_college):
            seen.extend(User.objects.values_list("name", flat=True))
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["提交了"]


def test_fresh_college_has_gone(session_tenants: Any, database_url: str) -> None:
    superuser = psycopg2.connect(database_url)
    with superuser, superuser.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_tenant WHERE code = 'fresh'")
        assert cursor.fetchone() == (0,)
    superuser.close()


def test_client_for(college_a: Tenant, client_for: Callable[..., Client]) -> None:
    with tenant_context(college_a):
        user = User.objects.create(username="1001", name="张三")
    assert client_for(college_a).get("/health/live").status_code == 200
    client = client_for(college_a, user)
    with tenant_context(college_a):
        assert client.session["_auth_user_id"] == str(user.pk)


def test_max_queries(in_college: Tenant, max_queries: Any) -> None:
    with max_queries(2) as sent, transaction.atomic():
        User.objects.count()
        User.objects.exists()
    assert len(sent) == 2
    with pytest.raises(AssertionError, match="2 statements, 1 allowed"), max_queries(1):
        assert User.objects.count() == User.objects.filter(is_active=True).count()


def test_no_writes(in_college: Tenant, no_writes: Any) -> None:
    with no_writes():
        assert list(User.objects.all()) == []
    with pytest.raises(AssertionError, match="a write"), no_writes():
        User.objects.update(name="x")
    with pytest.raises(AssertionError, match="a lock"), no_writes():
        list(User.objects.select_for_update())
