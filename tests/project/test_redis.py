"""The embedded Redis keeps jobs over a crash."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError
from redis.retry import Retry

from zhiheng.project.servers import binaries
from zhiheng.project.servers.binaries import redis_server
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.redis import RedisServer

needs_program = pytest.mark.skipif(redis_server() is None, reason="no redis-server on this machine")
pytestmark = [pytest.mark.servers, needs_program]


@pytest.fixture
def broker(home: Path) -> Iterator[RedisServer]:
    """A Redis that is ended whatever a test does to it."""
    server = RedisServer(home / "redis")
    yield server
    server.stop()


def test_start_attach_stop(broker: RedisServer) -> None:
    info = broker.start()
    assert broker.start() == info
    assert info.url() == f"redis://:{info.password}@127.0.0.1:{info.port}/0"
    with Redis.from_url(info.url()) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    assert broker.stop() is True
    assert broker.status() is None
    assert broker.stop() is False


def test_nobody_gets_in_without_the_password(broker: RedisServer) -> None:
    info = broker.start()
    with Redis(port=info.port, retry=Retry(NoBackoff(), 0)) as client, pytest.raises(AuthenticationError):
        client.ping()
    assert (broker.data_dir / "password").stat().st_mode & 0o777 == 0o600
    arguments = Path(f"/proc/{info.pid}/cmdline")
    if arguments.exists():
        assert info.password not in arguments.read_text()


def test_what_was_acknowledged_is_there_after_kill_9(broker: RedisServer) -> None:
    info = broker.start()
    with Redis.from_url(info.url()) as client:
        for n in range(1000):
            client.rpush("jobs", n)
    os.kill(info.pid, signal.SIGKILL)
    again = broker.start()
    with Redis.from_url(again.url()) as client:
        assert client.llen("jobs") == 1000
    assert (again.port, again.password) == (info.port, info.password)


def test_a_pid_file_that_names_a_stranger_is_not_believed(broker: RedisServer) -> None:
    broker.start()
    broker.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (broker.data_dir / "pid").write_text(str(stranger.pid))
        assert broker.status() is None
        assert broker.start().pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_a_taken_port_gives_way_to_another(broker: RedisServer) -> None:
    first = broker.start()
    broker.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        assert broker.start().port != first.port


def test_without_any_program_the_way_out_is_told(
    broker: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(binaries, "distribution", absent)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ServerError, match="redis-server") as caught:
        broker.start()
    assert "CELERY_BROKER_URL" in caught.value.advice
    assert "3.13" in caught.value.advice
