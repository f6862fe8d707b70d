"""Statistics of the cells that count in each group, as vectors over the groups.

All but the standard deviation are as exact as their inputs. A statistic of nothing is UNDEFINED, but a sum or count is 0.
"""

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact import bound as bounds
from zhiheng.scoring.exact.bound import UNIT
from zhiheng.scoring.exact.decide import Floats
from zhiheng.scoring.exact.nodes import Listed, Reduced, evaluate
from zhiheng.scoring.exact.partition import Selection
from zhiheng.scoring.exact.states import State, States, tidy
from zhiheng.scoring.exact.vec import Vec

ROOT_DIGITS = 12
"""Decimals to which an irrational standard deviation is defined, half up."""


def count(s: Selection) -> Vec:
    """How many cells count."""
    return Vec.whole(s.counts.astype(np.float64))


def total(s: Selection) -> Vec:
    """Sum; 0 of nothing."""
    v = s.vector
    counts = s.counts
    most = int(counts.max(initial=0))
    with np.errstate(all="ignore"):
        approx = _by_segment(np.add, s, counts)
    return Vec(approx, bounds.total(v.bound, most), Reduced(v.node, s.members, sum_of), s.partition.count)


def mean(s: Selection) -> Vec:
    """Sum over count."""
    return total(s) / count(s)


def smallest(s: Selection) -> Vec:
    """Least value."""
    return _extreme(s, np.minimum, min)


def largest(s: Selection) -> Vec:
    """Greatest value."""
    return _extreme(s, np.maximum, max)


def median(s: Selection) -> Vec:
    """Middle value, or the mean of the two middle values."""
    return quantile(s, Fraction(1, 2))


def quantile(s: Selection, q: Fraction) -> Vec:
    """Quantile with linear interpolation: place q * (n - 1) among the sorted values, counted from 0."""
    counts = s.counts
    top = np.maximum(counts - 1, 0)
    below = top * q.numerator // q.denominator
    part = (top * q.numerator - below * q.denominator) / q.denominator
    ordered = sorted_within(s, counts)
    with np.errstate(all="ignore"):
        approx = ordered(below) * (1 - part) + ordered(below + (part > 0)) * part
    node = Reduced(s.vector.node, s.members, lambda numbers: quantile_of(numbers, q))
    approx = np.where(counts > 0, approx, 0.0)
    return Vec(approx, _interpolated(s.vector.bound, q), node, counts.size, undefined_below(counts, 1))


def sorted_within(
    s: Selection, counts: npt.NDArray[np.integer]
) -> Callable[[npt.NDArray[np.integer]], Floats]:
    """Function that gives, for a place in each group, the value at that place in rising order."""
    _, ids, values = s.in_order()
    if not values.size:
        return lambda place: np.zeros(place.size)
    width = int(counts.max())
    starts = np.cumsum(counts) - counts
    if width * counts.size > 8 * values.size + 1000:
        ordered = values[np.lexsort((values, ids))]
        return lambda place: ordered[np.minimum(starts + place, ordered.size - 1)]
    if width * counts.size == values.size:
        table = values.reshape(counts.size, width)
    else:
        table = np.full((counts.size, width), np.inf)
        table[ids, np.arange(values.size) - starts[ids]] = values
    table = np.sort(table, axis=1)
    rows = np.arange(counts.size)
    return lambda place: table[rows, np.minimum(place, width - 1)]


def quantile_of(numbers: list[Fraction], q: Fraction) -> Fraction:
    """Exact quantile of a list that is not empty."""
    ordered = sorted(numbers)
    place = q * (len(ordered) - 1)
    below = place.numerator // place.denominator
    part = place - below
    return ordered[below] if not part else ordered[below] * (1 - part) + ordered[below + 1] * part


def stddev(s: Selection, *, sample: bool) -> Vec:
    """Standard deviation, of the population or with n - 1; the exact root rounded half up to 12 decimals."""
    numbers = s.counts
    least = 2 if sample else 1
    live = np.flatnonzero(numbers >= least)
    members = [s.members(int(group)) for group in live]
    flat = iter(evaluate(s.vector.node, [cell for cells in members for cell in cells]))
    roots = [Fraction(0)] * s.partition.count
    for group, cells in zip(live, members, strict=True):
        roots[group] = root_of_variance([next(flat) for _ in cells], sample=sample)
    result = Vec.of(roots)
    return Vec(result.approx, result.bound, Listed(roots), result.size, undefined_below(numbers, least))


def root_of_variance(numbers: list[Fraction], *, sample: bool) -> Fraction:
    """Standard deviation of a list, rounded half up to 12 decimals."""
    n = len(numbers)
    middle = sum_of(numbers) / n
    variance = sum_of([(x - middle) ** 2 for x in numbers]) / (n - 1 if sample else n)
    return root(variance, ROOT_DIGITS)


def root(number: Fraction, digits: int) -> Fraction:
    """Square root rounded half up to `digits` decimals: the largest k with (2k - 1)**2 <= 4 * number * 10**(2 digits)."""
    scale = 10**digits
    four = 4 * number.numerator * scale * scale // number.denominator
    return Fraction((isqrt(four) + 1) // 2, scale)


def sum_of(numbers: list[Fraction]) -> Fraction:
    """Exact sum over a common denominator."""
    return sum(numbers, Fraction(0))


def _extreme(s: Selection, ufunc: np.ufunc, function: Callable[[list[Fraction]], Fraction]) -> Vec:
    counts = s.counts
    node = Reduced(s.vector.node, s.members, function)
    approx = _by_segment(ufunc, s, counts)
    return Vec(approx, s.vector.bound, node, counts.size, undefined_below(counts, 1))


def _by_segment(ufunc: np.ufunc, s: Selection, counts: npt.NDArray[np.integer]) -> Floats:
    """The ufunc reduced over each group; 0 for groups without cells."""
    _, _, values = s.in_order()
    full = counts > 0
    approx = np.zeros(counts.size)
    if values.size:
        starts = np.cumsum(counts) - counts
        approx[full] = ufunc.reduceat(values, starts[full])
    return approx


def _interpolated(bound: bounds.Bound, q: Fraction) -> bounds.Bound:
    den, var = bound.den * q.denominator, bound.var * bound.var
    known = 0 < den * var < 10**100
    size = bound.magnitude + bound.error
    err = (bound.error + 8 * UNIT * size) * 1.001 + 1e-300
    return bound._replace(
        err=err, rel=np.inf, tiny=0.0, den=den if known else 0, var=var if known else 1, nearest=False
    )


def undefined_below(counts: npt.NDArray[np.integer], least: int) -> States:
    """UNDEFINED for the groups with fewer than `least` cells that count."""
    return tidy(np.where(counts < least, State.UNDEFINED.code, np.int8(0)))
