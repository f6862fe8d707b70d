"""Run Django's migrations and the apps' SQL files inside one schema, as the owner of all tables (模式迁移)."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import transaction

from tenants.registry import roles
from tenants.registry.connection import tenant_connection
from tenants.registry.context import PUBLIC_SCHEMA
from tenants.registry.models import Tenant, TenantKind, TenantState

PUBLIC_CODE = "platform"


def migrate_schema(schema: str, kind: str, *targets: str) -> None:
    """Apply the pending migrations of a kind's apps to one schema (all, or ``app`` or ``app name``)."""
    with tenant_connection().as_owner(schema, kind):
        call_command(Migrate(), *targets, verbosity=0, interactive=False)


def migrate_public() -> None:
    """Bring the public schema up to date: tables, grants, policies, functions, and the platform's own row."""
    migrate_schema(PUBLIC_SCHEMA, PUBLIC_SCHEMA)
    database = tenant_connection()
    with database.as_owner(PUBLIC_SCHEMA, PUBLIC_SCHEMA), transaction.atomic(), database.cursor() as cursor:
        for statement in public_grants():
            cursor.execute(statement)
    tenant = {"kind": TenantKind.PUBLIC, "code": PUBLIC_CODE, "name": "平台", "state": TenantState.ACTIVE}
    Tenant.objects.get_or_create(schema_name=PUBLIC_SCHEMA, defaults=tenant)


def public_grants() -> list[str]:
    """Statements that follow the public migrations, in order.

    Each public app may ship ``sql/grants.sql`` (runs as the owner) and ``sql/statistics.sql`` (runs as zh_stats, which
    then owns its functions).  Library tables are read-only for every tenant.
    """
    statements = [f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {roles.PUBLIC}"]
    for label in settings.TENANT_SHARED_READ_APPS:
        tables = [model._meta.db_table for model in apps.get_app_config(label).get_models()]
        statements += [f'GRANT SELECT ON "{table}" TO PUBLIC' for table in tables]
    statements += app_sql(PUBLIC_SCHEMA, "grants.sql")
    statements += tenant_grants(PUBLIC_SCHEMA, schema=PUBLIC_SCHEMA, role=roles.PUBLIC)
    for text in app_sql(PUBLIC_SCHEMA, "statistics.sql"):
        statements += [f"SET LOCAL ROLE {roles.STATS}", text, "RESET ROLE"]
    return statements


def tenant_grants(kind: str, *, schema: str, role: str) -> list[str]:
    """What a tenant's role loses in its own schema: each app's ``sql/tenant_grants.sql`` with {schema} and {role} filled in."""
    return [text.format(schema=schema, role=role) for text in app_sql(kind, "tenant_grants.sql")]


def app_sql(kind: str, name: str) -> list[str]:
    """Texts of ``sql/<name>`` of the kind's apps that have one, in the order of the apps."""
    folders = [Path(config.path) / "sql" / name for config in kind_apps(kind)]
    return [path.read_text() for path in folders if path.exists()]


def kind_apps(kind: str) -> list[Any]:
    """App configurations whose tables a kind of tenant has."""
    names = settings.TENANT_TYPES[kind]["APPS"]
    return [config for config in apps.get_app_configs() if config.name in names]
