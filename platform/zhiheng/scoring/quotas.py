"""Whole places out of shares: rounding one share, and distributions that add up to n (rules.md JZU-G1, JZU-G9)."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor


def rounded(value: Fraction, how: str) -> int:
    """A number of places as a whole number: floor, ceil, or half_up (away from zero)."""
    if how == "floor":
        return floor(value)
    if how == "ceil":
        return ceil(value)
    size = floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def rounded_share(base: int, share: Fraction, how: str) -> int:
    """`share` of `base` places."""
    return rounded(base * share, how)


def largest_remainder(total: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole parts of `total` in proportion to the shares that add up to `total` (the earlier wins equal remainders)."""
    whole = sum(shares.values(), Fraction(0)) or Fraction(1)
    exact = {name: total * share / whole for name, share in shares.items()}
    counts = {name: floor(value) for name, value in exact.items()}
    rest = total - sum(counts.values())
    by_remainder = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in by_remainder[:rest]:
        counts[name] += 1
    return counts
