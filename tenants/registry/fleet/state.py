"""What every schema has and lacks (迁移状态), read for all at once."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from tenants.registry import roles
from tenants.registry.bootstrap import admin_connection
from tenants.registry.context import PUBLIC_SCHEMA, public_context
from tenants.registry.models import Tenant, TenantState

CHUNK = 100
"""Schemas per UNION ALL: each table costs a lock, and the lock table is finite."""
Key = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Schemas of one kind that stand at the same state (同状态的租户)."""

    kind: str
    schemas: tuple[str, ...]
    pending: tuple[Migration, ...]


def groups(cursor: Any) -> tuple[list[Group], list[str]]:
    """All tenants by kind and state, and the schemas that are registered but do not exist."""
    with public_context():
        rows = Tenant.objects.exclude(schema_name=PUBLIC_SCHEMA).exclude(state=TenantState.PREPARING)
        kinds = dict(rows.values_list("schema_name", "kind"))
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [list(kinds)])
    present = {name for (name,) in cursor.fetchall()}
    states = state_digests(cursor, sorted(present))
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for schema, state in states.items():
        alike[kinds[schema], state].append(schema)
    plan = _whole_plan()
    found = []
    for (kind, _), schemas in sorted(alike.items()):
        applied = applied_migrations(cursor, schemas[0])
        pending = tuple(m for m in plan if (m.app_label, m.name) not in applied)
        found.append(Group(kind, tuple(sorted(schemas)), pending))
    return found, sorted(set(kinds) - present)


def pending_schemas() -> int:
    """How many tenants lack at least one migration."""
    with admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        found, missing = groups(cursor)
    return len(missing) + sum(len(group.schemas) for group in found if group.pending)


def state_digests(cursor: Any, schemas: Sequence[str]) -> dict[str, str]:
    """A hash of the applied migrations for each schema."""
    part = sql.SQL(
        "SELECT {} AS s, md5(coalesce(string_agg(app || '.' || name, ',' ORDER BY app COLLATE \"C\", name COLLATE \"C\"), '')) "
        "FROM {}.django_migrations"
    )
    digests: dict[str, str] = {}
    for chunk in chunks(schemas):
        parts = [part.format(sql.Literal(name), sql.Identifier(name)) for name in chunk]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        digests.update(cursor.fetchall())
    return digests


def applied_migrations(cursor: Any, schema: str) -> set[Key]:
    """Applied migrations of one schema as (app, name)."""
    cursor.execute(sql.SQL("SELECT app, name FROM {}.django_migrations").format(sql.Identifier(schema)))
    return set(cursor.fetchall())


def structure_digests(cursor: Any, schemas: Sequence[str], tables: Iterable[str]) -> dict[str, str]:
    """A hash of names and types of the columns of some tables for each schema."""
    names = sorted(tables)
    digests: dict[str, str] = {}
    for chunk in chunks(schemas):
        cursor.execute(
            "SELECT n.nspname, string_agg(c.relname || '.' || a.attname || ':' || a.atttypid || ':' || a.attnotnull, ',' "
            'ORDER BY c.relname COLLATE "C", a.attname COLLATE "C") '
            "FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ANY(%s) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE n.nspname = ANY(%s) GROUP BY n.nspname",
            [names, list(chunk)],
        )
        digests.update(
            {schema: hashlib.sha256(text.encode()).hexdigest() for schema, text in cursor.fetchall()}
        )
    return {schema: digests.get(schema, "") for schema in schemas}


def chunks(schemas: Sequence[str]) -> Iterator[Sequence[str]]:
    """Slices of at most CHUNK."""
    for start in range(0, len(schemas), CHUNK):
        yield schemas[start : start + CHUNK]


def _whole_plan() -> list[Migration]:
    """Every migration on disk in an order in which each follows those it depends on."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ordered: dict[Key, None] = {}
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            ordered[key] = None
    return [loader.graph.nodes[key] for key in ordered if loader.graph.nodes[key] is not None]
