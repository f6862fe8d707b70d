"""What the engine hands to outcome kinds (see `outcome_contract.OutcomeContext`)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Gate
from zhiheng.scoring.engine.bench import Bench, View
from zhiheng.scoring.engine.context import FormulaContext
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.registers import RowView
from zhiheng.scoring.exact import Mask, Partition, Vec
from zhiheng.scoring.formula import Value
from zhiheng.scoring.outcome_contract import Grading, Ranking, Selection
from zhiheng.scoring.parameters import number
from zhiheng.scoring.scheme.model import Outcome, Scheme

Bools = npt.NDArray[np.bool_]


class Run(Protocol):
    """结果计算: what the context needs of the run of outcomes."""

    bench: Bench
    scheme: Scheme
    decisions: Decisions
    vetoed: Bools
    sizes: Mapping[str, int]

    def result(self, code: str) -> Any:
        """Result of one rule."""

    def first(self, role: str) -> Any:
        """Answer of the rule of a role."""

    def gates(self) -> dict[str, Gate]:
        """All gates."""

    def total(self, rank_on: str) -> Vec:
        """Totals."""

    def column(self, name: str) -> Value | None:
        """A name that only outcomes know."""


class _OutcomeView(View):
    """结果视图: names of outcomes before those of the bench."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.bench)
        self.run = run

    def column(self, name: str) -> Value:
        """An outcome's name, or the bench's column."""
        found = self.run.column(name)
        return super().column(name) if found is None else found

    def with_local(self, _names: Mapping[str, Any] | None, /) -> View:
        """Outcome rules have no local names."""
        return self


class OutcomeRunContext(FormulaContext):
    """结果环境: see `contract.OutcomeContext`."""

    def __init__(self, run: Run, outcome: Outcome) -> None:
        super().__init__(_OutcomeView(run), outcome.place, run.bench.codes)
        self.run = run
        self.outcome = outcome
        self.bench = run.bench
        self.group_codes = run.bench.group_codes()
        self.vetoed = run.vetoed
        self.rank_on = run.scheme.rounding.rank_on
        self.group_sizes = {
            code: run.sizes.get(code, self.group_codes.count(code))
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

    def rows(self, register: str, subject: str = "") -> "RowsContext":
        """Rows of a register; the unit's own names, outcomes included, can be used on each row."""

        def lookup(name: str, years: int) -> Value:
            return self.view.previous(name, years) if years else self.view.column(name)

        return RowsContext(self, RowView(self.bench.register(register), lookup), subject)


class RowsContext(FormulaContext):
    """登记行环境: see `contract.RowContext`."""

    def __init__(self, outer: OutcomeRunContext, rows: RowView, subject: str) -> None:
        super().__init__(outer.view, outer.place, outer.codes)
        self.rows_view = rows
        self.size = rows.size
        self.units: Sequence[int] = rows.register.units.tolist()
        self.subjects: Sequence[str] = [
            _subject(row, place, subject) for place, row in enumerate(rows.register.rows)
        ]
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

    def with_local(self, _names: Mapping[str, Any] | None, /) -> View:
        """Rows have no local names."""
        return self


def _subject(row: Mapping[str, Any], place: int, field: str) -> str:
    """Name of an entry: the stated field, else its first text, else its number."""
    if field and row.get(field) is not None:
        return str(row[field])
    return next((str(value) for value in row.values() if isinstance(value, str) and value), str(place + 1))
