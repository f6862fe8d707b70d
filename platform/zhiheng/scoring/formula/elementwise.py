"""What the functions do that work on each unit (or each element of a list) by itself."""

from datetime import date
from fractions import Fraction

import numpy as np

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Mask, State, Text, Vec
from zhiheng.scoring.exact.functions import decide_whole
from zhiheng.scoring.exact.states import is_value
from zhiheng.scoring.formula.types import Column, mismatch


def choose(*parts: Column) -> Column:
    """The value after the first condition that is true, else the last; states as in `where`."""
    result = parts[-1]
    for place in range(len(parts) - 3, -1, -2):
        condition, value = parts[place], parts[place + 1]
        result = _either(_mask(condition), value, result)
    return result


def _either(condition: Mask, yes: Column, no: Column) -> Column:
    if isinstance(yes, Vec) and isinstance(no, Vec):
        return exact.where(condition, yes, no)
    if isinstance(yes, Mask) and isinstance(no, Mask):
        states = _pick_states(condition, yes.states, no.states)
        return Mask(np.where(condition.truth, yes.truth, no.truth) & is_value(states, condition.size), states)
    if isinstance(yes, Text) and isinstance(no, Text):
        states = _pick_states(condition, yes.states, no.states)
        return Text(np.where(condition.truth, yes.values, no.values), states)
    raise mismatch("相同类型的两项")


def _pick_states(condition: Mask, yes: exact.States, no: exact.States) -> exact.States:
    if condition.states is None and yes is None and no is None:
        return None
    zero = np.zeros(condition.size, dtype=np.int8)
    picked = np.where(condition.truth, zero if yes is None else yes, zero if no is None else no)
    own = zero if condition.states is None else condition.states
    return np.where(own == 0, picked, own).astype(np.int8)


def smallest(*parts: Vec) -> Vec:
    """Least of several numbers."""
    result = parts[0]
    for part in parts[1:]:
        result = exact.minimum(result, part)
    return result


def greatest(*parts: Vec) -> Vec:
    """Greatest of several numbers."""
    result = parts[0]
    for part in parts[1:]:
        result = exact.maximum(result, part)
    return result


def steps(value: Vec, step: Vec, reading: str) -> Vec:
    """How many steps fit into a value (rules.md CV-5): whole floor, started ceil, proportional unrounded."""
    quotient = value / step
    if reading == "whole":
        return exact.floor(quotient)
    return exact.ceil(quotient) if reading == "started" else quotient


def rounding(value: Vec, digits: Fraction | None = None) -> Vec:
    """Half up to a number of decimals, halves away from zero."""
    return exact.round_half_up(value, int(digits or 0))


def one_of(value: Text, *choices: Text) -> Mask:
    """Whether a text is one of several."""
    result = value.eq(choices[0])
    for choice in choices[1:]:
        result = result | value.eq(choice)
    return result


def has(*states: State) -> "_StateTest":
    """Test for states, true or false in every cell."""
    return _StateTest(states)


class _StateTest:
    def __init__(self, states: tuple[State, ...]) -> None:
        self.states = states

    def __call__(self, value: Column) -> Mask:
        codes = np.zeros(value.size, dtype=np.int8) if value.states is None else value.states
        return Mask(np.isin(codes, [state.code for state in self.states]))


def replaced(value: Column, default: Column) -> Column:
    """The value where there is one, else the default."""
    return _either(Mask(is_value(value.states, value.size)), value, default)


def calendar_part(unit: str) -> "_CalendarPart":
    """Function that gives the year, month or day of dates."""
    return _CalendarPart(unit)


class _CalendarPart:
    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __call__(self, value: Vec) -> Vec:
        days = decide_whole(value, 1, half=False)
        numbers = np.asarray(days, dtype=np.float64).astype(np.int64)
        parts = [_part(number, self.unit) for number in numbers.tolist()]
        return Vec.from_decimals(np.array(parts, dtype=np.int64)).with_states(value.states)


def _part(ordinal: int, unit: str) -> int:
    if not 1 <= ordinal <= date.max.toordinal():
        return 0
    found: int = getattr(date.fromordinal(ordinal), unit)
    return found


def days_between(start: Vec, end: Vec) -> Vec:
    """Days from one date to another."""
    return end - start


def day_number(text: str) -> int:
    """Ordinal of a date written 2020-12-31, 2020/12/31, 2020.12.31 or 2020年12月31日."""
    plain = text.strip().removesuffix("日")
    for sign in "年月/.":
        plain = plain.replace(sign, "-")
    year, month, day = (int(part) for part in plain.split("-"))
    return date(year, month, day).toordinal()


def refuse_date(text: str) -> str | None:
    """Reason why a text is not a date."""
    try:
        day_number(text)
    except ValueError:
        return f"「{text}」不是日期，请写成 2020-12-31。"
    return None


def refuse_digits(digits: Fraction) -> str | None:
    """Reason why a number is no number of decimals."""
    whole = digits.denominator == 1 and -9 <= digits <= 12
    return None if whole else "位数应是 -9 到 12 的整数。"


def _mask(value: Column) -> Mask:
    if not isinstance(value, Mask):
        raise mismatch("是否")
    return value
