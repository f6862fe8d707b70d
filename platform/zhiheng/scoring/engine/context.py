"""What the engine hands to leaf and branch kinds: formulas, peer statistics, notes and flags (see `contract`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Params, Scored
from zhiheng.scoring.engine.bench import Bench, View
from zhiheng.scoring.exact import (
    Mask,
    Partition,
    Ragged,
    State,
    Vec,
    group_count,
    group_max,
    group_mean,
    group_median,
    group_min,
    group_quantile,
    group_rank,
    group_ratio,
    group_stddev,
    group_sum,
    where,
)  # fmt: skip
from zhiheng.scoring.formula import Rows, Value, evaluate
from zhiheng.scoring.parameters import number, text
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.names import POINTS, parsed
from zhiheng.scoring.scheme.numbers import is_number

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Flag:
    """提请核对: something about one unit that a person must look at."""

    place: str
    unit: str
    code: str
    text: str


@dataclass(slots=True)
class Given:
    """给定值: values that take the place of computed ones: scores of nodes, benchmark figures, ranks.

    `points` and `applicable` by node and unit; `statistics` by node and name of the statistic (best, pooled…);
    `ranks` by node and unit with `peers`, the number ranked, by node; `carried` are excess deductions by target node
    and unit; `ranking` by unit; `sizes` by group.
    """

    points: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    applicable: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    statistics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ranks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    peers: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ranking: Mapping[str, Any] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


class FormulaContext:
    """公式环境: the part every stage shares."""

    def __init__(self, view: View, place: str, codes: Sequence[str]) -> None:
        self.view = view
        self.place = place
        self.size = view.size
        self.codes = codes
        self.unit_types: Sequence[str] = view.bench.unit_types
        self.notes: dict[str, Any] = {}
        self.flags: list[Flag] = []

    def _value(self, formula: str, names: Mapping[str, Any] | None) -> Value:
        if is_number(formula):
            return Vec.constant(number(formula), self.size)
        return evaluate(parsed(formula), self.view.with_local(names))

    def number(self, text: str, names: Mapping[str, Any] | None = None) -> Vec:
        """Value of a formula; truth values count 1 and 0."""
        found = self._value(text, names)
        if isinstance(found, Mask):
            return where(found, 1, Vec.constant(0, self.size))
        if not isinstance(found, Vec):
            raise TypeError(f"{self.place}: {text}")
        return found

    def total(self, text: str, names: Mapping[str, Any] | None = None) -> Vec:
        """Value of a formula; a list is added up, truth values count 1 and 0."""
        found = self._value(text, names)
        return _ragged(found).sum() if isinstance(found, Rows) else self.number(text, names)

    def condition(self, text: str, names: Mapping[str, Any] | None = None) -> Mask:
        """Truth of a formula."""
        found = evaluate(parsed(text), self.view.with_local(names))
        if not isinstance(found, Mask):
            raise TypeError(f"{self.place}: {text}")
        return found

    def series(self, text: str, names: Mapping[str, Any] | None = None) -> Ragged:
        """Several numbers per unit; a single number is a list of one, a state stays a state."""
        found = self._value(text, names)
        if isinstance(found, Rows):
            return _ragged(found)
        single = self.number(text, names)
        return Ragged(single, Partition(np.arange(self.size), self.size), single.states)

    def note(self, name: str, value: Any) -> None:
        """Keeps an intermediate result for the explanation."""
        self.notes[name] = value

    def noted(self, name: str) -> Any:
        """What was kept under the name before."""
        return self.notes[name]

    def flag(self, where: Bools, code: str, text: str) -> None:
        """Marks units for a person to look at."""
        self.flags += [
            Flag(self.place, self.codes[unit], code, text) for unit in np.flatnonzero(where).tolist()
        ]


def _ragged(rows: Rows) -> Ragged:
    if isinstance(rows.items, Mask):
        return Ragged(where(rows.items, 1, Vec.constant(0, rows.items.size)), rows.rows, rows.states)
    return rows.numbers()


class NodeContext(FormulaContext):
    """指标环境: adds the node's points and the statistics of its peers (rules.md CV-7, CV-8)."""

    def __init__(
        self, bench: Bench, node: Node, points: Vec, *, applies: Bools, vetoed: Bools, given: Given
    ) -> None:
        super().__init__(View(bench, applies, {POINTS: points}), node.place, bench.codes)
        self.bench = bench
        self.code = node.code
        self.points = points
        self.applies = applies
        self.vetoed = vetoed
        self.given = given

    def by_type(self, value: Any) -> Vec:
        """A number, or numbers by unit type or group, for every unit."""
        if not isinstance(value, Mapping):
            return Vec.constant(number(value), self.size)
        groups = self.bench.group_codes()
        cells = [
            value.get(kind, value.get(group)) for kind, group in zip(self.unit_types, groups, strict=True)
        ]
        return Vec.of([State.NOT_APPLICABLE if cell is None else number(cell) for cell in cells])

    def benchmark(self, spec: Any, value: Vec, name: str = "benchmark") -> Vec:
        """Benchmark of each unit: a formula, a statistic of the peers, or a figure issued by its owner."""
        if not isinstance(spec, Mapping):
            return self.number(text(spec))
        statistic = spec["statistic"]
        figure = self.given.statistics.get(self.code, {}).get(statistic)
        found = (
            self._statistic(statistic, spec, value)
            if figure is None
            else Vec.constant(number(figure), self.size)
        )
        if "times" in spec and number(spec["times"]) != 1:
            found = found * number(spec["times"])
        if "typed" in spec:
            typed = self.number(text(spec["typed"]))
            found = where(Mask(typed.known()), typed, found)
        self.note(f"statistic:{name}", (statistic, found))
        return found

    def _statistic(self, statistic: str, spec: Params, value: Vec) -> Vec:
        groups, peers = self._peers(spec.get("peers") or {})
        if statistic == "pooled":
            over, under = self.number(text(spec["numerator"])), self.number(text(spec["denominator"]))
            return group_ratio(over, under, groups, peers)
        of = self.number(text(spec["of"])) if "of" in spec else value
        if statistic == "quantile":
            return group_quantile(of, groups, peers, q=number(spec["p"]))
        higher = spec.get("order", "higher") == "higher"
        table = {
            "best": group_max if higher else group_min, "worst": group_min if higher else group_max, "mean": group_mean,
            "median": group_median, "sum": group_sum, "stdev": group_stddev, "count": group_count,
        }  # fmt: skip
        found: Vec = table[statistic](of, groups, peers)
        return found

    def rank(self, spec: Params, value: Vec) -> tuple[Vec, Vec]:
        """Rank of each unit among its peers, and how many they are."""
        given = self.given.ranks.get(self.code)
        if given is not None:
            ranks = Vec.of([number(given[code]) if code in given else State.MISSING for code in self.codes])
            return ranks, Vec.constant(Fraction(self.given.peers.get(self.code, len(given))), self.size)
        groups, peers = self._peers(spec.get("peers") or {})
        of = self.number(text(spec["of"])) if "of" in spec else value
        higher = spec.get("order", "higher") == "higher"
        ranks = group_rank(of, groups, peers, descending=higher, ties=spec.get("ties", "competition"))
        return ranks, group_count(of, groups, peers)

    def _peers(self, spec: Params) -> tuple[Partition, Bools]:
        scope = spec.get("scope", "applicable")
        peers = np.ones(self.size, dtype=bool) if scope == "group" else self.applies.copy()
        groups = self.bench.groups
        if scope == "type":
            kinds = {kind: place for place, kind in enumerate(dict.fromkeys(self.unit_types))}
            groups = Partition(np.array([kinds[kind] for kind in self.unit_types], dtype=np.intp), len(kinds))
        elif scope == "college":
            groups = Partition(np.zeros(self.size, dtype=np.intp), 1)
        if spec.get("exclude_vetoed"):
            peers &= ~self.vetoed
        if "types" in spec:
            peers &= np.array([kind in spec["types"] for kind in self.unit_types], dtype=bool)
        if "units" in spec:
            peers &= np.array([code in spec["units"] for code in self.codes], dtype=bool)
        return groups, peers


class BranchNodeContext(NodeContext):
    """中间指标环境: adds the results of the children and of the leaves below."""

    children: Sequence[Any] = ()
    leaves: Sequence[Any] = ()
    printed_points: Vec | None = None
    rolled: Scored | None = None

    def printed(self) -> Vec | None:
        """Printed points of the node, if the document states them."""
        return self.printed_points

    def combined(self) -> Scored:
        """What the roll-up gave."""
        if self.rolled is None:
            raise RuntimeError("no roll-up yet")
        return self.rolled


class CarryNodeContext(NodeContext):
    """转移环境: adds the excess deduction of the node."""

    excess: Vec

    def target_codes(self, value: Any) -> Sequence[str]:
        """The target of every unit, empty where there is none."""
        if isinstance(value, str):
            return [value] * self.size
        groups = self.bench.group_codes()
        return [
            str(value.get(kind, value.get(group, "")))
            for kind, group in zip(self.unit_types, groups, strict=True)
        ]


class GateNodeContext(NodeContext):
    """否决环境: adds the recorded decisions."""

    decisions: Bools

    def decided(self) -> Mask:
        """Units against which this gate was decided."""
        return Mask(self.decisions)
