"""Start the supervisor in the background and relay what it says until the site answers (后台启动)."""

import subprocess
import sys
import time
from pathlib import Path

from zhiheng.project.servers.supervisor import State


def start_detached(home: Path, flags: list[str]) -> int:
    """Exit code 0 once everything answers (or ran already); else that of the failed start."""
    log = home / "logs" / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhiheng.project.cli", "up", *flags],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with log.open(encoding="utf-8", errors="replace") as text:
        while process.poll() is None and not _ready(home, process.pid):
            _relay(text.read())
            time.sleep(0.1)
        _relay(text.read())
    if process.returncode is not None:
        return process.returncode
    print("已在后台运行。停止：zhiheng down；现状：zhiheng status。")
    return 0


def _ready(home: Path, pid: int) -> bool:
    state = State.read(home / "run" / "state.json")
    return state.ready and state.supervisor is not None and state.supervisor.pid == pid


def _relay(text: str) -> None:
    print(text, end="", flush=True)
