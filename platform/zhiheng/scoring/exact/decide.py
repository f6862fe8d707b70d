"""Decisions: comparisons and roundings of vectors, proven by error and separation bounds.

Where the bounds prove it, one pass over the floats with a shifted limit decides exactly. Where they do not, the
cells nearer to the limit than the error are decided by fractions, all others by the floats.
"""

import operator
from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact.bound import SMALL, UNIT, Bound
from zhiheng.scoring.exact.buffers import spare

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]
Resolve: TypeAlias = Callable[[Places], list[Fraction]]
"""Exact values (or differences) of the cells asked for."""

_WHOLE_LIMIT = 2.0**52
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
    ea, eb = a.error, b.error
    near = (min(ea, a.rel * size) if a.rel < SMALL else ea) + (min(eb, b.rel * size) if b.rel < SMALL else eb)
    if near > size / 16:
        near = ea + eb
    return near * 1.25 + size * 8 * UNIT + 1e-290


def separable(limit: float, grid: int) -> bool:
    """Whether values that differ, with denominators dividing `grid`, differ by more than errors can hide."""
    return bool(grid) and limit * 4.0 * float(grid) < 1.0


def compare(relation: str, a: Floats, b: Floats, bounds: tuple[Bound, Bound]) -> Bools | None:
    """Exact truth of `a relation b` if the bounds prove it, else None."""
    one, two = bounds
    limit = tolerance(one, two)
    if limit == 0.0:
        return np.asarray(_PLAIN[relation](a, b))
    if not separable(limit, joint_grid(one, two)):
        return None
    if one.nearest and two.nearest:
        return np.asarray(_PLAIN[relation](a, b))
    if relation in _SHIFTED:
        function, direction = _SHIFTED[relation]
        return function(a, b + direction * limit) if a.ndim else function(a - direction * limit, b)
    near = (a >= b - limit) & (a <= b + limit)
    return near if relation == "==" else ~near


def compare_doubtful(
    relation: str, a: Floats, b: Floats, bounds: tuple[Bound, Bound], resolve: Resolve
) -> Bools:
    """Exact truth of `a relation b`; `resolve` gives exact differences a - b of cells too close for floats."""
    limit = tolerance(*bounds)
    with np.errstate(invalid="ignore", over="ignore"):
        above, reached = a > b + limit, a >= b - limit
    result = _certain(relation, above, reached)
    known = np.isfinite(limit) and np.count_nonzero(above) == np.count_nonzero(reached)
    if known:
        return result
    doubtful = np.flatnonzero(above != reached) if np.isfinite(limit) else np.arange(result.size)
    for cell, difference in zip(doubtful, resolve(doubtful), strict=True):
        result[cell] = _PLAIN[relation](difference, 0)
    return result


def _certain(relation: str, above: Bools, reached: Bools) -> Bools:
    """Truth where `above` and `reached` (a > b and a >= b, give or take the error) agree."""
    if relation in (">", ">="):
        return above.copy()
    if relation in ("<", "<="):
        return ~reached
    return np.full(above.shape, relation == "!=")


def joint_grid(a: Bound, b: Bound) -> int:
    """Common denominator bound of two vectors, 0 if unknown."""
    return lcm(a.den, b.den) * a.var * b.var if a.den and b.den else 0


class Quantum(NamedTuple):
    """取整方式: floor(value * scale), or half up with halves away from zero."""

    scale: int
    half: bool

    def of(self, number: Fraction) -> int:
        """Exact result for one number."""
        return round_fraction(number, self.scale, self.half)


def fits(bound: Bound, scale: int) -> bool:
    """Whether all values times `scale` are whole floats after rounding."""
    return bound.magnitude * scale < _WHOLE_LIMIT


def quantise(values: Floats, bound: Bound, quantum: Quantum) -> Floats | None:
    """Rounded values times the scale, as whole floats, if the bounds prove them; else None."""
    scale, half = quantum
    if not fits(bound, scale):
        return None
    if bound.exact and scale == 1 and not half:
        return np.floor(values)
    limit = _quantum_limit(bound, scale)
    grid = 2 * bound.den // gcd(bound.den, scale) * bound.var
    if not separable(limit, grid):
        return None
    scaled = np.multiply(values, float(scale), out=spare(values))
    signed = half and bound.lo < 0
    if signed:
        np.abs(scaled, out=scaled)
    scaled += (0.5 if half else 0.0) + limit
    np.floor(scaled, out=scaled)
    return np.copysign(scaled, values, out=scaled) if signed else scaled


def quantise_doubtful(values: Floats, bound: Bound, quantum: Quantum, resolve: Resolve) -> Floats:
    """Rounded values times the scale, as whole floats; `resolve` gives exact values where floats leave a doubt."""
    scale, half = quantum
    signed = half and bound.lo < 0
    scaled = values * scale if scale != 1 else values
    shifted = (np.abs(scaled) if signed else scaled) + (0.5 if half else 0.0)
    whole = np.floor(shifted)
    doubtful = _near_whole(shifted, whole, _quantum_limit(bound, scale))
    if signed:
        whole = np.copysign(whole, values)
    for cell, number in zip(doubtful, resolve(doubtful), strict=True):
        whole[cell] = quantum.of(number)
    return whole


def _quantum_limit(bound: Bound, scale: int) -> float:
    return bound.error * scale * 1.25 + (bound.magnitude * scale + 1.0) * 4 * UNIT


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
