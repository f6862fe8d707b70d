"""``zhiheng down``: stop everything of this home (停止)."""

import argparse
from typing import Any

from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.supervisor import State, end_leftovers, stop_running


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    subparsers.add_parser("down", help="停止全部服务").set_defaults(handler=down)


def down(arguments: argparse.Namespace) -> int:
    """Stop the supervisor with its parts; without one, whatever was left running."""
    del arguments
    servers = Servers()
    stopped = stop_running(servers.home)
    state_file = servers.home / "run" / "state.json"
    leftovers = end_leftovers(State.read(state_file))
    running = servers.postgres is not None and servers.postgres.status() is not None
    servers.stop()
    state_file.unlink(missing_ok=True)
    print("已停止，数据都在。" if stopped or leftovers or running else "没有在运行。")
    return 0
