"""The programs that ``zhiheng up`` keeps running, and their port (受管程序清单)."""

import http.client
import os
import signal
import sys
import time
from pathlib import Path

from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.parts import Part
from zhiheng.project.servers.processes import port_is_free

HOST = "127.0.0.1"
PORTS_TRIED = 100
WEB_LIMIT = 60.0


def choose_port(wanted: int) -> int:
    """The wanted port or the next free one."""
    for port in range(wanted, wanted + PORTS_TRIED):
        if port_is_free(port, HOST):
            return port
    raise ServerError(
        f"{wanted} 到 {wanted + PORTS_TRIED - 1} 端口都被占用。",
        "请用 --port 换一个号段，或停掉占用端口的程序。",
    )


def web(home: Path, port: int) -> Part:
    """The web server, on this machine's own address only."""
    listen = [f"--listen={HOST}:{port}", "--threads=8"]
    command = [sys.executable, "-m", "waitress", *listen, "zhiheng.project.wsgi:application"]
    return Part("web", "网站", command, home / "logs" / "web.log", stop_signal=signal.SIGINT)


def worker(home: Path, processes: int | None) -> Part:
    """The job worker; on SIGTERM it finishes what it has begun."""
    count = processes or min(4, os.cpu_count() or 2)
    options = [f"--concurrency={count}", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    command = [sys.executable, "-m", "celery", "-A", "zhiheng.project.celery", "worker", *options]
    return Part("worker", "后台任务", command, home / "logs" / "worker.log", patience=30.0)


def scheduler(home: Path) -> Part:
    """The clock that sends recurring jobs; without a pid file, which a crash would leave behind."""
    options = ["--pidfile=", f"--schedule={home / 'run' / 'beat'}", "--loglevel=INFO"]
    command = [sys.executable, "-m", "celery", "-A", "zhiheng.project.celery", "beat", *options]
    return Part("beat", "定时器", command, home / "logs" / "beat.log")


def wait_for_answer(part: Part, port: int) -> None:
    """Wait until the web server answers anything; raises ``ServerError`` with the log's end when it does not."""
    deadline = time.monotonic() + WEB_LIMIT
    while part.alive and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    tail = "\n".join(part.log.read_text(errors="replace").splitlines()[-8:])
    raise ServerError("网站没有启动成功。", f"请看日志 {part.log}，或运行 zhiheng doctor。", detail=tail)
