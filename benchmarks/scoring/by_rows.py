"""One cell at a time: Decimal, as business software usually does it, and Fraction, which is the truth."""

from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

import numpy as np

from benchmarks.scoring.cells import DIGITS, POINTS, UNITS, Cells, Ints, Leaf

N = TypeVar("N", Decimal, Fraction)


def score_decimal(cells: Cells) -> list[Ints]:
    """Points of every leaf in units of 10**-4, by Decimal with 28 digits."""
    return [_column(leaf, Decimal, _floor_decimal, _round_decimal) for leaf in cells.leaves]


def score_fraction(cells: Cells) -> list[Ints]:
    """The exact points of every leaf in units of 10**-4."""
    return [_column(leaf, Fraction, lambda x: Fraction(floor(x)), _round_fraction) for leaf in cells.leaves]


def _column(
    leaf: Leaf, number: Callable[[int], N], down: Callable[[N], N], rounded: Callable[[N], int]
) -> Ints:
    columns = [[number(cell) for cell in part.tolist()] for part in (leaf.first, leaf.second, leaf.third)]
    points: list[int] = []
    for start in range(0, leaf.first.size, UNITS):
        rows = [column[start : start + UNITS] for column in columns]
        points.extend(map(rounded, _points(leaf.rule, rows, number, down)))
    return np.array(points, dtype=np.int64)


def _points(
    rule: str, rows: Sequence[list[N]], number: Callable[[int], N], down: Callable[[N], N]
) -> list[N]:
    first, second, third = rows
    full, none, hundred = number(POINTS), number(0), number(100)
    tenths = [number(n) / number(10) for n in range(10)]
    if rule == "proportional":
        return [min(full, a / hundred * full / (b / hundred)) for a, b in zip(first, second, strict=True)]
    if rule == "event_tally":
        start = number(3)
        steps = [down(b / hundred / start) for b in second]
        raw = [start + a * tenths[5] - s * tenths[2] for a, s in zip(first, steps, strict=True)]
        return [min(full, max(none, points)) for points in raw]
    if rule == "ratio_to_best":
        best = max(first)
        return [a * full / best for a in first]
    if rule == "panel_rating":
        return [
            (a * tenths[9] + b * tenths[7] + c * tenths[5]) * full / (a + b + c)
            for a, b, c in zip(first, second, third, strict=True)
        ]
    pooled = sum(first, none) / sum(second, none)
    bands = ((number(1), full), (tenths[9], number(4)), (tenths[7], full / number(2)))
    shares = [a / b / pooled for a, b in zip(first, second, strict=True)]
    return [next((points for limit, points in bands if share >= limit), none) for share in shares]


def _floor_decimal(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_FLOOR)


def _round_decimal(number: Decimal) -> int:
    return int(number.scaleb(DIGITS).to_integral_value(ROUND_HALF_UP))


def _round_fraction(number: Fraction) -> int:
    return (2 * number.numerator * 10**DIGITS + number.denominator) // (2 * number.denominator)
