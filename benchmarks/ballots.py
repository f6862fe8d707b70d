"""A hall votes: 2,000 ballots through the real pages of two server processes, each voter a browser of its own.

    python benchmarks/ballots.py [--voters 2000] [--servers 2] [--clients 16] [--repeat 20]

Every voter opens the paper, submits it for checking, confirms, and reads the receipt; one in ``repeat`` loses the
answer to the confirmation and presses again.  Starts a PostgreSQL of its own with fsync on and removes it afterwards.
Budget: 60 s, p95 of a request below 300 ms, no vote lost, none counted twice.
"""

import argparse
import http.client
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
HOST = "hall.example.com"
UNITS = 25
GRADES = ("优秀", "合格", "不合格", "弃权")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def main() -> None:
    """Run the hall and print what became of it; status 1 when the budget is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=2000)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=16, help="people at the pages at the same moment")
    parser.add_argument("--repeat", type=int, default=20, help="every how many voters one presses again")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.project.settings.test"
    if arguments.serve:
        serve()
        return
    from zhiheng.project.servers.home import scratch_home
    from zhiheng.project.servers.postgres import PostgresServer

    home = scratch_home()
    server = PostgresServer(home / "pg")
    try:
        os.environ["TEST_DATABASE_URL"] = server.start().url("zhiheng_hall")
        sys.exit(run(arguments))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def run(arguments: argparse.Namespace) -> int:
    """Prepare, let everybody vote, compare the box with what was sent."""
    tenant, tokens = prepare(arguments.voters)
    children = [start() for _unused in range(arguments.servers)]
    try:
        ports = [port for _process, port in children]
        voters = [
            Voter(token, ports[n % len(ports)], n % arguments.repeat == 0) for n, token in enumerate(tokens)
        ]
        for port in ports:
            warm(port)
        began = time.perf_counter()
        with ThreadPoolExecutor(arguments.clients) as pool:
            for _done in pool.map(Voter.vote, voters):
                pass
        took = time.perf_counter() - began
    finally:
        for process, _port in children:
            process.terminate()
            process.wait()
    return judge(tenant, voters, took)


@dataclass
class Voter:
    """One person with a phone: what was sent and how long each answer took (seconds)."""

    token: str
    port: int
    presses_again: bool
    choices: dict[str, str] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    received: bool = False
    cookie: str = ""

    def vote(self) -> None:
        """Paper, check, confirmation, receipt."""
        self.choices = {f"U{n:02}": random.choice(GRADES) for n in range(UNITS)}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        page = self._ask(connection, {})
        page = self._ask(connection, {**self._form(page), "step": "check"})
        sent = {**self._form(page), "step": "cast"}
        self._ask(connection, sent)
        if self.presses_again:
            self._ask(connection, sent)
        self.received = "已收到您的测评" in self._ask(connection, {})
        connection.close()

    def _form(self, page: str) -> dict[str, str]:
        found = CSRF.search(page)
        assert found is not None, page[:500]
        return {
            "csrfmiddlewaretoken": found[1],
            **{f"u-{code}": grade for code, grade in self.choices.items()},
        }

    def _ask(self, connection: http.client.HTTPConnection, data: dict[str, str]) -> str:
        headers = {"Host": HOST, "Cookie": self.cookie}
        began = time.perf_counter()
        if data:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", f"/vote/{self.token}/", urlencode(data), headers)
        else:
            connection.request("GET", f"/vote/{self.token}/", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.took.append(time.perf_counter() - began)
        assert answer.status in {200, 302}, f"{answer.status} {text[:300]}"
        if found := answer.getheader("Set-Cookie"):
            self.cookie = found.split(";", 1)[0]
        return text


def prepare(voters: int) -> tuple[Any, list[str]]:
    """A college with an open campaign on 25 units and a card for everybody, half of them in each class."""
    import django

    django.setup()
    from django.db import connections

    from assessment.services.ballots import campaign_open
    from tenants.organisation.services.assessed import assessed_unit_create
    from tenants.registry.context import tenant_context
    from tenants.registry.installation import prepare_installation
    from tenants.registry.services.provisioning import provision
    from tests.assessment.ballot_samples import hand_out, make_campaign, make_cycle
    from tests.assessment.conftest import SINCE, make_user

    prepare_installation()
    tenant = provision(kind="college", code="hall", name="示例学院", domain=HOST, acting_user=None)
    with tenant_context(tenant):
        quality = make_user("quality", "quality")
        cycle = make_cycle(make_user("admin", "admin"), quality, types={})
        for n in range(UNITS):
            assessed_unit_create(
                code=f"U{n:02}", name=f"第{n + 1}学院", unit_type="teaching", group="teaching", position=n,
                valid_from=SINCE, acting_user=None,
            )  # fmt: skip
        campaign = campaign_open(campaign=make_campaign(cycle, quality, at_most=None), acting_user=quality)
        tokens = [token for one in campaign.classes.all() for token in hand_out(one, quality, voters // 2)]
    connections.close_all()
    random.shuffle(tokens)
    return tenant, tokens


def start() -> "tuple[subprocess.Popen[str], int]":
    """One server process on a free port."""
    command = [sys.executable, "-W", "ignore", __file__, "--serve", "yes"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert child.stdout is not None
    return child, int(child.stdout.readline())


def serve() -> None:
    """Runs in the child: the whole application behind waitress, as in production."""
    import logging

    from waitress.server import create_server

    logging.disable(logging.WARNING)
    from zhiheng.project.wsgi import application

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    print(server.effective_port, flush=True)  # type: ignore[union-attr]
    server.run()


def warm(port: int) -> None:
    """Templates and the host's tenant are read once before the doors open."""
    for _unused in range(8):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/vote/", headers={"Host": HOST})
        connection.getresponse().read()


def judge(tenant: Any, voters: list[Voter], took: float) -> int:
    """Print the figures; 0 when all budgets are kept."""
    from assessment.models import Ballot, Credential, CredentialState
    from tenants.registry.context import tenant_context

    with tenant_context(tenant):
        box = Counter(
            str(sorted(choices.items())) for choices in Ballot.objects.values_list("choices", flat=True)
        )
        used = Credential.objects.filter(state=CredentialState.USED).count()
    sent = Counter(str(sorted(voter.choices.items())) for voter in voters)
    lost, doubled = sum((sent - box).values()), sum((box - sent).values())
    answers = sorted(value for voter in voters for value in voter.took)
    p95 = answers[int(len(answers) * 0.95)] * 1000
    receipts = sum(voter.received for voter in voters)
    print(
        f"{len(voters):,} voters, {len(answers):,} requests in {took:.1f} s: {len(voters) / took:.0f} votes/s"
    )
    print(
        f"request: median {statistics.median(answers) * 1000:.0f} ms, p95 {p95:.0f} ms, worst {answers[-1] * 1000:.0f} ms"
    )
    print(f"receipts {receipts:,}, codes used {used:,}, lost {lost}, doubled {doubled}")
    kept = not lost and not doubled and receipts == used == len(voters) and took <= 60 and p95 < 300
    print("budget kept" if kept else "BUDGET NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    main()
