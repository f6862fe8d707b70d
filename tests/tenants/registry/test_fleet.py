"""Migrations over all tenants: planned once, applied everywhere, resumable, failures reported one by one."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from tenants.registry.fleet import migrate, migrate_fleet, pending_schemas, pilot
from tenants.registry.models import Tenant, TenantState
from tenants.registry.services.provisioning import provision

ADD_FIELD = (
    "migrations.AddField('unit', 'probe', models.CharField(max_length=20, default='起')), "
    "migrations.AddIndex('unit', models.Index(fields=['probe'], name='unit_probe'))"
)
Add = Callable[[str, str], None]


def probed(cursor: Any, tenants: list[Tenant]) -> list[bool]:
    """Whether each tenant has the column, the index and the row of django_migrations."""
    found = []
    for tenant in tenants:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'probe' AND NOT attisdropped)"
            " + (SELECT count(*) FROM pg_indexes WHERE schemaname = %s AND indexname = 'unit_probe')",
            [f"{tenant.schema_name}.organisation_unit", tenant.schema_name],
        )
        parts = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT count(*) FROM {tenant.schema_name}.django_migrations WHERE name = '0900_probe'"
        )
        assert (parts, cursor.fetchone()[0]) in {(2, 1), (0, 0), (0, 1)}
        found.append(parts == 2)
    return found


def test_nothing_to_do(fleet: list[Tenant]) -> None:
    report = migrate_fleet()
    assert (report.total, report.migrated, report.unchanged, report.failures) == (5, 0, 5, [])
    assert pending_schemas() == 0


def test_field_and_index_everywhere(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_migration("0900_probe", ADD_FIELD)
    assert pending_schemas() == 5
    by_django: list[str] = []
    told: list[tuple[int, int, str]] = []
    original = pilot.run_migration

    def noting(database: Any, key: tuple[str, str], sent: list[str] | None = None) -> None:
        by_django.append(database.schema_name)
        original(database, key, sent)

    monkeypatch.setattr(pilot, "run_migration", noting)
    monkeypatch.setattr(migrate, "run_migration", noting)
    report = migrate_fleet(progress=lambda *step: told.append(step))
    assert (report.migrated, report.unchanged, report.failures) == (5, 0, [])
    assert by_django == [fleet[0].schema_name, fleet[-1].schema_name], "Django ran once per kind"
    assert probed(root_cursor, fleet) == [True] * 4 + [False], "a province has no units"
    assert [step[:2] for step in told] == [(number, 5) for number in range(1, 6)]
    assert pending_schemas() == 0
    assert migrate_fleet().migrated == 0


def test_tenants_keep_their_grants_on_new_tables(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any
) -> None:
    add_migration(
        "0900_probe", "migrations.CreateModel('Probe', [('id', models.BigAutoField(primary_key=True))])"
    )
    assert migrate_fleet().failures == []
    for tenant in fleet[:4]:
        role = tenant.schema_name
        root_cursor.execute(
            "SELECT has_table_privilege(%s, %s, 'INSERT'), has_table_privilege(%s, %s, 'SELECT'),"
            " has_table_privilege(%s, %s, 'DELETE'), pg_get_userbyid(relowner)::text"
            " FROM pg_class WHERE oid = to_regclass(%s)",
            [
                *(role, f"{role}.organisation_probe", role, f"{role}.django_migrations"),
                *(role, f"{role}.kernel_auditentry", f"{role}.organisation_probe"),
            ],
        )
        assert root_cursor.fetchone() == (True, False, False, "zh_owner")


def test_data_migration_runs_in_each_schema(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any
) -> None:
    add_migration("0900_probe", ADD_FIELD)
    add_migration("0901_stamp", "migrations.RunPython(stamp, migrations.RunPython.noop)")
    add_migration("0902_more", "migrations.RunSQL(\"UPDATE django_session SET session_data = '终'\")")
    assert migrate_fleet().failures == []
    found = []
    for tenant in fleet:
        root_cursor.execute(
            f"DELETE FROM {tenant.schema_name}.django_session RETURNING session_key, session_data"
        )
        found += root_cursor.fetchall()
    assert found == [(tenant.schema_name, "终") for tenant in fleet[:4]]


def test_one_failure_stays_alone_and_the_next_run_mends_it(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any
) -> None:
    odd = fleet[2].schema_name
    root_cursor.execute(f"ALTER TABLE {odd}.organisation_unit ADD COLUMN probe integer")
    add_migration("0900_probe", ADD_FIELD)
    report = migrate_fleet()
    assert (report.migrated, report.unchanged) == (4, 0)
    assert [(failure.schema, failure.migration) for failure in report.failures] == [
        (odd, "organisation.0900_probe")
    ]
    assert 'column "probe" of relation "organisation_unit" already exists' in report.failures[0].reason
    assert pending_schemas() == 1
    root_cursor.execute(f"ALTER TABLE {odd}.organisation_unit DROP COLUMN probe")
    again = migrate_fleet()
    assert (again.migrated, again.unchanged, again.failures) == (1, 4, [])
    assert probed(root_cursor, fleet)[:4] == [True] * 4


def test_a_failing_pilot_is_replaced(fleet: list[Tenant], add_migration: Add, root_cursor: Any) -> None:
    first = fleet[0].schema_name
    root_cursor.execute(f"ALTER TABLE {first}.organisation_unit ADD COLUMN probe integer")
    add_migration("0900_probe", ADD_FIELD)
    report = migrate_fleet()
    assert report.migrated == 4
    assert [failure.schema for failure in report.failures] == [first]


def test_a_migration_that_fails_everywhere_stops_after_three(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any
) -> None:
    add_migration("0900_probe", "migrations.RunSQL('SELECT 1/0')")
    report = migrate_fleet()
    assert report.migrated == 1, "the province has nothing of it to do"
    assert [failure.reason for failure in report.failures] == [
        *["division by zero"] * 3,
        "首校没有成功，未执行",
    ]
    assert pending_schemas() == 4


def test_a_table_in_use_is_reported_not_waited_for(
    fleet: list[Tenant], add_migration: Add, fleet_url: str, root_cursor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 50)
    busy = fleet[1].schema_name
    add_migration("0900_probe", ADD_FIELD)
    holder = psycopg2.connect(fleet_url)
    with holder.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {busy}.organisation_unit")
        report = migrate_fleet()
    holder.close()
    assert [(failure.schema, failure.reason) for failure in report.failures] == [
        (busy, "canceling statement due to lock timeout")
    ]
    assert report.migrated == 4
    assert migrate_fleet().migrated == 1


def test_a_schema_that_differs_afterwards_is_reported(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded without being done: the trap of every fast migrator."""
    add_migration("0900_probe", ADD_FIELD)
    lazy = fleet[3].schema_name
    original = migrate._replay

    def replay(cursor: Any, schema: str, step: pilot.Step) -> None:
        original(cursor, schema, pilot.Step(step.app, step.name, ()) if schema == lazy else step)

    monkeypatch.setattr(migrate, "_replay", replay)
    report = migrate_fleet()
    assert [failure.schema for failure in report.failures] == [lazy]
    assert report.migrated == 4
    root_cursor.execute(f"DELETE FROM {lazy}.django_migrations WHERE name = '0900_probe'")


