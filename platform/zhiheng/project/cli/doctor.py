"""``zhiheng doctor``: says what is wrong with this machine and how to mend it (体检)."""

import argparse
import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import django

from zhiheng.project.cli.session import running_environment
from zhiheng.project.servers.checks import Finding, Level, examine, good, note, wrong
from zhiheng.project.servers.environment import Servers

MARKS = {Level.GOOD: "✓", Level.NOTE: "!", Level.WRONG: "✗"}
MAX_SKEW_SECONDS = 5.0


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    subparsers.add_parser("doctor", help="检查本机，说明哪里有误、怎么改").set_defaults(handler=doctor)


def doctor(arguments: argparse.Namespace) -> int:
    """Exit code 1 when something has to be mended."""
    del arguments
    servers = Servers()
    wrongs = 0
    for finding in (*examine(servers), *_examine_running(servers)):
        print(f"{MARKS[finding.level]} {finding.title}：{finding.what}")
        if finding.advice:
            print(f"    怎么办：{finding.advice}")
        wrongs += finding.level is Level.WRONG
    print(f"\n有{wrongs}项要改。" if wrongs else "\n没有要改的。")
    return 1 if wrongs else 0


def _examine_running(servers: Servers) -> Iterator[Finding]:
    """Database, broker, migrations and the clocks of both, as far as they run; starts nothing."""
    found = running_environment(servers)
    if "DATABASE_URL" not in found:
        yield note("数据库", "没有在运行。", "zhiheng up 会启动它。")
    else:
        yield from _examine_database(found)
    if "CELERY_BROKER_URL" not in found:
        yield note("消息队列", "没有在运行。", "zhiheng up 会启动它。")
    else:
        yield _broker(found["CELERY_BROKER_URL"])


def _examine_database(found: dict[str, str]) -> Iterator[Finding]:
    os.environ.update(found)
    django.setup()
    database = import_module("zhiheng.project.cli.database")
    try:
        skew = database.clock_skew()
    except database.UNREACHABLE as error:
        yield wrong(
            "数据库",
            f"连不上：{error}",
            "请检查 DATABASE_URL、数据库服务和网络；内置数据库请先运行 zhiheng up。",
        )
        return
    yield good("数据库", "能连上")
    if abs(skew) > MAX_SKEW_SECONDS:
        yield wrong(
            "时钟",
            f"本机与数据库的时间差{skew:.0f}秒。",
            "请在两台机器上校准时间（timedatectl set-ntp true）。",
        )
    behind = database.behind()
    if behind:
        yield wrong("数据库结构", f"{behind}。", "请运行 zhiheng prepare。")
    else:
        yield good("数据库结构", "已是最新")


def _broker(url: str) -> Finding:
    from redis import Redis
    from redis.exceptions import RedisError

    if not url.startswith(("redis://", "rediss://", "unix://")):
        return note("消息队列", "不是 Redis，没有检查。", "请自行确认它在运行。")
    try:
        Redis.from_url(url, socket_timeout=5).ping()
    except RedisError as error:
        return wrong("消息队列", f"连不上：{error}", "请检查 CELERY_BROKER_URL 和 Redis 服务。")
    return good("消息队列", "能连上")
