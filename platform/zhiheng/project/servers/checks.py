"""What can be wrong with a machine (体检项目): each check says what is wrong and how to mend it."""

import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from zhiheng.project.servers.binaries import postgres_bin, redis_server
from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.home import prepare_home
from zhiheng.project.servers.identity import server_identity
from zhiheng.project.servers.processes import port_is_free
from zhiheng.project.servers.redis import NO_BROKER
from zhiheng.project.servers.supervisor import State, running_state

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
OLDEST_GLIBC = (2, 28)
NEEDED_MEGABYTES = 500
WEB_PORT = 8000
MEGABYTE = 1024 * 1024
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUILT = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


class Level(Enum):
    """How grave a finding is; only WRONG makes the exit code non-zero."""

    GOOD = "正常"
    NOTE = "提示"
    WRONG = "有误"


@dataclass(frozen=True)
class Finding:
    """One line of the examination (体检结果)."""

    level: Level
    title: str
    what: str
    advice: str = ""


def good(title: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.GOOD, title, what)


def note(title: str, what: str, advice: str) -> Finding:
    """Worth knowing; the product works without."""
    return Finding(Level.NOTE, title, what, advice)


def wrong(title: str, what: str, advice: str) -> Finding:
    """Has to be mended."""
    return Finding(Level.WRONG, title, what, advice)


def free_megabytes(home: Path) -> int:
    """Free space where the home is or will be, in MB."""
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    return shutil.disk_usage(existing).free // MEGABYTE


def require_disk_space(home: Path) -> None:
    """Refuse to start with an almost full disk; raises ``ServerError``."""
    finding = disk(Servers(home))
    if finding.level is Level.WRONG:
        raise ServerError(finding.what, finding.advice)


def python_version(_: Servers) -> Finding:
    """Python 3.11 to 3.13."""
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return wrong(
            "Python",
            f"版本 {version} 太旧。",
            "请安装 Python 3.11、3.12 或 3.13，删除 .venv 后运行 make setup。",
        )
    if sys.version_info[:2] > NEWEST_PYTHON:
        return note("Python", f"版本 {version} 没有测试过。", "出问题时请改用 Python 3.11、3.12 或 3.13。")
    return good("Python", version)


def c_library(_: Servers) -> Finding:
    """The wheels with the servers need glibc 2.28 or macOS."""
    name, version = platform.libc_ver()
    if sys.platform != "linux":
        return good("系统库", platform.platform())
    if name != "glibc" or tuple(map(int, version.split(".")[:2])) < OLDEST_GLIBC:
        return wrong(
            "系统库",
            f"本机是 {name or '非 glibc 系统'} {version}，内置服务需要 glibc 2.28 以上。",
            "请换 Debian 10、CentOS 8 以上的系统，或用 DATABASE_URL 和 CELERY_BROKER_URL 接已有的服务。",
        )
    return good("系统库", f"{name} {version}")


def home_writable(servers: Servers) -> Finding:
    """The data home can be made and written."""
    try:
        prepare_home(servers.home)
    except ServerError as error:
        return wrong("数据目录", error.what, error.advice)
    return good("数据目录", str(servers.home))


def disk(servers: Servers) -> Finding:
    """Room for a database that grows."""
    free = free_megabytes(servers.home)
    if free < NEEDED_MEGABYTES:
        return wrong(
            "磁盘",
            f"{servers.home} 所在磁盘只剩 {free} MB，至少要 {NEEDED_MEGABYTES} MB。已保存的数据没有丢。",
            "请清出空间，或用 ZHIHENG_HOME 把数据目录放到别的磁盘。",
        )
    return good("磁盘", f"剩余 {free} MB")


def postgres_program(servers: Servers) -> Finding:
    """The embedded PostgreSQL is installed and runs on this machine."""
    if servers.postgres is None:
        return good("数据库程序", "使用 DATABASE_URL 指定的数据库")
    try:
        identity = server_identity()
        program = postgres_bin(identity, servers.home) / "postgres"
        result = identity.run([program, "--version"], cwd=program.parent, env={"LC_ALL": "C"}, timeout=30)
    except (ServerError, OSError, subprocess.TimeoutExpired) as error:
        advice = error.advice if isinstance(error, ServerError) else "请删除 .venv 后运行 make setup。"
        return wrong("数据库程序", str(getattr(error, "what", error)), advice)
    if result.returncode != 0:
        return wrong("数据库程序", f"不能运行：{result.stdout.strip()}", "请删除 .venv 后运行 make setup。")
    return good("数据库程序", result.stdout.strip())


