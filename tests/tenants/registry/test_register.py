"""Finding tenants, entering them for jobs, log lines, settings."""

import json
import logging
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tenants.registry.context import current_schema, public_context, tenant_context
from tenants.registry.models import Tenant, TenantState
from tenants.registry.selectors.tenants import (
    active_schemas,
    active_tenants,
    schema_context,
    tenant_by_code,
)
from zhiheng.accounts.models import User
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditSeal
from zhiheng.kernel.tasks import seal_audit
from zhiheng.project.settings.database import database, kept_secret
from zhiheng.project.settings.logs import logging_config


def test_active_tenants(college_a: Tenant, college_b: Tenant, province: Tenant) -> None:
    assert active_tenants() == [college_a, college_b, province]
    assert active_tenants("province") == [province]
    Tenant.objects.filter(pk=college_b.pk).update(state=TenantState.SUSPENDED)
    assert active_tenants("college") == [college_a]
    assert active_schemas() == ["public", college_a.schema_name, province.schema_name]


def test_found_from_inside_another_tenant(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        assert tenant_by_code("beta") == college_b
        assert current_schema() == college_a.schema_name
        with pytest.raises(Problem) as caught:
            tenant_by_code("nobody")
    assert caught.value.code is Code.NOT_FOUND


def test_jobs_enter_their_tenant_and_no_closed_one(college_a: Tenant, college_b: Tenant) -> None:
    with schema_context(college_a.schema_name):
        assert current_schema() == college_a.schema_name
    Tenant.objects.filter(pk=college_b.pk).update(state=TenantState.SUSPENDED)
    for schema in (college_b.schema_name, "t_999999", "public; DROP TABLE x"):
        with pytest.raises(Problem) as caught, schema_context(schema):
            pass
        assert caught.value.code is Code.TENANT_REQUIRED


def test_platform_tasks_run_in_public(public_tenant: Tenant) -> None:
    with schema_context("public"):
        assert current_schema() == "public"


def test_task_works_in_its_tenant_only(college_a: Tenant, college_b: Tenant) -> None:
    for tenant in (college_a, college_b):
        with tenant_context(tenant), transaction.atomic():
            user = User.objects.create(username="1", name="甲")
            audit.record(acting_user=user, action="user.create", target=user)
    seal_audit.apply(kwargs={"tenant": college_a.schema_name}).get()
    with tenant_context(college_a):
        assert AuditSeal.objects.count() == 1
    with tenant_context(college_b):
        assert AuditSeal.objects.count() == 0
    with pytest.raises(Problem) as caught:
        seal_audit.apply().get()
    assert caught.value.code is Code.TENANT_REQUIRED


def test_log_lines_carry_the_tenant(college_a: Tenant) -> None:
    formatter_settings = dict(logging_config(as_json=True)["formatters"]["line"])
    formatter = formatter_settings.pop("()")(**formatter_settings)
    record = logging.LogRecord("zhiheng.x", logging.WARNING, "x.py", 1, "导入了%d行", (3,), None)
    record.job = "7"
    with tenant_context(college_a):
        line = json.loads(formatter.format(record))
    assert line["tenant"] == college_a.schema_name
    assert (line["event"], line["level"], line["logger"], line["job"]) == (
        "导入了3行",
        "warning",
        "zhiheng.x",
        "7",
    )


def test_database_url() -> None:
    found = database("postgresql://someone:p%40ss@db.example.com:6432/quality")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.com", "6432", "quality")
    assert "USER" not in found
    assert "PASSWORD" not in found
    assert database("postgresql://db")["PORT"] == "5432"
    assert database("postgresql://%2Fvar%2Frun%2Fpg/x")["HOST"] == "/var/run/pg"


def test_kept_secret(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    first = kept_secret(home, "SECRET_KEY")
    assert len(first) > 40
    assert kept_secret(home, "SECRET_KEY") == first
    assert kept_secret(home, "OTHER_KEY") != first
    assert (home / "secret_key.secret").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("SECRET_KEY", "given")
    assert kept_secret(home, "SECRET_KEY") == "given"


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "TENANT_DATABASE_SECRET", "DATABASE_URL", "CELERY_BROKER_URL"]
)
def test_production_settings_name_what_is_missing(missing: str, tmp_path: Any) -> None:
    environment = {
        "SECRET_KEY": "k" * 60 + "0123456789",
        "TENANT_DATABASE_SECRET": "s",
        "DATABASE_URL": "postgresql://db/zhiheng",
        "CELERY_BROKER_URL": "redis://broker/0",
        "ZHIHENG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "zhiheng.project.settings.prod",
    }
    environment.pop(missing)
    result = subprocess.run(
        [sys.executable, "-c", "import zhiheng.project.settings.prod"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"Set {missing} in the environment" in result.stderr


def test_production_settings_pass_djangos_deployment_check(tmp_path: Any) -> None:
    environment = {
        "SECRET_KEY": "k9" * 40 + "0123456789abcdef",
        "TENANT_DATABASE_SECRET": "s",
        "DATABASE_URL": "postgresql://db/zhiheng",
        "CELERY_BROKER_URL": "redis://broker/0",
        "ZHIHENG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "zhiheng.project.settings.prod",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_public_context_nests(college_a: Tenant) -> None:
    with tenant_context(college_a), public_context():
        assert current_schema() == "public"


def test_bootstrap_command(session_tenants: Any, settings: Any, database_url: str) -> None:
    out = StringIO()
    call_command("bootstrap_database", stdout=out)
    assert out.getvalue() == "数据库已就绪。\n"
    settings.DATABASE_ADMIN_URL = ""
    with pytest.raises(CommandError, match="DATABASE_ADMIN_URL"):
        call_command("bootstrap_database")
