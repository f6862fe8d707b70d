"""Statistics of peer groups, given back to every cell of the group.

`groups` holds a group number per cell (-1: none), `peers` says who counts (default: everybody). Not applicable,
excused and rejected peers stay out; a missing peer blocks the statistic unless `missing` says otherwise.
"""

from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from zhiheng.scoring.exact import reduce
from zhiheng.scoring.exact.decide import Floats, joint_grid, separable, tolerance
from zhiheng.scoring.exact.functions import fill, take
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.nodes import evaluate
from zhiheng.scoring.exact.partition import Bools, Ints, Missing, Partition, Selection, select, spread
from zhiheng.scoring.exact.states import State, tidy, worst
from zhiheng.scoring.exact.vec import Number, Vec, compare, to_fraction

Groups: TypeAlias = Partition | Ints
Ties: TypeAlias = Literal["competition", "dense", "average", "max"]
"""1,2,2,4 · 1,2,2,3 · 1,2.5,2.5,4 (the mean of the places taken) · 1,3,3,4."""


def group_sum(v: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block") -> Vec:
    """Sum over the group; 0 where nobody counts."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.total(s))


def group_count(v: Vec, groups: Groups, peers: Bools | None = None) -> Vec:
    """How many peers have a value; never blocked."""
    s = select(v, groups, peers)
    return spread(reduce.count(s), s.partition)


def group_mean(v: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block") -> Vec:
    """Mean of the units of the group; UNDEFINED where nobody counts."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.mean(s))


def group_min(v: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block") -> Vec:
    """Least value of the group."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.smallest(s))


def group_max(v: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block") -> Vec:
    """Greatest value of the group."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.largest(s))


def group_median(v: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block") -> Vec:
    """Median of the group."""
    return group_quantile(v, groups, peers, q=Fraction(1, 2), missing=missing)


def group_quantile(
    v: Vec, groups: Groups, peers: Bools | None = None, *, q: Number, missing: Missing = "block"
) -> Vec:
    """Quantile of the group, q from 0 to 1, linear interpolation at place q * (n - 1)."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.quantile(s, to_fraction(q)))


def group_stddev(
    v: Vec, groups: Groups, peers: Bools | None = None, *, sample: bool = False, missing: Missing = "block"
) -> Vec:
    """Standard deviation of the group (population, or sample with n - 1), half up at 12 decimals."""
    s = select(v, groups, peers, missing)
    return s.spread(reduce.stddev(s, sample=sample))


def group_ratio(
    over: Vec, under: Vec, groups: Groups, peers: Bools | None = None, *, missing: Missing = "block"
) -> Vec:
    """Pooled ratio Σ over / Σ under (rules.md CV-8), of peers that have both figures."""
    if missing == "zero":
        over, under = fill(over, State.MISSING, 0), fill(under, State.MISSING, 0)
    states = worst(over.states, under.states)
    s = select(over.with_states(states), groups, peers, missing)
    return s.spread(reduce.total(s) / reduce.total(s.of(under)))


def group_rank(
    v: Vec,
    groups: Groups,
    peers: Bools | None = None,
    *,
    descending: bool = True,
    ties: Ties = "competition",
    missing: Missing = "block",
) -> Vec:
    """Place in the group, 1 for the greatest value (or the least, if not descending).

    A cell without value keeps its state; a cell that is no peer is not applicable.
    """
    s = select(-v if descending else v, groups, peers, missing)
    places = _places(s, ties)
    states = np.zeros(v.size, dtype=np.int8) if s.vector.states is None else s.vector.states.copy()
    if peers is not None:
        states = np.where(peers, states, State.NOT_APPLICABLE.code)
    states = np.where(s.partition.ids < 0, State.NOT_APPLICABLE.code, states).astype(np.int8)
    if s.blocked is not None:
        behind = s.blocked[np.maximum(s.partition.ids, 0)]
        states = np.where(states == 0, behind, states)
    return Vec.whole(places, 2).with_states(tidy(states))


def _places(s: Selection, ties: Ties) -> Floats:
    """Twice the place of every cell that counts (so that shared places are whole), 0 elsewhere."""
    vector = s.vector.tightened
    cells, ids, order = _ascending(s.of(vector))
    order = _settle(vector, cells, ids, order)
    ordered = cells[order]
    doubled = np.zeros(s.partition.size)
    doubled[ordered] = _numbered(ids, _changes(vector, ordered, ids), ties)
    return doubled


def _ascending(s: Selection) -> tuple[Ints, Ints, Ints]:
    """Cells that count and their groups, sorted by group, and the order that sorts them by value within groups."""
    cells, ids, values = s.in_order()
    counts = s.counts
    width = int(counts.max(initial=0))
    sparse = width * counts.size > 8 * values.size + 1000
    if not values.size or sparse or not s.vector.bound.magnitude < np.inf:
        return cells, ids, np.lexsort((values, ids))
    starts = np.cumsum(counts) - counts
    if width * counts.size == values.size:
        order = np.argsort(values.reshape(counts.size, width), axis=1) + starts[:, None]
        return cells, ids, order.ravel()
    table = np.full((counts.size, width), np.inf)
    table[ids, np.arange(values.size) - starts[ids]] = values
    order = np.argsort(table, axis=1)
    return cells, ids, (order + starts[:, None])[order < counts[:, None]]


def _changes(vector: Vec, ordered: Ints, ids: Ints) -> Bools:
    """Where, in sorted order, a cell is in a new group or greater than the one before."""
    first = np.ones(ordered.size, dtype=bool)
    if ordered.size > 1:
        greater: Mask = compare(take(vector, ordered[1:]), ">", take(vector, ordered[:-1]))
        first[1:] = greater.truth | (ids[1:] != ids[:-1])
    return first


def _settle(vector: Vec, cells: Ints, ids: Ints, order: Ints) -> Ints:
    """The order with every run of values that floats cannot tell apart sorted by their exact values."""
    limit = tolerance(vector.bound, vector.bound)
    if limit == 0.0 or separable(limit, joint_grid(vector.bound, vector.bound)) or order.size < 2:
        return order
    values = vector.dense[cells[order]]
    with np.errstate(invalid="ignore"):
        close = ~(np.abs(np.diff(values)) > limit) & (np.diff(ids) == 0)
    settled = order.copy()
    edges = np.flatnonzero(np.diff(np.concatenate(([False], close, [False])).astype(np.int8)))
    for start, stop in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
        run = order[start:stop]
        exact = evaluate(vector.node, cells[run].tolist())
        settled[start:stop] = run[sorted(range(run.size), key=exact.__getitem__)]
    return settled


def _numbered(ids: Ints, changes: Bools, ties: Ties) -> Floats:
    place = np.arange(ids.size)
    start = np.maximum.accumulate(np.where(np.diff(ids, prepend=-1) != 0, place, 0))
    first = np.maximum.accumulate(np.where(changes, place, 0))
    after = np.append(np.flatnonzero(changes)[1:], ids.size) if ids.size else place
    last = after[np.cumsum(changes) - 1] - 1 if ids.size else place
    if ties == "dense":
        runs = np.cumsum(changes)
        return np.asarray(2.0 * (runs - runs[start] + 1))
    low, high = {"competition": (first, first), "max": (last, last), "average": (first, last)}[ties]
    return (low - start + 1.0) + (high - start + 1.0)
