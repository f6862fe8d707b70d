"""Facts of one measure as a column over all units, with states; nothing missing becomes a number here."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from zhiheng.scoring.engine.vectors import Cell, Exact, vector
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, Partition, State, Text, Vec
from zhiheng.scoring.facts import Fact
from zhiheng.scoring.formula.types import Rows, Value
from zhiheng.scoring.scheme.model import Measure
from zhiheng.scoring.scheme.numbers import fraction, plain

_DECIMAL = re.compile(r"^-?\d{1,15}(\.\d{1,9})?$", re.ASCII)
_MISSING = Fact(state=State.MISSING)
_TRUE = frozenset({"true", "是", "真", "1", "yes"})
_FALSE = frozenset({"false", "否", "假", "0", "no"})


class ColumnErrors(list[ScoringError]):
    """读数错误: facts that do not fit their measure's type, gathered."""

    def add(self, measure: Measure, unit: str, reason: str, advice: str) -> None:
        """Notes one fact that cannot be used."""
        place = f"{measure.title}（{unit}）" if unit else measure.title
        self.append(ScoringError("facts.type", place, reason, advice))


def column_of(
    measure: Measure, facts: Sequence[Fact | None], codes: Sequence[str], errors: ColumnErrors
) -> Value:
    """The column of a measure that is not a register, with its rule for missing facts applied."""
    given = [fact or _MISSING for fact in facts]
    cells = [_cell(measure, fact, code, errors) for fact, code in zip(given, codes, strict=True)]
    return _typed(measure.type, [_replaced(measure, cell) for cell in cells])


def ratio_part(
    facts: Sequence[Fact | None], part: str, measure: Measure, codes: Sequence[str], errors: ColumnErrors
) -> Vec:
    """Numerators or denominators of a ratio; missing where only the ratio itself was reported."""
    cells: list[Cell] = []
    for fact, code in zip(facts, codes, strict=True):
        held = fact or _MISSING
        known = held.state is State.VALUE
        cells.append(_number(measure, getattr(held, part), code, errors) if known else held.state)
    return vector([_replaced(measure, cell) for cell in cells])


def _cell(measure: Measure, fact: Fact, code: str, errors: ColumnErrors) -> Any:
    if fact.state is not State.VALUE:
        return fact.state
    if measure.type == "ratio" and fact.denominator is not None:
        return _quotient(measure, fact, code, errors)
    value = fact.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return State.MISSING
    return _READ[measure.type](measure, value, code, errors)


def _quotient(measure: Measure, fact: Fact, code: str, errors: ColumnErrors) -> Cell:
    top = _number(measure, fact.numerator, code, errors)
    bottom = _number(measure, fact.denominator, code, errors)
    if isinstance(top, State) or isinstance(bottom, State):
        return State.MISSING
    return Fraction(top) / Fraction(bottom) if bottom else State.UNDEFINED


def _number(measure: Measure, value: Any, code: str, errors: ColumnErrors) -> Cell:
    if value is None:
        return State.MISSING
    try:
        found = _exact(value)
    except (ValueError, ArithmeticError):
        errors.add(measure, code, f"“{value}”不是数。", "请填写数，如 12.5、85% 或 1/3。")
        return State.MISSING
    if measure.type == "integer" and found != int(found):
        errors.add(measure, code, f"“{value}”不是整数。", "请填写整数。")
    low, high = measure.low, measure.high
    if (low is not None and Fraction(found) < low) or (high is not None and Fraction(found) > high):
        least, most = "不限" if low is None else plain(low), "不限" if high is None else plain(high)
        errors.add(measure, code, f"“{value}”超出允许范围。", f"应在 {least} 至 {most} 之间。")
    return found


def _exact(value: Any) -> Exact:
    """A number as documents hold it, left as decimal where it is one."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _DECIMAL.match(value):
        return Decimal(value)
    return fraction(value)


def _boolean(measure: Measure, value: Any, code: str, errors: ColumnErrors) -> bool | State:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    errors.add(measure, code, f"“{value}”不是“是”或“否”。", "请填写 是 或 否。")
    return State.MISSING


def _text(measure: Measure, value: Any, code: str, errors: ColumnErrors) -> str:
    word = str(value)
    if measure.options and word not in measure.options:
        errors.add(measure, code, f"“{word}”不在可填文字之中。", f"可填：{'、'.join(measure.options)}。")
    return word


def _date(measure: Measure, value: Any, code: str, errors: ColumnErrors) -> Cell:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        errors.add(measure, code, f"“{value}”不是日期。", "请按 2020-12-31 的写法填写。")
        return State.MISSING
    return found.toordinal()


def _list(measure: Measure, value: Any, code: str, errors: ColumnErrors) -> list[Cell]:
    items = value if isinstance(value, list | tuple) else [value]
    return [_number(measure, item, code, errors) for item in items]


_READ: dict[str, Any] = {
    "number": _number, "integer": _number, "ratio": _number, "boolean": _boolean,
    "text": _text, "date": _date, "list": _list,
}  # fmt: skip


def _replaced(measure: Measure, cell: Any) -> Any:
    """The measure's rule for what was not reported (rules.md CV-10)."""
    if cell is not State.MISSING or measure.missing == "block":
        return cell
    if measure.missing == "not_applicable":
        return State.NOT_APPLICABLE
    return {"boolean": False, "text": "", "list": []}.get(measure.type, 0)


def _typed(kind: str, cells: list[Any]) -> Value:
    if kind == "boolean":
        return Mask.of(cells)
    if kind == "text":
        return Text.of(cells)
    if kind == "list":
        return _lists(cells)
    return vector(cells)


def _lists(cells: list[Any]) -> Rows:
    states = np.array([cell.value if isinstance(cell, State) else 0 for cell in cells], dtype=np.int8)
    rows: list[list[Cell]] = [[] if isinstance(cell, State) else cell for cell in cells]
    ids = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    items = vector([item for row in rows for item in row])
    return Rows(items, Partition(ids, len(rows)), states if states.any() else None)


def recoded(vector: Vec, wanted: dict[State, State]) -> Vec:
    """The same numbers with some states replaced by others (never by VALUE)."""
    if vector.states is None:
        return vector
    states = vector.states.copy()
    for old, new in wanted.items():
        states[vector.states == old.code] = new.code
    return Vec(vector.approx, vector.bound, vector.node, vector.size, states if states.any() else None)


def state_at(vector: Vec, state: State) -> Any:
    """Which cells are in a state."""
    return np.zeros(vector.size, dtype=bool) if vector.states is None else vector.states == state.code
