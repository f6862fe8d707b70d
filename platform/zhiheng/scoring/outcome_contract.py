"""Contract of the outcome stages: ranks, grades, awards and consequences (see `contract`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from zhiheng.scoring.contract import Bools, Context, Gate
from zhiheng.scoring.exact import Partition, Vec


@dataclass(frozen=True, slots=True)
class Ranking:
    """名次: rank of every unit (not applicable where not ranked), units counted, ties left to a decision."""

    rank: Vec
    count: Vec
    pending: Bools


@dataclass(frozen=True, slots=True)
class Grading:
    """等次: grade of every unit, "" where a tie waits for a decision; `reasons` says which rule decided."""

    grades: tuple[str, ...]
    pending: Bools
    reasons: tuple[str, ...]
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Winner:
    """入选者: a unit, or an entry of a unit, with its score where one decided."""

    unit: int
    subject: str
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """评选结果: winners in order, ties that wait for a decision, bonus of each winner, recommendation."""

    winners: tuple[Winner, ...]
    pending: tuple[Winner, ...] = ()
    bonus: tuple[Fraction, ...] = ()
    recommend: str = ""
    barred: tuple[Winner, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """后续结果: amounts by unit, figures of the whole, texts or cases for the units concerned.

    `parts` are the sums an amount consists of (first, per_head, stated), by unit.
    """

    kind: str
    triggered: Bools
    amounts: Mapping[int, Fraction] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)


class RowContext(Context, Protocol):
    """登记行环境: rows of a register after its filters; names of units can be used too."""

    units: Sequence[int]
    subjects: Sequence[str]


class OutcomeContext(Context, Protocol):
    """结果环境: totals, groups, decisions, and the outcomes evaluated before."""

    codes: Sequence[str]
    group_codes: Sequence[str]
    vetoed: Bools
    ranking: Ranking | None
    grading: Grading | None
    selections: Mapping[str, Selection]
    gates: Mapping[str, Gate]
    group_sizes: Mapping[str, int]
    rank_on: str

    def score(self, rank_on: str) -> Vec:
        """Totals as published or exact."""

    def partition(self, among: str) -> Partition:
        """Group number of every unit: `group`, `type` or `college`."""

    def by_group(self, value: Any) -> Sequence[Fraction | None]:
        """A number, or numbers by group (or unit type), for every unit."""

    def decided_grades(self) -> Mapping[int, str]:
        """Grades decided by the responsible body."""

    def decided_winners(self) -> Sequence[str] | None:
        """Subjects chosen for this award by decision, None if nothing was decided."""

    def barred(self, award: str) -> Bools:
        """Units that gates keep from an award."""

    def history(self) -> Sequence[Mapping[str, Mapping[str, Any]]]:
        """Earlier years, latest first: by unit code rank, last (bool), grade, group."""

    def rows(self, register: str, subject: str = "") -> RowContext:
        """Rows of a register; `subject` is the field that names an entry."""
