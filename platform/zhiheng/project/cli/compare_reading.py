"""``zhiheng compare-reading READING GOLD``: how good a reading is, measured with a hand-made one (读取质量)."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from integrations.importers.comparing.readings import compare, table


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers the command."""
    parser = subparsers.add_parser("compare-reading", help="用人工读取结果衡量读取质量：查准率、查全率")
    parser.add_argument("reading", type=Path, help="read-catalogue --json 的输出")
    parser.add_argument("gold", type=Path, help="人工读取结果")
    parser.add_argument("--json", action="store_true", help="输出数字和逐条差异")
    parser.add_argument("--misses", action="store_true", help="列出每条差异")
    parser.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace) -> int:
    """Prints precision and recall; exit code 1 when a file cannot be read or the two do not belong together."""
    try:
        reading, gold = _load(arguments.reading), _load(arguments.gold)
        figures, more = compare(reading, gold)
    except OSError as failure:
        print(f"打不开文件：{failure.filename}。请检查路径。", file=sys.stderr)
        return 1
    except (ValueError, TypeError) as failure:
        print(f"两个文件不能对照：{failure}。请确认都是同一种表的读取结果。", file=sys.stderr)
        return 1
    if arguments.json:
        data = {name: figure.to_json() for name, figure in figures.items()} | more
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    print(table(figures, more))
    if arguments.misses:
        for name, figure in figures.items():
            for miss in figure.misses:
                print(f"{name}: {miss}")
    return 0


def _load(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise TypeError(path.name)
    return data
