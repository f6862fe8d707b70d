"""Registers (登记): rows of all units in one table, filtered, and drawn together per unit (rules.md LYG-06, LYG-07, JZU-X1 to X6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.engine.columns import ColumnErrors, column_of
from zhiheng.scoring.exact import Mask, Partition, Ragged, State, States, Text, Vec, take, where
from zhiheng.scoring.facts import Fact, fact_of
from zhiheng.scoring.formula import Rows, Value, evaluate
from zhiheng.scoring.scheme.model import Formula, Measure
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import fraction, is_number

Ints = npt.NDArray[np.integer]
_LOWEST = Fraction(-(10**15))


@dataclass(frozen=True, slots=True)
class Register:
    """登记表: rows that survived the filters; `units` is the unit of each row, `states` that of a unit's whole list."""

    measure: Measure
    rows: Sequence[Mapping[str, Any]]
    units: Ints
    columns: Mapping[str, Value]
    states: States
    dropped: Sequence[tuple[int, Mapping[str, Any], str]] = ()

    def partition(self, size: int) -> Partition:
        """Rows by unit."""
        return Partition(self.units, size)

    def lists(self, field: str, size: int) -> Rows:
        """One field as a list per unit."""
        column = self.columns[field]
        if isinstance(column, Rows):
            raise TypeError(field)
        return Rows(column, self.partition(size), self.states)


class RowView:
    """登记行环境: names of fields, and the unit's own values repeated on each of its rows."""

    def __init__(self, register: Register, unit_column: Any) -> None:
        self.register = register
        self.unit_column = unit_column
        self.size = len(register.rows)
        self.groups: Ints = np.full(self.size, -1, dtype=np.intp)
        self.peers: npt.NDArray[np.bool_] | None = None

    def column(self, name: str) -> Value:
        """A field of the rows, or a single value of the unit on each row."""
        if name in self.register.columns:
            return self.register.columns[name]
        found: Value = repeated(self.unit_column(name, 0), self.register.units)
        return found

    def previous(self, name: str, years: int) -> Value:
        """An earlier value of the unit on each row."""
        found: Value = repeated(self.unit_column(name, years), self.register.units)
        return found


def repeated(column: Any, index: Ints) -> Any:
    """A column with the cells `index`, for single values only."""
    if isinstance(column, Vec):
        return take(column, index)
    states = None if column.states is None else column.states[index]
    return (
        Mask(column.truth[index], states) if isinstance(column, Mask) else Text(column.values[index], states)
    )


def read_register(
    measure: Measure, facts: Sequence[Fact | None], codes: Sequence[str], errors: ColumnErrors
) -> Register:
    """Rows of all units, before any filter."""
    states = np.zeros(len(codes), dtype=np.int8)
    rows: list[Mapping[str, Any]] = []
    units: list[int] = []
    for unit, fact in enumerate(facts):
        state = _list_state(measure, fact)
        states[unit] = state.code
        if state is State.VALUE and fact is not None and isinstance(fact.value, list | tuple):
            rows += [row if isinstance(row, Mapping) else {} for row in fact.value]
            units += [unit] * len(fact.value)
    units_, states_ = np.array(units, dtype=np.intp), states if states.any() else None
    return Register(
        measure, rows, units_, _columns(measure, rows, [codes[unit] for unit in units], errors), states_
    )


def _list_state(measure: Measure, fact: Fact | None) -> State:
    missing = (
        fact is None or fact.state is State.MISSING or (fact.state is State.VALUE and fact.value is None)
    )
    if not missing and fact is not None:
        return fact.state
    return {"block": State.MISSING, "zero": State.VALUE, "not_applicable": State.NOT_APPLICABLE}[
        measure.missing
    ]


def _columns(
    measure: Measure, rows: Sequence[Mapping[str, Any]], names: Sequence[str], errors: ColumnErrors
) -> dict[str, Value]:
    columns: dict[str, Value] = {}
    for field in measure.fields:
        title = f"{measure.title}.{field.get('title', field['code'])}"
        shape = Measure(field["code"], title, field.get("type", "number"))
        columns[field["code"]] = column_of(shape, [_cell(row, field["code"]) for row in rows], names, errors)
    return columns


def _cell(row: Mapping[str, Any], field: str) -> Fact:
    return fact_of(row.get(field))


def filtered(
    register: Register, filters: Sequence[Mapping[str, Any]], period: tuple[str, str] | None, unit_column: Any
) -> Register:
    """The rows that pass each filter in turn; those dropped are kept with the reason."""
    for item in filters:
        kept = _KEEP[item["kind"]](_Sieve(register, item, period, unit_column))
        reason = str(item.get("title") or _REASONS[item["kind"]])
        dropped = [
            (int(register.units[row]), register.rows[row], reason) for row in np.flatnonzero(~kept).tolist()
        ]
        register = subset(register, np.flatnonzero(kept), dropped)
    return register


