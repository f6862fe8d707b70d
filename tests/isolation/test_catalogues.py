"""What the database's own catalogues say about roles, owners and grants, checked as superuser."""

from typing import Any

import psycopg2

ROLE = r"^t_[0-9]{6,9}$"


def rows(cursor: Any, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())


def test_tenant_roles_have_no_powers(superuser: Any) -> None:
    found = rows(
        superuser,
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin, rolconnlimit > 0 "
        "FROM pg_roles WHERE rolname ~ %s",
        ROLE,
    )
    assert len(found) >= 3
    assert {row[1:] for row in found} == {(False, False, False, False, False, True, True)}


def test_tenant_roles_are_members_of_nothing_and_nobody_acts_as_them(superuser: Any) -> None:
    found = rows(
        superuser,
        "SELECT m.rolname, r.rolname, a.inherit_option, a.set_option FROM pg_auth_members a "
        "JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid "
        "WHERE m.rolname ~ %s OR r.rolname ~ %s",
        ROLE,
        ROLE,
    )
    assert all(member == "zh_admin" for member, _, _, _ in found), "the provisioner may drop them"
    assert all(not inherits and not may_set for _, _, inherits, may_set in found), "but not act as them"


def test_tenant_roles_own_nothing(superuser: Any) -> None:
    owned = rows(
        superuser,
        "SELECT d.classid::regclass::text, d.objid FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid "
        "WHERE d.deptype = 'o' AND r.rolname ~ %s",
        ROLE,
    )
    assert owned == []


def test_grants_stay_inside_the_own_schema(superuser: Any) -> None:
    tables = rows(
        superuser,
        "SELECT c.oid::regclass::text, r.rolname, a.privilege_type FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
        "aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname ~ %s AND n.nspname <> r.rolname",
        ROLE,
    )
    schemas = rows(
        superuser,
        "SELECT n.nspname, r.rolname, a.privilege_type, a.is_grantable FROM pg_namespace n, "
        "aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname ~ %s",
        ROLE,
    )
    assert tables == []
    assert all(schema == role for schema, role, _, _ in schemas)
    assert {(privilege, grantable) for _, _, privilege, grantable in schemas} == {("USAGE", False)}


def test_a_tenants_tables_are_granted_to_its_role_only(superuser: Any) -> None:
    grantees = rows(
        superuser,
        "SELECT DISTINCT n.nspname, coalesce(r.rolname, 'PUBLIC') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
        "aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE n.nspname ~ %s",
        ROLE,
    )
    assert {role for schema, role in grantees if role != schema} == {"zh_owner"}


def test_append_only_tables(superuser: Any, with_data: Any) -> None:
    schema = with_data.alpha.schema_name
    trail = ("kernel_auditentry", "kernel_auditseal", "kernel_auditsealitem")
    found = rows(
        superuser,
        "SELECT c.relname::text, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) FROM pg_class c, "
        "aclexplode(c.relacl) a WHERE c.relnamespace = %s::regnamespace AND a.grantee = %s::regrole GROUP BY 1",
        schema,
        schema,
    )
    grants = dict(found)
    assert {grants.pop(table) for table in trail} == {"INSERT SELECT"}
    assert "django_migrations" not in grants
    assert set(grants.values()) == {"DELETE INSERT SELECT UPDATE"}


def test_security_definer_functions_have_a_fixed_path(superuser: Any) -> None:
    found = rows(
        superuser,
        "SELECT p.oid::regprocedure::text, p.proowner::regrole::text, p.proconfig FROM pg_proc p "
        "WHERE p.prosecdef AND p.pronamespace <> 'pg_catalog'::regnamespace",
    )
    for name, owner, config in found:
        assert config == ["search_path=pg_catalog, pg_temp"], name
        assert owner in {"zh_stats", "zh_owner"}, name


def test_shared_tables_are_read_only_or_under_row_security(superuser: Any) -> None:
    writable = rows(
        superuser,
        "SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0 AND a.privilege_type <> 'SELECT' GROUP BY 1, 2",
    )
    assert all(guarded for _, guarded in writable), writable


def test_only_library_and_released_tables_are_shared(superuser: Any) -> None:
    shared = rows(
        superuser,
        "SELECT DISTINCT c.relname::text FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0",
    )
    assert all(name.startswith(("library_", "benchmarking_")) for (name,) in shared), shared


def test_nothing_in_the_catalogues_is_public(superuser: Any, with_data: Any) -> None:
    """The list of revoked catalogues is not written down: all are, whatever the version of PostgreSQL brings."""
    open_relations = rows(
        superuser,
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace "
        "AND c.relkind IN ('r', 'v') AND has_any_column_privilege(%s, c.oid, 'SELECT')",
        with_data.alpha.schema_name,
    )
    assert open_relations == []


def test_no_public_function_runs_sql_text(superuser: Any, with_data: Any, database_url: str) -> None:
    """Every function that anybody may call with texts is called with a statement; none may run it (see SQLSTATE 22012)."""
    values = {
        "text": "'SELECT 1/0'::text",
        "cstring": "'SELECT 1/0'::cstring",
        "name": "'accounts_user'::name",
        "boolean": "true",
        "integer": "1",
        "bigint": "1",
        "smallint": "1::smallint",
        "regclass": "'pg_class'::regclass",
        "oid": "1::oid",
        "tsquery": "'a'::tsquery",
        "tsvector": "'a'::tsvector",
        "json": "'{}'::json",
        "jsonb": "'{}'::jsonb",
        "bytea": "'a'::bytea",
        "text[]": "ARRAY['SELECT 1/0']",
        "double precision": "1.0",
        "numeric": "1",
        "anyelement": "'SELECT 1/0'::text",
    }
    role = with_data.alpha.schema_name
    functions = rows(
        superuser,
        "SELECT p.proname::text, (SELECT array_agg(format_type(t, NULL) ORDER BY i) "
        "FROM unnest(p.proargtypes) WITH ORDINALITY u(t, i)) "
        "FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' "
        "AND has_function_privilege(%s, p.oid, 'EXECUTE') "
        "AND EXISTS (SELECT 1 FROM unnest(p.proargtypes) t WHERE t IN ('text'::regtype, 'cstring'::regtype))",
        role,
    )
    runners, tried = [], 0
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = 2000; SET ROLE {role}")
        for name, types in functions:
            if not set(types) <= set(values):
                continue
            tried += 1
            try:
                cursor.execute(f"SELECT pg_catalog.{name}({', '.join(values[kind] for kind in types)})")
            except psycopg2.errors.DivisionByZero:
                runners.append((name, types))
            except psycopg2.Error:
                continue
        cursor.execute("SELECT 1")
    connection.close()
    assert runners == []
    assert tried > 200


def test_the_sweep_would_notice(superuser: Any) -> None:
    """query_to_xml, called the same way, does run the statement."""
    try:
        superuser.execute("SELECT * FROM ts_stat('SELECT 1/0')")
    except psycopg2.errors.DivisionByZero:
        return
    raise AssertionError("the marker statement was not run")
