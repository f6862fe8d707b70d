"""What PostgreSQL answers when a college's connection tries to leave its schema: each statement with its SQLSTATE.

``{own}`` is the college's schema and role, ``{other}`` another college's.  All would be one injected statement, or several
where they are stacked.
"""

import re
from typing import Any

import pytest
from django.db import Error, connections

from tenants.registry import roles
from tenants.registry.backend.base import DatabaseWrapper
from tenants.registry.models import Tenant

DENIED = "42501"

OTHER_SCHEMA = [
    "SELECT * FROM {other}.accounts_user",
    "SELECT count(*) FROM {other}.accounts_user",
    "SELECT u.name FROM accounts_user u JOIN {other}.accounts_user o USING (username)",
    "SELECT (SELECT max(name) FROM {other}.accounts_user)",
    "TABLE {other}.accounts_user",
    "INSERT INTO {other}.accounts_user (username) VALUES ('x')",
    "UPDATE {other}.accounts_user SET name = 'x'",
    "DELETE FROM {other}.accounts_user",
    "TRUNCATE {other}.accounts_user",
    "MERGE INTO {other}.accounts_user t USING accounts_user s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "EXPLAIN SELECT * FROM {other}.accounts_user",
    "PREPARE peek AS SELECT * FROM {other}.accounts_user",
    "SELECT nextval('{other}.accounts_user_id_seq')",
    "SELECT '{other}.accounts_user'::regclass",
    "SET search_path = {other}, public; SELECT * FROM accounts_user",
    "SELECT * FROM {other}.django_migrations",
    "COPY {other}.accounts_user TO PROGRAM 'cat'",
]
OTHER_ROLE = [
    "SET ROLE {other}",
    "SET LOCAL ROLE {other}",
    "SET ROLE zh_owner",
    "SET ROLE zh_admin",
    "SET ROLE {root}",
    "SET SESSION AUTHORIZATION {other}",
    "SET SESSION AUTHORIZATION {root}",
    "SELECT set_config('role', '{other}', true)",
    "SELECT set_config('role', '{other}', false)",
    "SELECT set_config('search_path', '{other}', false)",
    "UPDATE pg_settings SET setting = '{other}' WHERE name = 'role'",
    "RESET ROLE; SELECT * FROM {other}.accounts_user",
    "SET ROLE NONE; SELECT * FROM {other}.accounts_user",
    "RESET SESSION AUTHORIZATION; SELECT * FROM {other}.accounts_user",
    "RESET ALL; SELECT * FROM {other}.accounts_user",
    "SELECT 1; SET ROLE {other}; SELECT * FROM {other}.accounts_user",
    "SELECT name'\\'; SET ROLE {other}; SELECT ''",
    "DO $$ BEGIN EXECUTE 'SET ROLE {other}'; END $$",
    "DO $$ BEGIN PERFORM * FROM {other}.accounts_user; END $$",
    "GRANT {other} TO {own}",
    "GRANT zh_owner TO {own}",
    "ALTER ROLE {other} PASSWORD 'x'",
    "ALTER ROLE {other} SET search_path = {own}",
    "ALTER ROLE {own} SUPERUSER",
    "CREATE ROLE intruder LOGIN",
    "DROP ROLE {other}",
    "GRANT USAGE ON SCHEMA {own} TO {other}; GRANT USAGE ON SCHEMA {other} TO {own}",
]
SQL_IN_TEXT = [
    "SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM {other}.accounts_user')",
    "SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM {other}.accounts_user', 'a')",
    "SELECT set_config('role', '{other}', true), (SELECT count(*) FROM ts_stat('SELECT to_tsvector(name) FROM {other}.accounts_user'))",
    "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
    "SELECT query_to_xml('SELECT * FROM {other}.accounts_user', true, false, '')",
    "SELECT query_to_xml_and_xmlschema('SELECT 1', true, false, '')",
    "SELECT table_to_xml('accounts_user'::regclass, true, false, '')",
    "SELECT schema_to_xml('{own}', true, false, '')",
    "SELECT database_to_xml(true, false, '')",
    "SELECT cursor_to_xml('c', 1, true, false, '')",
]
OUTSIDE = [
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('/etc/passwd')",
    "COPY accounts_user TO PROGRAM 'cat'",
    "COPY accounts_user TO '/tmp/x'",
    "COPY accounts_user FROM '/etc/passwd'",
    "COPY accounts_user FROM PROGRAM 'id'",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_get(1)",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_cancel_backend(1)",
    "SELECT pg_sleep(60)",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "SELECT pg_notify('x', 'y')",
    "SELECT pg_export_snapshot()",
    "SELECT pg_logical_emit_message(false, 'x', 'y')",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET max_connections = 1",
    "CREATE EXTENSION vector",
    "CREATE DATABASE loot",
    "LOAD 'auto_explain'",
]
DDL = [
    "CREATE TABLE x (i integer)",
    "CREATE TEMP TABLE x (i integer)",
    "CREATE TEMP VIEW x AS SELECT 1",
    "SELECT * INTO x FROM accounts_user",
    "CREATE TABLE public.x (i integer)",
    "CREATE VIEW x AS SELECT 1",
    "CREATE SCHEMA x",
    "CREATE SEQUENCE x",
    "CREATE TYPE x AS ENUM ('a')",
    "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER x AFTER INSERT ON accounts_user EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
    "CREATE RULE x AS ON INSERT TO accounts_user DO NOTHING",
    "CREATE POLICY x ON accounts_user",
    "ALTER TABLE accounts_user ADD COLUMN x integer",
    "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
    "ALTER TABLE accounts_user OWNER TO {own}",
    "ALTER SCHEMA {own} RENAME TO x",
    "DROP TABLE accounts_user",
    "DROP SCHEMA {own} CASCADE",
    "TRUNCATE accounts_user",
    "REINDEX TABLE accounts_user",
    "COMMENT ON TABLE accounts_user IS 'x'",
]
CATALOGUES = [
    *(f"SELECT * FROM {name}" for name in (
        "pg_class", "pg_namespace", "pg_roles", "pg_user", "pg_database", "pg_auth_members", "pg_attribute", "pg_proc",
        "pg_constraint", "pg_index", "pg_depend", "pg_settings", "pg_locks", "pg_stat_activity", "pg_stat_user_tables",
        "pg_stats", "pg_tables", "pg_indexes", "pg_views", "pg_policies", "pg_sequences", "pg_shadow", "pg_authid",
        "pg_db_role_setting", "pg_cursors", "information_schema.tables", "information_schema.schemata",
    )),
    "SELECT pg_database_size(current_database())",
    "SELECT pg_total_relation_size('accounts_user')",
    "SELECT pg_stat_get_live_tuples(16384)",
    "SELECT pg_get_functiondef('public.zh_tenant'::regproc)",
    "SELECT pg_describe_object(1259, 16384, 0)",
    "SELECT obj_description(16384, 'pg_class')",
]  # fmt: skip
PUBLIC_AND_OWN = [
    "SELECT * FROM registry_tenant",
    "SELECT * FROM public.registry_domain",
    "SELECT * FROM public.accounts_user",
    "SELECT * FROM public.django_session",
    "SELECT * FROM public.kernel_auditentry",
    "SELECT * FROM public.django_migrations",
    "INSERT INTO library_template DEFAULT VALUES",
    "UPDATE library_template SET id = 1",
    "DELETE FROM library_templateversion",
    "UPDATE kernel_auditentry SET actor_name = 'x'",
    "DELETE FROM kernel_auditentry",
    "UPDATE kernel_auditseal SET digest = 'x'",
    "SELECT * FROM django_migrations",
    "DELETE FROM django_migrations",
    "UPDATE benchmarking_releasedvalue SET value = 0",
    "SELECT zh_freeze_statistics(2020)",
    "SELECT setval('accounts_user_id_seq', 1)",
]
ALL = [
    (statement, DENIED)
    for group in (OTHER_SCHEMA, OTHER_ROLE, SQL_IN_TEXT, OUTSIDE, DDL, CATALOGUES, PUBLIC_AND_OWN)
    for statement in group
]
ALL += [
    (
        "SET search_path = {other}; SELECT * FROM accounts_user",
        "42P01",
    ),  # no right to look there: no such table
    ("LOCK TABLE {other}.accounts_user", "25P01"),  # only inside a transaction
    ("DISCARD ALL; SELECT * FROM {other}.accounts_user", "25001"),  # not among other statements
]


