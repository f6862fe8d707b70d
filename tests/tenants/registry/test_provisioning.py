"""Provisioning: everything or nothing, and the same schema as the migrations would have made."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connections

from tenants.registry import blueprint as blueprints
from tenants.registry import roles
from tenants.registry.blueprint import Blueprint, blueprint, state_digest, statements_of_dump
from tenants.registry.bootstrap import admin_connection, bootstrap
from tenants.registry.context import public_context, tenant_context
from tenants.registry.hosts import tenant_for_host
from tenants.registry.models import Domain, Tenant, TenantState
from tenants.registry.schemas import migrate_schema
from tenants.registry.services import provisioning
from tenants.registry.services.domains import domain_add, domain_remove
from tenants.registry.services.provisioning import deprovision, provision
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

COLUMNS = """
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname::text, contype::text, condeferrable, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %s::regnamespace ORDER BY 1, 2
"""
INDEXES = (
    "SELECT tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2"
)
SEQUENCES = """
SELECT sequencename::text, data_type::text, start_value, increment_by, last_value FROM pg_sequences
WHERE schemaname = %s AND sequencename <> 'django_migrations_id_seq' ORDER BY 1
"""
MIGRATIONS = "SELECT app, name FROM {}.django_migrations ORDER BY id"


@pytest.fixture
def superuser(session_tenants: Any, database_url: str) -> Iterator[Any]:
    """A superuser's cursor."""
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def answer(cursor: Any, statement: str, *parameters: Any) -> list[Any]:
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())


def plain(definition: str) -> str:
    """PostgreSQL moves casts and brackets each time it reads its own text of an expression."""
    return re.sub(r"::(character varying|text)(\[\])?|[() ]", "", definition)


def shape(cursor: Any, schema: str) -> dict[str, Any]:
    """Everything that makes up a schema, with the schema's own name blotted out."""

    def told(statement: str) -> list[Any]:
        found = answer(cursor, statement, schema)
        return [
            tuple(re.sub(rf"\b{schema}\b", "@", part) if isinstance(part, str) else part for part in row)
            for row in found
        ]

    return {
        "columns": told(COLUMNS),
        "constraints": [(*row[:-1], plain(row[-1])) for row in told(CONSTRAINTS)],
        "indexes": [(*row[:-1], plain(row[-1])) for row in told(INDEXES)],
        "sequences": told(SEQUENCES),
        "migrations": answer(cursor, MIGRATIONS.format(schema)),
    }


def leftovers(cursor: Any) -> tuple[int, ...]:
    """Numbers of tenants, domains, schemas and roles."""
    counts = (
        "SELECT count(*) FROM registry_tenant",
        "SELECT count(*) FROM registry_domain",
        "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_'",
        "SELECT count(*) FROM pg_roles WHERE rolname ~ '^t_'",
    )
    return tuple(answer(cursor, statement)[0][0] for statement in counts)


@pytest.mark.parametrize("kind", ["college", "province"])
def test_replay_equals_migrations(
    session_tenants: Any, superuser: Any, django_db_blocker: Any, kind: str
) -> None:
    """Columns, constraints, indexes, sequences with all their names, and the rows of django_migrations."""
    schema = f"zh_compare_{kind}"
    with django_db_blocker.unblock(), admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        tenant = provision(
            kind=kind, code="compare", name="比", domain="compare.example.com", acting_user=None
        )
        cursor.execute(f"CREATE SCHEMA {schema}")
        try:
            migrate_schema(schema, kind)
            migrated, replayed = shape(superuser, schema), shape(superuser, tenant.schema_name)
        finally:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            deprovision(tenant=tenant, acting_user=None)
    assert len(migrated["indexes"]) > 20
    for part, found in migrated.items():
        assert replayed[part] == found, part


def test_a_province_has_no_college_tables(session_tenants: Any, superuser: Any) -> None:
    statement = "SELECT tablename::text FROM pg_tables WHERE schemaname = %s"
    tables = {name for (name,) in answer(superuser, statement, session_tenants.gamma.schema_name)}
    assert {"accounts_user", "kernel_auditentry", "django_session"} <= tables
    assert not {
        name for name in tables if name.startswith(("organisation_", "catalog_", "assessment_", "library_"))
    }


