"""A job outlives its worker: real broker, real workers, kill -9."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings

from zhiheng.project.servers.binaries import redis_server
from zhiheng.project.servers.environment import Servers, for_service
from zhiheng.project.servers.home import scratch_home
from zhiheng.project.servers.parts import Part, stop

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(redis_server() is None, reason="no redis-server on this machine"),
]
FOLDER = Path(__file__).parent / "worker"


class Site:
    """Database, broker and one college of a new installation."""

    def __init__(self, servers: Servers) -> None:
        self.home = servers.home
        self.environment = for_service(servers.start()) | {
            "PYTHONPATH": str(FOLDER),
            "PYTHONWARNINGS": "ignore",
        }
        self.environment["DJANGO_SETTINGS_MODULE"] = "zhiheng.project.settings.dev"
        self.workers: list[Part] = []

    def ask(self, *arguments: str) -> Any:
        """One call of the client."""
        command = [sys.executable, str(FOLDER / "client.py"), *arguments]
        result = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def worker(self) -> Part:
        """A worker with one child."""
        options = ["worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
        part = Part(
            f"worker{len(self.workers)}",
            "后台任务",
            [sys.executable, "-m", "celery", "-A", "slow_jobs", *options],
            self.home / "logs" / "worker.log",
        )
        part.start(self.environment)
        self.workers.append(part)
        return part


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An installation with the college jzvc, ended whatever a test does to it."""
    home = scratch_home()
    Path(settings.BLUEPRINT_DIR).mkdir(parents=True, exist_ok=True)
    (home / "blueprints").symlink_to(settings.BLUEPRINT_DIR)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"):
            patch.delenv(name, raising=False)
        patch.setenv("ZHIHENG_HOME", str(home))
        servers = Servers(home)
        site = Site(servers)
        for arguments in (["prepare"], ["college", "create", "jzvc", "测试学院"]):
            command = [sys.executable, "-m", "zhiheng.project.cli", *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    yield site
    servers.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_workers(site: Site) -> Iterator[None]:
    """Workers of a test end with it."""
    yield
    stop(site.workers)
    site.workers.clear()


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)


def test_a_job_of_a_killed_worker_is_finished_by_another(site: Site) -> None:
    first = site.worker()
    job = site.ask("enqueue", "20", "60")
    until(lambda: site.ask("look", job)["done"] > 0)
    assert first.process is not None
    for process in (
        *psutil.Process(first.process.pid).children(recursive=True),
        psutil.Process(first.process.pid),
    ):
        os.kill(process.pid, signal.SIGKILL)
    first.process.wait()
    assert site.ask("look", job) | {"done": 0} == {
        "state": "running",
        "done": 0,
        "result": None,
        "attempt": 1,
    }
    site.worker()
    time.sleep(2)
    site.ask("reap")
    until(lambda: site.ask("look", job)["state"] == "succeeded", seconds=60)
    assert site.ask("look", job)["result"] == {"counted": 20, "attempt": 2}


def test_a_job_whose_message_was_lost_is_sent_again(site: Site) -> None:
    job = site.ask("enqueue", "1", "0")
    flush = "import os, redis; redis.Redis.from_url(os.environ['CELERY_BROKER_URL']).flushall()"
    subprocess.run([sys.executable, "-c", flush], env=site.environment, check=True)
    site.worker()
    time.sleep(2)
    assert site.ask("look", job)["state"] == "queued"
    site.ask("reap")
    until(lambda: site.ask("look", job)["state"] == "succeeded")
    assert site.ask("look", job)["result"] == {"counted": 1, "attempt": 1}
