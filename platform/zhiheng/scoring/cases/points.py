"""Cases whose result is the points of one node: single units, units among peers, typed best values, given ranks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.cases import convert, jiaozuo, lianyungang, typed, wording
from zhiheng.scoring.cases.bench import Bench, Case, node_of, points_found, run, types_of
from zhiheng.scoring.cases.model import UNIT, CaseError, Facts, Found, Rule, Sheet
from zhiheng.scoring.cases.readings import Choice
from zhiheng.scoring.scheme.model import Scheme
from zhiheng.scoring.scheme.numbers import fraction

RULES: Mapping[str, Rule] = {**lianyungang.RULES, **jiaozuo.RULES}
_NOT_MEASURES = frozenset(
    {
        "unit",
        "peers",
        "unit_type",
        "group",
        "max",
        "leaf",
        "best",
        "best_weight",
        "best_value",
        "weights",
        "table",
        "rank_table",
    }
)
_REFERENCES = (
    "ref", "reference", "average", "school_average", "group_average", "benchmark", "constant", "ref_constant", "ref_value",
    "figure",
)  # fmt: skip
_BESTS = ("best", "best_weight", "best_value", "best_raw")
PROPOSALS = {"JZU-C08": "G7-C08", "JZU-C10": "G7-C10"}
"""Leaves whose worst facts ask for a veto, and the gate that does."""
_PROPOSED = ("veto_proposal", "veto_proposed", "propose_veto", "veto", "veto_case", "proposal")
_STATES = {
    "n/a": "not_applicable", "na": "not_applicable", "not_applicable": "not_applicable", "缺项": "not_applicable",
    "missing": "missing", "excused": "excused", "rejected": "rejected",
}  # fmt: skip
_GROUPS = {
    "functional": "functional", "职能部门": "functional", "teaching": "teaching", "教学院部": "teaching",
    "院部": "SC", "faculty": "SC", "部门": "DEP", "department": "DEP", "teaching_no_students": "teaching_no_students",
}  # fmt: skip


@dataclass(slots=True)
class PointCase:
    """单项算例: one case on its way into the engine."""

    bench: Bench
    rule_id: str
    inputs: Mapping[str, Any]
    choice: Choice
    rule: Rule
    node: str
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    sheet: Sheet = field(default_factory=Sheet)

    @property
    def college(self) -> str:
        """Prefix of the rule: which template."""
        return self.rule_id.partition("-")[0]

    def scheme(self) -> Scheme:
        """The template's scheme with the case's reading."""
        return self.bench.scheme(self.college, self.choice.readings, self.edits)


def point_case(case: Case) -> PointCase:
    """The case with its rule, leaf and reading. Raises CaseError when the reading is not known."""
    rule, inputs = RULES[case.rule], case.inputs
    leaf = str(inputs.get("leaf", "")) or rule.nodes.get(_plain(inputs.get("max")), rule.node)
    return PointCase(case.bench, case.rule, inputs, case.choice(leaf), rule, leaf)


def score_points(asked: Case) -> Found:
    """The points a case asks for."""
    return score(point_case(asked))


def score(case: PointCase) -> Found:
    """The points of a case whose rule, leaf and reading are known."""
    unit = str(case.inputs.get("unit", UNIT))
    _reword(case)
    _typed(case)
    _units(case, unit)
    _specials(case, unit)
    gate = PROPOSALS.get(f"{case.college}-{case.node}", "")
    result = run(case.scheme(), case.sheet, [case.node, gate] if gate else [case.node])
    found = points_found(result, case.node, unit)
    if gate not in result.outcomes:
        return found
    proposed = bool(result.gates[gate].hit.truth[result.codes.index(unit)])
    return Found(found.score, {**found.outcome, **dict.fromkeys(_PROPOSED, proposed)})


def _reword(case: PointCase) -> None:
    """Names of the template for the inputs of the unit and of its peers."""
    scheme = case.scheme()
    named = wording.reworded(case.node, case.inputs, scheme)
    if "peers" in named:
        named["peers"] = [wording.reworded(case.node, peer, scheme) for peer in named["peers"]]
    if case.rule_id == "LYG-K8-V" and not isinstance(named.get("entered"), list | Mapping):
        named["points"] = named.pop("entered", None)
    case.inputs = named


def _typed(case: PointCase) -> None:
    """What the reading, or a list of marks, types into the node of the case."""
    document, chosen = case.bench.template(case.college), case.choice.typed
    marks = wording.marks_of(case.inputs)
    if marks is not None and f"{case.node}.entered" in case.scheme().measures:
        case.inputs = wording.with_marks(case.inputs, marks)
        case.edits.update(typed.assessors(document, case.node, chosen.get("aggregate")))
    elif "step" in chosen:
        case.edits.update(typed.marking_step(document, case.node, chosen["step"]))
    if chosen.get("missing") == "zero":
        case.edits.update(typed.zero_if_missing(document, [case.node, case.rule.prefix or case.node]))
    if "amount" in chosen:
        case.inputs = typed.cases_worth(case.inputs, chosen["amount"])
        case.choice.readings["JZU-X4.amount"] = "typed"
    if "table" in chosen:
        table = chosen["table"] or case.inputs.get("table", case.inputs.get("rank_table"))
        case.edits.update(typed.points_by_rank(document, case.node, table))


def _plain(value: Any) -> str:
    return "" if value is None else f"{float(fraction(value)):g}"


def _units(case: PointCase, unit: str) -> None:
    """Units of the case with their facts; the type from the case, from the maximum, or from the node."""
    kind = unit_type(case, case.inputs)
    own = {name: value for name, value in case.inputs.items() if name not in _NOT_MEASURES}
    case.sheet.college.update(case.choice.college)
    if "peers" not in case.inputs:
        enter(case, unit, kind, own)
        return
    for peer in case.inputs["peers"]:
        named = {name: value for name, value in peer.items() if name not in _NOT_MEASURES}
        enter(case, str(peer["unit"]), str(peer.get("unit_type", peer.get("type", kind))), named)
    for name, value in own.items():
        if name in _REFERENCES:
            _reference(case, value)


def unit_type(case: PointCase, inputs: Mapping[str, Any]) -> str:
    """Type of the assessed unit."""
    kinds = types_of(case.scheme(), case.node)
    stated = inputs.get("unit_type")
    if stated:
        return str(stated)
    if "group" in inputs:
        return _GROUPS.get(str(inputs["group"]), str(inputs["group"]))
    return _type_by_max(case, kinds) if "max" in inputs else case.rule.unit_type or kinds[0]


def _type_by_max(case: PointCase, kinds: list[str]) -> str:
    points = case.scheme().nodes()[case.node].points
    wanted = fraction(case.inputs["max"])
    for kind in kinds:
        if points[kind] == wanted:
            return kind
    case.edits[case.node] = {"points": str(case.inputs["max"])}
    return kinds[0]


def enter(case: PointCase, unit: str, kind: str, inputs: Mapping[str, Any]) -> None:
    """A unit's inputs as facts and given points; counts that a case leaves out did not happen."""
    case.sheet.add(unit, kind, case.rule.facts)
    for name, value in inputs.items():
        if name in _REFERENCES and "peers" not in case.inputs:
            _reference(case, value)
        elif name in ("vetoed", "barred"):
            if value:
                case.sheet.vetoes.setdefault("G3" if case.college == "LYG" else "G7", []).append(unit)
        elif name in _BESTS or (name in ("rank", "n") and case.node in RANKED):
            continue
        else:
            lay(case, unit, kind, name, value)
    scheme = case.scheme()
    node = scheme.nodes()[case.node]
    if node.kind.startswith("event_tally"):
        for code, measure in scheme.measures.items():
            if code.startswith(f"{case.node}.") and measure.type == "integer" and measure.missing == "block":
                case.sheet.facts[unit].setdefault(code, 0)


