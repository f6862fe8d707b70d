"""Worked cases of a kind as an assessment expert writes them: units, parameters, expected scores, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhiheng.scoring.engine.context import Given
from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.explanation.explain import explain
from zhiheng.scoring.fact_files import decisions_of
from zhiheng.scoring.facts import Fact, FactTable
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.model import Scheme
from zhiheng.scoring.scheme.numbers import fraction, half_up, is_number, plain

NODE = "项"
_STATES = {state.label: state for state in State} | {state.name.lower(): state for state in State}
_PARTS = (
    "unit_types",
    "groups",
    "rounding",
    "readings",
    "formulas",
    "period",
    "tree",
    "outcomes",
    "measures",
)


@dataclass(frozen=True, slots=True)
class Case:
    """算例: one case of a case file; see tests/scoring/kinds/cases for the form."""

    kind: str
    title: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return self.title

    def scheme(self) -> Scheme:
        """The case as a whole small scheme."""
        return load_scheme(self.document(), readings=self.data.get("choose"))

    def document(self) -> dict[str, Any]:
        """The scheme document: what the case states, around it the least that a scheme needs."""
        data = self.data
        leaf = {
            "code": NODE,
            "title": NODE,
            "points": data.get("points", 1),
            "kind": self.kind,
            "params": data.get("params", {}),
        }
        for part in ("bounds", "applies_when", "policies"):
            if part in data:
                leaf[part] = data[part]
        document: dict[str, Any] = {
            "format": "zhiheng-scheme/1", "code": "case", "title": self.title, "unit_types": {"甲类": "甲类"},
            "tree": leaf, "rounding": {"store": 4, "publish": 2},
        }  # fmt: skip
        document |= {part: data[part] for part in _PARTS if part in data and part != "measures"}
        document.setdefault("groups", [{"code": "组", "title": "组", "types": list(document["unit_types"])}])
        document["measures"] = self._measures()
        return document

    def _measures(self) -> list[dict[str, Any]]:
        """Measures as stated, and for the rest of the facts the type that the value shows."""
        stated = {str(item["code"]): dict(item) for item in self.data.get("measures") or ()}
        tables = [self.data["units"], *(self.data.get("previous") or ())]
        columns: dict[str, list[Any]] = {}
        for row in (row for table in tables for row in table.values()):
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
        for name, values in columns.items():
            if name != "类型":
                stated.setdefault(
                    name, {"code": name, "title": name, "type": _column_type(values), "supplier": "self"}
                )
        for name, value in (self.data.get("college") or {}).items():
            stated.setdefault(name, {"code": name, "title": name, "type": _type(value), "scope": "college"})
        return list(stated.values())

    def run(self, units: list[str] | None = None) -> Run:
        """Evaluates the case, with its units in the stated or another order."""
        scheme = self.scheme()
        order = units or list(self.data["units"])
        earlier = tuple(self._facts(table, list(table), scheme) for table in self.data.get("previous") or ())
        given = Given(**self.data.get("given", {}))
        decisions = decisions_of(self.data.get("decisions") or {})
        missing = "pending" if self.data.get("pending") else "block"
        facts = self._facts(self.data["units"], order, scheme)
        return evaluate(scheme, facts, given=given, previous=earlier, decisions=decisions, missing=missing)

    def _facts(self, table: Mapping[str, Any], order: list[str], scheme: Scheme) -> FactTable:
        default = next(iter(scheme.unit_types))
        units = {
            code: {"type": table[code].get("类型", default), "facts": _facts(table[code])} for code in order
        }
        return FactTable.of({"units": units, "college": self.data.get("college") or {}})


def load_cases(path: Path) -> list[Case]:
    """Cases of a file `{kind: name, cases: [...]}`."""
    document = read_document(path.read_text(encoding="utf-8"))
    return [
        Case(str(entry.get("kind", document["kind"])), str(entry["title"]), entry)
        for entry in document["cases"]
    ]


def run_case(case: Case) -> list[str]:
    """What differs from the expectation, in words; empty when everything agrees."""
    refused = case.data.get("refused")
    try:
        run = case.run()
    except (ScoringError, ScoringErrors) as error:
        items = error.items if isinstance(error, ScoringErrors) else (error,)
        if refused is None:
            return [f"没有算出：{item.code} {item}" for item in items]
        return (
            []
            if any(item.code == refused for item in items)
            else [f"应为 {refused}，得到 {[item.code for item in items]}"]
        )
    if refused is not None:
        return [f"应当拒绝（{refused}），却算出了结果"]
    return [
        *_score_differences(case, run),
        *_outcome_differences(case, run),
        *_explanation_differences(case, run),
    ]


def _score_differences(case: Case, run: Run) -> list[str]:
    found = []
    for unit, expected in (case.data.get("expect") or {}).items():
        wanted = expected if isinstance(expected, Mapping) else {run.scheme.tree.code: expected}
        for node, value in wanted.items():
            actual = run.points(str(node), str(unit))
            if not agrees(actual, value):
                shown = actual.label if isinstance(actual, State) else plain(actual)
                found.append(f"{unit} {node}：应为 {value}，算得 {shown}")
    return found


def agrees(actual: Fraction | State, expected: Any) -> bool:
    """Whether a score is the expected one: exactly for fractions, else at the digits written (at least four)."""
    if isinstance(actual, State):
        return _STATES.get(str(expected)) is actual
    if not is_number(expected):
        return False
    wanted = fraction(expected)
    if "/" in str(expected):
        return actual == wanted
    digits = max(4, len(str(expected).partition(".")[2]))
    return half_up(actual, digits) == half_up(wanted, digits)


def _outcome_differences(case: Case, run: Run) -> list[str]:
    """Differences of ranks, grades, winners, amounts, hits, flags and proposals, where the case states them."""
    found: dict[str, Any] = {
        "ranks": {unit: plain(rank) if isinstance(rank, Fraction) else rank.label for unit, rank in run.ranks().items()},
        "grades": {unit: grade or "待定" for unit, grade in run.grades().items()},
        "winners": {code: [winner.subject for winner in item.winners] for code, item in run.selections.items()},
        "undecided": {code: [winner.subject for winner in item.pending] for code, item in run.selections.items()},
        "amounts": {code: {unit: plain(amount) for unit, amount in run.amounts(code).items()} for code in run.effects},
        "figures": {code: {name: _figure(value) for name, value in item.figures.items()} for code, item in run.effects.items()},
        "concerned": {code: [run.codes[unit] for unit in item.triggered.nonzero()[0].tolist()] for code, item in run.effects.items()},
        "due": {code: {run.codes[unit]: entry.get("due") for unit, entry in item.cases.items()} for code, item in run.effects.items()},
        "flags": sorted({f"{flag.unit} {flag.code}" for flag in run.flags}),
        "proposals": sorted(f"{unit} {gate}" for gate, unit, _ in run.proposals()),
    }  # fmt: skip
    return [
        f"{name}：应为 {_plain(case.data[name])}，得到 {_narrowed(value, case.data[name])}"
        for name, value in found.items()
        if name in case.data and _narrowed(value, case.data[name]) != _plain(case.data[name])
    ]


def _narrowed(found: Any, wanted: Any) -> Any:
    """What was found, cut to the keys that the case mentions."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return {str(key): _narrowed(found.get(str(key)), item) for key, item in wanted.items()}
    return _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    return plain(fraction(value)) if is_number(value) else str(value)


