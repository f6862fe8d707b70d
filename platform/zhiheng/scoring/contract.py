"""Contract of a kind (计分方式): what a plug-in offers, and what the engine hands to it.

A kind is a small class named by an entry point of the group `zhiheng.scoring_kinds`, for example
`"event_tally.1" = "zhiheng.scoring.kinds.event_tally:EventTally"`. New arithmetic gets a new number.
Its `stage` says where it works; each stage has its own context and its own kind of answer:

| stage | context | answer |
|---|---|---|
| leaf 末级计分 | `LeafContext` | `Scored` |
| rollup 汇总 | `BranchContext` | `Scored` with `applicable` |
| reweight 扩权 | `BranchContext` | `Scored` with `applicable` |
| carryover 转移 | `CarryContext` | `Transfer` |
| gate 否决 | `GateContext` | `Gate` |
| ranking, grades, award, consequence | `OutcomeContext` | `Ranking`, `Grading`, `Selection`, `Effect` |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact import Mask, Ragged, Vec

Params = Mapping[str, Any]
Points = Mapping[str, Fraction]
"""Points attainable by unit type."""
Bools = npt.NDArray[np.bool_]
STAGES = ("leaf", "rollup", "reweight", "carryover", "gate", "ranking", "grades", "award", "consequence")


@dataclass(frozen=True, slots=True)
class Use:
    """公式引用: one formula among the parameters; `expected` is number, condition, list, numbers (number or list),
    text or any; `names` are local names with their types, such as `{"数值": "number"}`."""

    place: str
    text: str
    expected: str = "number"
    names: Mapping[str, str] = field(default_factory=dict)
    register: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """检查意见: what a kind finds odd about its own parameters; `code` such as `bands.inert`."""

    code: str
    place: str
    text: str
    proposal: str
    level: str = "warning"


@dataclass(frozen=True, slots=True)
class Scored:
    """得分: points of every unit before bounds; `exempt` are points that no cap of this or a higher node cuts."""

    points: Vec
    exempt: Vec | None = None
    applicable: Vec | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """转移: points to take from each unit's target node, not below `floor`."""

    amount: Vec
    targets: Sequence[str]
    floor: Fraction


@dataclass(frozen=True, slots=True)
class Gate:
    """否决: which units are hit, and the consequences as parameters state them."""

    hit: Mask
    effects: Params


class Reader(Protocol):
    """读数: what a kind noted while it evaluated, read out for one unit."""

    def has(self, name: str) -> bool:
        """Whether something of this name was noted."""

    def value(self, name: str) -> Any:
        """Exact value (Fraction, bool, text, list) or State of what was noted."""

    def text(self, name: str) -> str:
        """The same in words for a printed formula."""

    def formula(self, text: str) -> str:
        """A formula of the parameters with the unit's numbers put in."""


@dataclass(frozen=True, slots=True)
class Account:
    """说明: how one unit's score came about: the formula with numbers, and further sentences in order."""

    formula: str
    lines: tuple[str, ...] = ()


class Context(Protocol):
    """计算环境: what every stage offers. All units at once; nothing here loops over units."""

    size: int
    unit_types: Sequence[str]

    def number(self, text: str, names: Mapping[str, Any] | None = None) -> Vec:
        """Value of a formula; truth values count 1 and 0."""

    def total(self, text: str, names: Mapping[str, Any] | None = None) -> Vec:
        """Value of a formula that gives one or several numbers per unit, added up; truth values count 1 and 0."""

    def condition(self, text: str, names: Mapping[str, Any] | None = None) -> Mask:
        """Truth of a formula."""

    def series(self, text: str, names: Mapping[str, Any] | None = None) -> Ragged:
        """Value of a formula that gives several numbers per unit; a single number counts as a list of one."""

    def note(self, name: str, value: Any) -> None:
        """Keeps an intermediate result for the explanation."""

    def noted(self, name: str) -> Any:
        """What was kept under the name before."""

    def flag(self, where: Bools, code: str, text: str) -> None:
        """Marks units with something a person must look at."""


class PeerContext(Context, Protocol):
    """同组统计: statistics over the units that share the node."""

    points: Vec

    def benchmark(self, spec: Any, value: Vec, name: str = "benchmark") -> Vec:
        """Benchmark of each unit as the parameters describe it (`#/$defs/benchmark`)."""

    def rank(self, spec: Params, value: Vec) -> tuple[Vec, Vec]:
        """Rank among the peers and number of peers (`#/$defs/rank`)."""


class LeafContext(PeerContext, Protocol):
    """末级指标环境: also knows the points attainable for each unit (`points`)."""

    def by_type(self, value: Any) -> Vec:
        """A number, or numbers by unit type or group, for every unit."""


class Child(Protocol):
    """下级得分: result of a child (or leaf) as a branch sees it."""

    code: str
    points: Vec
    main: Vec
    exempt: Vec | None
    applicable: Vec
    full: Vec


class BranchContext(PeerContext, Protocol):
    """中间指标环境: children with their results; `printed` and `by_type` spread parameters over the units."""

    children: Sequence[Child]
    leaves: Sequence[Child]

    def by_type(self, value: Any) -> Vec:
        """A number, or numbers by unit type or group, for every unit."""

    def printed(self) -> Vec | None:
        """Printed points of the node for every unit, if the document states them."""

    def combined(self) -> Scored:
        """What the roll-up of this node gave (only when re-weighting)."""


class CarryContext(Context, Protocol):
    """转移环境: the excess deduction of the source node and the targets."""

    excess: Vec

    def target_codes(self, value: Any) -> Sequence[str]:
        """The target of every unit, empty where there is none."""


class GateContext(Context, Protocol):
    """否决环境: recorded decisions."""

    def decided(self) -> Mask:
        """Units against which this gate was decided."""


class Checks(Protocol):
    """自检: what a kind may offer besides: remarks on its own parameters, for the lint."""

    def check(self, params: Params, points: Points, /) -> Sequence[Issue]:
        """Odd parameters; `points` are the points of the node (empty for outcomes)."""


@runtime_checkable
class Kind(Protocol):
    """计分方式: the contract. Instances hold no state; evaluate must not depend on the order of units."""

    stage: str
    title: str
    schema: Params

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Every formula among the parameters."""

    def evaluate(self, context: Any, params: Params, /) -> Any:
        """The answer of the stage for all units at once."""

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """One unit's account, from what `evaluate` noted."""