def lay(case: PointCase, unit: str, kind: str, name: str, value: Any) -> None:
    """One input where the table says it belongs; the words for a missing item become its state."""
    if isinstance(value, str) and value.lower() in _STATES:
        value = {"state": _STATES[value.lower()]}
    target = case.rule.inputs.get(name, f"{case.rule.prefix or case.node}.{name}")
    if callable(target):
        facts: Facts = target(value)
        case.sheet.add(unit, kind, facts)
        return
    for place in (target,) if isinstance(target, str) else target:
        if place.startswith("="):
            case.sheet.give(place[1:], unit, value)
        elif place in case.scheme().measures:
            if case.scheme().measures[place].scope == "college":
                case.sheet.college[place] = value
            else:
                case.sheet.add(unit, kind, {place: value})
        elif place != "-":
            raise CaseError(f"规则 {case.rule_id} 没有输入“{name}”")


def _reference(case: PointCase, value: Any) -> None:
    case.sheet.statistics[case.node] = dict.fromkeys(("pooled", "mean"), value)


def _specials(case: PointCase, unit: str) -> None:
    """Typed benchmarks, ranks, deductions carried over."""
    if case.choice.reference is not None:
        _reference(case, case.choice.reference)
    elif "reference" in case.choice.typed and case.node not in case.sheet.statistics:
        raise CaseError(f"规则 {case.rule_id} 选择了发布的平均数，但没有数值")
    best = next((case.inputs[name] for name in _BESTS if name in case.inputs), None)
    _weights(case)
    if best is not None:
        _best(case, unit, best)
    if case.node in RANKED:
        RANKED[case.node](case, unit)
    if case.node in ("F4", "T3"):
        _carry(case, unit)


