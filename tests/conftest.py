"""Fixtures of all tests: a PostgreSQL server of our own, two colleges and a province, everything rolled back after each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from psycopg2 import sql

from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.project.servers.home import scratch_home
from zhiheng.project.servers.postgres import PostgresServer

# A busy machine is no fault of a property: no deadlines, no complaint about slow examples.
hypothesis.settings.register_profile(
    "steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

DATABASE = "zhiheng_test"
PUBLIC_HOST = "testserver"


@dataclass(frozen=True)
class SessionTenants:
    """The tenants that live as long as the test session."""

    alpha: Tenant
    beta: Tenant
    gamma: Tenant
    public: Tenant


# Server and schema, once per session (and per xdist worker) ------------------------------------------------------------


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """Superuser's URL of an empty database: TEST_DATABASE_URL's server if given, else a server started for the session."""
    given = os.environ.get("TEST_DATABASE_URL")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if given:
        url = urlunsplit(urlsplit(given)._replace(path=f"/{DATABASE}{worker}"))
        drop_database(url)
        _drop_roles(url)
        yield url
        connections.close_all()
        drop_database(url)
        _drop_roles(url)
        return
    home = scratch_home()
    server = PostgresServer(home / "pg", fsync=False)
    try:
        yield server.start().url(DATABASE)
    finally:
        connections.close_all()
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(database_url: str, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: bootstrap, public schema, session tenants, as a real installation does it."""
    from tenants.registry.bootstrap import bootstrap
    from tenants.registry.schemas import migrate_public

    point_settings_at(database_url)
    with django_db_blocker.unblock():
        bootstrap(database_url)
        migrate_public()
        _number_tenants_from(database_url, first_number())
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def session_tenants(django_db_setup: None, django_db_blocker: Any) -> SessionTenants:
    """Two colleges and a province, really provisioned; use ``college_a`` and its kind in tests."""
    from tenants.registry.services.domains import domain_add
    from tenants.registry.services.provisioning import provision

    def made(kind: str, code: str, name: str) -> Tenant:
        domain = f"{code}.testserver.localhost"
        return provision(kind=kind, code=code, name=name, domain=domain, acting_user=None)

    with django_db_blocker.unblock():
        alpha = made("college", "alpha", "甲职业技术学院")
        beta = made("college", "beta", "乙职业技术学院")
        gamma = made("province", "gamma", "丙省教育厅")
        with public_context():
            public = Tenant.objects.get(schema_name="public")
        domain_add(tenant=public, domain=PUBLIC_HOST, acting_user=None, is_primary=True)
    return SessionTenants(alpha=alpha, beta=beta, gamma=gamma, public=public)


