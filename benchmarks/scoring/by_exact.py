"""This engine: exact vectors."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from benchmarks.scoring.cells import DIGITS, POINTS, UNITS, Cells, Ints, Leaf
from zhiheng.scoring import exact
from zhiheng.scoring.exact import Partition, Vec

Rule = Callable[[Leaf, Partition], Vec]


def score(cells: Cells) -> list[Ints]:
    """Points of every leaf in units of 10**-4."""
    groups = Partition(cells.groups, cells.colleges)
    return [exact.scaled(RULES[leaf.rule](leaf, groups), DIGITS) for leaf in cells.leaves]


def colleges(cells: Cells) -> list[list[Leaf]]:
    """The leaves of each college."""
    return [
        [Leaf(x.rule, x.first[own], x.second[own], x.third[own]) for x in cells.leaves]
        for own in (slice(start, start + UNITS) for start in range(0, cells.units, UNITS))
    ]


def score_by_college(parts: list[list[Leaf]]) -> list[Ints]:
    """The same, one college after the other, as a college runs it."""
    groups = Partition(np.zeros(UNITS, dtype=np.int64), 1)
    found = [[exact.scaled(RULES[leaf.rule](leaf, groups), DIGITS) for leaf in leaves] for leaves in parts]
    return [np.concatenate(columns) for columns in zip(*found, strict=True)]


def _measure(numbers: Ints) -> Vec:
    return Vec.from_decimals(numbers, 2)


def _proportional(leaf: Leaf, _: Partition) -> Vec:
    return exact.minimum(_measure(leaf.first) * POINTS / _measure(leaf.second), POINTS)


def _band_table(leaf: Leaf, groups: Partition) -> Vec:
    over, under = _measure(leaf.first), _measure(leaf.second)
    share = over / under / exact.group_ratio(over, under, groups)
    low = exact.where(share >= Fraction(7, 10), Vec.constant("2.5", share.size), 0)
    return exact.where(share >= 1, POINTS, exact.where(share >= Fraction(9, 10), 4, low))


def _event_tally(leaf: Leaf, _: Partition) -> Vec:
    steps = exact.floor(_measure(leaf.second) / 3)
    return exact.clamp(3 + Vec.from_decimals(leaf.first) * Fraction(1, 2) - steps * Fraction(1, 5), 0, POINTS)


def _ratio_to_best(leaf: Leaf, groups: Partition) -> Vec:
    value = _measure(leaf.first)
    return value * POINTS / exact.group_max(value, groups)


def _panel_rating(leaf: Leaf, _: Partition) -> Vec:
    excellent, qualified, failed = map(Vec.from_decimals, (leaf.first, leaf.second, leaf.third))
    points = excellent * Fraction(9, 10) + qualified * Fraction(7, 10) + failed * Fraction(1, 2)
    return points * POINTS / (excellent + qualified + failed)


RULES: dict[str, Rule] = {
    "proportional": _proportional,
    "band_table": _band_table,
    "event_tally": _event_tally,
    "ratio_to_best": _ratio_to_best,
    "panel_rating": _panel_rating,
}
