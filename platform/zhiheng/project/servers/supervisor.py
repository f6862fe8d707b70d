"""Keeps the parts of one installation running (总管): starts them, revives them, stops them in order.

Its life is held by a flock on run/up.lock, so a kill -9 frees it; run/state.json tells others what runs, each process
with its start time, so that what a killed supervisor left behind is found and ended by the next one.
"""

import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psutil

from zhiheng.project.servers.environment import Servers, for_service
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.parts import Ending, Part, ProcessMark, end, stop

TICK_SECONDS = 1.0
INTERRUPTED = 130


class AlreadyRunning(Exception):
    """Another supervisor keeps this home; carries its state."""

    def __init__(self, state: "State") -> None:
        super().__init__("already running")
        self.state = state


@dataclass
class State:
    """What runs, as written in run/state.json."""

    supervisor: ProcessMark | None = None
    parts: dict[str, ProcessMark] = field(default_factory=dict)
    address: str = ""
    ready: bool = False

    @classmethod
    def read(cls, file: Path) -> "State":
        """The written state; empty when there is none or it is unreadable (a full disk can leave it so)."""
        try:
            data = json.loads(file.read_text())
            marks = {name: ProcessMark(**mark) for name, mark in data["parts"].items()}
            supervisor = ProcessMark(**data["supervisor"]) if data["supervisor"] else None
            return cls(supervisor, marks, data["address"], data["ready"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, file: Path) -> None:
        """Replace the file in one step."""
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)


class Supervisor:
    """One per home (每个数据目录一个)."""

    def __init__(self, servers: Servers, say: Callable[[str], None]) -> None:
        self.servers = servers
        self.say = say
        self.run_dir = servers.home / "run"
        self.state_file = self.run_dir / "state.json"
        self.state = State()
        self.parts: list[Part] = []
        self.found: dict[str, str] = {}
        self._stopping = threading.Event()
        self._lock: IO[str] | None = None
        self._looked = 0.0

    def claim(self) -> None:
        """Become the supervisor of this home and end what a killed one left; raises ``AlreadyRunning``."""
        self.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self.run_dir / "up.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise AlreadyRunning(State.read(self.state_file)) from None
        end_leftovers(State.read(self.state_file))
        self.state = State(supervisor=ProcessMark.of(os.getpid()))
        self._write()

    def start_servers(self) -> dict[str, str]:
        """Start or attach the servers; returns the variables that programs of ours need."""
        self.found = self.servers.start()
        return self.found

    def start_parts(self, parts: list[Part], address: str) -> None:
        """Start the parts and publish where the site answers."""
        self.parts = parts
        self.state.address = address
        for part in parts:
            self._start(part)
        self._write()

    def run_child(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a program to its end while keeping watch; its exit code, or ``INTERRUPTED`` when asked to stop."""
        child = subprocess.Popen(command, env=dict(environment))
        while child.poll() is None:
            if self._stopping.wait(0.1):
                end([Ending(child.pid, signal.SIGTERM, 10)])
                child.wait()
                return INTERRUPTED
            self._tick()
        return child.returncode

    def announce_ready(self) -> None:
        """Tell whoever waits for a detached start that the site answers."""
        self.state.ready = True
        self._write()

    def watch(self) -> None:
        """Revive what dies, until asked to stop by a signal or ``ask_to_stop``."""
        while not self._stopping.wait(TICK_SECONDS):
            self._tick()

    def stop_on_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask for a clean stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ask_to_stop())

    def ask_to_stop(self) -> None:
        """Make ``watch`` return."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stopping.is_set()

    def shut_down(self) -> None:
        """Stop parts, then servers; remove the state."""
        stop(self.parts)
        self.servers.stop()
        self.state_file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._looked < TICK_SECONDS:
            return
        self._looked = now
        self._revive_servers()
        for part in self.parts:
            if part.process is not None and not part.alive:
                self._revive(part)

    def _start(self, part: Part) -> None:
        part.start(for_service(self.found))
        if part.process is not None:
            self.state.parts[part.name] = ProcessMark.of(part.process.pid)

    def _revive(self, part: Part) -> None:
        if not part.may_restart():
            self.say(
                f"{part.title}一分钟内停了多次，不再重启。请看日志 {part.log}，改好后重新运行 zhiheng up。"
            )
            part.process = None
            return
        self.say(f"{part.title}意外停止，正在重启。日志：{part.log}")
        self._start(part)
        self._write()

    def _revive_servers(self) -> None:
        names = self.servers.down()
        if not names:
            return
        self.say(f"{'、'.join(names)}意外停止，正在重启。已保存的数据没有丢。")
        before = self.found
        try:
            self.start_servers()
        except ServerError as error:
            self.say(str(error))
            return
        if self.found != before:
            stop(self.parts)
            for part in self.parts:
                self._start(part)
            self._write()

    def _write(self) -> None:
        # A full disk must not bring down what runs; the state is written again at the next change.
        with suppress(OSError):
            self.state.write(self.state_file)


def end_leftovers(state: State) -> list[str]:
    """End parts that a killed supervisor left running; returns their names."""
    left = {name: mark for name, mark in state.parts.items() if mark.process() is not None}
    end([Ending(mark.pid, signal.SIGTERM, 10) for mark in left.values()])
    return list(left)


def running_state(home: Path) -> State | None:
    """State of the living supervisor of this home, or None."""
    state = State.read(home / "run" / "state.json")
    alive = state.supervisor is not None and state.supervisor.process() is not None
    return state if alive else None


def stop_running(home: Path, *, seconds: float = 90) -> bool:
    """Ask the living supervisor to stop and wait; False when there is none."""
    state = running_state(home)
    process = state.supervisor.process() if state is not None and state.supervisor is not None else None
    if process is None:
        return False
    process.send_signal(signal.SIGTERM)
    _wait(process, seconds)
    return True


def _wait(process: psutil.Process, seconds: float) -> None:
    try:
        process.wait(timeout=seconds)
    except psutil.TimeoutExpired as error:
        raise ServerError(
            f"总管（进程 {process.pid}）{seconds:.0f} 秒内没有停下。", "请再运行一次 zhiheng down。"
        ) from error
