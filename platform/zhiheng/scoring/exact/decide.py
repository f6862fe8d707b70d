"""Decisions: comparisons and roundings of vectors, proven by error and separation bounds.

Where the bounds prove it, one pass over the floats with a shifted limit decides exactly. Where they do not, the
cells nearer to the limit than the error are decided by fractions, all others by the floats.
"""

import operator
from collections.abc import Callable
from fractions import Fraction
from math import gcd, inf, lcm
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact.bound import UNIT, Bound

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Resolve: TypeAlias = Callable[[npt.NDArray[np.intp]], list[Fraction]]
"""Exact values (or differences) of the cells asked for."""

_WHOLE_LIMIT = 2.0**52
_SMALL = 2.0**-10
_SHIFTED: dict[str, tuple[Callable[[Any, Any], Bools], int]] = {
    "<": (np.less, -1),
    "<=": (np.less_equal, 1),
    ">": (np.greater, 1),
    ">=": (np.greater_equal, -1),
}
_PLAIN: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def tolerance(a: Bound, b: Bound) -> float:
    """Limit of |float a - float b| above which the floats tell the sign of the exact difference.

    Relative errors count at the smaller of the two magnitudes only: a cell far above it is far from equality.
    """
    if a.exact and b.exact:
        return 0.0
    size = min(a.magnitude, b.magnitude) * 2.0
    near = min(a.error, a.rel * size if a.rel < _SMALL else inf) + min(
        b.error, b.rel * size if b.rel < _SMALL else inf
    )
    if near > size / 16:
        near = a.error + b.error
    return near * 1.25 + size * 8 * UNIT + 1e-290


def separable(limit: float, grid: int) -> bool:
    """Whether values that differ, with denominators dividing `grid`, differ by more than errors can hide."""
    return bool(grid) and limit * 4.0 * float(grid) < 1.0


def compare(relation: str, a: Floats, b: Floats, bounds: tuple[Bound, Bound], resolve: Resolve) -> Bools:
    """Exact truth of `a relation b`; `resolve` gives exact differences a - b."""
    limit = tolerance(*bounds)
    if limit == 0.0:
        return np.asarray(_PLAIN[relation](a, b))
    if separable(limit, joint_grid(*bounds)):
        return _compare_shifted(relation, a, b, limit)
    result = np.asarray(_PLAIN[relation](a, b))
    with np.errstate(invalid="ignore", over="ignore"):
        doubtful = np.flatnonzero(~(np.abs(a - b) > limit))
    for cell, difference in zip(doubtful, resolve(doubtful), strict=True):
        result[cell] = _PLAIN[relation](difference, 0)
    return result


def _compare_shifted(relation: str, a: Floats, b: Floats, limit: float) -> Bools:
    if relation in _SHIFTED:
        function, direction = _SHIFTED[relation]
        return function(a, b + direction * limit) if a.ndim else function(a - direction * limit, b)
    near = np.abs(a - b) <= limit
    return near if relation == "==" else ~near


def joint_grid(a: Bound, b: Bound) -> int:
    """Common denominator bound of two vectors, 0 if unknown."""
    return lcm(a.den, b.den) * a.var * b.var if a.den and b.den else 0


def quantise(values: Floats, bound: Bound, scale: int, half: bool, resolve: Resolve) -> Floats | None:
    """floor(values * scale), or half up away from zero; None when the result does not fit whole floats.

    The result holds whole numbers as floats. `resolve` gives exact values.
    """
    size = bound.magnitude * scale
    if not size < _WHOLE_LIMIT:
        return None
    limit = bound.error * scale * 1.25 + (size + 1.0) * 4 * UNIT
    grid = 2 * bound.den // gcd(bound.den, scale) * bound.var
    offset = 0.5 if half else 0.0
    signed = half and bound.lo < 0
    scaled = values * scale if scale != 1 else values
    if bound.exact and scale == 1 and not half:
        return np.floor(scaled)
    if signed:
        scaled = np.abs(scaled)
    if separable(limit, grid):
        whole = np.floor(scaled + (offset + limit))
        return np.copysign(whole, values) if signed else whole
    shifted = scaled + offset
    whole = np.floor(shifted)
    doubtful = _near_whole(shifted, whole, limit)
    if signed:
        whole = np.copysign(whole, values)
    for cell, number in zip(doubtful, resolve(doubtful), strict=True):
        whole[cell] = round_fraction(number, scale, half)
    return whole


def _near_whole(shifted: Floats, whole: Floats, limit: float) -> npt.NDArray[np.intp]:
    with np.errstate(invalid="ignore"):
        part = shifted - whole
        return np.flatnonzero(~((part > limit) & (part < 1.0 - limit)))


def round_fraction(number: Fraction, scale: int, half: bool) -> int:
    """floor(number * scale), or half up with halves away from zero, as a whole number."""
    if not half:
        return number.numerator * scale // number.denominator
    size = (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)
    return size if number >= 0 else -size
