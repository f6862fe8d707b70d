"""Blueprints (蓝图): the finished schema of a kind of tenant as a list of statements, made once per state of the migrations.

Replaying one takes about a tenth of a second; running the migrations takes seconds.  See
docs/decisions/0003-blueprint-provisioning.md.
"""

import hashlib
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlparse
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tenants.registry import roles
from tenants.registry.bootstrap import admin_connection
from tenants.registry.schemas import app_sql, migrate_schema

FORMAT = 2
"""Raise when the way statements are made changes: cached files of other formats are not used."""
LOCK = 727_000_002
_IDENTITY = re.compile(
    r"ALTER TABLE (?P<table>\S+) ALTER COLUMN (?P<column>\S+) ADD GENERATED (?P<when>BY DEFAULT|ALWAYS) AS IDENTITY "
    r"\((?P<options>.*)\)\Z",
    re.DOTALL,
)
_CONSTRAINT = re.compile(
    r"ALTER TABLE ONLY (?P<table>\S+)\s+ADD (?P<constraint>CONSTRAINT .*)\Z",
    re.DOTALL,
)
LAST_LINE = "\n)"
_OWN_IMPORT = re.compile(
    r"^(?:import|from) ((?:zhiheng|tenants|catalog|assessment|integrations)[\w.]*)", re.MULTILINE
)
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_PSQL_ONLY = re.compile(r"^\\(un)?restrict \S+$", re.MULTILINE)
_NOT_FOR_REPLAY = ("SET ", "SELECT pg_catalog.set_config(", "CREATE SCHEMA ", "COMMENT ON SCHEMA ")


@dataclass(frozen=True)
class Blueprint:
    """Statements that fill an empty schema, with the template's name where the schema's belongs."""

    kind: str
    digest: str
    template: str
    statements: tuple[str, ...]

    def for_schema(self, schema: str) -> list[str]:
        """The statements for one schema."""
        return [statement.replace(self.template, schema) for statement in self.statements]


def blueprint(kind: str) -> Blueprint:
    """The blueprint of the migrations as they are now: from memory, else from BLUEPRINT_DIR, else built (seconds)."""
    return _blueprint(kind, state_digest(kind))


@cache
def _blueprint(kind: str, digest: str) -> Blueprint:
    path = Path(settings.BLUEPRINT_DIR) / f"{kind}-{digest[:16]}.json"
    template = template_name(kind)
    try:
        return Blueprint(kind, digest, template, tuple(json.loads(path.read_text())))
    except (OSError, ValueError):
        statements = build_statements(kind)
    _write(path, json.dumps(statements, ensure_ascii=False, indent=0))
    return Blueprint(kind, digest, template, tuple(statements))


@cache
def state_digest(kind: str) -> str:
    """Hash of all that makes up a kind's schema: the migrations, our modules that they import, the SQL files."""
    digest = hashlib.sha256(f"{FORMAT}:{kind}".encode())
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for key in sorted(loader.disk_migrations or {}):
        migration = loader.disk_migrations[key]
        source = _source(type(migration).__module__)
        used = "".join(_source(name) for name in _OWN_IMPORT.findall(source))
        # What is loaded and what is on disk may differ while somebody edits: then the digest is that of neither.
        # Sorted, because sets come in any order.
        loaded = _ADDRESS.sub("", repr([operation.deconstruct() for operation in migration.operations]))
        digest.update(f"{key}:{source}{used}{''.join(sorted(loaded))}".encode())
    for text in app_sql(kind, "tenant_grants.sql"):
        digest.update(text.encode())
    return digest.hexdigest()


def template_name(kind: str) -> str:
    """Schema in which the kind's blueprint is built; unmistakable, because it is replaced in the text."""
    return f"zh_blueprint_of_{kind}"


def build_statements(kind: str) -> list[str]:
    """Run all migrations in a template schema, read it back with pg_dump, drop it."""
    template = template_name(kind)
    with admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute(f"DROP SCHEMA IF EXISTS {template} CASCADE")
        cursor.execute(f"CREATE SCHEMA {template}")
        try:
            migrate_schema(template, kind)
            return statements_of_dump(_dump(template))
        finally:
            cursor.execute(f"DROP SCHEMA {template} CASCADE")


def statements_of_dump(text: str) -> list[str]:
    """Statements worth replaying from a dump, fewer and equal in effect.

    Identity columns (Citus takes them only there), keys, unique and exclusion constraints move into CREATE TABLE; the
    foreign keys of a table become one statement; sequences that were never used stay as they are born.
    """
    found = sqlparse.split(_PSQL_ONLY.sub("", text), strip_semicolon=True)
    bare = (re.sub(r"\A(\s*--[^\n]*\n|\s+)+", "", statement).strip() for statement in found)
    tables: dict[str, str] = {}
    others: list[str] = []
    foreign_keys: dict[str, list[str]] = {}
    for statement in bare:
        if (
            not statement
            or statement.startswith(("--", *_NOT_FOR_REPLAY))
            or statement.endswith(", 1, false)")
        ):
            continue
        if statement.startswith("CREATE TABLE "):
            tables[statement.split()[2]] = statement
        elif match := _IDENTITY.match(statement):
            tables[match["table"]] = _with_identity(tables[match["table"]], match)
        elif match := _CONSTRAINT.match(statement):
            _place_constraint(match["table"], match["constraint"], tables, foreign_keys)
        else:
            others.append(statement)
    joined = [f"ALTER TABLE ONLY {name} {', '.join(keys)}" for name, keys in foreign_keys.items()]
    return [*tables.values(), *others, *joined]


def _place_constraint(
    table: str, constraint: str, tables: dict[str, str], foreign_keys: dict[str, list[str]]
) -> None:
    if " FOREIGN KEY " in constraint:
        foreign_keys.setdefault(table, []).append(f"ADD {constraint}")
    else:
        tables[table] = f"{tables[table].removesuffix(LAST_LINE)},\n    {constraint}{LAST_LINE}"


def _with_identity(create_table: str, identity: re.Match[str]) -> str:
    clause = f"GENERATED {identity['when']} AS IDENTITY ({' '.join(identity['options'].split())})"
    column = re.compile(rf"^(    {re.escape(identity['column'])} \S+)( NOT NULL)", re.MULTILINE)
    changed, count = column.subn(rf"\1 {clause}\2", create_table)
    if count != 1:
        raise RuntimeError(f"no column {identity['column']} in {create_table[:80]}")
    return changed


def _dump(schema: str) -> str:
    target = settings.DATABASES["default"]
    where = ["-h", target["HOST"], "-p", target["PORT"], "-U", roles.ADMIN, "-d", target["NAME"]]
    how = [f"--role={roles.OWNER}", f"--schema={schema}", "--no-owner", "--no-privileges", "--inserts"]
    environment = {**os.environ, "PGPASSWORD": roles.password(roles.ADMIN)}
    result = subprocess.run(
        [settings.PG_DUMP, *where, *how],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if result.returncode != 0:
        raise RuntimeError(f"pg_dump: {result.stderr.strip()}")
    return result.stdout


def _source(module: str) -> str:
    from importlib.util import find_spec

    spec = find_spec(module)
    return Path(spec.origin).read_text() if spec and spec.origin else ""


def _write(path: Path, text: str) -> None:
    """Complete or not at all: another process may read at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, suffix=".new") as file:
        file.write(text)
    Path(file.name).replace(path)