def test_fresh_college_works_and_goes_without_trace(
    session_tenants: Any, superuser: Any, django_db_blocker: Any
) -> None:
    before = leftovers(superuser)
    with django_db_blocker.unblock():
        tenant = provision(
            kind="college", code="visitor", name="访客学院", domain="Visitor.Example.COM.", acting_user=None
        )
        assert re.fullmatch(r"t_\d{6}", tenant.schema_name)
        assert tenant.schema_name == f"t_{tenant.pk:06d}"
        assert tenant_for_host("visitor.example.com") == tenant
        with tenant_context(tenant):
            User.objects.create(username="1", name="第一人")
            assert User.objects.get().pk == 1
        with public_context():
            entry = AuditEntry.objects.get(action="tenant.provision", target_id=str(tenant.pk))
            assert entry.data == {"code": "visitor", "kind": "college", "domain": "visitor.example.com"}
        number = tenant.pk
        deprovision(tenant=tenant, acting_user=None)
        assert tenant_for_host("visitor.example.com") is None
        with public_context():
            assert AuditEntry.objects.filter(action="tenant.deprovision", target_id=str(number)).exists()
        connections.close_all()
    assert leftovers(superuser) == before


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "public"}, Code.INVALID_INPUT),
        ({"kind": "school"}, Code.INVALID_INPUT),
        ({"code": "Alpha"}, Code.INVALID_INPUT),
        ({"code": "1st"}, Code.INVALID_INPUT),
        ({"code": ""}, Code.INVALID_INPUT),
        ({"name": ""}, Code.INVALID_INPUT),
        ({"name": "长" * 101}, Code.INVALID_INPUT),
        ({"domain": "https://x.example.com/"}, Code.INVALID_INPUT),
        ({"domain": "学校.中国"}, Code.INVALID_INPUT),
        ({"domain": "-x.example.com"}, Code.INVALID_INPUT),
        ({"domain": ""}, Code.INVALID_INPUT),
        ({"code": "beta"}, Code.TENANT_EXISTS),
        ({"domain": "BETA.testserver.localhost:80"}, Code.TENANT_EXISTS),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(
    session_tenants: Any, superuser: Any, django_db_blocker: Any, wrong: dict[str, str], code: Code
) -> None:
    before = leftovers(superuser)
    good = {"kind": "college", "code": "newone", "name": "新学院", "domain": "newone.example.com"}
    with django_db_blocker.unblock(), pytest.raises(Problem) as caught:
        provision(**{**good, **wrong}, acting_user=None)
    assert caught.value.code is code
    assert "—" not in str(caught.value)
    assert leftovers(superuser) == before


