"""Registers (登记): rows of all units in one table, filtered, and drawn together per unit (rules.md LYG-06, LYG-07, JZU-X1 to X6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
        return repeated(self.unit_column(name, years), self.register.units)


def repeated(column: Any, index: Ints) -> Any:
    """A column with the cells `index`, for single values only."""
    if isinstance(column, Vec):
        return take(column, index)
    states = None if column.states is None else column.states[index]
    return (
        Mask(column.truth[index], states) if isinstance(column, Mask) else Text(column.values[index], states)
    )


def read_register(
    measure: Measure, facts: Sequence[Fact | None], codes: Sequence[str], period: tuple[str, str] | None,
    unit_column: Any, errors: ColumnErrors,
) -> Register:  # fmt: skip
    """Rows of all units, filtered by the measure's own filters."""
    states = np.zeros(len(codes), dtype=np.int8)
    rows: list[Mapping[str, Any]] = []
    units: list[int] = []
    for unit, fact in enumerate(facts):
        state = _list_state(measure, fact)
        states[unit] = state.code
        if state is State.VALUE and fact is not None and isinstance(fact.value, list | tuple):
            rows += [row if isinstance(row, Mapping) else {} for row in fact.value]
            units += [unit] * len(fact.value)
    table = _table(
        measure, rows, np.array(units, dtype=np.intp), states if states.any() else None, codes, errors
    )
    return filtered(table, measure.filters, period, unit_column)


def _list_state(measure: Measure, fact: Fact | None) -> State:
    missing = (
        fact is None or fact.state is State.MISSING or (fact.state is State.VALUE and fact.value is None)
    )
    if not missing and fact is not None:
        return fact.state
    return {"block": State.MISSING, "zero": State.VALUE, "not_applicable": State.NOT_APPLICABLE}[
        measure.missing
    ]


def _table(
    measure: Measure,
    rows: Sequence[Mapping[str, Any]],
    units: Ints,
    states: States,
    codes: Sequence[str],
    errors: ColumnErrors,
) -> Register:
    names = [codes[unit] for unit in units.tolist()]
    columns: dict[str, Value] = {}
    for field in measure.fields:
        shape = Measure(
            field["code"], f"{measure.title}.{field.get('title', field['code'])}", field.get("type", "number")
        )
        columns[field["code"]] = column_of(shape, [_cell(row, field["code"]) for row in rows], names, errors)
    return Register(measure, rows, units, columns, states)


def _cell(row: Mapping[str, Any], field: str) -> Fact:
    return fact_of(row.get(field))


def filtered(
    register: Register, filters: Sequence[Mapping[str, Any]], period: tuple[str, str] | None, unit_column: Any
) -> Register:
    """The rows that pass each filter in turn; those dropped are kept with the reason."""
    for item in filters:
        kept = _KEEP[item["kind"]](register, item, period, unit_column)
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


def _period(
    register: Register, item: Mapping[str, Any], period: tuple[str, str] | None, unit_column: Any
) -> Any:
    days = register.columns[item["field"]]
    assert isinstance(days, Vec)  # noqa: S101
    first, last = (
        item.get("from") or (period or ("0001-01-01",))[0],
        item.get("to") or (period or ("", "9999-12-31"))[1],
    )
    inside = (days >= date.fromisoformat(first).toordinal()) & (days <= date.fromisoformat(last).toordinal())
    return inside.truth


def _accepted(
    register: Register, item: Mapping[str, Any], period: tuple[str, str] | None, unit_column: Any
) -> Any:
    wanted = {_key(value) for value in item["accept"]}
    return np.array([_key(row.get(item["field"])) in wanted for row in register.rows], dtype=bool)


def _key(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    return fraction(value) if is_number(value) else str(value)


def _where(
    register: Register, item: Mapping[str, Any], period: tuple[str, str] | None, unit_column: Any
) -> Any:
    found = evaluate(parsed(str(item["when"])), RowView(register, unit_column))
    assert isinstance(found, Mask)  # noqa: S101
    return found.truth


def _highest(
    register: Register, item: Mapping[str, Any], period: tuple[str, str] | None, unit_column: Any
) -> Any:
    """The best row of each item of a unit; the first of equals."""
    worth = _worth(register, item, unit_column)
    best: dict[Any, int] = {}
    for row, entry in enumerate(register.rows):
        key = (int(register.units[row]), *(_key(entry.get(field)) for field in item["same"]))
        if key not in best or worth[row] > worth[best[key]]:
            best[key] = row
    kept = np.zeros(len(register.rows), dtype=bool)
    kept[list(best.values())] = True
    return kept


def _worth(register: Register, item: Mapping[str, Any], unit_column: Any) -> list[Any]:
    if "by" not in item:
        return [0] * len(register.rows)
    found = evaluate(parsed(str(item["by"])), RowView(register, unit_column))
    assert isinstance(found, Vec)  # noqa: S101
    return [fraction(-(10**15)) if isinstance(value, State) else value for value in found.to_list()]


_KEEP: Mapping[str, Any] = {
    "period": _period, "role": _accepted, "state": _accepted, "where": _where, "highest_only": _highest, "once": _highest,
}  # fmt: skip
_REASONS = {
    "period": "不在考核期内", "role": "署名或角色不符", "state": "状态不符", "where": "不符合条件",
    "highest_only": "同一成果已计更高一项", "once": "同一事项已计一次",
}  # fmt: skip
