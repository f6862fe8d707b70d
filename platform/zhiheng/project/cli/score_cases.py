"""``zhiheng score-cases FILE``: cases with expected results through the templates and the engine (核对算例)."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

import zhiheng.library
from zhiheng.scoring.cases.report import Line, lines_of
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.scheme.documents import read_document

TEMPLATES = Path(zhiheng.library.__file__).parent / "templates" / "schemes"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers the command."""
    parser = subparsers.add_parser("score-cases", help="用标准模板和计分引擎核对算例，列出应得与所得")
    parser.add_argument("file", type=Path, nargs="+", help="算例文件（JSON 或 YAML）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--only", nargs="+", default=(), metavar="编号", help="只核对编号以此开头的算例")
    parser.add_argument("--differences", action="store_true", help="只列出不符的算例")
    parser.add_argument("--templates", type=Path, default=TEMPLATES, help="方案模板所在文件夹")
    parser.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace) -> int:
    """Prints expected and found of every case; exit code 1 when anything differs, 2 when a file cannot be read."""
    try:
        documents = [_selected(read_cases(path), arguments.only) for path in arguments.file]
    except (OSError, ScoringError) as failure:
        print(f"读不了算例文件：{failure}", file=sys.stderr)
        return 2
    lines = [line for document in documents for line in lines_of(document, arguments.templates)]
    if arguments.json:
        print(json.dumps(summary(lines), ensure_ascii=False, indent=1))
    else:
        _print(lines, only_differences=arguments.differences)
    return 0 if lines and all(line.agrees for line in lines) else 1


def read_cases(path: Path) -> dict[str, Any]:
    """A file of cases; a bare list counts as its single cases. Raises ScoringError where it cannot be read."""
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("["):
        return {"cases": json.loads(text)}
    return read_document(text)


def _selected(document: dict[str, Any], starts: Sequence[str]) -> dict[str, Any]:
    if not starts:
        return document
    return {
        part: [case for case in document.get(part) or () if str(case["id"]).startswith(tuple(starts))]
        for part in ("cases", "end_to_end")
    }


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """Totals and every line, for machines."""
    agreeing = sum(line.agrees for line in lines)
    totals = {"total": len(lines), "agree": agreeing, "differ": len(lines) - agreeing}
    return {**totals, "cases": [line.plain() for line in lines]}


def _print(lines: Sequence[Line], *, only_differences: bool) -> None:
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    table = Table("算例", "规则", "理解", "应得", "所得", "", box=None, pad_edge=False)
    for line in lines:
        if not line.agrees or not only_differences:
            words = (line.id, line.rule, line.reading, line.expected, line.found)
            mark = Text("相符", "green") if line.agrees else Text("不符", "red")
            table.add_row(*map(Text, words), mark)
    console.print(table)
    for line in lines:
        for gap in line.gaps if line.compared > 1 else ():
            console.print(f"  {line.id} {gap.place}：应为 {gap.expected}，得到 {gap.found}", markup=False)
        if line.unknown:
            console.print(f"  {line.id} 未核对（没有对应的结果）：{'、'.join(line.unknown)}", markup=False)
    agreeing = sum(line.agrees for line in lines)
    console.print(f"共 {len(lines)} 例，相符 {agreeing}，不符 {len(lines) - agreeing}")