@pytest.mark.parametrize("place", [0, 3, -1])
def test_failure_while_creating_leaves_nothing(
    session_tenants: Any, superuser: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """A statement that fails at the beginning, in the middle or at the end of the replay."""
    whole = blueprint("college")
    broken = list(whole.statements)
    broken.insert(place if place >= 0 else len(broken), "SELECT 1/0")
    plan = Blueprint(whole.kind, whole.digest, whole.template, tuple(broken))
    monkeypatch.setattr(provisioning, "blueprint", lambda _kind: plan)
    before = leftovers(superuser)
    with django_db_blocker.unblock(), pytest.raises(psycopg2.errors.DivisionByZero):
        provision(
            kind="college", code="broken", name="没建成学院", domain="broken.example.com", acting_user=None
        )
    assert leftovers(superuser) == before
    monkeypatch.undo()
    with django_db_blocker.unblock():
        tenant = provision(
            kind="college", code="broken", name="第二次学院", domain="broken.example.com", acting_user=None
        )
        deprovision(tenant=tenant, acting_user=None)


def test_interruption_while_creating_leaves_nothing(
    session_tenants: Any, superuser: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(provisioning, "schema_statements", interrupt)
    before = leftovers(superuser)
    with django_db_blocker.unblock(), pytest.raises(KeyboardInterrupt):
        provision(
            kind="college", code="broken", name="没建成学院", domain="broken.example.com", acting_user=None
        )
    assert leftovers(superuser) == before


def test_what_a_killed_process_left_is_cleared_by_the_next_try(
    session_tenants: Any, superuser: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill -9 between row and schema: the code is free again."""
    before = leftovers(superuser)
    good = {"kind": "college", "code": "halfway", "name": "半途学院", "domain": "halfway.example.com"}

    def killed(*_: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(provisioning, "_create_in_database", killed)
    monkeypatch.setattr(provisioning, "_undo", lambda *_: None)
    with django_db_blocker.unblock(), pytest.raises(SystemExit):
        provision(**good, acting_user=None)
    monkeypatch.undo()
    assert leftovers(superuser) != before
    monkeypatch.setattr(provisioning, "UNFINISHED_AFTER", timedelta(0))
    with django_db_blocker.unblock():
        assert tenant_for_host("halfway.example.com") is None
        tenant = provision(**good, acting_user=None)
        assert tenant.state == TenantState.ACTIVE
        deprovision(tenant=tenant, acting_user=None)
    assert leftovers(superuser) == before


def test_the_platform_cannot_be_removed(public_tenant: Tenant) -> None:
    with pytest.raises(Problem):
        deprovision(tenant=public_tenant, acting_user=None)


def test_provisioning_is_fast(session_tenants: Any, django_db_blocker: Any) -> None:
    """At least eight times as fast as the migrations, measured side by side (seconds: benchmarks/provisioning.py)."""
    schema, took = "zh_compare_speed", []
    with django_db_blocker.unblock(), admin_connection(role=roles.OWNER) as admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        started = time.perf_counter()
        migrate_schema(schema, "college")
        by_migrations = time.perf_counter() - started
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        for code in ("quick1", "quick2", "quick3"):
            started = time.perf_counter()
            tenant = provision(
                kind="college", code=code, name="快", domain=f"{code}.example.com", acting_user=None
            )
            took.append(time.perf_counter() - started)
            deprovision(tenant=tenant, acting_user=None)
    assert min(took) * 8 <= by_migrations


def test_password_is_the_roles_own(session_tenants: Any) -> None:
    """With the password of one role nobody logs in as another."""
    target = connections.settings["default"]
    own, other = session_tenants.alpha.schema_name, session_tenants.beta.schema_name
    where = {"host": target["HOST"], "port": target["PORT"], "dbname": target["NAME"]}
    psycopg2.connect(**where, user=own, password=roles.password(own)).close()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(**where, user=other, password=roles.password(own))
    assert len({roles.password(own), roles.password(other), roles.password(roles.ADMIN)}) == 3


def test_bootstrap_may_be_repeated_with_a_new_secret(
    session_tenants: Any, superuser: Any, database_url: str, settings: Any, django_db_blocker: Any
) -> None:
    """Every grant is as before; passwords follow the secret."""
    grants = "SELECT relname::text, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1, 2"
    before = answer(superuser, grants)
    own = session_tenants.alpha.schema_name
    target = connections.settings["default"]
    where = {"host": target["HOST"], "port": target["PORT"], "dbname": target["NAME"]}
    old = settings.TENANT_DATABASE_SECRET
    try:
        settings.TENANT_DATABASE_SECRET = "another"
        bootstrap(database_url)
        psycopg2.connect(**where, user=own, password=roles.password(own)).close()
    finally:
        settings.TENANT_DATABASE_SECRET = old
        bootstrap(database_url)
    assert answer(superuser, grants) == before
    psycopg2.connect(**where, user=own, password=roles.password(own)).close()


def test_domains(college_a: Tenant) -> None:
    added = domain_add(tenant=college_a, domain="QA.Example.com", acting_user=None)
    assert added.domain == "qa.example.com"
    assert not added.is_primary
    with pytest.raises(Problem) as caught:
        domain_add(tenant=college_a, domain="qa.example.com", acting_user=None)
    assert caught.value.code is Code.TENANT_EXISTS
    domain_remove(domain=added, acting_user=None)
    last = Domain.objects.get(tenant=college_a)
    with pytest.raises(Problem) as caught:
        domain_remove(domain=last, acting_user=None)
    assert caught.value.code is Code.STATE


# Blueprints --------------------------------------------------------------------------------------------------------------


def test_blueprint_has_one_statement_each_and_identity_inside(session_tenants: Any) -> None:
    """Citus takes one DDL statement at a time and identity columns only inside CREATE TABLE."""
    statements = blueprint("college").statements
    assert not [
        text for text in statements if "ADD GENERATED" in text or text.startswith(("SET ", "\\", "--"))
    ]
    assert sum("AS IDENTITY" in text for text in statements) > 10
    tables = [text for text in statements if text.startswith("CREATE TABLE ")]
    assert len(tables) == len(set(tables)) > 15
    renamed = blueprint("college").for_schema("t_000123")
    assert not [text for text in renamed if "zh_blueprint" in text]


def test_blueprint_is_read_from_its_file(session_tenants: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not_build(_kind: str) -> list[str]:
        raise AssertionError("built again")

    monkeypatch.setattr(blueprints, "build_statements", must_not_build)
    blueprints._blueprint.cache_clear()
    assert blueprint("college").digest == state_digest("college")


def test_damaged_blueprint_file_is_built_again(
    session_tenants: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BLUEPRINT_DIR = tmp_path
    monkeypatch.setattr(blueprints, "build_statements", lambda kind: [f"SELECT '{kind}'"])
    (tmp_path / f"college-{state_digest('college')[:16]}.json").write_text('["half')
    blueprints._blueprint.cache_clear()
    try:
        assert blueprint("college").statements == ("SELECT 'college'",)
        blueprints._blueprint.cache_clear()
        assert blueprint("college").statements == ("SELECT 'college'",)
    finally:
        blueprints._blueprint.cache_clear()


def test_dump_is_read_as_statements() -> None:
    dump = r"""
--
-- PostgreSQL database dump
--

\restrict Abc123
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE SCHEMA tpl;


CREATE TABLE tpl.note (
    id bigint NOT NULL,
    text character varying(20) NOT NULL
);


ALTER TABLE tpl.note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tpl.note_id_seq
    START WITH 1
    CACHE 1
);

--
-- Data for Name: note; Type: TABLE DATA; Schema: tpl; Owner: -
--

CREATE TABLE tpl.author (
    code character(2)
);


INSERT INTO tpl.note VALUES (1, 'a; b
\unrestrict
--''c'' $$;');


SELECT pg_catalog.setval('tpl.note_id_seq', 1, true);


SELECT pg_catalog.setval('tpl.unused_id_seq', 1, false);


ALTER TABLE ONLY tpl.note
    ADD CONSTRAINT note_pkey PRIMARY KEY (id);


ALTER TABLE ONLY tpl.note
    ADD CONSTRAINT note_text UNIQUE (text) DEFERRABLE INITIALLY DEFERRED;


CREATE INDEX note_like ON tpl.note USING btree (text varchar_pattern_ops);


ALTER TABLE ONLY tpl.note
    ADD CONSTRAINT note_a FOREIGN KEY (id) REFERENCES tpl.note(id);


ALTER TABLE ONLY tpl.note
    ADD CONSTRAINT note_b FOREIGN KEY (id) REFERENCES tpl.note(id) DEFERRABLE INITIALLY DEFERRED;

\unrestrict Abc123
"""
    identity = "GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME tpl.note_id_seq START WITH 1 CACHE 1)"
    columns = f"    id bigint {identity} NOT NULL,\n    text character varying(20) NOT NULL"
    keys = "    CONSTRAINT note_pkey PRIMARY KEY (id),\n    CONSTRAINT note_text UNIQUE (text) DEFERRABLE INITIALLY DEFERRED"
    target = "FOREIGN KEY (id) REFERENCES tpl.note(id)"
    assert statements_of_dump(dump) == [
        f"CREATE TABLE tpl.note (\n{columns},\n{keys}\n)",
        "CREATE TABLE tpl.author (\n    code character(2)\n)",
        "INSERT INTO tpl.note VALUES (1, 'a; b\n\\unrestrict\n--''c'' $$;')",
        "SELECT pg_catalog.setval('tpl.note_id_seq', 1, true)",
        "CREATE INDEX note_like ON tpl.note USING btree (text varchar_pattern_ops)",
        f"ALTER TABLE ONLY tpl.note ADD CONSTRAINT note_a {target}, ADD CONSTRAINT note_b {target} DEFERRABLE INITIALLY DEFERRED",
    ]
