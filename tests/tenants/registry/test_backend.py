"""The engine: lanes per role, parked with their transaction state, never switched inside a transaction."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections, transaction
from django.db.utils import OperationalError, ProgrammingError

from tenants.registry import roles
from tenants.registry.backend.base import DatabaseWrapper, _fresh_state
from tenants.registry.backend.lanes import Lane, ParkingLot
from tenants.registry.connection import tenant_connection
from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem


def session_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user::text")
        return str(cursor.fetchone()[0])


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def own_wrapper(session_tenants: Any, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    """A wrapper of this test alone, with real commits and a small parking lot."""
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper(connections.settings["default"], "default")
        wrapper.parking = ParkingLot(size=2, idle_seconds=300)
        wrapper.inc_thread_sharing()
        yield wrapper
        wrapper.close()


def ask(wrapper: DatabaseWrapper, statement: str) -> Any:
    with wrapper.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_role_and_path_follow_the_tenant(college_a: Tenant, province: Tenant) -> None:
    for tenant in (college_a, province):
        with tenant_context(tenant), connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_user, current_user, current_schema(), current_setting('search_path')"
            )
            assert cursor.fetchone() == (*[tenant.schema_name] * 3, f"{tenant.schema_name},public")
    with public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_setting('search_path')")
        assert cursor.fetchone() == (roles.PUBLIC, "public")


def test_nested_contexts_return(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        with tenant_context(college_b):
            assert session_user() == college_b.schema_name
        assert session_user() == college_a.schema_name
        with pytest.raises(ZeroDivisionError), tenant_context(college_b):
            _ = 1 / 0
        assert session_user() == college_a.schema_name


def test_switch_inside_a_transaction_is_refused(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        with transaction.atomic():
            with pytest.raises(Problem) as caught, tenant_context(college_b):
                pass
            assert caught.value.code is Code.TENANT_SWITCH_IN_TRANSACTION
            assert session_user() == college_a.schema_name
            with tenant_context(college_a):
                User.objects.create(username="1", name="同一学校可以再进")
        assert User.objects.count() == 1


def test_switch_without_autocommit_is_refused(own_wrapper: DatabaseWrapper, session_tenants: Any) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    own_wrapper.set_autocommit(False)
    with pytest.raises(Problem):
        own_wrapper.set_tenant(session_tenants.beta)
    own_wrapper.rollback()
    own_wrapper.set_autocommit(True)
    own_wrapper.set_tenant(session_tenants.beta)
    assert ask(own_wrapper, "SELECT session_user::text") == session_tenants.beta.schema_name


def test_transaction_state_waits_in_the_lane(college_a: Tenant, college_b: Tenant) -> None:
    """The outer transaction of a test stays with its role, savepoints and failures included."""
    with tenant_context(college_a):
        User.objects.create(username="1", name="甲")
        with tenant_context(college_b):
            with pytest.raises(ProgrammingError), transaction.atomic():
                User.objects.raw("SELECT * FROM nowhere")[0]
            assert connection.needs_rollback is False
            assert User.objects.count() == 0
        assert connection.in_atomic_block
        assert User.objects.count() == 1


def test_every_transaction_attribute_of_django_is_parked(own_wrapper: DatabaseWrapper) -> None:
    """A new attribute in a new Django must be judged: part of a lane, or of the wrapper."""
    of_the_wrapper = {
        *("settings_dict", "alias", "queries_log", "force_debug_cursor", "execute_wrappers"),
        *("client", "creation", "features", "introspection", "ops", "validation"),
        *("_thread_sharing_lock", "_thread_sharing_count", "_thread_ident", "atomic_migrations"),
        *(
            "search_path_set_schemas",
            "_setting_search_path",
            "tenant",
            "schema_name",
            "include_public_schema",
        ),
        *("lane", "parking", "on_enter_lane", "isolation_level", "_nodb_cursor", "tzinfo_factory"),
    }
    own_wrapper.ensure_connection()
    computed_once = {"timezone", "timezone_name", "data_types", "pg_version", "wrap_database_errors"}
    unknown = set(vars(own_wrapper)) - of_the_wrapper - computed_once - set(_fresh_state())
    assert unknown == set()


def test_connections_are_reused_and_bounded(own_wrapper: DatabaseWrapper, session_tenants: Any) -> None:
    seen = {}
    for tenant in (session_tenants.alpha, session_tenants.beta, session_tenants.gamma):
        own_wrapper.set_tenant(tenant)
        seen[tenant] = ask(own_wrapper, "SELECT pg_backend_pid()")
    assert len(own_wrapper.parking) == 2
    own_wrapper.set_tenant(session_tenants.beta)
    assert ask(own_wrapper, "SELECT pg_backend_pid()") == seen[session_tenants.beta]
    own_wrapper.set_tenant(session_tenants.public)
    own_wrapper.ensure_connection()
    own_wrapper.set_tenant(session_tenants.alpha)
    assert ask(own_wrapper, "SELECT pg_backend_pid()") != seen[session_tenants.alpha], "the oldest was closed"


def test_idle_and_old_lanes_are_closed(own_wrapper: DatabaseWrapper, session_tenants: Any) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    first = ask(own_wrapper, "SELECT pg_backend_pid()")
    raw = own_wrapper.connection
    own_wrapper.set_tenant(session_tenants.beta)
    own_wrapper.parking.idle_seconds = 0
    own_wrapper.close_if_unusable_or_obsolete()
    assert raw.closed
    assert len(own_wrapper.parking) == 0
    own_wrapper.parking.idle_seconds = 300
    own_wrapper.set_tenant(session_tenants.alpha)
    assert ask(own_wrapper, "SELECT pg_backend_pid()") != first
    own_wrapper.close_at = time.monotonic() - 1
    raw = own_wrapper.connection
    own_wrapper.set_tenant(session_tenants.beta)
    own_wrapper.set_tenant(session_tenants.alpha)
    own_wrapper.ensure_connection()
    assert own_wrapper.connection is not raw, "older than CONN_MAX_AGE"
    assert raw.closed


def test_obsolete_present_lane_leaves_parked_ones_alone(
    own_wrapper: DatabaseWrapper, session_tenants: Any
) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    own_wrapper.ensure_connection()
    own_wrapper.set_tenant(session_tenants.beta)
    own_wrapper.ensure_connection()
    own_wrapper.close_at = time.monotonic() - 1
    own_wrapper.close_if_unusable_or_obsolete()
    assert own_wrapper.connection is None
    assert len(own_wrapper.parking) == 1
    own_wrapper.close()
    assert len(own_wrapper.parking) == 0


def test_killed_backend_is_replaced(
    own_wrapper: DatabaseWrapper, session_tenants: Any, database_url: str
) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    pid = ask(own_wrapper, "SELECT pg_backend_pid()")
    own_wrapper.set_tenant(session_tenants.beta)
    superuser = psycopg2.connect(database_url)
    with superuser.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    superuser.close()
    own_wrapper.close_if_unusable_or_obsolete()
    own_wrapper.set_tenant(session_tenants.alpha)
    assert ask(own_wrapper, "SELECT pg_backend_pid()") != pid
    assert ask(own_wrapper, "SELECT session_user::text") == session_tenants.alpha.schema_name


def test_lane_of_a_parent_process_is_left_to_it(own_wrapper: DatabaseWrapper, session_tenants: Any) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    own_wrapper.ensure_connection()
    raw = own_wrapper.connection
    own_wrapper.set_tenant(session_tenants.beta)
    for parked in own_wrapper.parking._parked.values():
        parked.pid -= 1
    own_wrapper.set_tenant(session_tenants.alpha)
    assert own_wrapper.connection is None
    assert not raw.closed
    raw.close()


def test_shared_settings_are_never_written(college_a: Tenant, college_b: Tenant) -> None:
    before = repr(sorted(connections.settings["default"].items()))
    for tenant in (college_a, college_b):
        with tenant_context(tenant):
            session_user()
    assert repr(sorted(connections.settings["default"].items())) == before
    assert "SCHEMA" not in connections.settings["default"]


def test_threads_do_not_share_tenants(session_tenants: Any, django_db_blocker: Any) -> None:
    """Six threads switch a hundred times each, with failures between."""
    wrong: list[str] = []

    def work(number: int) -> None:
        order = [session_tenants.alpha, session_tenants.beta, session_tenants.gamma]
        try:
            for turn in range(100):
                tenant = order[(turn + number) % 3]
                with tenant_context(tenant):
                    try:
                        with transaction.atomic():
                            if session_user() != tenant.schema_name:
                                wrong.append(tenant.schema_name)
                            if turn % 4 == 0:
                                raise ZeroDivisionError
                    except ZeroDivisionError:
                        continue
        finally:
            connections.close_all()

    with django_db_blocker.unblock():
        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_owner_lane_is_closed_after_use(own_wrapper: DatabaseWrapper, session_tenants: Any) -> None:
    own_wrapper.set_tenant(session_tenants.alpha)
    with own_wrapper.as_owner(session_tenants.beta.schema_name, "college"):
        assert ask(own_wrapper, "SELECT current_user::text") == roles.OWNER
        assert own_wrapper.tenant.get_tenant_type() == "college"
        raw = own_wrapper.connection
    assert raw.closed
    assert ask(own_wrapper, "SELECT session_user::text") == session_tenants.alpha.schema_name


def test_startup_options() -> None:
    assert Lane.of_tenant("t_000123").startup_options(5000) == (
        "-c search_path=t_000123,public -c timezone=UTC -c statement_timeout=5000"
    )
    assert Lane.of_owner("public").startup_options(5000) == (
        "-c search_path=public -c timezone=UTC -c role=zh_owner"
    )


def test_statement_timeout_comes_with_the_connection(
    own_wrapper: DatabaseWrapper, settings: Any, session_tenants: Any
) -> None:
    settings.TENANT_STATEMENT_TIMEOUT_MS = 1234
    own_wrapper.set_tenant(session_tenants.alpha)
    assert ask(own_wrapper, "SELECT current_setting('statement_timeout')") == "1234ms"


def test_table_names_are_those_of_the_schema(college_a: Tenant) -> None:
    database = tenant_connection()
    with public_context(), database.cursor() as cursor:
        names = database.introspection.table_names(cursor)
    assert "registry_tenant" in names
    assert "organisation_unit" not in names


def test_full_server_gets_parked_connections_back(
    own_wrapper: DatabaseWrapper, session_tenants: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the server refuses another connection, the parked ones are closed and the attempt repeated once."""
    own_wrapper.set_tenant(session_tenants.alpha)
    own_wrapper.ensure_connection()
    raw = own_wrapper.connection
    own_wrapper.set_tenant(session_tenants.beta)
    original = psycopg2.connect

    def full(*args: Any, **kwargs: Any) -> Any:
        if not raw.closed:
            raise psycopg2.OperationalError("sorry, too many clients already")
        return original(*args, **kwargs)

    monkeypatch.setattr(psycopg2, "connect", full)
    assert ask(own_wrapper, "SELECT session_user::text") == session_tenants.beta.schema_name
    monkeypatch.setattr(
        psycopg2, "connect", lambda *_, **__: (_ for _ in ()).throw(psycopg2.OperationalError("down"))
    )
    own_wrapper.close()
    with pytest.raises(OperationalError, match="down"):
        own_wrapper.ensure_connection()
