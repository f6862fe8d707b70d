"""Plain NumPy in float64: the fastest way that is not exact."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks.scoring.cells import DIGITS, POINTS, UNITS, Cells, Ints, Leaf

Floats = npt.NDArray[np.float64]
Rule = Callable[[Leaf, Ints], Floats]


def score(cells: Cells) -> list[Ints]:
    """Points of every leaf in units of 10**-4, rounded with floor(x + 0.5)."""
    return [_rounded(RULES[leaf.rule](leaf, cells.groups)) for leaf in cells.leaves]


def _rounded(points: Floats) -> Ints:
    return np.floor(points * 10**DIGITS + 0.5).astype(np.int64)


def _proportional(leaf: Leaf, _: Ints) -> Floats:
    return np.minimum((leaf.first / 100) * POINTS / (leaf.second / 100), POINTS)


def _band_table(leaf: Leaf, groups: Ints) -> Floats:
    over, under = leaf.first / 100, leaf.second / 100
    pooled = np.bincount(groups, weights=over) / np.bincount(groups, weights=under)
    share = over / under / pooled[groups]
    return np.where(share >= 1, 5.0, np.where(share >= 0.9, 4.0, np.where(share >= 0.7, 2.5, 0.0)))


def _event_tally(leaf: Leaf, _: Ints) -> Floats:
    steps = np.floor(leaf.second / 100 / 3)
    return np.clip(3 + leaf.first * 0.5 - steps * 0.2, 0, POINTS)


def _ratio_to_best(leaf: Leaf, groups: Ints) -> Floats:
    value = leaf.first / 100
    best = np.maximum.reduceat(value, np.arange(0, value.size, UNITS))
    return value * POINTS / best[groups]


def _panel_rating(leaf: Leaf, _: Ints) -> Floats:
    points = leaf.first * 0.9 + leaf.second * 0.7 + leaf.third * 0.5
    return points * POINTS / (leaf.first + leaf.second + leaf.third)


RULES: dict[str, Rule] = {
    "proportional": _proportional,
    "band_table": _band_table,
    "event_tally": _event_tally,
    "ratio_to_best": _ratio_to_best,
    "panel_rating": _panel_rating,
}
