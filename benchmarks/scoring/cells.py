"""Cells to score: colleges of 35 units with 120 leaves, a fifth of each rule kind. Seeded, so every run scores the same."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
UNITS = 35
LEAVES_PER_RULE = 24
RULES = ("proportional", "band_table", "event_tally", "ratio_to_best", "panel_rating")
POINTS = 5
DIGITS = 4


@dataclass(frozen=True)
class Leaf:
    """One leaf of all units: rule, and up to three whole-number measures (in hundredths, but for counts)."""

    rule: str
    first: Ints
    second: Ints
    third: Ints


@dataclass(frozen=True)
class Cells:
    """All leaves of a number of colleges."""

    colleges: int

    @property
    def units(self) -> int:
        """Units of all colleges."""
        return self.colleges * UNITS

    @property
    def count(self) -> int:
        """Cells to score."""
        return self.units * LEAVES_PER_RULE * len(RULES)

    @cached_property
    def groups(self) -> Ints:
        """College of each unit."""
        return np.repeat(np.arange(self.colleges, dtype=np.int64), UNITS)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Leaves with their measures; a tenth of the values sits exactly on a limit."""
        random = np.random.default_rng(20201231)
        return [_leaf(rule, random, self.units) for rule in RULES for _ in range(LEAVES_PER_RULE)]


def _leaf(rule: str, random: np.random.Generator, units: int) -> Leaf:
    if rule == "panel_rating":
        first, second, third = (random.integers(0, 40, units) for _ in range(3))
        return Leaf(rule, first + 1, second, third)
    if rule == "event_tally":
        return Leaf(
            rule,
            random.integers(0, 6, units),
            random.integers(0, 1200, units),
            np.zeros(units, dtype=np.int64),
        )
    second = random.integers(10, 5000, units) * 20
    shares = random.choice(np.array([50, 70, 80, 90, 100]), units)
    free = random.integers(0, 120_000, units)
    first = np.where(random.random(units) < 0.1, second * shares // 100, free)
    return Leaf(rule, first, second, np.zeros(units, dtype=np.int64))
