"""The embedded PostgreSQL (内置数据库): own launcher on the programs of an installed wheel.

Why not the wheel's own launcher: docs/decisions/0001-embedded-servers.md.  A server outlives the process that
started it; whoever comes later attaches.  Files below ``data_dir``: cluster/ (the data), socket/, port, password, lock,
server.log.
"""

import os
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from zhiheng.project.servers.binaries import postgres_bin
from zhiheng.project.servers.errors import DISK_FULL, ServerError, disk_is_full
from zhiheng.project.servers.home import outside_source
from zhiheng.project.servers.identity import Identity, server_identity
from zhiheng.project.servers.locks import exclusive
from zhiheng.project.servers.processes import command_line, pids_working_in, remembered_port

SUPERUSER = "zh_root"
START_LIMIT = 300
RETRY_SECONDS = 10
LONGEST_SOCKET_PATH = 100
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ConnectionInfo:
    """Where a running server answers, and its superuser's password."""

    host: str
    port: int
    superuser: str
    password: str
    socket_dir: str | None
    pid: int

    def url(self, database: str = "postgres") -> str:
        """DATABASE_URL form for the superuser."""
        return f"postgresql://{self.superuser}:{quote(self.password, safe='')}@{self.host}:{self.port}/{database}"


class PostgresServer:
    """One cluster in one folder (数据库实例)."""

    def __init__(self, data_dir: Path, *, fsync: bool = True, shared_buffers: str | None = None) -> None:
        self.data_dir = outside_source(data_dir)
        self.cluster = self.data_dir / "cluster"
        self.log = self.data_dir / "server.log"
        self.fsync = fsync
        self.shared_buffers = shared_buffers or ("64MB" if not fsync else _share_of_memory())
        self.identity: Identity = server_identity()
        self._bin_dir: Path | None = None

    @property
    def bin_dir(self) -> Path:
        """Folder of initdb, pg_ctl, psql, pg_dump, pg_restore."""
        if self._bin_dir is None:
            self._bin_dir = postgres_bin(self.identity, self.data_dir.parent)
        return self._bin_dir

    def start(self) -> ConnectionInfo:
        """Initialise when new, start when down, attach when up.  Raises ``ServerError`` with advice."""
        self._prepare_folder()
        with exclusive(self.data_dir / "lock", seconds=START_LIMIT):
            running = self.status()
            if running is not None:
                return running
            if not self.cluster.exists():
                self._initdb()
            self._drop_stale_pid_file()
            return self._start()

    def stop(self) -> bool:
        """Stop cleanly, at once if that hangs; False when it was not running."""
        if self.status() is None:
            return False
        with exclusive(self.data_dir / "lock", seconds=START_LIMIT):
            for mode, limit in (("fast", 60), ("immediate", 20)):
                if self._pg_ctl("stop", "-m", mode, "-w", "-t", str(limit), limit=limit).returncode == 0:
                    return True
        raise ServerError("数据库停不下来。", f"请看日志 {self.log}。")

    def status(self) -> ConnectionInfo | None:
        """How to reach the running server, or None.  Never starts anything."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split("\n")
            pid, port, socket_dir, state = int(lines[0]), int(lines[3]), lines[4], lines[7].strip()
            password = (self.data_dir / "password").read_text()
        except (OSError, ValueError, IndexError):
            return None
        if state != "ready" or not self._is_ours(pid):
            return None
        return ConnectionInfo("127.0.0.1", port, SUPERUSER, password, socket_dir or None, pid)

    def _is_ours(self, pid: int) -> bool:
        """A pid alone proves nothing (it may be recycled): the command line must name this cluster."""
        arguments = command_line(pid)
        return bool(arguments) and Path(arguments[0]).name == "postgres" and str(self.cluster) in arguments

    def _prepare_folder(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self.data_dir.chmod(0o700)
            self.identity.own(self.data_dir)
        except OSError as error:
            raise ServerError(
                f"数据库目录 {self.data_dir} 不能写入。", "请检查目录的所有者和剩余空间。", detail=str(error)
            ) from error
        if not self.identity.can_reach(self.data_dir):
            raise ServerError(
                f"数据库以用户 {self.identity.name} 运行，它进不了 {self.data_dir}。",
                "请把 ZHIHENG_HOME 指到该用户能经过的目录，例如 /var/lib/zhiheng。",
            )

    def _initdb(self) -> None:
        """Build beside the final place and rename, so that a broken attempt never looks like a cluster."""
        password = self.data_dir / "password"
        password.write_text(secrets.token_urlsafe(24))
        password.chmod(0o600)
        self.identity.own(password)
        unfinished = self.data_dir / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        account: list[str | Path] = ["--username", SUPERUSER, "--pwfile", password, "--auth", "scram-sha-256"]
        locale = [
            "--encoding",
            "UTF8",
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
            "--locale",
            "C",
        ]
        sync = [] if self.fsync else ["--no-sync"]
        result = self._run("initdb", "-D", unfinished, *account, *locale, *sync, limit=START_LIMIT)
        if result.returncode != 0:
            raise self._failure("数据库初始化失败。", result.stdout)
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'zhiheng.conf'\n")
        unfinished.rename(self.cluster)

    def _write_conf(self) -> None:
        socket_dir = self.data_dir / "socket"
        socket_dir.mkdir(exist_ok=True)
        socket_dir.chmod(0o700)
        self.identity.own(socket_dir)
        sockets = str(socket_dir) if len(str(socket_dir)) <= LONGEST_SOCKET_PATH else ""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": remembered_port(self.data_dir / "port"),
            "unix_socket_directories": sockets.replace("'", "''"),
            "max_connections": 200,
            "max_locks_per_transaction": 512,
            "shared_buffers": self.shared_buffers,
            "recovery_init_sync_method": "syncfs" if Path("/proc").exists() else "fsync",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_wal_size": "2GB",
        }
        if not self.fsync:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        conf = self.cluster / "zhiheng.conf"
        conf.write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()))
        self.identity.own(conf)

    def _start(self) -> ConnectionInfo:
        """Try for ten seconds: after a kill the old children hold the shared memory for a moment."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            self.log.unlink(missing_ok=True)
            try:
                self._write_conf()
            except OSError as error:
                raise self._failure("数据库配置写不进去。", str(error)) from error
            result = self._pg_ctl(
                "start", "-l", str(self.log), "-w", "-t", str(START_LIMIT), limit=START_LIMIT
            )
            info = self.status()
            if result.returncode == 0 and info is not None:
                return info
            if time.monotonic() > deadline or disk_is_full(self.data_dir):
                log = self.log.read_text(errors="replace") if self.log.exists() else ""
                raise self._failure("数据库没有启动成功。", log or result.stdout)
            time.sleep(0.5)

    def _drop_stale_pid_file(self) -> None:
        """Remove a postmaster.pid whose process is gone or is somebody else's, once no old backend is left."""
        pid_file = self.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n")[0])
        except FileNotFoundError:
            return
        except ValueError:
            pid = 0
        if pid and self._is_ours(pid):
            return
        deadline = time.monotonic() + RETRY_SECONDS
        while pids_working_in(self.cluster, "postgres"):
            if time.monotonic() > deadline:
                return
            time.sleep(0.1)
        pid_file.unlink(missing_ok=True)

    def _pg_ctl(self, action: str, *options: str, limit: int) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-D", self.cluster, *options, limit=limit + 5)

    def _run(self, program: str, *arguments: str | Path, limit: int) -> subprocess.CompletedProcess[str]:
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))
        }
        command = [self.bin_dir / program, *arguments]
        return self.identity.run(command, cwd=self.data_dir, env=env | {"LC_ALL": "C"}, timeout=limit)

    def _failure(self, what: str, output: str) -> ServerError:
        tail = "\n".join(output.strip().splitlines()[-8:])
        if disk_is_full(self.data_dir, output):
            return ServerError(*DISK_FULL, detail=tail)
        return ServerError(what, f"请运行 zhiheng doctor；日志在 {self.log}。", detail=tail)


def _share_of_memory() -> str:
    """An eighth of this machine's memory, 32 MB to 1 GB."""
    total: int = psutil.virtual_memory().total
    return f"{max(32, min(1024, total // MEGABYTE // 8))}MB"