def _explanation_differences(case: Case, run: Run) -> list[str]:
    found = []
    for unit, expected in (case.data.get("explained") or {}).items():
        account = explain(run, str(unit))
        lines = [account.formula, *account.lines, *account.flags]
        for step in account.steps:
            lines += [step.title, step.formula, *step.lines]
        wanted = expected if isinstance(expected, list) else [expected]
        found += [
            f"{unit} 的说明应含“{text}”，得到 {lines}"
            for text in wanted
            if not any(str(text) in line for line in lines)
        ]
    return found


def _figure(value: Any) -> Any:
    return plain(value) if isinstance(value, Fraction) else value


def _column_type(values: list[Any]) -> str:
    """Type of a column: that of its values, states left out; a ratio as soon as one has numerator and denominator."""
    found = [_type(value) for value in values if not (isinstance(value, str) and value in _STATES)]
    return "ratio" if "ratio" in found else found[0] if found else "number"


def _type(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = value.get("value")
        return "ratio" if "numerator" in value or inner is None else _type(inner)
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, list):
        return "list"
    return "number" if value is None or is_number(value) else "text"


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _fact(value) for name, value in row.items() if name != "类型"}


def _fact(value: Any) -> Any:
    if isinstance(value, str) and value in _STATES and _STATES[value] is not State.VALUE:
        return {"state": _STATES[value].name.lower()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return {"rows": value}
    return value


__all__ = ["NODE", "Case", "Fact", "agrees", "load_cases", "run_case"]
