"""Ranks by several keys: each further key decides only among units still tied (rules.md CV-9)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact import Mask, Partition, State, Vec, group_rank, where
from zhiheng.scoring.exact.groups import Ties

Bools = npt.NDArray[np.bool_]
_LOWEST = Fraction(-(10**15))


def refined_rank(keys: Sequence[tuple[Vec, bool]], groups: Partition, peers: Bools) -> Vec:
    """Competition rank by the first key, ties decided by the next ones; each key says whether higher is better.

    A unit without value in a key comes after those that have one.
    """
    rank = Vec.constant(1, groups.size)
    for key, higher in keys:
        filled = where(Mask(key.known()), key, _LOWEST if higher else -_LOWEST)
        within = _tied(rank, groups, peers)
        inner = group_rank(filled, within, peers, descending=higher)
        rank = rank + inner - 1
    outside = Vec.unavailable(State.NOT_APPLICABLE, groups.size)
    return where(Mask(peers & (groups.ids >= 0)), rank, outside)


def with_ties(rank: Vec, groups: Partition, peers: Bools, ties: str) -> Vec:
    """A competition rank turned into another way of numbering ties."""
    return (
        rank
        if ties == "competition"
        else group_rank(rank, groups, peers, descending=False, ties=cast(Ties, ties))
    )


def tied(rank: Vec, groups: Partition, peers: Bools) -> Bools:
    """Units that share their rank with another of their group."""
    pairs = _pairs(rank, groups, peers)
    counts: dict[tuple[int, object], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return np.array([counts[pair] > 1 and pair[0] >= 0 for pair in pairs], dtype=bool)


def _tied(rank: Vec, groups: Partition, peers: Bools) -> Partition:
    """Units of one group and one rank as groups of their own."""
    numbers: dict[tuple[int, object], int] = {}
    ids = [
        -1 if pair[0] < 0 else numbers.setdefault(pair, len(numbers)) for pair in _pairs(rank, groups, peers)
    ]
    return Partition(np.array(ids, dtype=np.intp), max(len(numbers), 1))


def _pairs(rank: Vec, groups: Partition, peers: Bools) -> list[tuple[int, object]]:
    values = rank.to_list()
    return [
        (int(group) if peers[cell] else -1, values[cell] if peers[cell] else cell)
        for cell, group in enumerate(groups.ids.tolist())
    ]
