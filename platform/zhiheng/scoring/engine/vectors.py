"""Vectors out of single numbers, by the fastest exact way in: whole numbers over a power of ten where possible."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from zhiheng.scoring.exact import State, Vec

Exact = int | Decimal | Fraction
Cell = Exact | State
_DIGITS = 9
_LIMIT = 2**53


def vector(cells: Sequence[Cell]) -> Vec:
    """Vector of exact numbers and states."""
    parts = [_scaled(cell) for cell in cells]
    if None not in parts:
        known = [part for part in parts if part is not None]
        digits = max((places for _, places in known), default=0)
        whole = [number * 10 ** (digits - places) for number, places in known]
        if digits <= _DIGITS and all(-_LIMIT < number < _LIMIT for number in whole):
            return Vec.from_decimals(np.array(whole, dtype=np.int64), digits, _states(cells))
    return Vec.of([Fraction(cell) if isinstance(cell, Decimal) else cell for cell in cells])


def by_type(values: Mapping[str, Fraction], types: Sequence[str]) -> Vec:
    """A number per unit from numbers by unit type; not applicable where the type has none."""
    return vector([values.get(code, State.NOT_APPLICABLE) for code in types])


def _states(cells: Sequence[Cell]) -> "np.ndarray[tuple[int], np.dtype[np.int8]] | None":
    codes = [cell.value if isinstance(cell, State) else 0 for cell in cells]
    return np.array(codes, dtype=np.int8) if any(codes) else None


def _scaled(cell: Cell) -> tuple[int, int] | None:
    """A number as a whole number and decimal places; None for fractions that do not end."""
    if type(cell) is int:
        return cell, 0
    if isinstance(cell, State):
        return 0, 0
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -_DIGITS:
            return None
        return (int(cell), 0) if exponent >= 0 else (int(cell.scaleb(-exponent)), -exponent)
    return _ending(Fraction(cell))


def _ending(number: Fraction) -> tuple[int, int] | None:
    for places in (0, 1, 2, 3, 4, 6, _DIGITS):
        if 10**places % number.denominator == 0:
            return number.numerator * (10**places // number.denominator), places
    return None
