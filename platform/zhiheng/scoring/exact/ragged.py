"""Lists of numbers per unit (ballots, panel marks, events), reduced to one number per unit."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

import numpy as np

from zhiheng.scoring.exact import bound as bounds
from zhiheng.scoring.exact import reduce
from zhiheng.scoring.exact.functions import take, where
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.nodes import Reduced
from zhiheng.scoring.exact.partition import Missing, Partition, Selection, select
from zhiheng.scoring.exact.states import State, States, tidy
from zhiheng.scoring.exact.vec import Number, Vec, to_fraction


class Ragged:
    """变长列表: a list of numbers per unit, or a state instead of a list (then every reduction has that state).

    Elements may be states too: not applicable, excused and rejected elements stay out of every reduction.
    """

    __slots__ = ("items", "rows", "states")

    def __init__(self, items: Vec, rows: Partition, states: States = None) -> None:
        self.items = items
        self.rows = rows
        self.states = states

    @classmethod
    def of(cls, lists: Sequence[Sequence[Number | State | None] | State | None]) -> "Ragged":
        """Lists of numbers and states; None instead of a list means missing, an empty list means none."""
        states = np.array([_state_of(row).code for row in lists], dtype=np.int8)
        rows = [() if row is None or isinstance(row, State) else row for row in lists]
        lengths = np.array([len(row) for row in rows], dtype=np.intp)
        ids = np.repeat(np.arange(len(rows)), lengths)
        return cls(Vec.of([item for row in rows for item in row]), Partition(ids, len(rows)), tidy(states))

    @property
    def size(self) -> int:
        """Number of units."""
        return self.rows.count

    def to_list(self) -> list[list[Fraction | State] | State]:
        """List or state of every unit."""
        items = self.items.to_list()
        rows: list[list[Fraction | State] | State] = []
        for row in range(self.size):
            state = State.VALUE if self.states is None else State(self.states[row])
            rows.append(
                state if state is not State.VALUE else [items[cell] for cell in self.rows.cells(row).tolist()]
            )
        return rows

    def sum(self, missing: Missing = "block") -> Vec:
        """Sum; 0 of an empty list."""
        return self._reduced(reduce.total, missing)

    def mean(self, missing: Missing = "block") -> Vec:
        """Mean; UNDEFINED of an empty list."""
        return self._reduced(reduce.mean, missing)

    def count(self) -> Vec:
        """How many elements have a value; never blocked."""
        counted = reduce.count(select(self.items, self.rows))
        return self._stated(counted)

    def min(self, missing: Missing = "block") -> Vec:
        """Least element."""
        return self._reduced(reduce.smallest, missing)

    def max(self, missing: Missing = "block") -> Vec:
        """Greatest element."""
        return self._reduced(reduce.largest, missing)

    def median(self, missing: Missing = "block") -> Vec:
        """Median."""
        return self._reduced(reduce.median, missing)

    def trimmed_mean(
        self, count: int | None = None, share: Number | None = None, missing: Missing = "block"
    ) -> Vec:
        """Mean without the `count` (or floor(share * n)) least and as many greatest elements.

        UNDEFINED where nothing would be left.
        """
        part = None if share is None else to_fraction(share)

        def cut(n: int) -> int:
            return (count or 0) if part is None else floor(part * n)

        def trimmed(s: Selection) -> Vec:
            return _trimmed_mean(s, cut)

        return self._reduced(trimmed, missing)

    def dot(self, other: "Ragged", missing: Missing = "block") -> Vec:
        """Σ of the products with the parallel lists of `other`."""
        return self._with(self.items * other.items).sum(missing)

    def filter(self, mask: Mask) -> "Ragged":
        """The elements where the mask over all elements is true; an element of undecided mask takes its state."""
        kept = where(mask, self.items, Vec.unavailable(State.NOT_APPLICABLE, self.items.size))
        return self._with(kept)

    def spread(self, per_unit: Vec) -> Vec:
        """A number per unit given to each of its elements (to compare elements with it)."""
        return take(per_unit, self.rows.ids)

    def _with(self, items: Vec) -> "Ragged":
        return Ragged(items, self.rows, self.states)

    def _reduced(self, function: Callable[[Selection], Vec], missing: Missing) -> Vec:
        s = select(self.items, self.rows, None, missing)
        return self._stated(s.block(function(s)))

    def _stated(self, result: Vec) -> Vec:
        if self.states is None:
            return result
        states = result.states if result.states is not None else np.int8(0)
        return Vec(
            result.approx,
            result.bound,
            result.node,
            result.size,
            tidy(np.where(self.states > 0, self.states, states).astype(np.int8)),
        )


def _trimmed_mean(s: Selection, cut: Callable[[int], int]) -> Vec:
    counts = s.counts
    cuts = np.array([cut(n) for n in counts.tolist()], dtype=np.intp)
    order = np.lexsort((s.values, s.ids))
    ids = s.ids[order]
    place = np.arange(ids.size) - (np.cumsum(counts) - counts)[ids]
    kept = (place >= cuts[ids]) & (place < (counts - cuts)[ids])
    approx = np.bincount(ids[kept], weights=s.values[order][kept], minlength=counts.size).astype(np.float64)
    left = np.maximum(counts - 2 * cuts, 0)

    def inner(numbers: list[Fraction]) -> Fraction:
        k = cut(len(numbers))
        return reduce.sum_of(sorted(numbers)[k : len(numbers) - k])

    node = Reduced(s.vector.node, s.members, inner)
    sums = Vec(approx, bounds.total(s.vector.bound, int(counts.max(initial=0))), node, counts.size)
    return sums / Vec.whole(left.astype(np.float64))


def _state_of(row: object) -> State:
    if row is None:
        return State.MISSING
    return row if isinstance(row, State) else State.VALUE
