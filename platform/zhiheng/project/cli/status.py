"""``zhiheng status``: what runs and where (现状)."""

import argparse
from typing import Any

from zhiheng.project.cli.sites import print_sites
from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.supervisor import State, running_state

NOT_RUNNING = 3
TITLES = {"web": "网站", "worker": "后台任务", "beat": "定时器"}


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    subparsers.add_parser("status", help="看哪些服务在运行").set_defaults(handler=status)


def status(arguments: argparse.Namespace) -> int:
    """Exit code 0 when everything runs, 3 when something does not."""
    del arguments
    servers = Servers()
    state = running_state(servers.home)
    written = state or State()
    rows = [("总管 zhiheng up", state is not None)]
    if servers.postgres is not None:
        rows.append(("数据库", servers.postgres.status() is not None))
    if servers.redis is not None:
        rows.append(("消息队列", servers.redis.status() is not None))
    for name, title in TITLES.items():
        mark = written.parts.get(name)
        rows.append((title, mark is not None and mark.process() is not None))
    for title, runs in rows:
        print(f"{'运行中' if runs else '没有运行'}  {title}")
    print(f"数据目录  {servers.home}")
    if state is not None and state.ready:
        print_sites(servers.home, state.address)
    return 0 if all(runs for _, runs in rows) else NOT_RUNNING
