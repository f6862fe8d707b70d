"""``zhiheng try SCHEME FACTS``: lints and evaluates a scheme from a text editor, without college or database (试算方案)."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.examples import ExampleResult, run_examples
from zhiheng.scoring.explanation.explain import explain
from zhiheng.scoring.explanation.model import Explanation
from zhiheng.scoring.explanation.outcomes import explain_outcomes
from zhiheng.scoring.fact_files import read_facts
from zhiheng.scoring.lint import Finding, lint
from zhiheng.scoring.report import findings_data, report
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.model import Scheme

_COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}
_LEVELS = {"error": "错误", "warning": "注意", "info": "提示"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers the command."""
    parser = subparsers.add_parser("try", help="检查并试算一个考核方案（不需要数据库）")
    parser.add_argument("scheme", type=Path, help="方案文件（YAML 或 JSON，格式见 docs/rules/README.md）")
    parser.add_argument(
        "facts", type=Path, nargs="?", help="数据文件（YAML、JSON 或 xlsx）；不给则只检查方案"
    )
    parser.add_argument("--explain", metavar="单位", help="逐项解释一个单位的得分与结果")
    parser.add_argument(
        "--reading", action="append", default=[], metavar="代码=理解", help="改用条款的另一种理解，可多次"
    )
    parser.add_argument("--pending", action="store_true", help="数据未齐也计算，缺数据的得分留空")
    parser.add_argument("--all", action="store_true", help="列出全部检查意见，含提示")
    parser.add_argument("--json", action="store_true", help="输出完整结果（JSON）")
    parser.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace) -> int:
    """0: evaluated (or checked) without error; 1: something is wrong, told in Chinese with place and advice."""
    try:
        return _tried(arguments)
    except (ScoringError, ScoringErrors) as failure:
        return _refused(arguments, failure)
    except OSError as failure:
        print(f"{failure.filename}：打不开文件，请检查路径。（{failure.strerror}）", file=sys.stderr)
        return 1


def _tried(arguments: argparse.Namespace) -> int:
    scheme = load_scheme(
        read_document(arguments.scheme.read_text(encoding="utf-8-sig")), readings=_readings(arguments.reading)
    )
    examples = run_examples(scheme)
    if arguments.facts is None:
        return _show(arguments, scheme, None, lint(scheme), examples)
    file = read_facts(arguments.facts.read_bytes(), arguments.facts.name, scheme)
    missing = "pending" if arguments.pending else "block"
    run = evaluate(scheme, file.facts, previous=file.earlier, decisions=file.decisions, missing=missing)
    if arguments.explain is not None and arguments.explain not in run.codes:
        advice = f"可用：{'、'.join(run.codes)}。"
        raise ScoringError("facts.unit", "--explain", f"数据中没有单位“{arguments.explain}”。", advice)
    return _show(arguments, scheme, run, lint(scheme, run.units), examples)


def _readings(given: list[str]) -> dict[str, str]:
    found = {}
    for item in given:
        code, sign, value = item.partition("=")
        if not sign:
            raise ScoringError("reading.option", f"--reading {item}", "写法不对。", "请写成 代码=理解。")
        found[code] = value
    return found


def _refused(arguments: argparse.Namespace, failure: ScoringError | ScoringErrors) -> int:
    items = failure.items if isinstance(failure, ScoringErrors) else (failure,)
    if arguments.json:
        listed = [{"code": i.code, "place": i.place, "reason": i.reason, "advice": i.advice} for i in items]
        print(json.dumps({"errors": listed}, ensure_ascii=False, indent=1))
        return 1
    print(f"有 {len(items)} 处需要改正：", file=sys.stderr)
    for item in items:
        print(f"  {item}", file=sys.stderr)
    return 1


def _show(
    arguments: argparse.Namespace,
    scheme: Scheme,
    run: Run | None,
    findings: list[Finding],
    examples: list[ExampleResult],
) -> int:
    failed = any(item.level == "error" for item in findings) or not all(item.agrees for item in examples)
    if arguments.json:
        print(json.dumps(_data(arguments, run, findings, examples), ensure_ascii=False, indent=1))
        return int(failed)
    console = Console()
    console.print(
        f"[bold]{scheme.title}[/]（{scheme.code}，版本 {scheme.version}）：{len(scheme.leaves())} 个末级指标"
    )
    _print_findings(console, findings, everything=arguments.all)
    for item in examples:
        console.print(
            f"算例 {item.title} {item.unit} {item.what}：应为 {item.expected}，算得 {item.found} {'✓' if item.agrees else '✗ 不符'}"
        )
    if run is not None:
        _print_results(console, run)
        if arguments.explain is not None:
            console.print(_tree(explain(run, arguments.explain)))
            for outcome in explain_outcomes(run, arguments.explain):
                console.print(_tree(outcome))
    return int(failed)