def _weights(case: PointCase) -> None:
    """Weights of the classes of voters, from the reading or from the ballots themselves."""
    if case.node != "D":
        return
    weights = dict(case.choice.voters)
    if isinstance(case.inputs.get("weights"), Mapping):
        weights.update(case.inputs["weights"])
    for entries in (case.inputs.get("classes"), case.inputs.get("voters")):
        pairs = (
            entries.items()
            if isinstance(entries, Mapping)
            else [(item.get("class"), item) for item in entries or ()]
        )
        weights.update({str(name): item["weight"] for name, item in pairs if "weight" in item})
    if weights:
        document = case.bench.template("LYG")
        case.choice.readings["LYG-01.voters"] = "classes"
        case.edits["D"] = {"params": convert.voter_weights(node_of(document, "D")["params"], weights)}


def _best(case: PointCase, unit: str, best: Any) -> None:
    """A stated best value is typed in where the kind takes one, otherwise it is that of another unit."""
    if case.scheme().nodes()[case.node].kind.startswith("panel_rating"):
        case.sheet.add("最好单位", case.sheet.units[unit], {case.rule.best or f"{case.node}.entered": best})
    else:
        case.sheet.statistics.setdefault(case.node, {})["best"] = best


def _carry(case: PointCase, unit: str) -> None:
    """A stated spill takes the place of the excess of C14."""
    spill = case.sheet.given.pop("spill", {}).get(unit, 0)
    case.sheet.give("C14", unit, 0)
    target = {"functional": "F4", "teaching_units": "T3"}
    case.edits["C14"] = {
        "policies": [{"kind": "deduction_carryover.1", "params": {"target": target, "amount": str(spill)}}]
    }


def _place(case: PointCase, unit: str) -> None:
    """Stated ranks; without a rank (and without a result) the leaf stays open."""
    ranks = {str(peer["unit"]): peer["rank"] for peer in case.inputs.get("peers", ()) if "rank" in peer}
    if case.inputs.get("rank") is not None:
        ranks[unit] = case.inputs["rank"]
    if not ranks:
        return
    case.sheet.ranks[case.node] = ranks
    case.sheet.peers[case.node] = int(case.inputs.get("n") or len(ranks))
    for code in ranks:
        case.sheet.facts[code].setdefault(f"{case.node}.{_RESULTS[case.node]}", 0)


def _place_established(case: PointCase, unit: str) -> None:
    _place(case, unit)
    if not case.inputs.get("established", True):
        case.sheet.facts[unit].setdefault("R2.5.review", 0)
    if case.inputs.get("n") is not None:
        case.sheet.statistics.setdefault(case.node, {})["sum"] = case.inputs["n"]


_RESULTS = {"R2.4d": "result", "R2.5": "review"}
RANKED: Mapping[str, Callable[[PointCase, str], None]] = {"R2.4d": _place, "R2.5": _place_established}
"""Leaves scored by rank, whose cases may state rank and number instead of peers."""
