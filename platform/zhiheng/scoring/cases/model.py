"""What a case puts into the engine, and how a rule of the inventory finds its place in a template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from zhiheng.scoring.exact import State

Document: TypeAlias = dict[str, Any]
Facts: TypeAlias = dict[str, Any]
Convert: TypeAlias = Callable[[Any], Facts]
Target: TypeAlias = str | tuple[str, ...] | Convert
"""A measure; several measures; `=code` for a node whose points are given; `-` for nothing; or a function that lays a
value out as facts (a list as rows of a register, words as counts)."""


UNIT = "被考核单位"
"""Code of the unit in a case that names none."""


ABSENT = frozenset({"n/a", "na", "not_applicable", "missing", "缺项"})
"""Words that stand for a missing item where points of a node are given."""


class CaseError(Exception):
    """算例无法计算: the case names something that no template knows; the text says what."""


@dataclass(frozen=True, slots=True)
class Rule:
    """规则入口: where a rule of the inventory is scored and what the inputs of its cases are called there.

    An input without an entry in `inputs` is the measure `<node>.<input>`.
    """

    node: str
    inputs: Mapping[str, Target] = field(default_factory=dict)
    unit_type: str = ""
    best: str = ""
    prefix: str = ""
    nodes: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    def target(self, name: str) -> Target:
        """Where an input goes."""
        return self.inputs.get(name, f"{self.prefix or self.node}.{name}")


@dataclass(slots=True)
class Sheet:
    """算例单: units with types and facts, values that take the place of computed ones, and decisions."""

    units: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    college: Facts = field(default_factory=dict)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    applicable: dict[str, dict[str, Any]] = field(default_factory=dict)
    statistics: dict[str, dict[str, Any]] = field(default_factory=dict)
    ranks: dict[str, dict[str, Any]] = field(default_factory=dict)
    peers: dict[str, int] = field(default_factory=dict)
    ranking: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    vetoes: dict[str, list[str]] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    history: list[dict[str, dict[str, Any]]] = field(default_factory=list)

    def add(self, unit: str, unit_type: str, facts: Mapping[str, Any] | None = None) -> None:
        """Adds a unit or further facts of it; rows of one register come together."""
        self.units.setdefault(unit, unit_type)
        held = self.facts.setdefault(unit, {})
        for name, value in (facts or {}).items():
            rows = isinstance(value, list) and value and isinstance(value[0], Mapping)
            held[name] = [*held[name], *value] if rows and name in held else value

    def give(self, node: str, unit: str, points: Any) -> None:
        """States the points of a node instead of having them scored; None for a missing item."""
        absent = points is None or (isinstance(points, str) and points.lower() in ABSENT)
        self.given.setdefault(node, {})[unit] = State.NOT_APPLICABLE if absent else points


@dataclass(frozen=True, slots=True)
class Found:
    """算得结果: the score (None where there is none) and everything else by name."""

    score: Fraction | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)


BLOCKED: Mapping[str, Any] = {
    "blocked": True, "state": "blocked", "status": "blocked", "missing": True, "score": None,
    "applicable": True, "not_applicable": False,
}  # fmt: skip
"""Names under which a case may ask whether the calculation was stopped."""

NOT_APPLICABLE: Mapping[str, Any] = {
    "blocked": False, "state": "not_applicable", "status": "not_applicable", "not_applicable": True,
    "applicable": False, "missing_item": True, "reweight": True, "reweighted": True, "n/a": True, "na": True, "score": None,
}  # fmt: skip
"""Names under which a case may ask whether an item is missing (缺项)."""
