"""Make a server ready for tenants (建库): database, roles, grants, hardening.  Needs a superuser; may be repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from psycopg2 import sql

from tenants.registry import roles

SQL_DIR = Path(__file__).parent / "sql"
LOCK = 727_000_001
_ATTRIBUTES = {
    roles.CATALOG: "NOLOGIN",
    roles.OWNER: "LOGIN",
    roles.STATS: "LOGIN",
    roles.PUBLIC: "LOGIN",
    roles.ADMIN: "LOGIN CREATEROLE",
}
"""Owner and statistician never log in here (no password); Citus needs the attribute on its workers."""
_WITH_PASSWORD = (roles.PUBLIC, roles.ADMIN)


def bootstrap(superuser_url: str) -> None:
    """Create what is missing and repeat every grant.  Sets the passwords that TENANT_DATABASE_SECRET derives."""
    parts = urlsplit(superuser_url)
    with (
        connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server,
        server.cursor() as cursor,
    ):
        # Roles belong to the whole server, so the lock is taken where everybody finds it.
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _create_database(cursor, parts.path.lstrip("/"))
        for role, attributes in _ATTRIBUTES.items():
            _create_role(cursor, role, attributes)
        _renew_tenant_passwords(cursor)
        with connect(superuser_url) as connection, connection.cursor() as own:
            own.execute((SQL_DIR / "hardening.sql").read_text())


@contextmanager
def connect(url: str, *, autocommit: bool = False) -> Iterator[Any]:
    """A plain connection, closed in any case; without autocommit one transaction, rolled back on any error."""
    connection = psycopg2.connect(url, connect_timeout=10)
    try:
        if autocommit:
            connection.autocommit = True
            yield connection
        else:
            with connection:
                yield connection
    finally:
        connection.close()


@contextmanager
def admin_connection(*, role: str = roles.ADMIN) -> Iterator[Any]:
    """A plain autocommit connection of the provisioner, acting as itself or as the owner; it waits 10 s for a lock at most."""
    target = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=target["HOST"],
        port=target["PORT"],
        dbname=target["NAME"],
        user=roles.ADMIN,
        password=roles.password(roles.ADMIN),
        options=f"-c timezone=UTC -c lock_timeout=10000 -c role={role}",
        application_name="zhiheng",
        connect_timeout=10,
    )
    try:
        connection.autocommit = True
        yield connection
    finally:
        connection.close()


def _create_database(cursor: Any, name: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone() is None:
        statement = "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0"
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _renew_tenant_passwords(cursor: Any) -> None:
    """A new secret means new passwords; and a tenant's role can spoil its own, never another's."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^t_[0-9]{6,9}$'")
    for (role,) in cursor.fetchall():
        _set_password(cursor, role)


def _set_password(cursor: Any, role: str) -> None:
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
    cursor.execute(statement.format(sql.Identifier(role), sql.Literal(roles.scram_verifier(role))))


def _create_role(cursor: Any, role: str, attributes: str) -> None:
    name = sql.Identifier(role)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    cursor.execute(sql.SQL(f"{verb} ROLE {{}} {attributes}").format(name))
    if role in _WITH_PASSWORD:
        _set_password(cursor, role)
