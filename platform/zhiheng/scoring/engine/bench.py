"""Columns by name: measures, derived quantities, registers and earlier years, computed once per run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.engine.columns import ColumnErrors, column_of, ratio_part
from zhiheng.scoring.engine.registers import Register, RowView, aggregate, filtered, read_register, repeated
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Partition, Text, Vec
from zhiheng.scoring.facts import Fact, FactTable
from zhiheng.scoring.formula import Rows, Value, evaluate
from zhiheng.scoring.scheme.model import Measure, Scheme
from zhiheng.scoring.scheme.names import DENOMINATOR, GROUP, NUMERATOR, RATE, SCORE, UNIT_TYPE, Names, parsed

Bools = npt.NDArray[np.bool_]
Peers = Bools | None


class Bench:
    """数据台: all columns of one period for the units of a run; computed when first asked for."""

    def __init__(
        self, scheme: Scheme, names: Names, facts: FactTable, earlier: Sequence[FactTable] = ()
    ) -> None:
        self.scheme = scheme
        self.names = names
        self.facts = facts
        self.units = facts.units
        self.codes = facts.codes()
        self.size = len(facts.units)
        self.unit_types = [unit.type for unit in facts.units]
        self.groups = self._groups()
        self.errors = ColumnErrors()
        self.scores: Callable[[str], Vec] | None = None
        self.used: dict[str, list[str]] = {}
        self._columns: dict[tuple[str, bytes], Value] = {}
        self._registers: dict[str, Register] = {}
        self._earlier_facts = earlier
        self._earlier: dict[int, Bench] = {}
        self._facts = _by_code(scheme, names, facts)

    def _groups(self) -> Partition:
        place = {group.code: number for number, group in enumerate(self.scheme.groups)}
        ids = []
        for code in self.unit_types:
            group = self.scheme.group_of(code)
            ids.append(-1 if group is None else place[group.code])
        return Partition(np.array(ids, dtype=np.intp), len(self.scheme.groups))

    def group_codes(self) -> list[str]:
        """Code of each unit's group, empty without one."""
        return ["" if number < 0 else self.scheme.groups[number].code for number in self.groups.ids.tolist()]

    def column(self, name: str, peers: Peers = None) -> Value:
        """The column of a written name. Statistics inside derived quantities take the given peers."""
        code = self.names.code(name)
        key = (code, b"" if peers is None or not self._uses_peers(code) else peers.tobytes())
        if key not in self._columns:
            self._columns[key] = self._computed(code, peers)
        return self._columns[key]

    def previous(self, name: str, years: int) -> Value:
        """The column of an earlier year; missing where nothing is known of a unit."""
        if years == 0:
            return self.column(name)
        return self._bench_of(years).column(name)

    def register(self, code: str) -> Register:
        """Rows of a register after its filters."""
        if code not in self._registers:
            measure = self.scheme.measures[code]
            table = read_register(measure, self._given(measure), self.codes, self.errors)
            self._registers[code] = filtered(table, measure.filters, self.scheme.period, self.previous)
        return self._registers[code]

    def row_view(self, code: str, lookup: Callable[[str, int], Value]) -> RowView:
        """Environment of the rows of a register; other names come from `lookup`."""
        return RowView(self.register(code), lookup)

    def fact(self, measure: str, unit: str) -> Fact | None:
        """The fact of one unit (or of the college) behind a measure."""
        found = self.scheme.measures.get(measure)
        if found is not None and found.scope == "college":
            return self._facts.get(measure, {}).get("")
        return self._facts.get(measure, {}).get(unit)

    def _bench_of(self, years: int) -> "Bench":
        if years not in self._earlier:
            table = self._earlier_facts[years - 1] if years <= len(self._earlier_facts) else FactTable(())
            aligned = FactTable(self.units, table.facts, table.college)
            self._earlier[years] = Bench(self.scheme, self.names, aligned, self._earlier_facts[years:])
        return self._earlier[years]

    def _given(self, measure: Measure) -> list[Fact | None]:
        row = self._facts.get(measure.code, {})
        return (
            [row.get("")] * self.size
            if measure.scope == "college"
            else [row.get(code) for code in self.codes]
        )

    def _computed(self, code: str, peers: Peers) -> Value:
        scheme = self.scheme
        if code in scheme.formulas:
            return self._derived(code, peers)
        if code in scheme.measures:
            measure = scheme.measures[code]
            return column_of(measure, self._given(measure), self.codes, self.errors)
        for part, attribute in ((NUMERATOR, "numerator"), (DENOMINATOR, "denominator")):
            if code.endswith(part) and code.removesuffix(part) in scheme.measures:
                measure = scheme.measures[code.removesuffix(part)]
                return ratio_part(self._given(measure), attribute, measure, self.codes, self.errors)
        owner, _, field = code.rpartition(".")
        if owner in scheme.measures and scheme.measures[owner].type == "register":
            return self.register(owner).lists(field, self.size)
        return self._special(code)

    def _special(self, code: str) -> Value:
        if code == UNIT_TYPE:
            return Text.of(self.unit_types)
        if code == GROUP:
            return Text.of(self.group_codes())
        if self.scores is not None and code.startswith((SCORE, RATE)):
            return self.scores(code)
        raise ScoringError("formula.no_data", f"[{code}]", "没有这个名称的数据。", "请检查方案中的名称。")

    def _derived(self, code: str, peers: Peers) -> Value:
        formula = self.scheme.formulas[code]
        if formula.register:
            register = filtered(
                self.register(formula.register), formula.filters, self.scheme.period, self.previous
            )
            return aggregate(register, formula, self.size, self.previous)
        return evaluate(parsed(formula.formula), View(self, peers))

    def _uses_peers(self, code: str) -> bool:
        formula = self.scheme.formulas.get(code)
        if formula is None or formula.register:
            return False
        tree = parsed(formula.formula)
        if tree.group_functions():
            return True
        return any(self._uses_peers(self.names.code(name)) for name in tree.names())


class View:
    """视图: the bench as one node sees it: its peers, and local names over the common ones."""

    def __init__(self, bench: Bench, peers: Peers = None, local: Mapping[str, Any] | None = None) -> None:
        self.bench = bench
        self.peers = peers
        self.local = local or {}
        self.size = bench.size
        self.groups = bench.groups

    def column(self, name: str) -> Value:
        """A local name, or the bench's column."""
        if name in self.local:
            found: Value = self.local[name]
            return found
        return self.bench.column(name, self.peers)

    def previous(self, name: str, years: int) -> Value:
        """The bench's column of an earlier year."""
        return self.bench.previous(name, years)

    def with_local(self, names: Mapping[str, Any] | None, /) -> "View":
        """The same with more local names."""
        return View(self.bench, self.peers, {**self.local, **names}) if names else self


def _by_code(scheme: Scheme, names: Names, facts: FactTable) -> dict[str, dict[str, Fact]]:
    """Facts by measure code, whether written by code or by title; facts of the college under the unit ""."""
    titles = {measure.title: measure.code for measure in scheme.measures.values()}
    found: dict[str, dict[str, Fact]] = {}
    for name, row in facts.facts.items():
        found.setdefault(titles.get(name, name), {}).update(row)
    for name, fact in facts.college.items():
        found.setdefault(titles.get(name, name), {})[""] = fact
    del names
    return found


__all__ = ["Bench", "Peers", "Rows", "View", "repeated"]
