"""Facts (数据): what the units reported and the departments supplied, with state, source and evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.scheme.documents import canonical

STATES = {
    "value": State.VALUE, "not_applicable": State.NOT_APPLICABLE, "excused": State.EXCUSED,
    "rejected": State.REJECTED, "missing": State.MISSING,
}  # fmt: skip
_DETAILS = frozenset(
    {"value", "numerator", "denominator", "state", "source", "evidence", "by", "at", "note", "rows"}
)


@dataclass(frozen=True, slots=True)
class Unit:
    """被考核单位: one assessed unit with its type, which decides its group."""

    code: str
    type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """数据: one measure of one unit.

    `value` is a number as documents hold it, true/false, a text, an ISO date, a list of numbers, or the rows of a
    register. A ratio may come as `numerator` and `denominator` instead. `source`, `evidence`, `by` and `at` go into
    the explanation untouched.
    """

    value: Any = None
    numerator: Any = None
    denominator: Any = None
    state: State = State.VALUE
    source: str = ""
    evidence: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactTable:
    """数据表: units in a fixed order, facts by measure code (or title) and unit, and facts of the whole college."""

    units: tuple[Unit, ...]
    facts: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)
    college: Mapping[str, Fact] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "FactTable":
        """Facts of a document `{units: {code: {type, title, facts: {...}}}, college: {...}}`.

        A fact is a plain value, or a mapping with value (or numerator and denominator), state, source, evidence,
        by, at, note. Raises ScoringErrors with the place of each thing that cannot be read.
        """
        errors: list[ScoringError] = []
        units, facts = _units(document.get("units"), errors)
        college = _facts(document.get("college") or {}, "college", errors)
        if errors:
            raise ScoringErrors(errors)
        return cls(units, facts, college)

    def codes(self) -> list[str]:
        """Codes of the units in order."""
        return [unit.code for unit in self.units]

    def fact(self, measure: str, unit: str) -> Fact | None:
        """The fact of one unit, None where nothing was reported."""
        return self.facts.get(measure, {}).get(unit)

    def content(self) -> dict[str, Any]:
        """Units and facts as plain data, for fingerprints."""
        return {
            "units": {unit.code: unit.type for unit in self.units},
            "facts": {
                name: {code: _content(fact) for code, fact in row.items()} for name, row in self.facts.items()
            },
            "college": {name: _content(fact) for name, fact in self.college.items()},
        }

    def canonical(self) -> str:
        """One text per content, independent of the order in which units and facts were added."""
        return canonical(self.content())


def fact_of(written: Any, place: str = "") -> Fact:
    """A fact from its written form. Raises ScoringError when the form is unknown."""
    if written is None:
        return Fact(state=State.MISSING)
    if not isinstance(written, Mapping):
        return Fact(value=written)
    unknown = [name for name in written if name not in _DETAILS]
    if unknown:
        advice = f"可用：{'、'.join(sorted(_DETAILS))}。"
        raise ScoringError("facts.detail", place, f"数据中没有名为“{'、'.join(unknown)}”的内容。", advice)
    state = STATES.get(str(written.get("state", "value")))
    if state is None:
        raise ScoringError(
            "facts.state", place, f"状态“{written['state']}”无效。", f"可填：{'、'.join(STATES)}。"
        )
    evidence = written.get("evidence", ())
    return Fact(
        value=written.get("value", written.get("rows")), numerator=written.get("numerator"),
        denominator=written.get("denominator"), state=state, source=str(written.get("source", "")),
        evidence=(evidence,) if isinstance(evidence, str) else tuple(str(item) for item in evidence),
        by=str(written.get("by", "")), at=str(written.get("at", "")), note=str(written.get("note", "")),
    )  # fmt: skip


def _units(written: Any, errors: list[ScoringError]) -> tuple[tuple[Unit, ...], dict[str, dict[str, Fact]]]:
    units: list[Unit] = []
    facts: dict[str, dict[str, Fact]] = {}
    for code, entry in _entries(written, errors):
        if not isinstance(entry, Mapping) or "type" not in entry:
            errors.append(ScoringError("facts.unit", f"units.{code}", "没有写明单位类型。", "请填写 type。"))
            continue
        units.append(Unit(code, str(entry["type"]), str(entry.get("title", code))))
        for name, fact in _facts(entry.get("facts") or {}, f"units.{code}", errors).items():
            facts.setdefault(name, {})[code] = fact
    return tuple(units), facts


def _entries(written: Any, errors: list[ScoringError]) -> Sequence[tuple[str, Any]]:
    if isinstance(written, Mapping):
        return [(str(code), entry) for code, entry in written.items()]
    if isinstance(written, list):
        return [(str(entry.get("code", "")), entry) for entry in written if isinstance(entry, Mapping)]
    errors.append(ScoringError("facts.unit", "units", "没有单位。", "请在 units 下列出单位、类型与数据。"))
    return []


def _facts(written: Mapping[str, Any], place: str, errors: list[ScoringError]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for name, item in written.items():
        try:
            found[str(name)] = fact_of(item, f"{place}.{name}")
        except ScoringError as error:
            errors.append(error)
    return found


def _content(fact: Fact) -> Any:
    """What a fact says, as short as it can be: a list of the value alone, or a mapping of all that is stated."""
    details = (fact.numerator, fact.denominator, fact.source, fact.evidence, fact.by, fact.at, fact.note)
    if fact.state is State.VALUE and not any(details):
        return [fact.value]
    parts = {
        "value": fact.value, "numerator": fact.numerator, "denominator": fact.denominator,
        "state": fact.state.name, "source": fact.source, "evidence": list(fact.evidence),
        "by": fact.by, "at": fact.at, "note": fact.note,
    }  # fmt: skip
    return {name: item for name, item in parts.items() if item not in (None, "", [])}
