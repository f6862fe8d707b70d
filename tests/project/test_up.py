"""The whole product as a user runs it: ``zhiheng up`` with real database, broker, web, worker and scheduler."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from zhiheng.project.servers.binaries import redis_server
from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.processes import free_port
from zhiheng.project.servers.supervisor import State, running_state

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(redis_server() is None, reason="no redis-server on this machine"),
]
SIGN_IN_FIRST = 302
PARTS = ("web", "worker", "beat")


class Installation:
    """One home and its ``zhiheng`` command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        names = ("DATABASE_URL", "DATABASE_ADMIN_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")
        self.environment = {name: value for name, value in os.environ.items() if name not in names}
        self.environment["ZHIHENG_HOME"] = str(home)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run a command to its end; its output, both streams together."""
        command = [sys.executable, "-m", "zhiheng.project.cli", *arguments]
        result = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert result.returncode == expect, result.stdout + result.stderr
        return result.stdout + result.stderr

    def up(self, *flags: str) -> str:
        """Start in the background."""
        return self.run("up", "--detach", "--no-demo", "--workers=1", f"--port={self.port}", *flags)

    @property
    def state(self) -> State:
        """What runs according to the state file."""
        return State.read(self.home / "run" / "state.json")

    def answer(self, host: str) -> int:
        """Status of the start page on a tenant's host; 0 when nothing answers."""
        port = int(self.state.address.rpartition(":")[2] or 0)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": host})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


@pytest.fixture
def installation(home: Path) -> Iterator[Installation]:
    """A new installation, taken down whatever a test does to it; blueprints are those of the test run."""
    Path(settings.BLUEPRINT_DIR).mkdir(parents=True, exist_ok=True)
    (home / "blueprints").symlink_to(settings.BLUEPRINT_DIR)
    installation = Installation(home)
    yield installation
    installation.run("down")


def eventually(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)


def all_parts_alive(installation: Installation) -> bool:
    """Whether web, worker and scheduler live."""
    marks = installation.state.parts
    return all(name in marks and marks[name].process() is not None for name in PARTS)


def test_a_day_in_the_life(installation: Installation) -> None:
    """First start with a taken port, a new college, every part killed, a second start, down and up again."""
    with socket.create_server(("127.0.0.1", installation.port)):
        said = installation.up()
    assert f"{installation.port} 端口被别的程序占用" in said
    created = installation.run("college", "create", "jzvc", "焦作测试学院", "--domain", "jzvc.localhost")
    assert "http://jzvc.localhost:" in created
    assert "admin / " in created
    assert installation.answer("jzvc.localhost") == SIGN_IN_FIRST
    assert installation.answer("nobody.localhost") == 404
    assert "已有代码" in installation.run("college", "create", "jzvc", "又一个", expect=1)
    _kill_everything_in_turn(installation)
    assert "已经在运行" in installation.up()
    assert "没有要改的" in installation.run("doctor")
    assert "jzvc.localhost" in installation.run("status")
    assert "已停止" in installation.run("down")
    assert "没有运行  网站" in installation.run("status", expect=3)
    assert "没有在运行" in installation.run("down")
    said = installation.run("up", "--exit", "--no-demo", "--workers=1", f"--port={installation.port}")
    assert "jzvc.localhost" in said
    assert said.strip().endswith("已停止，数据都在。")


def _kill_everything_in_turn(installation: Installation) -> None:
    first = installation.state
    for name in PARTS:
        os.kill(first.parts[name].pid, signal.SIGKILL)
    eventually(
        lambda: all_parts_alive(installation) and installation.state.parts.keys() == first.parts.keys()
    )
    eventually(lambda: installation.answer("jzvc.localhost") == SIGN_IN_FIRST)
    servers = _servers(installation)
    assert servers.postgres is not None
    assert servers.redis is not None
    database, broker = servers.postgres.status(), servers.redis.status()
    assert database is not None
    assert broker is not None
    os.kill(database.pid, signal.SIGKILL)
    os.kill(broker.pid, signal.SIGKILL)
    eventually(lambda: servers.down() == [] and installation.answer("jzvc.localhost") == SIGN_IN_FIRST)
    again = servers.postgres.status()
    assert again is not None
    assert (again.port, again.password) == (database.port, database.password)
    eventually(lambda: all_parts_alive(installation))
    log = (installation.home / "logs" / "up.log").read_text()
    assert "网站意外停止" in log
    assert "数据库" in log


def _servers(installation: Installation) -> Servers:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
            patch.delenv(name, raising=False)
        return Servers(installation.home)


def test_a_killed_supervisor_leaves_nothing_behind_that_the_next_one_does_not_clear(
    installation: Installation,
) -> None:
    installation.up()
    before = installation.state
    assert before.supervisor is not None
    os.kill(before.supervisor.pid, signal.SIGKILL)
    eventually(lambda: running_state(installation.home) is None)
    assert "上次没有正常停止" in installation.run("doctor")
    said = installation.up()
    assert "质衡已启动" in said
    after = installation.state
    assert all(mark.process() is None for mark in before.parts.values())
    assert all_parts_alive(installation)
    assert after.supervisor != before.supervisor


def test_ctrl_c_stops_everything_in_order(installation: Installation) -> None:
    command = [sys.executable, "-m", "zhiheng.project.cli", "up", "--no-demo", "--workers=1"]
    process = subprocess.Popen(
        [*command, f"--port={installation.port}"],
        env=installation.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    eventually(lambda: installation.state.ready)
    parts = installation.state.parts
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output.strip().endswith("已停止，数据都在。")
    assert all(mark.process() is None for mark in parts.values())
    assert set(_servers(installation).down()) == {"数据库", "消息队列"}
