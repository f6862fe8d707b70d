"""One AddField with AddIndex over many colleges: ours against the stock executor, same models, same server, one run.

    python benchmarks/fleet.py [--colleges 200] [--stock-colleges 6]

Budget: 30 s for 1,600 colleges and 30 times as fast per schema; checking that there is nothing to do 2 s.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from importlib import invalidate_caches
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROBE = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "{last}")]
    operations = [
        migrations.AddField("unit", "probe", models.CharField(max_length=20, default="")),
        migrations.AddIndex("unit", models.Index(fields=["probe"], name="unit_probe")),
    ]
"""


def main() -> None:
    """Open the colleges, migrate some by the stock executor, the rest by ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--colleges", type=int, default=200)
    parser.add_argument("--stock-colleges", type=int, default=6)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.project.settings.test"
    import django

    django.setup()
    from tests.conftest import point_settings_at
    from zhiheng.project.servers.home import scratch_home
    from zhiheng.project.servers.postgres import PostgresServer

    home = scratch_home()
    server = PostgresServer(home / "pg")
    try:
        url = server.start().url("zhiheng_bench")
        point_settings_at(url)
        measure(url, arguments.colleges, arguments.stock_colleges)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def measure(url: str, colleges: int, by_stock: int) -> None:
    """Print seconds per schema of both, and of the check."""
    from tenants.registry.bootstrap import bootstrap
    from tenants.registry.fleet import migrate_fleet, pending_schemas
    from tenants.registry.schemas import migrate_public
    from tenants.registry.services.provisioning import provision

    bootstrap(url)
    migrate_public()
    tenants = [
        provision(
            kind="college", code=f"c{number}", name="学院", domain=f"c{number}.example.com", acting_user=None
        )
        for number in range(colleges)
    ]
    add_probe()
    stock = [stock_migrate(tenant.schema_name) for tenant in tenants[:by_stock]]
    started = time.perf_counter()
    report = migrate_fleet()
    ours = (time.perf_counter() - started) / report.migrated
    assert report.failures == []
    started = time.perf_counter()
    assert pending_schemas() == 0
    check = time.perf_counter() - started
    each = sorted(stock)[len(stock) // 2]
    print(f"stock executor      {each * 1000:8.1f} ms a schema, median of {len(stock)}")
    print(f"migrate_fleet       {ours * 1000:8.1f} ms a schema, mean of {report.migrated}, planning included")
    print(f"ratio               {each / ours:8.1f}")
    print(f"nothing to do       {check:8.3f} s for {report.total}")


def add_probe() -> None:
    """Give the organisation one more migration."""
    from django.conf import settings

    folder = Path(tempfile.mkdtemp()) / "organisation_with_probe"
    shutil.copytree(ROOT / "tenants" / "organisation" / "migrations", folder)
    last = sorted(path.stem for path in folder.glob("0*.py"))[-1]
    (folder / "0900_probe.py").write_text(PROBE.format(last=last))
    sys.path.insert(0, str(folder.parent))
    invalidate_caches()
    settings.MIGRATION_MODULES = {"organisation": folder.name}


def stock_migrate(schema: str) -> float:
    """Seconds that Django's ``migrate`` takes in one schema with django-tenants' own introspection."""
    from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

    from tenants.registry.connection import tenant_connection
    from tenants.registry.schemas import migrate_schema

    database = tenant_connection()
    ours, database.introspection = database.introspection, DatabaseSchemaIntrospection(database)
    try:
        started = time.perf_counter()
        migrate_schema(schema, "college")
        return time.perf_counter() - started
    finally:
        database.introspection = ours


if __name__ == "__main__":
    main()
