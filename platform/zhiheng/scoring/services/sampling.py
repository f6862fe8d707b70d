"""Seeded random draws (随机抽样): reproducible from the recorded seed alone; rules PEO-8 and PEO-13."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction


def sample_size(population: int, share: Fraction, *, minimum: int = 0) -> int:
    """Return how many of ``population`` items a share of them makes: rounded up, never more than all (PEO-8)."""
    return min(population, max(minimum, math.ceil(share * population)))


def draw(items: Sequence[str], *, size: int, seed: str) -> tuple[str, ...]:
    """Draw ``size`` different items; equal seed and equal items give the same draw on every machine.

    Each item gets the SHA-256 digest of seed and item, the smallest digests win. Neither the order of the
    list nor the Python version matters, and anybody can repeat the draw with a common tool.

    Raises:
        ValueError: more items are asked for than there are different ones.
    """
    distinct = sorted(set(items))
    if size > len(distinct):
        msg = f"{size} asked for, {len(distinct)} different items eligible"
        raise ValueError(msg)
    return tuple(sorted(distinct, key=lambda item: (_digest(seed, item), item))[:size])


def draw_strata(
    strata: Mapping[str, Sequence[str]], *, share: Fraction, seed: str
) -> dict[str, tuple[str, ...]]:
    """Draw the same share from every stratum (分层抽样), each with its own seed made of seed and name."""
    return {
        name: draw(items, size=sample_size(len(set(items)), share), seed=f"{seed}/{name}")
        for name, items in sorted(strata.items())
    }


def _digest(seed: str, item: str) -> bytes:
    return hashlib.sha256(f"{seed}\x1f{item}".encode()).digest()
