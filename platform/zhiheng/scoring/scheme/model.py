"""The typed model of a scheme (考核方案): what `load_scheme` returns and the engine evaluates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from zhiheng.scoring.scheme.readings import Reading

ByType = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Group:
    """考核组: units that are ranked together; `size` is the printed number of units, if any."""

    code: str
    title: str
    types: tuple[str, ...]
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """保留小数: digits for storing and for publishing, and what ranks are made from (rules.md CV-2, CV-3)."""

    store: int = 4
    publish: int = 2
    rank_on: str = "published"


@dataclass(frozen=True, slots=True)
class Measure:
    """数据项: one input of the scheme, who supplies it and what happens when it is not reported."""

    code: str
    title: str
    type: str
    scope: str = "unit"
    unit: str = ""
    supplier: str = ""
    source: str = ""
    missing: str = "block"
    applies: frozenset[str] | None = None
    clause: str = ""
    note: str = ""
    options: tuple[str, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    fields: tuple[Mapping[str, Any], ...] = ()
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """计算项: a derived quantity or condition, or the rows of a register drawn together per unit."""

    code: str
    title: str
    formula: str = ""
    register: str = ""
    aggregate: str = ""
    where: str = ""
    amount: str = ""
    filters: tuple[Mapping[str, Any], ...] = ()
    clause: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """上下限: floor None = may go negative; cap None = no cap; `exempt_pass`: exempt points may exceed the cap."""

    floor: Fraction | None
    cap: ByType | None
    exempt_pass: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """处理方式: what a node does with its children or with itself."""

    kind: str
    params: Mapping[str, Any]
    place: str
    code: str = ""
    title: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """指标: a leaf with a scoring function, or a branch with children and policies.

    `points` maps unit types to the points attainable; a type that is not in it does not have this node.
    """

    code: str
    title: str
    place: str
    points: ByType
    declared: bool
    printed: ByType | None
    bounds: Bounds
    kind: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    children: tuple["Node", ...] = ()
    policies: tuple[Policy, ...] = ()
    applies_when: str = ""
    clause: str = ""
    note: str = ""
    assessors: tuple[str, ...] = ()
    self_assessed: str = ""
    evidence: tuple[str, ...] = ()
    decimals: int | None = None
    readings: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_leaf(self) -> bool:
        """Whether the node is scored itself instead of from children."""
        return not self.children

    @property
    def types(self) -> frozenset[str]:
        """Unit types that have this node."""
        return frozenset(self.points)

    def walk(self) -> Iterator["Node"]:
        """The node and all below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()

    def policy(self, family: str) -> Policy | None:
        """The policy whose kind is `family` in any version."""
        return next((item for item in self.policies if item.kind.rpartition(".")[0] == family), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """结果规则: ranking, grades, a gate, an award or a consequence."""

    code: str
    title: str
    kind: str
    params: Mapping[str, Any]
    place: str
    role: str
    clause: str = ""
    note: str = ""
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """考核方案: a complete, checked scheme with its readings chosen."""

    code: str
    title: str
    version: str
    document: Mapping[str, Any]
    resolved: Mapping[str, Any]
    unit_types: Mapping[str, str]
    groups: tuple[Group, ...]
    rounding: Rounding
    readings: Mapping[str, Reading]
    measures: Mapping[str, Measure]
    formulas: Mapping[str, Formula]
    tree: Node
    outcomes: tuple[Outcome, ...]
    period: tuple[str, str] | None = None
    year_kind: str = "calendar"
    measure_readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def nodes(self) -> dict[str, Node]:
        """All nodes by code, from the top."""
        return {node.code: node for node in self.tree.walk()}

    def parents(self) -> dict[str, str]:
        """Code of the parent of every node but the root."""
        return {child.code: node.code for node in self.tree.walk() for child in node.children}

    def leaves(self) -> list[Node]:
        """Nodes that are scored themselves, in order."""
        return [node for node in self.tree.walk() if node.is_leaf]

    def group_of(self, unit_type: str) -> Group | None:
        """The group in which units of this type are ranked."""
        return next((group for group in self.groups if unit_type in group.types), None)

    def by_role(self, role: str) -> list[Outcome]:
        """Outcome rules of one role: gate, ranking, grades, award, consequence."""
        return [outcome for outcome in self.outcomes if outcome.role == role]
