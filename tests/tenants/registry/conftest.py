"""A second database for tests that migrate a whole fleet for good."""

from collections.abc import Callable, Iterator
from importlib import invalidate_caches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from tenants.registry.models import Tenant
from tests.conftest import drop_database, first_number

FLEET = 4
NUMBERS_APART = 5_000
"""Roles belong to the whole server: these tenants' numbers are far from those of the session's."""


@pytest.fixture(scope="module")
def fleet_url(database_url: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """An own database with four colleges and one province; settings point at it for the length of a test module."""
    from tenants.registry.bootstrap import bootstrap
    from tenants.registry.hosts import forget_hosts
    from tenants.registry.schemas import migrate_public
    from tenants.registry.services.provisioning import deprovision, provision

    parts = urlsplit(database_url)
    url = urlunsplit(parts._replace(path=f"{parts.path}_fleet"))
    before = dict(connections.settings["default"])
    with django_db_blocker.unblock():
        connections.close_all()
        _use_database(urlsplit(url).path.lstrip("/"))
        bootstrap(url)
        migrate_public()
        forget_hosts()
        with psycopg2.connect(url) as superuser, superuser.cursor() as cursor:
            cursor.execute(
                "ALTER SEQUENCE registry_tenant_id_seq RESTART %s", [first_number() + NUMBERS_APART]
            )
        superuser.close()
        kinds = [*["college"] * FLEET, "province"]
        tenants = [
            provision(
                kind=kind, code=f"f{number}", name="船", domain=f"f{number}.example.com", acting_user=None
            )
            for number, kind in enumerate(kinds)
        ]
        yield url
        for tenant in tenants:
            deprovision(tenant=tenant, acting_user=None)
        connections.close_all()
        drop_database(url)
        _use_database(before["NAME"])
        forget_hosts()


@pytest.fixture
def fleet(fleet_url: str, django_db_blocker: Any) -> Iterator[list[Tenant]]:
    """The tenants of that database, colleges first."""
    with django_db_blocker.unblock():
        yield list(Tenant.objects.exclude(schema_name="public"))
        connection.set_schema_to_public()  # type: ignore[attr-defined]


@pytest.fixture
def root_cursor(fleet_url: str) -> Iterator[Any]:
    """A superuser's cursor in that database."""
    superuser = psycopg2.connect(fleet_url)
    superuser.autocommit = True
    with superuser.cursor() as cursor:
        yield cursor
    superuser.close()


@pytest.fixture
def add_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, fleet: list[Tenant], root_cursor: Any
) -> Iterator[Callable[[str, str], None]]:
    """``add_migration(name, operations)`` adds a migration to the organisation app; everything is undone afterwards."""
    package = f"organisation_of_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / package
    folder.mkdir()
    original = Path(__file__).parents[3] / "tenants" / "organisation" / "migrations"
    for file in original.glob("*.py"):
        (folder / file.name).write_text(file.read_text())
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"organisation": package}
    before = sorted(file.stem for file in folder.glob("0*.py"))
    last = [before[-1]]

    def add(name: str, operations: str) -> None:
        (folder / f"{name}.py").write_text(
            "from django.db import migrations, models\n\n\n"
            "def stamp(apps, editor):\n"
            "    with editor.connection.cursor() as cursor:\n"
            "        values = [editor.connection.schema_name]\n"
            "        cursor.execute(\"INSERT INTO django_session VALUES (%s, '起', now())\", values)\n\n\n"
            "class Migration(migrations.Migration):\n"
            f"    dependencies = [('organisation', '{last[0]}')]\n"
            f"    operations = [{operations}]\n"
        )
        last[0] = name
        invalidate_caches()

    yield add
    for tenant in fleet:
        schema = tenant.schema_name
        root_cursor.execute(
            f"DELETE FROM {schema}.django_migrations WHERE app = 'organisation' AND NOT name = ANY(%s)",
            [before],
        )
        root_cursor.execute(f"DROP TABLE IF EXISTS {schema}.organisation_probe")
        if tenant.kind == "college":
            root_cursor.execute(f"ALTER TABLE {schema}.organisation_unit DROP COLUMN IF EXISTS probe")


def _use_database(name: str) -> None:
    connections.settings["default"]["NAME"] = name
    django_settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