# One test: everything is rolled back ------------------------------------------------------------------------------------


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, session_tenants: SessionTenants, django_db_blocker: Any
) -> Iterator[None]:
    """Replaces pytest-django's: one outer transaction per role that the test uses, all rolled back at the end."""
    mark = request.node.get_closest_marker("django_db")
    if (mark and mark.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        pytest.fail("no role of ours may empty tables after a test; use fresh_college for real commits")
    opened: dict[Any, Any] = {}

    def begin(database: Any) -> None:
        if database.lane not in opened:
            opened[database.lane] = block = transaction.atomic()
            block._from_testcase = True  # type: ignore[attr-defined]
            block.__enter__()

    with django_db_blocker.unblock():
        connection.on_enter_lane = begin  # type: ignore[attr-defined]
        with public_context():
            pass
        begin(connection)
        try:
            yield
        finally:
            connection.on_enter_lane = None  # type: ignore[attr-defined]
            _roll_back(opened)
            cache.clear()


def _roll_back(opened: dict[Any, Any]) -> None:
    for lane, block in opened.items():
        connection._enter(lane, lane.as_tenant())  # type: ignore[attr-defined]
        if connection.in_atomic_block:
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
    connection.set_schema_to_public()  # type: ignore[attr-defined]


@pytest.fixture
def db(_django_db_helper: None) -> None:
    """The database may be used; every change is rolled back."""


@pytest.fixture
def college_a(db: None, session_tenants: SessionTenants) -> Tenant:
    """College alpha.  Enter it with ``tenant_context(college_a)`` or ask for ``in_college``."""
    return session_tenants.alpha


@pytest.fixture
def college_b(db: None, session_tenants: SessionTenants) -> Tenant:
    """College beta."""
    return session_tenants.beta


@pytest.fixture
def province(db: None, session_tenants: SessionTenants) -> Tenant:
    """Province gamma."""
    return session_tenants.gamma


@pytest.fixture
def public_tenant(db: None, session_tenants: SessionTenants) -> Tenant:
    """The platform itself; answers on the host ``testserver``."""
    return session_tenants.public


@pytest.fixture
def in_college(college_a: Tenant) -> Iterator[Tenant]:
    """The whole test acts for college alpha."""
    with tenant_context(college_a):
        yield college_a


@pytest.fixture
def in_province(province: Tenant) -> Iterator[Tenant]:
    """The whole test acts for province gamma."""
    with tenant_context(province):
        yield province


# Real commits, for live servers, workers and browsers --------------------------------------------------------------------


@pytest.fixture
def fresh_college(session_tenants: SessionTenants, django_db_blocker: Any) -> Iterator[Tenant]:
    """A college of this test alone with real commits, dropped afterwards.  Not together with the rolled-back tenants."""
    from tenants.registry.services.provisioning import deprovision, provision

    if connection.on_enter_lane is not None:  # type: ignore[attr-defined]
        pytest.fail(
            "fresh_college commits; do not ask for college_a, province, db or the django_db mark beside it"
        )
    with django_db_blocker.unblock():
        domain = "fresh.testserver.localhost"
        tenant = provision(
            kind="college", code="fresh", name="丁职业技术学院", domain=domain, acting_user=None
        )
        try:
            yield tenant
        finally:
            connections.close_all()
            deprovision(tenant=tenant, acting_user=None)
            cache.clear()


# Doors and budgets -------------------------------------------------------------------------------------------------------


@pytest.fixture
def client_for(session_tenants: SessionTenants) -> Callable[..., Client]:
    """``client_for(tenant, user=None)``: a test client on the tenant's host, signed in when a user is given."""

    def make(tenant: Tenant, user: Any = None) -> Client:
        with public_context():
            host = tenant.domains.get(is_primary=True).domain
        client = Client(SERVER_NAME=host)
        if user is not None:
            with tenant_context(tenant):
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


_BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
_READS = ("SELECT", "WITH", "DECLARE", "FETCH", "CLOSE", "SHOW", *_BOOKKEEPING)


@pytest.fixture
def max_queries() -> Callable[[int], AbstractContextManager[list[str]]]:
    """``with max_queries(12):`` fails when the block sends more statements; savepoints are not counted."""

    @contextmanager
    def limit(number: int) -> Iterator[list[str]]:
        sent: list[str] = []

        def count(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
            if not str(statement).startswith(_BOOKKEEPING):
                sent.append(str(statement))
            return execute(statement, params, many, context)

        with connection.execute_wrapper(count):
            yield sent
        listing = "\n".join(f"{place}. {text[:300]}" for place, text in enumerate(sent, 1))
        assert len(sent) <= number, f"{len(sent)} statements, {number} allowed:\n{listing}"

    return limit


@pytest.fixture
def no_writes() -> Callable[[], AbstractContextManager[None]]:
    """``with no_writes():`` fails at the first statement that is not a read."""

    @contextmanager
    def reads_only() -> Iterator[None]:
        def refuse(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
            text = str(statement).lstrip(" (\n").upper()
            assert text.startswith(_READS), f"a write: {statement}"
            assert " FOR UPDATE" not in text, f"a lock: {statement}"
            return execute(statement, params, many, context)

        with connection.execute_wrapper(refuse):
            yield

    return reads_only


# Helpers ------------------------------------------------------------------------------------------------------------------


def point_settings_at(url: str) -> None:
    """Let this process work on another database."""
    parts = urlsplit(url)
    target = {"HOST": parts.hostname, "PORT": str(parts.port), "NAME": parts.path.lstrip("/")}
    settings.DATABASES["default"].update(target)
    connections.settings["default"].update(target)
    settings.DATABASE_ADMIN_URL = url


def first_number() -> int:
    """Roles belong to the whole server, so each xdist worker has its own 10,000 tenant numbers."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return int(worker.removeprefix("gw")) * 10_000 + 2


def _number_tenants_from(url: str, number: int) -> None:
    superuser = psycopg2.connect(url)
    with superuser, superuser.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE registry_tenant_id_seq RESTART %s", [number])
    superuser.close()


def drop_database(url: str) -> None:
    """Drop a database whoever is connected to it."""
    _on_server(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_database_name(url)))


def _drop_roles(url: str) -> None:
    """Drop this worker's tenants' roles on a server that is not ours alone."""
    first = first_number()
    roles = (
        "SELECT rolname FROM pg_roles WHERE rolname ~ '^t_[0-9]{6,9}$'"
        f" AND substr(rolname, 3)::integer BETWEEN {first} AND {first + 9_997}"
    )
    for (role,) in _on_server(url, sql.SQL(roles)):
        _on_server(url, sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _database_name(url: str) -> sql.Identifier:
    return sql.Identifier(urlsplit(url).path.lstrip("/"))


def _on_server(url: str, statement: sql.Composable) -> list[Any]:
    server = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    try:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()
