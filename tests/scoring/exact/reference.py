"""Slow exact arithmetic on lists of fractions and states: what the vectors must equal."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor, gcd, isfinite
from typing import Any, TypeAlias

import numpy as np

from zhiheng.scoring.exact import State, Vec
from zhiheng.scoring.exact.bound import to_float

Cell: TypeAlias = Fraction | State
Cells: TypeAlias = list[Cell]


def worst(*cells: object) -> State | None:
    """Worst state among cells; None when all are values."""
    return max((cell for cell in cells if isinstance(cell, State)), key=lambda s: s.code, default=None)


def each(function: Callable[..., Fraction | State | bool], *columns: Sequence[object]) -> list:
    """The function of the values, or the worst state, cell by cell."""

    def one(row: tuple[object, ...]) -> Any:
        state = worst(*row)
        return function(*row) if state is None else state

    return [one(row) for row in zip(*columns, strict=True)]


def quotient(a: Fraction, b: Fraction) -> Cell:
    """a / b, or UNDEFINED."""
    return a / b if b else State.UNDEFINED


def half_up(x: Fraction, digits: int) -> Fraction:
    """Rounded half away from zero."""
    scale = Fraction(10) ** digits
    size = Fraction(floor(abs(x) * scale + Fraction(1, 2))) / scale
    return size if x >= 0 else -size


def peers_of(group: int, groups: Sequence[int], peers: Sequence[bool]) -> list[int]:
    """Cells of the peers in a group."""
    return [i for i, (g, p) in enumerate(zip(groups, peers, strict=True)) if g == group and p]


def grouped(
    cells: Cells,
    groups: Sequence[int],
    peers: Sequence[bool],
    missing: str,
    function: Callable[[list[Fraction]], Cell],
) -> Cells:
    """A statistic of the peers' values given to every cell of the group."""
    result: Cells = []
    for group in groups:
        members = [cells[i] for i in peers_of(group, groups, peers)]
        if missing == "zero":
            members = [Fraction(0) if m is State.MISSING else m for m in members]
        blocking = (State.UNDEFINED,) if missing == "skip" else (State.UNDEFINED, State.MISSING)
        blocked = worst(*(m for m in members if m in blocking))
        if group < 0:
            result.append(State.NOT_APPLICABLE)
        else:
            result.append(blocked or function([m for m in members if isinstance(m, Fraction)]))
    return result


def mean(numbers: list[Fraction]) -> Cell:
    """Mean, or UNDEFINED of nothing."""
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else State.UNDEFINED


def quantile(numbers: list[Fraction], q: Fraction) -> Cell:
    """Linear interpolation at q * (n - 1)."""
    if not numbers:
        return State.UNDEFINED
    ordered = sorted(numbers)
    place = q * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def stddev(numbers: list[Fraction], sample: bool) -> Cell:
    """Root to 12 decimals half up, found by bisection on whole numbers."""
    n = len(numbers)
    if n < (2 if sample else 1):
        return State.UNDEFINED
    middle = sum(numbers, Fraction(0)) / n
    variance = sum(((x - middle) ** 2 for x in numbers), Fraction(0)) / (n - 1 if sample else n)
    low, high = 0, 10**12 * (floor(variance) + 2)
    while low < high:  # largest k with k - 1/2 <= root * 10**12
        k = (low + high + 1) // 2
        low, high = (k, high) if Fraction(2 * k - 1, 2 * 10**12) ** 2 <= variance else (low, k - 1)
    return Fraction(low, 10**12)


def ranks(cells: Cells, groups: Sequence[int], peers: Sequence[bool], descending: bool, ties: str) -> Cells:
    """Places by counting, for peers with a value (missing peers block)."""
    result: Cells = []
    for i, cell in enumerate(cells):
        members = [cells[j] for j in peers_of(groups[i], groups, peers)]
        blocked = worst(*(m for m in members if m in (State.MISSING, State.UNDEFINED)))
        values = [m for m in members if isinstance(m, Fraction)]
        if groups[i] < 0 or not peers[i]:
            result.append(State.NOT_APPLICABLE)
        elif isinstance(cell, State) or blocked:
            result.append(cell if isinstance(cell, State) else blocked)
        else:
            better = [v for v in values if (v > cell if descending else v < cell)]
            same = values.count(cell)
            result.append(
                {
                    "competition": Fraction(len(better) + 1),
                    "dense": Fraction(len(set(better)) + 1),
                    "average": len(better) + Fraction(same + 1, 2),
                    "max": Fraction(len(better) + same),
                }[ties]
            )
    return result


def assert_sound(v: Vec, expected: Cells) -> None:
    """Every cell equals the reference, and everything claimed about the floats is true."""
    found = v.to_list()
    assert found == expected
    dense = v.dense
    for approx, exact in zip(dense.tolist(), expected, strict=True):
        if not isinstance(exact, State):
            assert_bound(v, approx, exact)
    assert v.states is None or v.states.dtype == np.int8


def assert_bound(v: Vec, approx: float, exact: Fraction) -> None:
    """The bound of a vector holds for one cell."""
    bound = v.bound
    if bound.err < float("inf"):
        assert abs(Fraction(approx) - exact) <= Fraction(bound.err)
    if bound.rel < float("inf"):
        assert abs(Fraction(approx) - exact) <= Fraction(bound.rel) * abs(exact)
        assert bound.tiny > 1e-250
    if isfinite(bound.lo):
        assert Fraction(bound.lo) <= exact
    if isfinite(bound.hi):
        assert exact <= Fraction(bound.hi)
    if exact and isfinite(bound.tiny):
        assert abs(exact) >= Fraction(bound.tiny)
    if bound.nearest:
        assert approx == to_float(exact)
    if bound.den:
        assert exact.denominator // gcd(exact.denominator, bound.den) <= bound.var
