"""What tenancy and isolation cost a request: a page of three queries on our engine against plain single-tenant Django.

    python benchmarks/overhead.py [--rounds 9] [--requests 300]

Both sides live at the same time on the same server and take turns, so that a busy machine slows both.  Budget: 1.15 times.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
CASES = {"plain": ["one"], "ours": ["one", "twelve", "forty"]}
COLLEGES = 40


def main() -> None:
    """Print the median page of each case and its ratio to plain Django."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=300, help="per case and round")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        serve(arguments.side, arguments.requests)
        return
    from zhiheng.project.servers.home import scratch_home
    from zhiheng.project.servers.postgres import PostgresServer

    home = scratch_home()
    server = PostgresServer(home / "pg")
    try:
        compare(server.start().url("x"), arguments.rounds, arguments.requests)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def compare(url: str, rounds: int, requests: int) -> None:
    """Let both sides take turns."""
    sides = {side: start(side, url, requests) for side in CASES}
    took: dict[tuple[str, str], list[float]] = {}
    try:
        for _ in range(rounds):
            for side, cases in CASES.items():
                for case in cases:
                    took.setdefault((side, case), []).append(ask(sides[side], case))
    finally:
        for process in sides.values():
            process.communicate("end\n")
    plain = statistics.median(took["plain", "one"])
    print(f"{'plain Django':36s}{plain:8.3f} ms")
    for (side, case), values in took.items():
        if side == "ours":
            ratios = [value / other for value, other in zip(values, took["plain", "one"], strict=True)]
            title = f"ours, {case} college{'' if case == 'one' else 's at random'}"
            print(f"{title:36s}{statistics.median(values):8.3f} ms   x {statistics.median(ratios):.2f}")


def start(side: str, url: str, requests: int) -> "subprocess.Popen[str]":
    """A child with its own settings and database."""
    target = urlunsplit(urlsplit(url)._replace(path=f"/bench_{side}"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.overhead_settings",
        "PYTHONPATH": str(ROOT),
    }
    environment |= {"BENCH_SIDE": side, "BENCH_DATABASE_URL": target}
    command = [sys.executable, "-W", "ignore", __file__, "--side", side, "--requests", str(requests)]
    child = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def ask(child: "subprocess.Popen[str]", case: str) -> float:
    """Median milliseconds of one round."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{case}\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def serve(side: str, requests: int) -> None:
    """Runs in the child: prepare, then measure whatever is asked."""
    import random

    import django

    django.setup()
    from django.test import Client

    hosts = prepare_plain() if side == "plain" else prepare_ours()
    chosen = {"one": hosts[:1], "twelve": hosts[:12], "forty": hosts}
    print("ready", flush=True)
    for line in sys.stdin:
        case = line.strip()
        if case == "end":
            return
        clients = [Client(SERVER_NAME=host) for host in chosen[case]]
        for client in clients:
            client.get("/")
        took = []
        for _ in range(requests):
            client = random.choice(clients)
            started = time.perf_counter()
            client.get("/")
            took.append(time.perf_counter() - started)
        print(statistics.median(took) * 1000, flush=True)


def prepare_plain() -> list[str]:
    """One database, one schema, Django's own migrations."""
    import psycopg2
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command as Migrate

    parts = urlsplit(settings.DATABASE_ADMIN_URL)
    server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {parts.path.lstrip('/')}")
    server.close()
    call_command(Migrate(), verbosity=0, interactive=False)
    return ["testserver"]


def prepare_ours() -> list[str]:
    """Forty colleges, opened as always."""
    from tenants.registry.installation import prepare_installation
    from tenants.registry.services.provisioning import provision

    prepare_installation()
    hosts = [f"c{number}.example.com" for number in range(COLLEGES)]
    for number, host in enumerate(hosts):
        provision(kind="college", code=f"c{number}", name="学院", domain=host, acting_user=None)
    return hosts


if __name__ == "__main__":
    main()
