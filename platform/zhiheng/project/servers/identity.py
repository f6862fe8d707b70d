"""Which operating system user an embedded server runs as (运行用户): PostgreSQL refuses root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.project.servers.errors import ServerError

CANDIDATES = ("zhiheng", "nobody")


@dataclass(frozen=True)
class Identity:
    """A user and group by number; ``switch`` says that children have to change to it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(
        self, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user with both outputs as one text; raises ``TimeoutExpired``."""
        switch = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}
        result: subprocess.CompletedProcess[str] = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env),
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            umask=0o077,
            **switch,  # type: ignore[call-overload]
        )
        return result

    def own(self, path: Path) -> None:
        """Give the path to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether this user may pass through every folder above the path and read it."""
        if not self.switch:
            return True
        resolved = path.resolve()
        return all(self._may(parent, 1) for parent in resolved.parents) and self._may(resolved, 4)

    def _may(self, path: Path, bit: int) -> bool:
        info = path.stat()
        mode = stat.S_IMODE(info.st_mode)
        if info.st_uid == self.uid:
            return bool(mode & bit << 6)
        return bool(mode & bit << 3 if info.st_gid == self.gid else mode & bit)


def server_identity() -> Identity:
    """The present user; for root an unprivileged one (ZHIHENG_OS_USER, else zhiheng or nobody)."""
    if os.geteuid() != 0:
        return Identity(name="", uid=os.geteuid(), gid=os.getegid(), switch=False)
    named = os.environ.get("ZHIHENG_OS_USER")
    for name in (named,) if named else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Identity(name=name, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    raise ServerError(
        "数据库不能以 root 运行，而本机没有可用的普通用户。",
        "请新建用户（useradd --system zhiheng），或用 ZHIHENG_OS_USER 写明一个，或用 DATABASE_URL 接已有的数据库。",
    )