def subset(
    register: Register, index: Ints, dropped: Sequence[tuple[int, Mapping[str, Any], str]] = ()
) -> Register:
    """The rows of an index."""
    columns = {name: repeated(column, index) for name, column in register.columns.items()}
    rows = [register.rows[row] for row in index.tolist()]
    return Register(
        register.measure, rows, register.units[index], columns, register.states, (*register.dropped, *dropped)
    )


def aggregate(register: Register, formula: Formula, size: int, unit_column: Any) -> Value:
    """The rows drawn together per unit: count, sum, max, min, mean, or the list of amounts."""
    view = RowView(register, unit_column)
    amount = evaluate(parsed(formula.amount), view) if formula.amount else Vec.constant(1, view.size)
    if isinstance(amount, Mask):
        amount = where(amount, 1, 0)
    assert isinstance(amount, Vec)  # noqa: S101 - the loader checked the type
    lists = Ragged(amount, register.partition(size), register.states)
    if formula.where:
        holds = evaluate(parsed(formula.where), view)
        assert isinstance(holds, Mask)  # noqa: S101
        lists = lists.filter(holds)
    if formula.aggregate == "list":
        return Rows.of(lists)
    reduce = {"count": lists.sum, "sum": lists.sum, "max": lists.max, "min": lists.min, "mean": lists.mean}
    return _empty_is_zero(reduce[formula.aggregate](), lists, formula.aggregate)


def _empty_is_zero(value: Vec, lists: Ragged, how: str) -> Vec:
    """A maximum, minimum or mean of nothing counts as 0: no achievement earns nothing."""
    if how in ("count", "sum"):
        return value
    return where(lists.count().eq(0), 0, value)


# filters


@dataclass(frozen=True, slots=True)
class _Sieve:
    """One filter at work on a register."""

    register: Register
    item: Mapping[str, Any]
    period: tuple[str, str] | None
    unit_column: Any

    def value(self, formula: Any) -> Value:
        """A formula over the rows."""
        return evaluate(parsed(str(formula)), RowView(self.register, self.unit_column))


def _period(sieve: _Sieve) -> Any:
    days = sieve.register.columns[sieve.item["field"]]
    assert isinstance(days, Vec)  # noqa: S101 - the loader checked the type
    whole = sieve.period or ("0001-01-01", "9999-12-31")
    first, last = sieve.item.get("from", whole[0]), sieve.item.get("to", whole[1])
    inside = (days >= date.fromisoformat(first).toordinal()) & (days <= date.fromisoformat(last).toordinal())
    return inside.truth


def _accepted(sieve: _Sieve) -> Any:
    wanted = {_key(value) for value in sieve.item["accept"]}
    return np.array([_key(row.get(sieve.item["field"])) in wanted for row in sieve.register.rows], dtype=bool)


def _key(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, bool) or value is None:
        return value
    return fraction(value) if is_number(value) else str(value)


def _where(sieve: _Sieve) -> Any:
    found = sieve.value(sieve.item["when"])
    assert isinstance(found, Mask)  # noqa: S101
    return found.truth


def _highest(sieve: _Sieve) -> Any:
    """The best row of each item of a unit; the first of equals."""
    register, worth = sieve.register, _worth(sieve)
    best: dict[Any, int] = {}
    for row, entry in enumerate(register.rows):
        key = (int(register.units[row]), *(_key(entry.get(field)) for field in sieve.item["same"]))
        if key not in best or worth[row] > worth[best[key]]:
            best[key] = row
    kept = np.zeros(len(register.rows), dtype=bool)
    kept[list(best.values())] = True
    return kept


def _worth(sieve: _Sieve) -> list[Fraction]:
    if "by" not in sieve.item:
        return [Fraction(0)] * len(sieve.register.rows)
    found = sieve.value(sieve.item["by"])
    assert isinstance(found, Vec)  # noqa: S101
    return [_LOWEST if isinstance(value, State) else value for value in found.to_list()]


_KEEP: Mapping[str, Callable[[_Sieve], Any]] = {
    "period": _period, "role": _accepted, "state": _accepted, "where": _where, "highest_only": _highest, "once": _highest,
}  # fmt: skip
_REASONS = {
    "period": "不在考核期内", "role": "署名或角色不符", "state": "状态不符", "where": "不符合条件",
    "highest_only": "同一成果已计更高一项", "once": "同一事项已计一次",
}  # fmt: skip
