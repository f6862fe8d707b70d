"""Making the database ready and asking how it is (建库与升级).  Needs Django to be set up."""

import time
from collections.abc import Callable
from typing import Any

import psycopg2
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from tenants.registry import roles
from tenants.registry.bootstrap import admin_connection
from tenants.registry.context import PUBLIC_SCHEMA, public_context
from tenants.registry.fleet import pending_schemas
from tenants.registry.fleet.state import applied_migrations
from tenants.registry.installation import prepare_installation
from tenants.registry.models import Domain, Tenant, TenantKind
from tenants.registry.schemas import kind_apps
from tenants.registry.services.domains import domain_add
from zhiheng.library.services.sync import library_sync
from zhiheng.project.servers.errors import ServerError

UNREACHABLE = (psycopg2.OperationalError,)
LOCAL_DOMAIN = "localhost"


def prepare(say: Callable[[str], None]) -> None:
    """Bring everything up to date; may be repeated.  Raises ``ServerError`` when some tenants could not be upgraded."""
    report = prepare_installation(
        progress=lambda done, total, name: say(f"升级数据库结构 {done}/{total}（{name}）")
    )
    if report.failures:
        detail = "\n".join(
            f"{failure.schema} {failure.migration} {failure.reason}" for failure in report.failures
        )
        raise ServerError(
            f"有{len(report.failures)}个租户的数据库结构没有升级。",
            "请按原文改好，再运行 zhiheng prepare。",
            detail=detail,
        )
    with public_context():
        library_sync()
    _name_platform()


def has_tenants() -> bool:
    """Whether any college or province exists."""
    with public_context():
        return bool(Tenant.objects.exclude(schema_name=PUBLIC_SCHEMA).exists())


def behind() -> str:
    """What has not been migrated, in Chinese; empty when all is up to date."""
    wanted = {config.label for config in kind_apps(TenantKind.PUBLIC)}
    known = {key for key in MigrationLoader(None, ignore_no_migrations=True).graph.nodes if key[0] in wanted}
    with admin_connection() as admin, admin.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(roles.OWNER)))
        if known - applied_migrations(cursor, PUBLIC_SCHEMA):
            return "平台的数据库结构没有升级"
    late = pending_schemas()
    return f"有{late}个租户的数据库结构没有升级" if late else ""


def clock_skew() -> float:
    """Seconds by which the database's clock is ahead of ours."""
    with admin_connection() as admin, admin.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return float(cursor.fetchone()[0]) - time.time()


def domains() -> list[tuple[str, str, str]]:
    """(kind, name, primary domain) of every tenant."""
    with public_context():
        found = Domain.objects.filter(is_primary=True).select_related("tenant").order_by("tenant__kind", "id")
        return [(domain.tenant.kind, domain.tenant.name, domain.domain) for domain in found]


def _name_platform() -> None:
    """Let the platform's own pages answer on this machine until a real domain is given."""
    with public_context():
        platform: Any = Tenant.objects.get(schema_name=PUBLIC_SCHEMA)
        if platform.domains.exists():
            return
    domain_add(tenant=platform, domain=LOCAL_DOMAIN, acting_user=None, is_primary=True)
