"""Statistics of the cells that count in each group, as vectors over the groups.

All but the standard deviation are as exact as their inputs. A statistic of nothing is UNDEFINED, but a sum or count is 0.
"""

from collections.abc import Callable
from dataclasses import replace
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
    approx: Floats = np.bincount(s.ids, weights=s.values, minlength=s.partition.count).astype(np.float64)
    largest = int(s.counts.max(initial=0))
    return Vec(approx, bounds.total(v.bound, largest), Reduced(v.node, s.members, sum_of), s.partition.count)


def mean(s: Selection) -> Vec:
    """Sum over count."""
    return total(s) / count(s)


def smallest(s: Selection) -> Vec:
    """Least value."""
    return _order_statistic(s, min, 0, 0)


def largest(s: Selection) -> Vec:
    """Greatest value."""
    return _order_statistic(s, max, 1, 0)


def median(s: Selection) -> Vec:
    """Middle value, or the mean of the two middle values."""
    return quantile(s, Fraction(1, 2))


def quantile(s: Selection, q: Fraction) -> Vec:
    """Quantile with linear interpolation: place q * (n - 1) among the sorted values, counted from 0."""
    return _order_statistic(s, lambda numbers: quantile_of(numbers, q), q, 1)


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
    return Vec(result.approx, result.bound, Listed(roots), result.size, _undefined_below(numbers, least))


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


def _order_statistic(
    s: Selection, function: Callable[[list[Fraction]], Fraction], q: Fraction | int, spread: int
) -> Vec:
    values, ids = s.values, s.ids
    ordered = values[np.lexsort((values, ids))]
    numbers = s.counts
    ends = np.cumsum(numbers)
    share = Fraction(q)
    top = np.maximum(numbers - 1, 0)
    below = top * share.numerator // share.denominator
    part = (top * share.numerator - below * share.denominator) / share.denominator
    first = np.minimum(ends - numbers + below, max(ordered.size - 1, 0))
    second = np.minimum(first + (part > 0), max(ordered.size - 1, 0))
    padded = ordered if ordered.size else np.zeros(1)
    with np.errstate(all="ignore"):
        approx = padded[first] if not spread else padded[first] * (1 - part) + padded[second] * part
    approx = np.where(numbers > 0, approx, 0.0)
    states = _undefined_below(numbers, 1)
    node = Reduced(s.vector.node, s.members, function)
    return Vec(approx, _interpolated(s.vector.bound, share, spread), node, s.partition.count, states)


def _interpolated(bound: bounds.Bound, share: Fraction, spread: int) -> bounds.Bound:
    if not spread:
        return bound
    den, var = bound.den * share.denominator, bound.var * bound.var
    known = 0 < den * var < 10**100
    size = bound.magnitude + bound.error
    err = (bound.error + 8 * UNIT * size) * 1.001 + 1e-300
    return replace(bound, err=err, rel=np.inf, tiny=0.0, den=den if known else 0, var=var if known else 1)


def _undefined_below(numbers: npt.NDArray[np.integer], least: int) -> States:
    return tidy(np.where(numbers < least, State.UNDEFINED.code, np.int8(0)))
