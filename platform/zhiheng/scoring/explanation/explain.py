"""`explain`: why one unit has its score, at every level (issue: explanation; design.md 5)."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from zhiheng.scoring.contract import Account
from zhiheng.scoring.engine.problems import derived_of, measures_of
from zhiheng.scoring.engine.results import NodeResult, PolicyResult
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.engine.tree import ROLLUP
from zhiheng.scoring.exact import State, Vec
from zhiheng.scoring.explanation.model import Derived, Explanation, Origin, PeerFigure, ReadingUsed, Step
from zhiheng.scoring.explanation.reader import UnitReader, cell, shown
from zhiheng.scoring.facts import Fact
from zhiheng.scoring.formula import explain as formula_with_numbers
from zhiheng.scoring.formula import render
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.defaults import with_defaults
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import half_up

_STATISTICS = {
    "best": "组内最好值", "worst": "组内最差值", "mean": "组内平均", "pooled": "组内合并计算的平均", "median": "组内中位数",
    "quantile": "组内分位数", "sum": "组内合计", "stdev": "组内标准差", "count": "组内个数",
}  # fmt: skip
_SHOWN_PEERS = 60


def explain(run: Run, unit: str, node: str | None = None, *, depth: int | None = None) -> Explanation:
    """The explanation of a node (default: the total) of one unit with everything below, down to `depth` levels.

    Raises KeyError for an unknown unit or node.
    """
    place = run.codes.index(unit) if unit in run.codes else -1
    if place < 0:
        raise KeyError(unit)
    code = node or run.scheme.tree.code
    return _node(run, run.nodes[code], place, depth, top=True)


def _node(run: Run, result: NodeResult, unit: int, depth: int | None, *, top: bool = False) -> Explanation:
    node = result.node
    deeper = depth is None or depth > 0
    below = depth if depth is None else depth - 1
    children = (
        [_node(run, run.nodes[child.code], unit, below) for child in node.children if child.code in run.nodes]
        if deeper
        else []
    )
    account = _account(run, result, unit)
    points = result.points.exact(unit)
    return Explanation(
        code=node.code, title=node.title, unit=run.codes[unit], kind=_kind_title(node), clause=node.clause,
        points=_stored(run, points), exact=_exact(points), state=result.points.state(unit).name,
        full=shown(result.full.exact(unit)), applicable=shown(result.applicable.exact(unit)), raw=shown(result.raw.exact(unit)),
        formula=account.formula, lines=account.lines, inputs=tuple(_inputs(run, node, unit)), derived=tuple(_derived(run, result, unit)),
        peers=tuple(_peers(run, result, unit)), readings=tuple(_readings(run, node)), steps=tuple(_steps(run, result, unit)),
        flags=tuple(flag.text for flag in run.flags if flag.place == node.place and flag.unit == run.codes[unit]),
        rounding=_rounding(run, points), children=tuple(children),
        scheme=f"{run.scheme.code}/{run.scheme.version}" if top else "", fingerprint=run.fingerprint if top else "",
        extra=dict(node.extra),
    )  # fmt: skip


def _kind_title(node: Node) -> str:
    return kind_of(node.kind).title if node.is_leaf else "汇总"


def _account(run: Run, result: NodeResult, unit: int) -> Account:
    state = result.points.state(unit)
    if result.given:
        return Account("给定分数")
    if state is State.NOT_APPLICABLE:
        return Account("缺项：不适用于本单位" if not result.applies[unit] else "缺项")
    if state is not State.VALUE:
        return Account(state.label)
    if result.rejected is not None and result.rejected[unit]:
        return Account("材料不采信，计 0 分")
    node = result.node
    if result.view is None:
        return Account("")
    if node.is_leaf:
        return kind_of(node.kind).explain(UnitReader(result.notes, result.view, unit), node.params)
    rollup = next((item for item in result.policies if kind_of(item.policy.kind).stage == "rollup"), None)
    params = rollup.policy.params if rollup else with_defaults({}, kind_of(ROLLUP).schema)
    notes = {**result.notes, "children": _children_text(run, node, unit)}
    return kind_of(rollup.policy.kind if rollup else ROLLUP).explain(
        UnitReader(notes, result.view, unit), params
    )


def _children_text(run: Run, node: Node, unit: int) -> str:
    parts = []
    for child in node.children:
        result = run.nodes.get(child.code)
        if result is not None and result.points.state(unit) is State.VALUE:
            parts.append(f"{shown(result.points.exact(unit))}（{child.title}）")
    return " + ".join(parts) or "0"


# inputs


def _inputs(run: Run, node: Node, unit: int) -> Iterable[Origin]:
    if not node.is_leaf and not node.policies and not node.applies_when:
        return
    for code in measures_of(run.bench, node):
        measure = run.scheme.measures[code]
        fact = run.bench.fact(code, run.codes[unit]) or Fact(state=State.MISSING)
        yield Origin(
            code, measure.title, _value(run, code, unit), fact.state.label, measure.unit, measure.supplier,
            fact.source, fact.evidence, fact.by, fact.at, fact.note, tuple(_dropped(run, code, unit)),
        )  # fmt: skip


def _value(run: Run, code: str, unit: int) -> str:
    measure = run.scheme.measures[code]
    if measure.type == "register":
        rows = int((run.bench.register(code).units == unit).sum())
        return f"计入 {rows} 条"
    fact = run.bench.fact(code, run.codes[unit])
    if measure.type == "date" and fact is not None and fact.value is not None:
        return str(fact.value)
    text = shown(cell(run.bench.column(code), unit))
    if fact is not None and fact.denominator is not None:
        return f"{fact.numerator}/{fact.denominator}（{text}）"
    missing = fact is None or fact.state is State.MISSING or fact.value is None
    return f"{text}（未报，按 0 计）" if missing and measure.missing == "zero" else text


def _dropped(run: Run, code: str, unit: int) -> Iterable[str]:
    """Rows of a register that a filter left out, with the reason."""
    if run.scheme.measures[code].type != "register":
        return
    for owner, row, reason in run.bench.register(code).dropped:
        if owner == unit:
            yield f"{'，'.join(str(value) for value in row.values())}：{reason}"


def _derived(run: Run, result: NodeResult, unit: int) -> Iterable[Derived]:
    if result.view is None:
        return
    for code in derived_of(run.bench, result.node):
        formula = run.scheme.formulas[code]
        value = shown(cell(result.view.column(code), unit))
        if formula.register:
            register = run.scheme.measures[formula.register].title
            text = f"{register}：{formula.aggregate}" + (f"，{formula.where}" if formula.where else "")
            yield Derived(code, formula.title, text, value, value, formula.clause)
            continue
        tree = parsed(formula.formula)
        numbers = formula_with_numbers(tree, result.view, unit, run.bench.names.types)
        yield Derived(code, formula.title, render(tree), numbers, value, formula.clause)


# peers, readings, steps


def _peers(run: Run, result: NodeResult, unit: int) -> Iterable[PeerFigure]:
    notes: dict[str, Any] = dict(result.notes)
    for item in result.policies:
        notes |= {name: note for name, note in item.notes.items() if name.startswith("statistic:")}
    for name, note in notes.items():
        if name.startswith("statistic:"):
            statistic, value = note
            members = tuple(_members(run, result, unit))
            yield PeerFigure(_STATISTICS.get(statistic, statistic), shown(cell(value, unit)), members)


def _members(run: Run, result: NodeResult, unit: int) -> Iterable[tuple[str, str]]:
    """The compared value of each peer of the group, as far as the kind noted one."""
    value = next(
        (result.notes[name] for name in ("value", "数值") if isinstance(result.notes.get(name), Vec)), None
    )
    if value is None:
        return
    groups = run.bench.groups.ids
    peers = [
        place for place in range(run.bench.size) if groups[place] == groups[unit] and result.applies[place]
    ]
    for place in peers[:_SHOWN_PEERS]:
        yield run.units[place].title or run.codes[place], shown(value.exact(place))


def _readings(run: Run, node: Node) -> Iterable[ReadingUsed]:
    codes = list(node.readings)
    for code in (*measures_of(run.bench, node), *derived_of(run.bench, node)):
        codes += run.scheme.measure_readings.get(code, ())
    for code in dict.fromkeys(codes):
        reading = run.scheme.readings[code]
        others = tuple(
            text for option, text in reading.options.items() if text != reading.meaning or option == ""
        )
        yield ReadingUsed(code, reading.title, reading.clause, reading.meaning, others, reading.chosen)


def _steps(run: Run, result: NodeResult, unit: int) -> Iterable[Step]:
    if result.points.state(unit) is not State.VALUE or result.given:
        return
    for item in result.policies:
        if kind_of(item.policy.kind).stage == "reweight":
            yield _policy_step(item, unit)
    for source, amount in result.carried:
        taken = amount.exact(unit)
        if isinstance(taken, Fraction) and taken:
            title = run.nodes[source].node.title if source in run.nodes else "其他项"
            yield Step("超额扣分转入", f"{title}转来 {shown(taken)}，从本项扣减")
    yield from _bound_steps(result, unit)
    for item in result.policies:
        if kind_of(item.policy.kind).stage in ("carryover", "gate"):
            step = _policy_step(item, unit)
            if step.formula not in ("没有超额扣分", "未触发"):
                yield step
    if result.node.decimals is not None:
        yield Step("舍入", f"本项四舍五入到 {result.node.decimals} 位小数")


def _policy_step(item: PolicyResult, unit: int) -> Step:
    kind = kind_of(item.policy.kind)
    account = kind.explain(UnitReader(item.notes, item.view, unit), item.policy.params)
    return Step(item.policy.title or kind.title, account.formula, account.lines, item.policy.clause)


def _bound_steps(result: NodeResult, unit: int) -> Iterable[Step]:
    raw, bounds = result.raw.exact(unit), result.node.bounds
    if isinstance(raw, State):
        return
    for _, amount in result.carried if result.node.children else ():
        taken = amount.exact(unit)
        raw -= taken if isinstance(taken, Fraction) else 0
    unit_type = result.view.bench.unit_types[unit] if result.view else ""
    if bounds.floor is not None and raw < bounds.floor:
        yield Step("下限", f"{shown(raw)} 低于下限 {shown(bounds.floor)}，按 {shown(bounds.floor)} 计")
    cap = bounds.cap.get(unit_type) if bounds.cap is not None else None
    if cap is not None and raw > cap:
        yield Step("封顶", f"{shown(raw)} 高于上限 {shown(cap)}，按 {shown(cap)} 计")
    extra = result.exempt.exact(unit) if result.exempt is not None else Fraction(0)
    if isinstance(extra, Fraction) and extra:
        yield Step("不受上限的加分", f"另加 {shown(extra)}，不受上限")


# numbers


def _stored(run: Run, points: Fraction | State) -> str:
    return points.label if isinstance(points, State) else f"{half_up(points, run.scheme.rounding.store)}"


def _exact(points: Fraction | State) -> str:
    return "" if isinstance(points, State) else str(points)


def _rounding(run: Run, points: Fraction | State) -> str:
    if isinstance(points, State):
        return ""
    rounding = run.scheme.rounding
    stored, published = half_up(points, rounding.store), half_up(points, rounding.publish)
    return f"计算中不舍入；保存 {stored}（{rounding.store} 位），公布 {published}（{rounding.publish} 位），四舍五入"
