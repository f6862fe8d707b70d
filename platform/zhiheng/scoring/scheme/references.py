"""Checks between the parts of a scheme: formulas against names and types, codes against what they name."""

from collections.abc import Collection, Mapping
from typing import Any

from zhiheng.scoring.contract import Kind, Use
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula import BOOLEAN, NUMBER, TEXT, Base, Type, check
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Node, Scheme
from zhiheng.scoring.scheme.names import AWARD, OUTCOME_NAMES, POINTS, Names, formula_errors, parsed, placed

_LOCAL = {"number": NUMBER, "boolean": BOOLEAN, "text": TEXT}


def uses_of(scheme: Scheme) -> list[tuple[str, str, Kind, Use]]:
    """Every formula of every kind: owner's place, code of the node or outcome, kind, use."""
    found: list[tuple[str, str, Kind, Use]] = []
    for node in scheme.tree.walk():
        if node.is_leaf:
            kind = kind_of(node.kind)
            found += [(node.place, node.code, kind, use) for use in kind.inputs(node.params)]
        for policy in node.policies:
            kind = kind_of(policy.kind)
            found += [(policy.place, node.code, kind, use) for use in kind.inputs(policy.params)]
    for outcome in scheme.outcomes:
        kind = kind_of(outcome.kind)
        found += [(outcome.place, outcome.code, kind, use) for use in kind.inputs(outcome.params)]
    return found


def all_formula_errors(scheme: Scheme, names: Names) -> list[ScoringError]:
    """Everything wrong with the formulas of nodes and outcomes."""
    errors: list[ScoringError] = []
    tree_types = {**names.types, POINTS: NUMBER}
    awards = {f"{AWARD}{item.code}": BOOLEAN for item in scheme.by_role("award")}
    outcome_types = {**names.types, **OUTCOME_NAMES, **awards}
    for node in scheme.tree.walk():
        if node.applies_when:
            errors += formula_errors(
                node.applies_when, tree_types, f"{node.place}.applies_when", (Base.BOOLEAN,)
            )
    for place, _, _, use in uses_of(scheme):
        types: Mapping[str, Type] = outcome_types if place.startswith("outcomes") else tree_types
        if use.register:
            types = _row_types(scheme, names, use.register, types)
        local = {name: _LOCAL[item] for name, item in use.names.items()}
        errors += _use_errors(use, {**types, **local}, f"{place}.params.{use.place}")
    return errors


def _row_types(scheme: Scheme, names: Names, register: str, types: Mapping[str, Type]) -> Mapping[str, Type]:
    measure = scheme.measures.get(register)
    if measure is None:
        return types
    return {**{name: item for name, item in types.items() if not item.is_list}, **names.row_types(measure)}


def _use_errors(use: Use, types: Mapping[str, Type], place: str) -> list[ScoringError]:
    try:
        found = check(parsed(use.text), types)
    except (ScoringError, ScoringErrors) as error:
        return placed(error, place)
    wanted, lists = {
        "number": ((Base.NUMBER, Base.BOOLEAN), False),
        "condition": ((Base.BOOLEAN,), False),
        "list": ((Base.NUMBER,), True),
        "numbers": ((Base.NUMBER, Base.BOOLEAN), True),
        "text": ((Base.TEXT,), False),
        "any": ((Base.NUMBER, Base.BOOLEAN, Base.TEXT, Base.DATE), False),
    }[use.expected]
    if found.base not in wanted:
        return [
            ScoringError(
                "formula.type",
                place,
                f"这里需要{'或'.join(wanted)}，公式给出的是{found.label}。",
                "请改写公式。",
            )
        ]
    if found.is_list and not lists:
        return [
            ScoringError(
                "formula.type",
                place,
                "这里需要每个单位一个值，公式给出的是一组数。",
                "请用 合计、平均 等函数汇总。",
            )
        ]
    return []


# references between parts


def reference_errors(scheme: Scheme) -> list[ScoringError]:
    """Codes of nodes, grades and awards that name nothing, and transfers in a circle."""
    errors: list[ScoringError] = []
    nodes, parents = scheme.nodes(), scheme.parents()
    for node in scheme.tree.walk():
        for policy in node.policies:
            if kind_of(policy.kind).stage != "carryover":
                continue
            target = policy.params.get("target", {})
            for code in target.values() if isinstance(target, Mapping) else [target]:
                errors += _target_errors(node, code, nodes, parents, policy.place)
            if isinstance(target, Mapping):
                errors += _key_errors(scheme, target, f"{policy.place}.params.target")
    errors += _grade_errors(scheme)
    return errors


def _target_errors(
    node: Node, code: str, nodes: Mapping[str, Node], parents: Mapping[str, str], place: str
) -> list[ScoringError]:
    where = f"{place}.params.target"
    if code not in nodes:
        return [ScoringError("node.unknown", where, f"没有指标“{code}”。", "请填写指标代码。")]
    above: str | None = node.code
    while above is not None:
        if above == code:
            return [
                ScoringError(
                    "node.circle", where, f"扣分不能转入本项自身或其上级“{code}”。", "请填写其他指标。"
                )
            ]
        above = parents.get(above)
    return []


def _key_errors(scheme: Scheme, keys: Mapping[str, Any], place: str) -> list[ScoringError]:
    known = {*scheme.unit_types, *(group.code for group in scheme.groups)}
    return [
        ScoringError(
            "type.unknown",
            place,
            f"“{key}”不是单位类型，也不是考核组。",
            f"可用：{'、'.join(sorted(known))}。",
        )
        for key in keys
        if key not in known
    ]


def _grade_errors(scheme: Scheme) -> list[ScoringError]:
    """Grades and awards named in outcomes must exist."""
    graded = [item for item in scheme.by_role("grades") if "grades" in item.params]
    if not graded:
        return []
    grades = {entry["code"] for entry in graded[0].params["grades"]}
    awards = {item.code for item in scheme.by_role("award")}
    errors = []
    for gate in scheme.by_role("gate"):
        effects = gate.params.get("effects") or {}
        named = [effects[name] for name in ("grade_cap", "grade") if name in effects] + list(
            effects.get("bar_grade", ())
        )
        errors += [
            _unknown(f"{gate.place}.params.effects", "等次", name, grades)
            for name in named
            if name not in grades
        ]
        barred = effects.get("bar_awards", ())
        if barred != "all":
            errors += [
                _unknown(f"{gate.place}.params.effects.bar_awards", "奖项", name, awards)
                for name in barred
                if name not in awards
            ]
    for item in scheme.by_role("consequence"):
        trigger = item.params.get("trigger") or {}
        errors += [
            _unknown(f"{item.place}.params.trigger.grades", "等次", n, grades)
            for n in trigger.get("grades", ())
            if n not in grades
        ]
        named_awards = trigger.get("award", ())
        codes = [named_awards] if isinstance(named_awards, str) else named_awards
        errors += [
            _unknown(f"{item.place}.params.trigger.award", "奖项", n, awards)
            for n in codes
            if n not in awards
        ]
    return errors


def _unknown(place: str, what: str, name: str, known: Collection[str]) -> ScoringError:
    return ScoringError(
        "name.unknown", place, f"没有{what}“{name}”。", f"可用：{'、'.join(sorted(known)) or '无'}。"
    )
