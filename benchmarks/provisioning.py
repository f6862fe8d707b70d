"""Opening a tenant: ours against django-tenants' ``save()`` with migrations, same models, same server, one run.

    python benchmarks/provisioning.py [--present 200] [--repeat 5]

Starts a PostgreSQL of its own with fsync on and removes it afterwards.  Budget: 0.3 s, and eight times as fast.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure both and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--present", type=int, default=0, help="colleges that exist before the measurement")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--stock", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stock:
        measure_stock(arguments.repeat)
        return
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.project.settings.test"
    import django

    django.setup()
    from zhiheng.project.servers.home import scratch_home
    from zhiheng.project.servers.postgres import PostgresServer

    home = scratch_home()
    server = PostgresServer(home / "pg")
    try:
        info = server.start()
        ours = measure_ours(info.url("zhiheng_bench"), arguments.present, arguments.repeat)
        stock = run_stock(info.url("zhiheng_stock"), arguments.repeat)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    print(f"ratio of medians                {stock / ours:8.1f}")


def measure_ours(url: str, present: int, repeat: int) -> float:
    """Median seconds of ``provision`` with ``present`` colleges there already."""
    from tenants.registry.blueprint import blueprint
    from tenants.registry.bootstrap import bootstrap
    from tenants.registry.schemas import migrate_public
    from tenants.registry.services.provisioning import provision
    from tests.conftest import point_settings_at

    point_settings_at(url)
    bootstrap(url)
    migrate_public()
    started = time.perf_counter()
    plan = blueprint("college")
    print(f"blueprint of {len(plan.statements)} statements ready after {time.perf_counter() - started:.2f} s")

    def one(number: int) -> None:
        provision(
            kind="college", code=f"c{number}", name="学院", domain=f"c{number}.example.com", acting_user=None
        )

    started = time.perf_counter()
    for number in range(present):
        one(number)
    if present:
        print(f"{present} colleges opened in {time.perf_counter() - started:.1f} s")
    return report("provision()", repeat, lambda turn: one(present + turn))


def run_stock(url: str, repeat: int) -> float:
    """The same with django-tenants alone, in a process with its own settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.stock_settings",
        "STOCK_DATABASE_URL": url,
    }
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-W", "ignore", __file__, "--stock", "--repeat", str(repeat)]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    *lines, median = answer.strip().splitlines()
    print("\n".join(lines))
    return float(median)


def measure_stock(repeat: int) -> None:
    """Runs in the child: ``save()`` creates the schema and migrates it."""
    import django

    django.setup()
    import psycopg2
    from django.core.management import call_command

    from tenants.registry.models import Tenant

    url = os.environ["STOCK_DATABASE_URL"]
    server = psycopg2.connect(url.rsplit("/", 1)[0] + "/postgres")
    server.autocommit = True
    server.cursor().execute("CREATE DATABASE zhiheng_stock")
    server.close()
    call_command("migrate_schemas", shared=True, verbosity=0)
    Tenant.auto_create_schema = True

    def one(turn: int) -> None:
        tenant = Tenant(kind="college", code=f"s{turn}", name="学院", schema_name=f"t_{turn:06d}")
        tenant.save(verbosity=0)

    print(report("django-tenants save()", repeat, one))


def report(name: str, repeat: int, one: Callable[[int], None]) -> float:
    """Time ``repeat`` calls, print them, return the median in seconds."""
    took = []
    for turn in range(repeat):
        started = time.perf_counter()
        one(turn)
        took.append(time.perf_counter() - started)
    median = statistics.median(took)
    print(f"{name:24s} median {median:8.3f} s   min {min(took):6.3f}   max {max(took):6.3f}")
    return median


if __name__ == "__main__":
    main()