def redis_program(servers: Servers) -> Finding:
    """A redis-server is there, unless another broker is named."""
    if servers.redis is None:
        return good("消息队列程序", "使用 CELERY_BROKER_URL 指定的服务")
    program = redis_server()
    if program is None:
        return wrong("消息队列程序", NO_BROKER.what, NO_BROKER.advice)
    return good("消息队列程序", str(program))


def web_port(servers: Servers) -> Finding:
    """Port 8000 is free, or ours."""
    if running_state(servers.home) is not None or port_is_free(WEB_PORT):
        return good("端口", f"{WEB_PORT} 可用")
    return note(
        "端口", f"{WEB_PORT} 端口被别的程序占用。", "zhiheng up 会改用下一个空闲端口；也可用 --port 指定。"
    )


def stale_files(servers: Servers) -> Finding:
    """Traces of a crash."""
    state = State.read(servers.home / "run" / "state.json")
    if state.supervisor is not None and running_state(servers.home) is None:
        return note(
            "上次停机", "上次没有正常停止（进程被杀或断电）。", "无须处理：下次 zhiheng up 会自动清理并恢复。"
        )
    pid_file = servers.home / "pg18" / "cluster" / "postmaster.pid"
    if servers.postgres is not None and pid_file.exists() and servers.postgres.status() is None:
        return note(
            "上次停机", "数据库上次没有正常停止，留下了进程号文件。", "无须处理：下次启动会自动清理并恢复。"
        )
    return good("上次停机", "正常")


def clock(servers: Servers) -> Finding:
    """The clock is not before this release, nor before files that this home already holds."""
    now = dt.datetime.now(tz=dt.UTC)
    log = servers.home / "pg18" / "server.log"
    last = dt.datetime.fromtimestamp(log.stat().st_mtime, tz=dt.UTC) if log.exists() else BUILT
    if now < max(last, BUILT) - dt.timedelta(minutes=1):
        return wrong(
            "时钟",
            f"本机时间是 {now:%Y-%m-%d %H:%M} UTC，比已有的记录还早。",
            "请校准时间（timedatectl set-ntp true），再启动。",
        )
    return good("时钟", f"{now:%Y-%m-%d %H:%M} UTC")


def fonts(_: Servers) -> Finding:
    """Chinese fonts, for screenshots and pictures made on this machine."""
    lister = shutil.which("fc-list")
    listed = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""
    if not listed.strip():
        return note(
            "中文字体",
            "本机没有中文字体；网页不受影响，本机截图会显示方框。",
            "Debian：apt-get install fonts-noto-cjk。",
        )
    return good("中文字体", f"{len(listed.splitlines())} 种")


def browser(_: Servers) -> Finding:
    """A Chromium, for browser tests only."""
    named = os.environ.get("ZHIHENG_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        return note(
            "浏览器",
            "本机没有 Chromium；只有浏览器测试用得到，会跳过。",
            "Debian：apt-get install chromium。",
        )
    return good("浏览器", found)


def server_user(_: Servers) -> Finding:
    """As root, an unprivileged user for the database."""
    try:
        identity = server_identity()
    except ServerError as error:
        return wrong("运行用户", error.what, error.advice)
    return good("运行用户", f"数据库以 {identity.name} 运行" if identity.switch else "当前用户")


CHECKS: tuple[Callable[[Servers], Finding], ...] = (
    python_version,
    c_library,
    server_user,
    home_writable,
    disk,
    postgres_program,
    redis_program,
    web_port,
    stale_files,
    clock,
    fonts,
    browser,
)


def examine(servers: Servers) -> Iterator[Finding]:
    """All checks of the machine, one after another."""
    for check in CHECKS:
        yield check(servers)
