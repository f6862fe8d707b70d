"""`load_scheme`: a document becomes a checked `Scheme`, or all its errors at once."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from zhiheng.scoring.contract import Kind, Use
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula import BOOLEAN, NUMBER, TEXT, Base, Type, check
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.schema import scheme_schema
from zhiheng.scoring.scheme.build import Builder
from zhiheng.scoring.scheme.defaults import with_defaults
from zhiheng.scoring.scheme.model import Node, Outcome, Policy, Scheme
from zhiheng.scoring.scheme.names import AWARD, OUTCOME_NAMES, POINTS, Names, formula_errors, parsed, placed
from zhiheng.scoring.scheme.numbers import normalised
from zhiheng.scoring.scheme.readings import Path, reading_errors, readings_of, resolve
from zhiheng.scoring.scheme.validation import readable, schema_errors

_POLICY_STAGES = ("rollup", "reweight", "carryover", "gate")
_LOCAL = {"number": NUMBER, "boolean": BOOLEAN, "text": TEXT}


def load_scheme(
    document: Mapping[str, Any],
    *,
    readings: Mapping[str, Any] | None = None,
    kinds: Collection[str] | None = None,
) -> Scheme:
    """A scheme document (docs/rules/README.md) as a checked model.

    `readings` overrides the chosen readings; `kinds` names the kinds switched on for the college (default: all).
    Raises ScoringErrors with every problem found, each with place, reason and advice.
    """
    plain = normalised(dict(document))
    chosen = readings_of(plain, readings)
    resolved = resolve({key: item for key, item in plain.items() if key != "readings"}, chosen)
    whole = {**resolved.document, **({"readings": plain["readings"]} if "readings" in plain else {})}
    errors = [*resolved.errors, *_unknown_readings(chosen, readings)]
    errors += _shape_errors(whole)
    if errors:
        raise ScoringErrors(errors)
    errors += reading_errors(chosen)
    builder = Builder(whole, _uses_by_owner(resolved.uses, plain))
    scheme = _scheme(plain, whole, builder, chosen)
    errors += builder.errors
    scheme, kind_errors = _with_kinds(scheme, kinds)
    names = Names(scheme)
    errors += [*kind_errors, *names.errors]
    if not kind_errors:
        errors += _formula_errors(scheme, names) + _reference_errors(scheme)
    if errors:
        raise ScoringErrors(errors)
    return scheme


def _unknown_readings(chosen: Mapping[str, Any], given: Mapping[str, Any] | None) -> list[ScoringError]:
    unknown = [code for code in given or {} if code not in chosen]
    advice = f"已有：{'、'.join(chosen) or '无'}。"
    return [
        ScoringError("reading.unknown", f"readings.{code}", f"没有名为“{code}”的条款理解。", advice)
        for code in unknown
    ]


def _shape_errors(whole: Mapping[str, Any]) -> list[ScoringError]:
    found = schema_errors(whole, scheme_schema(), "", "scheme.shape")
    return [replace_place(error, _readable(error.place, whole)) for error in found]


def replace_place(error: ScoringError, place: str) -> ScoringError:
    """The same error at another place."""
    return ScoringError(error.code, place, error.reason, error.advice)


def _readable(place: str, document: Any) -> str:
    return readable(_path(place), document)


def _path(place: str) -> Path:
    parts: list[str | int] = []
    for part in place.replace("[", ".[").split("."):
        if part.startswith("["):
            parts.append(int(part[1:-1]))
        elif part:
            parts.append(part)
    return tuple(parts)


def _uses_by_owner(uses: list[tuple[Path, str]], document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Readings by the place of the node, outcome, measure or formula in which they are used."""
    found: dict[str, tuple[str, ...]] = {}
    for path, code in uses:
        owner = _owner(path, document)
        found[owner] = tuple(dict.fromkeys((*found.get(owner, ()), code)))
    return found


def _owner(path: Path, document: Any) -> str:
    """Place of the innermost coded thing on the path: tree.K.K1, outcomes.awards.G5, measures.jobs."""
    here, parts = document, []
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if part in ("params", "policies", "bounds"):
            break
        if isinstance(part, str) and part != "children":
            parts.append(part)
        if isinstance(here, Mapping) and "code" in here:
            parts.append(str(here["code"]))
    if parts and parts[0] not in ("tree", "outcomes"):
        parts = parts[:2]
    return ".".join(parts)