def sqlstate(wrapper: DatabaseWrapper, statement: str) -> str:
    """SQLSTATE of the answer, or "ok"."""
    try:
        with wrapper.cursor() as cursor:
            cursor.execute(statement)
    except Error as error:
        return str(getattr(error.__cause__, "pgcode", error))
    return "ok"


@pytest.mark.parametrize(
    ("statement", "expected"), ALL, ids=[re.sub(r"\W+", "_", text)[:60] for text, _ in ALL]
)
def test_refused(college: DatabaseWrapper, other: Tenant, statement: str, expected: str, root: str) -> None:
    own = college.schema_name
    assert sqlstate(college, statement.format(own=own, other=other.schema_name, root=root)) == expected
    assert sqlstate(college, f"SELECT * FROM {other.schema_name}.accounts_user") == DENIED
    with college.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == (own, own)


@pytest.mark.parametrize(
    "statement",
    [
        "RESET ROLE",
        "SET ROLE NONE",
        "SET ROLE {own}",
        "RESET SESSION AUTHORIZATION",
        "GRANT SELECT ON accounts_user TO {other}",
        "GRANT SELECT ON accounts_user TO PUBLIC",
        "SET row_security = off",
        "SET session_replication_role = DEFAULT",
    ],
)
def test_harmless(college: DatabaseWrapper, other: Tenant, statement: str) -> None:
    """PostgreSQL may accept these; they open nothing, in neither direction."""
    own = college.schema_name
    sqlstate(college, statement.format(own=own, other=other.schema_name))
    assert sqlstate(college, f"SELECT * FROM {other.schema_name}.accounts_user") == DENIED
    college.set_tenant(other)
    assert sqlstate(college, f"SELECT * FROM {own}.accounts_user") == DENIED


