"""Tasks carry their tenant, and beat reaches every tenant of a kind."""

from typing import Any

import pytest
from celery import current_app

from tenants.registry.context import current_schema
from tenants.registry.models import Tenant
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.tasks import TenantTask, each_tenant

seen: list[str] = []


@current_app.task(base=TenantTask, name="test.where")
def where() -> None:
    """Remember in which schema the body ran."""
    seen.append(current_schema())


def test_a_task_runs_inside_its_tenant(college_a: Tenant) -> None:
    seen.clear()
    where(tenant=college_a.schema_name)
    assert seen == [college_a.schema_name]
    assert current_schema() == "public"


@pytest.mark.usefixtures("db")
def test_a_task_without_tenant_does_not_run() -> None:
    seen.clear()
    with pytest.raises(Problem, match="没有写明属于哪所学校"):
        where()
    assert seen == []


def test_beat_sends_once_for_every_tenant_of_the_kind(
    college_a: Tenant, college_b: Tenant, province: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    def send(*, kwargs: dict[str, Any]) -> None:
        sent.append(kwargs)

    monkeypatch.setattr(where, "apply_async", send)
    count = each_tenant("test.where", "college")
    names = {one["tenant"] for one in sent}
    assert {college_a.schema_name, college_b.schema_name} <= names
    assert province.schema_name not in names
    assert count == len(sent)
