"""``zhiheng prepare``: database, roles, tables, shared library; after every upgrade (建库与升级)."""

import argparse
from typing import Any

from zhiheng.project.cli.session import django_session


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("prepare", help="建库或升级数据库结构；可重复运行")
    parser.set_defaults(handler=prepare)


def prepare(arguments: argparse.Namespace) -> int:
    """Exit code 0 when everything is up to date afterwards."""
    del arguments
    with django_session():
        from zhiheng.project.cli import database

        print("正在准备数据库…", flush=True)
        database.prepare(lambda text: print(text, flush=True))
    print("数据库已就绪。", flush=True)
    return 0