def test_a_role_can_only_spoil_itself_and_the_next_login_wins(college: DatabaseWrapper) -> None:
    """Startup options win over what a role has stored for itself."""
    for setting in (
        "statement_timeout = '1ms'",
        "search_path = pg_catalog",
        "role = 'none'",
        "timezone = 'Asia/Tokyo'",
    ):
        assert sqlstate(college, f"ALTER ROLE CURRENT_USER SET {setting}") == "ok"
    college.close()
    try:
        with college.cursor() as cursor:
            cursor.execute(
                "SELECT name, current_setting('statement_timeout'), current_user::text FROM accounts_user"
            )
            assert cursor.fetchall() == [("alpha", "1min", college.schema_name)]
    finally:
        assert sqlstate(college, "ALTER ROLE CURRENT_USER RESET ALL") == "ok"
        assert (
            sqlstate(college, f"ALTER ROLE CURRENT_USER SET search_path = {college.schema_name}, public")
            == "ok"
        )


def test_own_work_is_allowed(college: DatabaseWrapper) -> None:
    """The refusals above are not because nothing works."""
    columns = "username, password, name, phone, email, is_active, must_change_password, created_at"
    for statement in (
        f"INSERT INTO accounts_user ({columns}) VALUES ('isolation-2', '', '李四', '', '', false, false, now())",
        "UPDATE accounts_user SET name = '王五' WHERE username = 'isolation-2'",
        "SELECT * FROM accounts_user FOR UPDATE",
        "DELETE FROM accounts_user WHERE username = 'isolation-2'",
        "SELECT * FROM library_template",
        "SELECT * FROM benchmarking_releasedvalue",
    ):
        assert sqlstate(college, statement) == "ok", statement


class OneLoginForAll(DatabaseWrapper):
    """The engine with its heart removed: every tenant shares one login, only the search path changes."""

    def get_connection_params(self) -> dict[str, Any]:
        shared = {"user": roles.ADMIN, "password": roles.password(roles.ADMIN)}
        path = self.lane.startup_options(60000)
        return {**super().get_connection_params(), **shared, "options": f"{path} -c role={roles.OWNER}"}


def test_without_the_login_switch_the_leak_is_seen(with_data: Any, django_db_blocker: Any) -> None:
    """Proof that the tests above rest on the login: with the usual shared login the same statements succeed."""
    with django_db_blocker.unblock():
        wrapper = OneLoginForAll(connections.settings["default"], "default")
        wrapper.inc_thread_sharing()
        wrapper.set_tenant(with_data.alpha)
        try:
            own, other = with_data.alpha.schema_name, with_data.beta.schema_name
            with wrapper.cursor() as cursor:
                cursor.execute("SELECT name FROM accounts_user")
                assert cursor.fetchall() == [("alpha",)], "looks isolated"
                cursor.execute(f"SELECT name FROM {other}.accounts_user")
                assert cursor.fetchall() == [("beta",)], "and is not"
            reads = [
                text.format(own=own, other=other)
                for text in OTHER_SCHEMA
                if text.startswith(("SELECT", "TABLE"))
            ]
            assert [sqlstate(wrapper, text) for text in reads] == ["ok"] * len(reads)
        finally:
            wrapper.close()
