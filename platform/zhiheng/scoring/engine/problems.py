"""Why a score could not be computed: every measure that was not reported, by unit; every undefined calculation."""

from collections.abc import Collection, Iterable

import numpy as np

from zhiheng.scoring.engine.bench import Bench
from zhiheng.scoring.engine.results import NodeResult
from zhiheng.scoring.engine.tree import TreeRun
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import State
from zhiheng.scoring.formula import Rows
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.names import DENOMINATOR, NUMERATOR, parsed


def missing_facts(tree: TreeRun, wanted: Collection[str]) -> list[ScoringError]:
    """Errors for the leaves that were computed: missing measures first, then what could not be calculated."""
    found: dict[tuple[str, str, str], ScoringError] = {}
    for result in tree.results.values():
        if result.given or not result.node.is_leaf or result.points.states is None:
            continue
        for unit in np.flatnonzero(result.points.states >= State.MISSING.code).tolist():
            for error in _reasons(tree.bench, result, unit):
                found.setdefault((error.code, error.place, error.reason), error)
    del wanted
    return sorted(found.values(), key=lambda error: error.code != "facts.missing")


def _reasons(bench: Bench, result: NodeResult, unit: int) -> list[ScoringError]:
    code = bench.codes[unit]
    missing = [name for name in measures_of(bench, result.node) if _state(bench, name, unit) is State.MISSING]
    if missing:
        return [_missing(bench, name, code) for name in missing]
    if result.points.state(unit) is State.MISSING:
        reason = "同组有单位的数据未报，无法得出比较基准或汇总。"
        return [
            ScoringError("calc.blocked", f"{result.node.title}（{code}）", reason, "请先补齐所列未报数据。")
        ]
    advice = "请核对分母；确无此项业务的单位，请用 applies_when 设为缺项。"
    return [ScoringError("calc.undefined", f"{result.node.title}（{code}）", "除数为 0，无法计算。", advice)]


def _missing(bench: Bench, name: str, unit: str) -> ScoringError:
    measure = bench.scheme.measures[name]
    who = measure.supplier or "数据提供部门"
    return ScoringError(
        "facts.missing", f"{measure.title}（{unit}）", "数据未报。", f"请由{who}补报，或按缺项登记。"
    )


def _state(bench: Bench, name: str, unit: int) -> State:
    measure = bench.scheme.measures[name]
    if measure.type == "register":
        states = bench.register(name).states
        return State.VALUE if states is None else State(states[unit])
    column = bench.column(name)
    if isinstance(column, Rows):
        own = State.VALUE if column.states is None else State(column.states[unit])
        cells = [] if column.items.states is None else column.items.states[column.rows.cells(unit)].tolist()
        return State.MISSING if State.MISSING.value in cells else own
    return State.VALUE if column.states is None else State(column.states[unit])


def measures_of(bench: Bench, node: Node) -> list[str]:
    """Codes of all measures that a node's own formulas use, directly or through derived quantities."""
    return [code for code in _used(bench, node) if code in bench.scheme.measures]


def derived_of(bench: Bench, node: Node) -> list[str]:
    """Codes of all derived quantities that a node's own formulas use, each after those it uses itself."""
    return [code for code in _used(bench, node) if code in bench.scheme.formulas]


def _used(bench: Bench, node: Node) -> list[str]:
    if node.code not in bench.used:
        bench.used[node.code] = _found(bench, node)
    return bench.used[node.code]


def _found(bench: Bench, node: Node) -> list[str]:
    texts = [use.text for use in kind_of(node.kind).inputs(node.params)] if node.is_leaf else []
    for policy in node.policies:
        texts += [use.text for use in kind_of(policy.kind).inputs(policy.params)]
    if node.applies_when:
        texts.append(node.applies_when)
    found: dict[str, None] = {}
    for text in texts:
        _gather(bench, parsed(text).names(), found)
    return list(found)


def _gather(bench: Bench, names: Iterable[str], found: dict[str, None]) -> None:
    scheme = bench.scheme
    for name in sorted(names):
        code = bench.names.code(name)
        for part in (NUMERATOR, DENOMINATOR):
            code = code.removesuffix(part)
        if code in scheme.formulas and code not in found:
            formula = scheme.formulas[code]
            _gather(bench, [formula.register] if formula.register else parsed(formula.formula).names(), found)
            found[code] = None
        elif code in scheme.measures:
            found.setdefault(code)
        elif code.rpartition(".")[0] in scheme.measures:
            found.setdefault(code.rpartition(".")[0])
