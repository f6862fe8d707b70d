"""Bring every tenant's schema up to date (全体迁移).

Per group of schemas at the same state: Django migrates the pilot, the rest gets the same statements, one transaction per
schema and migration with the row of django_migrations inside it.  A failure concerns one schema only, is reported, and
the next run continues where this one stopped.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from django.db import Error as DjangoDatabaseError

from tenants.registry import roles
from tenants.registry.bootstrap import admin_connection
from tenants.registry.connection import tenant_connection
from tenants.registry.context import PUBLIC_SCHEMA
from tenants.registry.fleet.pilot import PilotError, Step, migrate_pilot, run_migration
from tenants.registry.fleet.state import Group, groups, structure_digests
from tenants.registry.schemas import tenant_grants

LOCK = 727_000_003
LOCK_TIMEOUT_MS = 2000
TRIES = 3
PER_CONNECTION = 200
"""A backend remembers every table it has touched; a new one after this many schemas keeps it small."""
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Failure:
    """One schema that could not be brought up to date: where it stopped and why."""

    schema: str
    migration: str
    reason: str


@dataclass
class FleetReport:
    """What a run did (迁移报告)."""

    total: int = 0
    migrated: int = 0
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def unchanged(self) -> int:
        """Schemas that needed nothing."""
        return self.total - self.migrated - len({failure.schema for failure in self.failures})


def migrate_fleet(*, progress: Progress | None = None) -> FleetReport:
    """Migrate all colleges and provinces; never raises for a single schema's failure, see the report."""
    started = time.monotonic()
    report = FleetReport()
    with admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found, missing = groups(cursor)
        report.total = len(missing) + sum(len(group.schemas) for group in found)
        report.failures += [Failure(schema, "", "登记了但没有数据库模式") for schema in missing]
        work = [group for group in found if group.pending]
        tell = _teller(progress, sum(len(group.schemas) for group in work))
        for group in work:
            _migrate_group(group, report, tell)
            _verify(cursor, group, report)
    report.seconds = time.monotonic() - started
    return report


def reapply_grants(schemas: Iterable[tuple[str, str]]) -> None:
    """Repeat the kinds' grants for (schema, kind) pairs, after a change of a ``tenant_grants.sql``."""
    with admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        for schema, kind in schemas:
            cursor.execute(";\n".join(_grants(schema, kind)))


def _migrate_group(group: Group, report: FleetReport, tell: Callable[[str], None]) -> None:
    """The first schema whose data lets Django's own run pass is the pilot; those before it are failures of their own."""
    rest = list(group.schemas)
    steps: list[Step] | None = None
    while rest and steps is None:
        pilot = rest.pop(0)
        try:
            steps = migrate_pilot(pilot, group.kind, group.pending)
        except (DjangoDatabaseError, PilotError) as error:
            report.failures.append(Failure(pilot, "", _reason(error)))
            if len(group.schemas) - len(rest) >= TRIES:
                report.failures += [Failure(schema, "", "首校没有成功，未执行") for schema in rest]
                rest = []
        else:
            reapply_grants([(pilot, group.kind)])
            report.migrated += 1
        tell(pilot)
    for start in range(0, len(rest), PER_CONNECTION):
        with admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
            for schema in rest[start : start + PER_CONNECTION]:
                failure = _migrate_schema(cursor, schema, group.kind, steps or [])
                report.migrated += failure is None
                report.failures += [failure] if failure else []
                tell(schema)


def _migrate_schema(cursor: Any, schema: str, kind: str, steps: Sequence[Step]) -> Failure | None:
    label = ""
    try:
        for step in steps:
            label = step.label
            if step.statements is None:
                database = tenant_connection()
                with database.as_owner(schema, kind):
                    run_migration(database, (step.app, step.name))
            else:
                _replay(cursor, schema, step)
        cursor.execute(";\n".join(_grants(schema, kind)))
    except (psycopg2.Error, DjangoDatabaseError) as error:
        return Failure(schema, label, _reason(error))
    return None


def _replay(cursor: Any, schema: str, step: Step) -> None:
    """One migration in one transaction, sent as one message; a lock that is not free is asked for again."""
    record = cursor.mogrify(
        "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [step.app, step.name]
    ).decode()
    head = [
        "BEGIN",
        f"SET LOCAL search_path = {schema}, {PUBLIC_SCHEMA}",
        f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}",
    ]
    text = ";\n".join(
        [*head, *(part.rstrip().rstrip(";") for part in step.statements or ()), record, "COMMIT"]
    )
    for attempt in range(1, TRIES + 1):
        try:
            cursor.execute(text)
        except psycopg2.Error as error:
            cursor.execute("ROLLBACK")
            if attempt == TRIES or not isinstance(error, psycopg2.errors.LockNotAvailable):
                raise
        else:
            return


def _verify(cursor: Any, group: Group, report: FleetReport) -> None:
    """Compare the touched tables of all migrated schemas with each other; the odd ones are failures."""
    failed = {failure.schema for failure in report.failures}
    schemas = [schema for schema in group.schemas if schema not in failed]
    tables = _touched_tables(group)
    if len(schemas) < 2 or not tables:
        return
    digests = structure_digests(cursor, schemas, tables)
    odd = [schema for schema in schemas if digests[schema] != digests[schemas[0]]]
    report.failures += [Failure(schema, "", f"表结构与 {schemas[0]} 不同") for schema in odd]
    report.migrated -= len(odd)


def _touched_tables(group: Group) -> set[str]:
    from django.apps import apps

    tables = set()
    for migration in group.pending:
        for operation in migration.operations:
            name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
            try:
                tables.add(apps.get_model(migration.app_label, str(name))._meta.db_table)
            except LookupError:
                continue
    return tables


def _grants(schema: str, kind: str) -> list[str]:
    revoke = f"REVOKE ALL ON {schema}.django_migrations FROM {schema}"
    return [revoke, *(text.rstrip().rstrip(";") for text in tenant_grants(kind, schema=schema, role=schema))]


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _teller(progress: Progress | None, total: int) -> Callable[[str], None]:
    done = 0

    def tell(text: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, text)

    return tell
