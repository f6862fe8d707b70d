"""The pilot (首校): Django itself migrates the first schema of a group, and what it sends is kept for all others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from tenants.registry.connection import tenant_connection
from tenants.registry.schemas import kind_apps


class PilotError(Exception):
    """The pilot's schema is not what the models need although every migration went through."""


@dataclass(frozen=True)
class Step:
    """One migration for the rest of a group: statements to replay, or None when Django must run it in each schema."""

    app: str
    name: str
    statements: tuple[str, ...] | None

    @property
    def label(self) -> str:
        """As people write it: app.name."""
        return f"{self.app}.{self.name}"


def migrate_pilot(schema: str, kind: str, pending: Iterable[Migration]) -> list[Step]:
    """Migrate one schema and return the steps for its equals.  Raises what Django raises, or ``PilotError``."""
    steps = []
    database = tenant_connection()
    with database.as_owner(schema, kind):
        for migration in pending:
            sent: list[str] = []
            run_migration(database, (migration.app_label, migration.name), sent)
            foreign = any(schema in statement for statement in sent)
            statements = tuple(sent) if is_replayable(migration) and not foreign else None
            steps.append(Step(migration.app_label, migration.name, statements))
        faults = missing_columns(kind)
    if faults:
        raise PilotError("、".join(faults))
    return steps


def run_migration(database: Any, key: tuple[str, str], sent: list[str] | None = None) -> None:
    """Let Django apply one migration in the schema that ``database`` owns now; ``sent`` receives its statements."""
    plain = database.SchemaEditorClass
    if sent is not None:
        database.SchemaEditorClass = _editor_that_notes(sent)
    try:
        executor = MigrationExecutor(database)
        executor.migrate([key], plan=[(executor.loader.graph.nodes[key], False)])
    finally:
        database.SchemaEditorClass = plain


def is_replayable(migration: Migration) -> bool:
    """Whether the statements sent for one schema are right for another: one transaction, and nothing but SQL."""
    return bool(migration.atomic) and all(map(_is_sql, migration.operations))


def missing_columns(kind: str) -> list[str]:
    """Columns (table.column) that the kind's models need and the present schema lacks."""
    database = tenant_connection()
    faults = []
    with database.cursor() as cursor:
        tables = set(database.introspection.table_names(cursor))
        for config in kind_apps(kind):
            for model in config.get_models(include_auto_created=True):
                if not model._meta.managed or model._meta.proxy:
                    continue
                table = model._meta.db_table
                if table not in tables:
                    faults.append(table)
                    continue
                present = {
                    column.name for column in database.introspection.get_table_description(cursor, table)
                }
                wanted = {field.column for field in model._meta.local_concrete_fields}
                faults += [f"{table}.{column}" for column in sorted(wanted - present)]
    return faults


def _is_sql(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_is_sql, operation.database_operations))
    return bool(operation.reduces_to_sql)


def _editor_that_notes(sent: list[str]) -> type[DatabaseSchemaEditor]:
    class NotingEditor(DatabaseSchemaEditor):
        """Sends as usual and keeps the text, parameters filled in."""

        def execute(self, sql: Any, params: Any = ()) -> None:
            text = str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
            sent.append(text)
            super().execute(text, None)

    return NotingEditor