def _data(
    arguments: argparse.Namespace, run: Run | None, findings: list[Finding], examples: list[ExampleResult]
) -> dict[str, Any]:
    data: dict[str, Any] = {"findings": findings_data(findings)}
    if examples:
        names = ("title", "unit", "what", "expected", "found", "agrees")
        data["examples"] = [{name: getattr(item, name) for name in names} for item in examples]
    if run is not None:
        data |= report(run)
        if arguments.explain is not None:
            data["explanation"] = explain(run, arguments.explain).to_dict()
            data["outcomes"] = [item.to_dict() for item in explain_outcomes(run, arguments.explain)]
    return data


def _print_findings(console: Console, findings: list[Finding], *, everything: bool) -> None:
    shown = [item for item in findings if everything or item.level != "info"]
    for item in shown:
        console.print(
            f"[{_COLOURS[item.level]}]{_LEVELS[item.level]}[/] {item.place}：{item.text}{item.proposal}",
            highlight=False,
        )
    hidden = len(findings) - len(shown)
    if hidden:
        console.print(f"另有 {hidden} 条提示，加 --all 查看。", style="dim")


def _print_results(console: Console, run: Run) -> None:
    top = [child.code for child in run.scheme.tree.children]
    for group in run.scheme.groups:
        table = Table(title=group.title, title_justify="left")
        for name in ("名次", "单位", *(run.scheme.nodes()[code].title for code in top), "总分", "等次"):
            table.add_column(name, justify="left" if name in ("单位", "等次") else "right")
        for cells in _rows(run, group.code, top):
            table.add_row(*cells)
        if table.row_count:
            console.print(table)
    for code, award in report(run)["awards"].items():
        names = "、".join(winner["subject"] for winner in award["winners"]) or "无"
        console.print(f"{award['title']}（{code}）：{names}")
    for problem in run.problems:
        console.print(f"[yellow]未算[/] {problem}", highlight=False)
    for flag in run.flags:
        console.print(f"[yellow]核对[/] {flag.unit} {flag.place}：{flag.text}", highlight=False)


def _rows(run: Run, group: str, top: list[str]) -> list[list[str]]:
    units = report(run)["units"]
    chosen = [(code, entry) for code, entry in units.items() if entry["group"] == group]
    chosen.sort(key=lambda pair: (float(pair[1]["rank"] or 10**6), pair[0]))
    return [
        [
            entry["rank"] or "–", entry["title"],
            *(str(entry["nodes"].get(node, {}).get("published", "–")) for node in top),
            entry["total"] or "–", entry["grade"] or ("待定" if entry["grade_pending"] else "–"),
        ]
        for _, entry in chosen
    ]  # fmt: skip


def _tree(explanation: Explanation) -> Tree:
    limit = f" / {explanation.full}" if explanation.full else ""
    head = f"[bold]{explanation.code} {explanation.title}[/]：{explanation.points}{limit} = {explanation.formula}"
    tree = Tree(head + (f"（{explanation.clause}）" if explanation.clause else ""), highlight=False)
    for line in explanation.lines:
        tree.add(line)
    for item in explanation.inputs:
        origin = "，".join(part for part in (item.supplier, item.source, *item.evidence) if part)
        tree.add(f"数据 {item.title} = {item.value}{item.unit}" + (f"（{origin}）" if origin else ""))
    for derived in explanation.derived:
        tree.add(f"其中 {derived.title} = {derived.with_numbers} = {derived.value}")
    for figure in explanation.peers:
        tree.add(f"{figure.title} {figure.value}")
    for step in explanation.steps:
        tree.add(f"{step.title}：{'；'.join((step.formula, *step.lines))}")
    for reading in explanation.readings:
        tree.add(f"理解 {reading.title}：{reading.chosen}" + ("" if reading.confirmed else "（尚未确认）"))
    for child in explanation.children:
        tree.add(_tree(child))
    return tree
