"""The embedded Redis (内置消息队列): carries jobs to the workers; an append-only file keeps them over a crash."""

import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from zhiheng.project.servers.binaries import redis_server
from zhiheng.project.servers.errors import DISK_FULL, ServerError, disk_is_full
from zhiheng.project.servers.home import outside_source
from zhiheng.project.servers.locks import exclusive
from zhiheng.project.servers.processes import pids_working_in, remembered_port, works_in

START_LIMIT = 60
STOP_LIMIT = 20
NO_BROKER = ServerError(
    "本机没有 redis-server，后台任务没有消息队列可用。",
    "Python 3.11、3.12 会随依赖装好；Python 3.13 请安装系统的 redis-server（Debian：apt-get install redis-server），"
    "或用 CELERY_BROKER_URL 接已有的 Redis。",
)


@dataclass(frozen=True)
class BrokerInfo:
    """Where a running Redis answers."""

    host: str
    port: int
    password: str
    pid: int

    def url(self, database: int = 0) -> str:
        """CELERY_BROKER_URL form."""
        return f"redis://:{self.password}@{self.host}:{self.port}/{database}"


class RedisServer:
    """One Redis in one folder (消息队列实例); in its own session, so that Ctrl-C at the terminal does not reach it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = outside_source(data_dir)
        self.log = self.data_dir / "server.log"

    def start(self) -> BrokerInfo:
        """Start or attach.  Raises ``ServerError`` with advice."""
        self._prepare_folder()
        with exclusive(self.data_dir / "lock", seconds=START_LIMIT):
            running = self.status()
            if running is not None:
                return running
            self._end_hung()
            return self._start()

    def stop(self) -> bool:
        """Write everything down and stop; False when it was not running."""
        running = self.status()
        if running is None:
            return False
        with exclusive(self.data_dir / "lock", seconds=START_LIMIT):
            os.kill(running.pid, signal.SIGTERM)
            if not self._gone_within(STOP_LIMIT):
                self._end_hung()
        return True

    def status(self) -> BrokerInfo | None:
        """How to reach the running Redis, or None.  Never starts anything."""
        try:
            pid = int((self.data_dir / "pid").read_text())
            port = int((self.data_dir / "port").read_text())
            password = (self.data_dir / "password").read_text()
            if not works_in(pid, self.data_dir, "redis-server"):
                return None
            info = BrokerInfo("127.0.0.1", port, password, pid)
            with Redis(
                host=info.host, port=port, password=password, socket_timeout=5, retry=Retry(NoBackoff(), 0)
            ) as client:
                client.ping()
        except (OSError, ValueError, RedisError):
            return None
        return info

    def _prepare_folder(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self.data_dir.chmod(0o700)
            password = self.data_dir / "password"
            if not password.exists() or not password.read_text():
                password.write_text(secrets.token_hex(24))
            password.chmod(0o600)
        except OSError as error:
            raise ServerError(
                f"消息队列目录 {self.data_dir} 不能写入。",
                "请检查目录的所有者和剩余空间。",
                detail=str(error),
            ) from error

    def _write_conf(self, port: int) -> Path:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "dir": f'"{self.data_dir}"',
            "requirepass": (self.data_dir / "password").read_text(),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
            "logfile": f'"{self.log}"',
            "pidfile": f'"{self.data_dir / "pid"}"',
        }
        conf = self.data_dir / "redis.conf"
        conf.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        conf.chmod(0o600)
        return conf

    def _start(self) -> BrokerInfo:
        program = redis_server()
        if program is None:
            raise NO_BROKER
        try:
            conf = self._write_conf(remembered_port(self.data_dir / "port"))
            self.log.unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(str(error)) from error
        env = {"PATH": os.environ.get("PATH", os.defpath)}
        result = subprocess.run(
            [program, conf], cwd=self.data_dir, env=env, capture_output=True, text=True, check=False
        )
        deadline = time.monotonic() + START_LIMIT
        while result.returncode == 0 and time.monotonic() < deadline:
            info = self.status()
            if info is not None:
                return info
            if not pids_working_in(self.data_dir, "redis-server"):
                break
            time.sleep(0.02)
        self._end_hung()
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        raise self._failure(log or result.stdout + result.stderr)

    def _end_hung(self) -> None:
        """End a Redis of ours that holds the folder but does not answer."""
        for pid in pids_working_in(self.data_dir, "redis-server"):
            os.kill(pid, signal.SIGKILL)
        self._gone_within(STOP_LIMIT)

    def _gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while pids_working_in(self.data_dir, "redis-server"):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _failure(self, output: str) -> ServerError:
        tail = "\n".join(output.strip().splitlines()[-6:])
        if disk_is_full(self.data_dir, output):
            return ServerError(*DISK_FULL, detail=tail)
        return ServerError(
            "消息队列没有启动成功。", f"请运行 zhiheng doctor；日志在 {self.log}。", detail=tail
        )
