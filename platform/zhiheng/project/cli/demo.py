"""``zhiheng demo``: build the demo year (演示数据) and print its summary, without starting the site."""

import argparse
from typing import Any

from zhiheng.project.cli.session import django_session
from zhiheng.project.cli.sites import demo_chain, remember_sites


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("demo", help="建演示数据并打印摘要，不启动网站")
    parser.add_argument("--if-empty", action="store_true", help="已有学校时不建")
    parser.set_defaults(handler=demo)


def demo(arguments: argparse.Namespace) -> int:
    """Prepare the database, then build; with ``--if-empty`` nothing is built beside existing tenants."""
    with django_session(broker=True) as servers:
        from zhiheng.project.cli import database

        if not arguments.if_empty:
            database.prepare(lambda text: print(text, flush=True))
        chain = demo_chain()
        if chain is None:
            print("这个版本不带演示数据。", flush=True)
        elif arguments.if_empty and database.has_tenants() and not chain.unfinished():
            print("已有数据，不建演示数据。", flush=True)
        else:
            chain.build()
        remember_sites(servers.home, chain.sign_ins() if chain is not None else None)
    return 0