def test_pilot_checks_what_the_models_need(fleet: list[Tenant], add_migration: Add, root_cursor: Any) -> None:
    add_migration(
        "0900_probe", "migrations.RunSQL('ALTER TABLE organisation_unit RENAME COLUMN code TO lost')"
    )
    report = migrate_fleet()
    assert "organisation_unit.code" in report.failures[0].reason
    for tenant in fleet[:3]:
        root_cursor.execute(f"ALTER TABLE {tenant.schema_name}.organisation_unit RENAME COLUMN lost TO code")


def test_registered_without_schema(fleet: list[Tenant]) -> None:
    ghost = Tenant.objects.create(
        schema_name="t_599999", kind="college", code="ghost", name="无", state=TenantState.ACTIVE
    )
    try:
        report = migrate_fleet()
        assert [(failure.schema, failure.reason) for failure in report.failures] == [
            ("t_599999", "登记了但没有数据库模式")
        ]
        assert report.unchanged == 5
    finally:
        ghost.delete()


def test_replayable() -> None:
    from django.db import migrations, models

    def migration(*operations: Any, atomic: bool = True) -> migrations.Migration:
        kind = type("Migration", (migrations.Migration,), {"operations": list(operations), "atomic": atomic})
        made: migrations.Migration = kind("x", "organisation")
        return made

    add = migrations.AddField("unit", "x", models.IntegerField(null=True))
    python = migrations.RunPython(migrations.RunPython.noop)
    assert pilot.is_replayable(migration(add, migrations.RunSQL("SELECT 1")))
    assert not pilot.is_replayable(migration(add, python))
    assert not pilot.is_replayable(migration(migrations.SeparateDatabaseAndState([python])))
    assert pilot.is_replayable(migration(migrations.SeparateDatabaseAndState([add], [python])))
    assert not pilot.is_replayable(migration(add, atomic=False))


def test_command(fleet: list[Tenant], add_migration: Add, settings: Any, root_cursor: Any) -> None:
    settings.DATABASE_ADMIN_URL = ""
    out = StringIO()
    call_command("migrate_fleet", check=True, stdout=out)
    assert "全部已是最新" in out.getvalue()
    add_migration("0900_probe", ADD_FIELD)
    with pytest.raises(CommandError, match="5 个租户还没有更新"):
        call_command("migrate", check=True)
    odd = fleet[2].schema_name
    root_cursor.execute(f"ALTER TABLE {odd}.organisation_unit ADD COLUMN probe integer")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 个租户没有更新成功"):
        call_command("migrate_schemas", stdout=out, stderr=err)
    assert "共 5 个租户：更新 4，无需更新 0" in out.getvalue()
    assert odd in err.getvalue()
    root_cursor.execute(f"ALTER TABLE {odd}.organisation_unit DROP COLUMN probe")
    out = StringIO()
    call_command("migrate_fleet", stdout=out)
    assert "更新 1，无需更新 4" in out.getvalue()


def test_a_tenant_opened_after_a_migration_has_it(
    fleet: list[Tenant], add_migration: Add, root_cursor: Any, settings: Any, tmp_path: Any
) -> None:
    """The blueprint follows the migrations."""
    from tenants.registry import blueprint as blueprints
    from tenants.registry.services.provisioning import deprovision

    add_migration("0900_probe", ADD_FIELD)
    settings.BLUEPRINT_DIR = tmp_path
    blueprints.state_digest.cache_clear()
    blueprints._blueprint.cache_clear()
    try:
        tenant = provision(
            kind="college", code="later", name="后来", domain="later.example.com", acting_user=None
        )
        assert probed(root_cursor, [tenant]) == [True]
        assert (tmp_path / f"college-{blueprints.state_digest('college')[:16]}.json").exists()
        deprovision(tenant=tenant, acting_user=None)
    finally:
        blueprints.state_digest.cache_clear()
