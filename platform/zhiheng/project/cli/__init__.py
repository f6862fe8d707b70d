"""The ``zhiheng`` command (命令行).

A subcommand is a module here with ``add_parser(subparsers)``, which sets ``handler``: a function that takes the parsed
arguments and returns the exit code.  It is listed in ``COMMANDS``; a test compares the list with the folder.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from zhiheng.project.servers.errors import ServerError

COMMANDS = {
    "up": "up",
    "down": "down",
    "status": "status",
    "doctor": "doctor",
    "prepare": "prepare",
    "demo": "demo",
    "college": "tenant",
    "province": "tenant",
    "read-catalogue": "read_catalogue",
    "compare-reading": "compare_reading",
    "score-cases": "score_cases",
    "try": "try_scheme",
}
"""Module of each command; only the module that is asked for is imported."""


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of one command, or with all commands when it is not known (for help and for mistakes)."""
    parser = argparse.ArgumentParser(prog="zhiheng", description="质衡：职业院校内部质量保证平台。")
    subparsers = parser.add_subparsers(title="命令", metavar="命令", required=True)
    wanted = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for name in wanted:
        import_module(f"{__name__}.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; expected failures are told in Chinese on standard error, exit code 1."""
    from zhiheng.kernel.errors import Problem

    given = sys.argv[1:] if argv is None else list(argv)
    arguments = build_parser(given[0] if given else "").parse_args(given)
    # Data, logs and secrets that any command writes are nobody else's business.
    os.umask(0o077)
    try:
        code: int = arguments.handler(arguments)
    except (ServerError, Problem) as failure:
        print(failure, file=sys.stderr)
        for line in details(failure):
            print(f"  {line}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output went away (for example ``| head``): nothing is left to be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def details(failure: Exception, *, most: int = 20) -> list[str]:
    """The single findings behind a failure that counts them: place, what is wrong, what to do."""
    data = getattr(failure, "data", {})
    found = data.get("errors") or data.get("findings") or []
    lines = ["　".join(str(value) for value in one.values() if value) for one in found[:most]]
    return [*lines, f"……共{len(found)}处"] if len(found) > most else lines
