"""A program of ours that the supervisor keeps alive (受管程序): web, worker, scheduler."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MAX_LOG_BYTES = 10 * 1024 * 1024
RESTARTS = 5
RESTART_WINDOW = 60.0


@dataclass(frozen=True)
class ProcessMark:
    """A process by pid and start time (seconds since 1970), which a recycled pid cannot share."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessMark":
        """Mark a living process."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process while it lives, else None."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < 0.01
            alive = same and found.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return found if alive else None


@dataclass
class Part:
    """One program: how to start it, how to ask it to stop, and how often it has died lately."""

    name: str
    title: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start in an own session, so that Ctrl-C reaches only the supervisor."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def may_restart(self) -> bool:
        """Note a death; False when it died too often within a minute, so that trying again only hides the cause."""
        now = time.monotonic()
        self.deaths = [*(moment for moment in self.deaths if now - moment < RESTART_WINDOW), now]
        return len(self.deaths) <= RESTARTS

    def stop(self) -> None:
        """Ask, wait, then insist; descendants that are left over go too."""
        if self.process is None:
            return
        end_tree(self.process.pid, self.stop_signal, self.patience)
        self.process.wait()


def end_tree(pid: int, first: signal.Signals, patience: float) -> None:
    """Send the signal to a process, wait for it and its descendants, kill what is left."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.send_signal(first)
    except psutil.NoSuchProcess:
        return
    _, alive = psutil.wait_procs(family, timeout=patience)
    for survivor in alive:
        survivor.kill()
    psutil.wait_procs(alive, timeout=5)
