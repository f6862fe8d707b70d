"""Making the database ready and asking how it is (建库与升级).  Needs Django to be set up."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from tenants.registry import roles
from tenants.registry.blueprint import blueprint
from tenants.registry.bootstrap import admin_connection, bootstrap
from tenants.registry.context import PUBLIC_SCHEMA, public_context
from tenants.registry.models import Domain, Tenant, TenantKind
from tenants.registry.schemas import kind_apps, migrate_public, migrate_schema
from tenants.registry.services.domains import domain_add
from zhiheng.library.services.sync import library_sync

UNREACHABLE = (psycopg2.OperationalError,)
SCHEMAS_PER_QUERY = 100
"""A statement over more schemas would need more locks than the server has."""
LOCAL_DOMAIN = "localhost"
Migration = tuple[str, str]


def prepare(say: Callable[[str], None]) -> None:
    """Bring everything up to date; may be repeated.  The superuser is only needed the first time and for upgrades."""
    if settings.DATABASE_ADMIN_URL:
        bootstrap(settings.DATABASE_ADMIN_URL)
    migrate_public()
    with public_context():
        library_sync()
    for kind in (TenantKind.COLLEGE, TenantKind.PROVINCE):
        blueprint(kind)
    lacking = pending(tenants())
    late = [tenant for tenant in tenants() if tenant.schema_name in lacking]
    for number, tenant in enumerate(late, start=1):
        say(f"升级数据库结构 {number}/{len(late)}：{tenant.name}")
        migrate_schema(tenant.schema_name, tenant.kind)
    _name_platform()


def tenants() -> list[Tenant]:
    """Colleges and provinces, oldest first."""
    with public_context():
        return list(Tenant.objects.exclude(schema_name=PUBLIC_SCHEMA))


def behind() -> list[str]:
    """What has not been migrated: ``public`` or a tenant's code."""
    if _pending_in(PUBLIC_SCHEMA, TenantKind.PUBLIC):
        return ["平台"]
    late = pending(tenants())
    return [tenant.code for tenant in tenants() if tenant.schema_name in late]


def pending(found: Iterable[Tenant]) -> dict[str, set[Migration]]:
    """Migrations that a tenant's schema lacks, by schema; schemas that lack none are not listed."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for tenant in found:
        by_kind[tenant.kind].append(tenant.schema_name)
    lacking = {}
    for kind, schemas in by_kind.items():
        wanted = _known(kind)
        for schema, applied in _applied(schemas).items():
            if wanted - applied:
                lacking[schema] = wanted - applied
    return lacking


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


def _known(kind: str) -> set[Migration]:
    labels = {config.label for config in kind_apps(kind)}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key for key in loader.disk_migrations or {} if key[0] in labels}


def _pending_in(schema: str, kind: str) -> set[Migration]:
    return _known(kind) - _applied([schema])[schema]


def _applied(schemas: list[str]) -> dict[str, set[Migration]]:
    """Applied migrations by schema, many schemas per statement."""
    found: dict[str, set[Migration]] = {schema: set() for schema in schemas}
    one = sql.SQL("SELECT {literal}, app, name FROM {schema}.django_migrations")
    with admin_connection() as admin, admin.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(roles.OWNER)))
        for start in range(0, len(schemas), SCHEMAS_PER_QUERY):
            chunk = schemas[start : start + SCHEMAS_PER_QUERY]
            parts = [one.format(literal=sql.Literal(name), schema=sql.Identifier(name)) for name in chunk]
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            for schema, app, name in cursor.fetchall():
                found[schema].add((app, name))
    return found


def _name_platform() -> None:
    """Let the platform's own pages answer on this machine until a real domain is given."""
    with public_context():
        platform: Any = Tenant.objects.get(schema_name=PUBLIC_SCHEMA)
        if platform.domains.exists():
            return
    domain_add(tenant=platform, domain=LOCAL_DOMAIN, acting_user=None, is_primary=True)
