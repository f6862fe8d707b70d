"""A program of ours that the supervisor keeps alive (受管程序): web, worker, scheduler."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
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

    @property
    def ending(self) -> "Ending | None":
        """How to end what was started; None when nothing was."""
        return Ending(self.process.pid, self.stop_signal, self.patience) if self.process is not None else None


@dataclass(frozen=True)
class Ending:
    """A process to be ended: first signal, and seconds until it is killed with its descendants."""

    pid: int
    signal: signal.Signals
    patience: float


def end(endings: Sequence[Ending]) -> None:
    """Ask all at once, wait for each and its descendants, kill what is left."""
    families = []
    for ending in endings:
        try:
            process = psutil.Process(ending.pid)
            family = [process, *process.children(recursive=True)]
            process.send_signal(ending.signal)
        except psutil.NoSuchProcess:
            continue
        families.append((family, time.monotonic() + ending.patience))
    for family, deadline in families:
        _, alive = psutil.wait_procs(family, timeout=max(0.0, deadline - time.monotonic()))
        for survivor in alive:
            with suppress(psutil.NoSuchProcess):
                survivor.kill()
        psutil.wait_procs(alive, timeout=5)


def stop(parts: Sequence[Part]) -> None:
    """End parts together."""
    end([ending for part in parts if (ending := part.ending) is not None])
    for part in parts:
        if part.process is not None:
            part.process.wait()
