"""One starter at a time (启动锁), by flock: the kernel frees it when its holder dies, so it cannot go stale."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiheng.project.servers.errors import ServerError


@contextmanager
def exclusive(file: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock; raises ``ServerError`` when another process keeps it longer than so many seconds."""
    with file.open("a") as handle:
        file.chmod(0o600)
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerError(
                        f"另一个进程正在启动或停止服务（锁 {file}）。",
                        "请等它结束再试；zhiheng status 可看现状。",
                    ) from None
                time.sleep(0.05)
        yield
