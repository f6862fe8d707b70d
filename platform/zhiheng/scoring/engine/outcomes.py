"""Outcomes of a run: gates, ranks, grades, awards and consequences, each computed when first asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Effect, Gate, Grading, Ranking, Selection
from zhiheng.scoring.engine.bench import View, repeated
from zhiheng.scoring.engine.context import Flag, FormulaContext, Given
from zhiheng.scoring.engine.registers import RowView
from zhiheng.scoring.engine.tree import NodeResult, TreeRun
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, Partition, State, Text, Vec, round_half_up
from zhiheng.scoring.formula import Value
from zhiheng.scoring.parameters import number
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Outcome
from zhiheng.scoring.scheme.names import AWARD, COUNT, GRADE, RANK, TOTAL, VETOED

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decisions:
    """决定: what people decided: vetoes by gate, grades by unit, winners by award, and earlier years.

    `history` is latest first; each year maps unit codes to {rank, last, grade, group}.
    """

    vetoes: Mapping[str, Collection[str]] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    winners: Mapping[str, Collection[str]] = field(default_factory=dict)
    history: Sequence[Mapping[str, Mapping[str, Any]]] = ()


@dataclass(slots=True)
class OutcomeResult:
    """结果: the answer of one outcome rule and what it noted."""

    outcome: Outcome
    answer: Any
    notes: dict[str, Any]
    view: View


class OutcomeRun:
    """结果计算: answers by outcome code; later rules use earlier ones through names such as [名次] and [等次]."""

    def __init__(self, tree: TreeRun, decisions: Decisions, given: Given) -> None:
        self.tree = tree
        self.bench = tree.bench
        self.scheme = tree.scheme
        self.decisions = decisions
        self.given = given
        self.results: dict[str, OutcomeResult] = {}
        self.flags: list[Flag] = []
        self.rules = {outcome.code: outcome for outcome in self.scheme.outcomes}
        self._open: list[str] = []
        self._totals: dict[str, Vec] = {}

    def result(self, code: str) -> OutcomeResult:
        """Result of one rule, computed once."""
        if code in self.results:
            return self.results[code]
        outcome = self.rules[code]
        if code in self._open:
            raise ScoringError(
                "outcome.circle",
                outcome.place,
                f"结果规则循环引用：{' → '.join([*self._open, code])}。",
                "请去掉其中一处引用。",
            )
        self._open.append(code)
        context = _Context(self, outcome)
        answer = self._given_ranking() if outcome.role == "ranking" and self.given.ranking else None
        if answer is None:
            answer = kind_of(outcome.kind).evaluate(context, outcome.params)
        self._open.pop()
        self.flags += context.flags
        self.results[code] = OutcomeResult(outcome, answer, context.notes, context.view)
        return self.results[code]

    def first(self, role: str) -> Any:
        """Answer of the (only) rule of a role, None if the scheme has none."""
        rule = next((item for item in self.scheme.outcomes if item.role == role), None)
        return None if rule is None else self.result(rule.code).answer

    def gates(self) -> dict[str, Gate]:
        """All gates: those of the outcomes, and those on nodes that reach beyond the node."""
        found = {item.code: self.result(item.code).answer for item in self.scheme.by_role("gate")}
        for node in self.tree.results.values():
            for number_, gate in enumerate(node_gates(node)):
                found[f"{node.code}#{number_}"] = gate
        return found

    def total(self, rank_on: str) -> Vec:
        """Totals, exact or as published."""
        if rank_on not in self._totals:
            points = self.tree.result(self.scheme.tree.code).points
            published = rank_on == "published"
            self._totals[rank_on] = (
                round_half_up(points, self.scheme.rounding.publish) if published else points
            )
        return self._totals[rank_on]

    def column(self, name: str) -> Value | None:
        """A name that only outcomes know."""
        if name == TOTAL:
            return self.total(self.scheme.rounding.rank_on)
        if name in (RANK, COUNT):
            ranking: Ranking | None = self.first("ranking")
            if ranking is None:
                return Vec.unavailable(State.NOT_APPLICABLE, self.bench.size)
            return ranking.rank if name == RANK else ranking.count
        if name == GRADE:
            grading: Grading | None = self.first("grades")
            grades = grading.grades if grading else [""] * self.bench.size
            return Text.of([grade or State.MISSING for grade in grades])
        if name == VETOED:
            return Mask(self.tree.vetoed)
        if name.startswith(AWARD):
            winners = np.zeros(self.bench.size, dtype=bool)
            winners[[winner.unit for winner in self.result(name.removeprefix(AWARD)).answer.winners]] = True
            return Mask(winners)
        return None

    def _given_ranking(self) -> Ranking:
        codes = self.bench.codes
        ranks = Vec.of(
            [
                number(self.given.ranking[code]) if code in self.given.ranking else State.MISSING
                for code in codes
            ]
        )
        groups = self.bench.group_codes()
        sizes = [self.given.sizes.get(group, groups.count(group)) for group in groups]
        return Ranking(ranks, Vec.of([Fraction(size) for size in sizes]), np.zeros(len(codes), dtype=bool))


def node_gates(result: NodeResult) -> list[Gate]:
    """Gates on a node whose effects reach the outcomes."""
    far = ("grade_cap", "grade", "bar_awards", "bar_grade", "ranking")
    return [
        item.gate
        for item in result.policies
        if item.gate is not None and any(name in item.gate.effects for name in far)
    ]


class _OutcomeView(View):
    """结果视图: names of outcomes before those of the bench."""

    def __init__(self, run: OutcomeRun) -> None:
        super().__init__(run.bench)
        self.run = run

    def column(self, name: str) -> Value:
        """An outcome's name, or the bench's column."""
        found = self.run.column(name)
        return super().column(name) if found is None else found

    def with_local(self, names: Mapping[str, Any] | None) -> View:
        """Outcome rules have no local names."""
        return self


class _Context(FormulaContext):
    """结果环境: see `contract.OutcomeContext`."""

    def __init__(self, run: OutcomeRun, outcome: Outcome) -> None:
        super().__init__(_OutcomeView(run), outcome.place, run.bench.codes)
        self.run = run
        self.outcome = outcome
        self.bench = run.bench
        self.group_codes = run.bench.group_codes()
        self.vetoed = run.tree.vetoed
        self.rank_on = run.scheme.rounding.rank_on
        self.group_sizes = {
            code: run.given.sizes.get(code, self.group_codes.count(code))
            for code in dict.fromkeys(self.group_codes)
        }

    @property
    def ranking(self) -> Ranking | None:
        """The ranking of the run."""
        found: Ranking | None = self.run.first("ranking")
        return found

    @property
    def grading(self) -> Grading | None:
        """The grades of the run."""
        found: Grading | None = self.run.first("grades")
        return found

    @property
    def selections(self) -> Mapping[str, Selection]:
        """The awards of the run."""
        return {item.code: self.run.result(item.code).answer for item in self.run.scheme.by_role("award")}

    @property
    def gates(self) -> Mapping[str, Gate]:
        """The gates of the run."""
        return self.run.gates()

    def score(self, rank_on: str) -> Vec:
        """Totals as published or exact."""
        return self.run.total(rank_on)

    def partition(self, among: str) -> Partition:
        """Group number of every unit."""
        if among == "group":
            return self.bench.groups
        if among == "college":
            return Partition(np.zeros(self.size, dtype=np.intp), 1)
        kinds = {kind: place for place, kind in enumerate(dict.fromkeys(self.unit_types))}
        return Partition(np.array([kinds[kind] for kind in self.unit_types], dtype=np.intp), len(kinds))

    def by_group(self, value: Any) -> Sequence[Fraction | None]:
        """A number, or numbers by group or unit type, for every unit."""
        if not isinstance(value, Mapping):
            return [number(value)] * self.size
        cells = [
            value.get(group, value.get(kind))
            for group, kind in zip(self.group_codes, self.unit_types, strict=True)
        ]
        return [None if cell is None else number(cell) for cell in cells]

    def decided(self) -> Mask:
        """Units against which this gate was decided."""
        named = self.run.decisions.vetoes.get(self.outcome.code, ())
        return Mask(np.array([code in named for code in self.codes], dtype=bool))

    def decided_grades(self) -> Mapping[int, str]:
        """Grades decided by the responsible body."""
        return {
            place: self.run.decisions.grades[code]
            for place, code in enumerate(self.codes)
            if code in self.run.decisions.grades
        }

    def decided_winners(self) -> Sequence[str] | None:
        """Subjects chosen for this award by decision."""
        found = self.run.decisions.winners.get(self.outcome.code)
        return None if found is None else list(found)

    def barred(self, award: str) -> Bools:
        """Units that gates keep from an award."""
        hit = np.zeros(self.size, dtype=bool)
        for gate in self.gates.values():
            barred = gate.effects.get("bar_awards", ())
            if barred == "all" or award in barred:
                hit |= gate.hit.truth
        return hit

    def history(self) -> Sequence[Mapping[str, Mapping[str, Any]]]:
        """Earlier years, latest first."""
        return self.run.decisions.history

    def rows(self, register: str) -> "RowsContext":
        """Rows of a register; the unit's own names, outcomes included, can be used on each row."""

        def lookup(name: str, years: int) -> Value:
            return self.view.previous(name, years) if years else self.view.column(name)

        return RowsContext(self, RowView(self.bench.register(register), lookup))