def _scheme(
    plain: Mapping[str, Any], whole: Mapping[str, Any], builder: Builder, chosen: Mapping[str, Any]
) -> Scheme:
    period = whole.get("period")
    return Scheme(
        code=whole["code"], title=whole["title"], version=str(whole.get("version", 1)), document=plain, resolved=whole,
        unit_types=whole["unit_types"], groups=builder.groups, rounding=builder.rounding(), readings=chosen,
        measures=builder.measures(), formulas=builder.formulas(), tree=builder.tree(), outcomes=builder.outcomes(),
        period=(period["from"], period["to"]) if period else None, year_kind=whole.get("year_kind", "calendar"),
        measure_readings={place.split(".", 1)[1]: codes for place, codes in builder.uses.items() if place.startswith(("measures.", "formulas."))},
    )  # fmt: skip


# kinds


class _Kinds:
    """Parameters checked and completed by the schema of each kind."""

    def __init__(self, allowed: Collection[str] | None) -> None:
        self.allowed = allowed
        self.errors: list[ScoringError] = []

    def params(
        self, name: str, given: Mapping[str, Any], place: str, stages: Collection[str]
    ) -> Mapping[str, Any]:
        """The parameters with defaults; what is wrong is noted."""
        try:
            kind = kind_of(name, self.allowed)
        except ScoringError as error:
            self.errors.append(replace_place(error, place))
            return given
        if kind.stage not in stages:
            self.errors.append(
                ScoringError(
                    "kind.stage", place, f"“{kind.title}”不能用在这里。", "请改用适合此处的计分或处理方式。"
                )
            )
            return given
        found = schema_errors(given, kind.schema, f"{place}.params", "kind.params")
        self.errors += found
        completed: Mapping[str, Any] = given if found else with_defaults(given, kind.schema)
        return completed

    def node(self, node: Node) -> Node:
        """The node and all below it with completed parameters."""
        params = self.params(node.kind, node.params, node.place, ("leaf",)) if node.is_leaf else node.params
        policies = tuple(self.policy(policy) for policy in node.policies)
        return replace(
            node,
            params=params,
            policies=policies,
            children=tuple(self.node(child) for child in node.children),
        )

    def policy(self, policy: Policy) -> Policy:
        """The policy with completed parameters."""
        return replace(policy, params=self.params(policy.kind, policy.params, policy.place, _POLICY_STAGES))

    def outcome(self, outcome: Outcome) -> Outcome:
        """The outcome rule with completed parameters; awards learn their own code."""
        params = self.params(outcome.kind, outcome.params, outcome.place, (outcome.role,))
        return replace(
            outcome, params={**params, "code": outcome.code} if outcome.role == "award" else params
        )


def _with_kinds(scheme: Scheme, allowed: Collection[str] | None) -> tuple[Scheme, list[ScoringError]]:
    kinds = _Kinds(allowed)
    tree = kinds.node(scheme.tree)
    outcomes = tuple(kinds.outcome(outcome) for outcome in scheme.outcomes)
    return replace(scheme, tree=tree, outcomes=outcomes), kinds.errors


# formulas


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


def _formula_errors(scheme: Scheme, names: Names) -> list[ScoringError]:
    errors: list[ScoringError] = []
    tree_types = {**names.types, POINTS: NUMBER}
    awards = {f"{AWARD}{item.code}": BOOLEAN for item in scheme.by_role("award")}
    outcome_types = {**names.types, **OUTCOME_NAMES, **awards}
    for node in scheme.tree.walk():
        if node.applies_when:
            errors += formula_errors(
                node.applies_when, tree_types, f"{node.place}.applies_when", (Base.BOOLEAN,)
            )
    for place, _, kind, use in uses_of(scheme):
        types = outcome_types if place.startswith("outcomes") else tree_types
        if use.register:
            types = _row_types(scheme, names, use.register, types)
        local = {name: _LOCAL[item] for name, item in use.names.items()}
        errors += _use_errors(use, {**types, **local}, f"{place}.params.{use.place}")
        del kind
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


def _reference_errors(scheme: Scheme) -> list[ScoringError]:
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
