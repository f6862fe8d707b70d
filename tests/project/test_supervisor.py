"""The supervisor revives what dies and cleans up after a killed predecessor."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from zhiheng.project.servers import supervisor as module
from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.parts import RESTARTS, Part, ProcessMark, stop
from zhiheng.project.servers.supervisor import (
    INTERRUPTED,
    AlreadyRunning,
    State,
    Supervisor,
    running_state,
    stop_running,
)

pytestmark = pytest.mark.servers
SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


@pytest.fixture
def servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    """A home whose database and broker are somebody else's business."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(module, "TICK_SECONDS", 0.02)
    return Servers(home)


@pytest.fixture
def said() -> list[str]:
    """What the supervisor told the user."""
    return []


@pytest.fixture
def running(servers: Servers, said: list[str]) -> Iterator[Supervisor]:
    """A watching supervisor with one sleeping part."""
    supervisor = Supervisor(servers, said.append)
    supervisor.claim()
    supervisor.start_servers()
    part = Part("web", "网站", SLEEPER, servers.home / "logs" / "web.log")
    supervisor.start_parts([part], "http://127.0.0.1:8000")
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    yield supervisor
    supervisor.ask_to_stop()
    thread.join()
    supervisor.shut_down()


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.01)


def part_pid(supervisor: Supervisor) -> int:
    """Process of the only part as others read it."""
    return State.read(supervisor.state_file).parts["web"].pid


def test_a_killed_part_comes_back(running: Supervisor, said: list[str]) -> None:
    first = part_pid(running)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: part_pid(running) != first)
    assert psutil.pid_exists(part_pid(running))
    assert "网站意外停止" in said[0]


def test_a_part_that_cannot_live_is_given_up_with_a_word(servers: Servers, said: list[str]) -> None:
    supervisor = Supervisor(servers, said.append)
    supervisor.claim()
    broken = Part("web", "网站", [sys.executable, "-S", "-c", "1/0"], servers.home / "logs" / "web.log")
    supervisor.start_parts([broken], "")
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    eventually(lambda: any("不再重启" in text for text in said), seconds=20)
    supervisor.ask_to_stop()
    thread.join()
    supervisor.shut_down()
    assert len(said) == RESTARTS + 1
    assert "ZeroDivisionError" in broken.log.read_text()


def test_a_second_supervisor_is_refused_and_told_where(running: Supervisor) -> None:
    with pytest.raises(AlreadyRunning) as caught:
        Supervisor(running.servers, print).claim()
    assert caught.value.state.address == "http://127.0.0.1:8000"


def test_leftovers_of_a_killed_supervisor_are_ended(servers: Servers) -> None:
    orphan = subprocess.Popen(SLEEPER)
    dead = subprocess.Popen([sys.executable, "-S", "-c", ""])
    gone = ProcessMark.of(dead.pid)
    dead.wait()
    state = State(supervisor=gone, parts={"web": ProcessMark.of(orphan.pid)})
    (servers.home / "run").mkdir()
    state.write(servers.home / "run" / "state.json")
    assert running_state(servers.home) is None
    supervisor = Supervisor(servers, print)
    supervisor.claim()
    assert not psutil.pid_exists(orphan.pid)
    orphan.wait()
    supervisor.shut_down()


def test_a_recycled_pid_is_left_alone(servers: Servers) -> None:
    with subprocess.Popen(SLEEPER) as stranger:
        mark = ProcessMark(stranger.pid, ProcessMark.of(stranger.pid).started - 100)
        (servers.home / "run").mkdir()
        State(supervisor=mark, parts={"web": mark}).write(servers.home / "run" / "state.json")
        supervisor = Supervisor(servers, print)
        supervisor.claim()
        supervisor.shut_down()
        assert stranger.poll() is None
        assert stop_running(servers.home) is False
        stranger.kill()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"parts": 3}', json.dumps(asdict(State()) | {"parts": {"a": {}}})]
)
def test_an_unreadable_state_counts_as_none(servers: Servers, content: str) -> None:
    (servers.home / "run").mkdir()
    (servers.home / "run" / "state.json").write_text(content)
    assert running_state(servers.home) is None


def test_a_full_disk_does_not_stop_what_runs(running: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(State, "write", full)
    part = running.parts[0]
    assert part.process is not None
    first = part.process.pid
    os.kill(first, signal.SIGKILL)
    eventually(lambda: part.process is not None and part.process.pid != first and part.alive)


def test_stopping_takes_descendants_along(servers: Servers) -> None:
    shell = ["sh", "-c", "trap '' TERM; sleep 61 & wait"]
    part = Part("web", "网站", shell, servers.home / "logs" / "web.log", patience=0.2)
    part.start(os.environ)
    assert part.process is not None
    shell_process = psutil.Process(part.process.pid)
    eventually(lambda: len(shell_process.children()) == 1)
    child = shell_process.children()[0]
    stop([part])
    assert not part.alive
    assert not child.is_running()


def test_a_child_is_ended_when_a_stop_is_asked_for(servers: Servers) -> None:
    supervisor = Supervisor(servers, print)
    threading.Timer(0.2, supervisor.ask_to_stop).start()
    started = time.monotonic()
    assert supervisor.run_child(SLEEPER, os.environ) == INTERRUPTED
    assert time.monotonic() - started < 10