class RowsContext(FormulaContext):
    """登记行环境: see `contract.RowContext`."""

    def __init__(self, outer: _Context, rows: RowView) -> None:
        super().__init__(outer.view, outer.place, outer.codes)
        self.rows_view = rows
        self.size = rows.size
        self.units: Sequence[int] = rows.register.units.tolist()
        self.subjects: Sequence[str] = [_subject(row, place) for place, row in enumerate(rows.register.rows)]
        self.view = _RowsView(outer.view, rows)


class _RowsView(View):
    """登记行视图: a row view with the shape of a view."""

    def __init__(self, outer: View, rows: RowView) -> None:
        super().__init__(outer.bench)
        self.rows = rows
        self.size = rows.size
        self.groups = Partition(np.full(rows.size, -1, dtype=np.intp), 0)

    def column(self, name: str) -> Value:
        """A field, or the unit's value on each row."""
        return self.rows.column(name)

    def previous(self, name: str, years: int) -> Value:
        """The unit's earlier value on each row."""
        return self.rows.previous(name, years)

    def with_local(self, names: Mapping[str, Any] | None) -> View:
        """Rows have no local names."""
        return self


def _subject(row: Mapping[str, Any], place: int) -> str:
    """Name of an entry: its first text field, or its number."""
    return next((str(value) for value in row.values() if isinstance(value, str) and value), str(place + 1))


__all__ = ["Decisions", "Effect", "OutcomeResult", "OutcomeRun", "node_gates", "repeated"]
