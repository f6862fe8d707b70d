"""Random programs of vector operations give what slow exact arithmetic gives, cell by cell."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scoring.exact import reference as ref
from zhiheng.scoring import exact
from zhiheng.scoring.exact import Mask, State, Vec, buffers, functions

SIZE = 7
SETTINGS = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)

PLAIN = st.one_of(
    st.integers(-3, 12).map(Fraction),
    st.sampled_from([Fraction(n, d) for n in (1, 7, 20, 70, -9) for d in (2, 3, 6, 7, 100)]),
    st.integers(-500, 500).map(lambda n: Fraction(n, 100)),
)
EXTREME = st.sampled_from(
    [
        Fraction(2**53),
        Fraction(2**53 + 1),
        Fraction(-(2**53) - 1),
        Fraction(10**30),
        Fraction(10**30 + 1, 3),
        Fraction(1, 10**30),
        Fraction(1, 2) - Fraction(1, 2**60),
        Fraction(10**200),
        Fraction(-1, 10**200),
        Fraction(10**400),
        Fraction(1, 10**400),
        Fraction(5, 2) + Fraction(1, 10**40),
    ]
)
STATE = st.sampled_from([s for s in State if s is not State.VALUE])
COLUMN = st.one_of(
    st.lists(PLAIN, min_size=SIZE, max_size=SIZE),
    st.lists(st.one_of(PLAIN, PLAIN, PLAIN, STATE), min_size=SIZE, max_size=SIZE),
    st.lists(st.one_of(PLAIN, EXTREME), min_size=SIZE, max_size=SIZE),
    st.one_of(PLAIN, EXTREME).map(lambda x: [x] * SIZE),
)
Pair = tuple[Vec, ref.Cells]


def vector(cells: ref.Cells) -> Vec:
    """The cells as a constant, decimals or a list, whichever is the most special way in."""
    if len(set(cells)) == 1 and isinstance(cells[0], Fraction):
        return Vec.constant(cells[0], SIZE)
    values = [cell * 100 for cell in cells if isinstance(cell, Fraction)]
    if len(values) == SIZE and all(v.denominator == 1 and abs(v) < 2**62 for v in values):
        return Vec.from_decimals(np.array([int(v) for v in values], dtype=np.int64), 2)
    return Vec.of(cells)


def binary(vec: Callable[..., Vec], cell: Callable[..., Any]) -> Callable[[Pair, Pair], Pair]:
    return lambda a, b: (vec(a[0], b[0]), ref.each(cell, a[1], b[1]))


def unary(vec: Callable[..., Vec], cell: Callable[..., Any]) -> Callable[[Pair, Pair], Pair]:
    return lambda a, b: (vec(a[0]), ref.each(cell, a[1]))


def chosen(a: Pair, b: Pair) -> Pair:
    """where(a >= b, a, b - a)."""
    condition: Mask = a[0] >= b[0]
    difference = ref.each(lambda x, y: y - x, a[1], b[1])
    cells = [ref.worst(x, y) or (x if x >= y else z) for x, y, z in zip(a[1], b[1], difference, strict=True)]
    return exact.where(condition, a[0], b[0] - a[0]), cells


STEPS: list[Callable[[Pair, Pair], Pair]] = [
    binary(lambda a, b: a + b, lambda a, b: a + b),
    binary(lambda a, b: a - b, lambda a, b: a - b),
    binary(lambda a, b: a * b, lambda a, b: a * b),
    binary(lambda a, b: a / b, ref.quotient),
    binary(exact.minimum, min),
    binary(exact.maximum, max),
    unary(lambda a: -a, lambda a: -a),
    unary(abs, abs),
    unary(exact.floor, lambda a: Fraction(a.numerator // a.denominator)),
    unary(exact.ceil, lambda a: Fraction(-(-a.numerator // a.denominator))),
    unary(lambda a: exact.round_half_up(a, 1), lambda a: ref.half_up(a, 1)),
    unary(lambda a: exact.round_half_up(a, -1), lambda a: ref.half_up(a, -1)),
    unary(lambda a: exact.clamp(a, 0, Fraction(7, 10)), lambda a: min(max(a, Fraction(0)), Fraction(7, 10))),
    unary(lambda a: exact.power(a, 2), lambda a: a**2),
    chosen,
]


COLUMNS = st.lists(COLUMN, min_size=2, max_size=3)
PLACE = st.integers(0, 20)
PROGRAM = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), PLACE, PLACE), max_size=7)
Program = list[tuple[int, int, int]]


@SETTINGS
@given(COLUMNS, PROGRAM)
def test_programs_equal_exact_arithmetic(columns: list[ref.Cells], program: Program) -> None:
    run(columns, program)


@SETTINGS
@given(COLUMNS, PROGRAM)
def test_programs_that_reuse_memory(columns: list[ref.Cells], program: Program) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buffers, "LONG", 1)
        patch.setattr(functions, "LONG", 1)
        run(columns, program)
        run(columns[::-1], program)


def run(columns: list[ref.Cells], program: Program) -> None:
    """Every step of a program is right, and earlier results stay what they were."""
    stack: list[Pair] = [(vector(cells), cells) for cells in columns]
    for step, left, right in program:
        stack.append(STEPS[step](stack[left % len(stack)], stack[right % len(stack)]))
        ref.assert_sound(*stack[-1])
    for result in stack:
        ref.assert_sound(*result)
    for result in stack:
        ref.assert_sound(*result)
    check_comparisons(stack[-1], stack[0])
    check_comparisons(stack[-1], stack[len(stack) // 2])


def check_comparisons(a: Pair, b: Pair) -> None:
    """All six comparisons of two vectors."""
    assert (a[0] < b[0]).to_list() == ref.each(lambda x, y: x < y, a[1], b[1])
    assert (a[0] <= b[0]).to_list() == ref.each(lambda x, y: x <= y, a[1], b[1])
    assert (a[0] > b[0]).to_list() == ref.each(lambda x, y: x > y, a[1], b[1])
    assert (a[0] >= b[0]).to_list() == ref.each(lambda x, y: x >= y, a[1], b[1])
    assert a[0].eq(b[0]).to_list() == ref.each(lambda x, y: x == y, a[1], b[1])
    assert a[0].ne(b[0]).to_list() == ref.each(lambda x, y: x != y, a[1], b[1])


GROUPS = st.lists(st.integers(-1, 2), min_size=SIZE, max_size=SIZE)
PEERS = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE)


@SETTINGS
@given(COLUMN, COLUMN, GROUPS, PEERS, st.sampled_from(["block", "skip", "zero"]))
def test_group_statistics(
    a: ref.Cells, b: ref.Cells, groups: list[int], peers: list[bool], missing: Any
) -> None:
    ids, mask = np.array(groups), np.array(peers)
    cells = ref.each(ref.quotient, a, b)
    v = vector(a) / vector(b)

    def expected(function: Callable[[list[Fraction]], ref.Cell]) -> ref.Cells:
        return ref.grouped(cells, groups, peers, missing, function)

    ref.assert_sound(exact.group_sum(v, ids, mask, missing=missing), expected(lambda n: sum(n, Fraction(0))))
    ref.assert_sound(exact.group_mean(v, ids, mask, missing=missing), expected(ref.mean))
    ref.assert_sound(
        exact.group_min(v, ids, mask, missing=missing), expected(lambda n: min(n) if n else State.UNDEFINED)
    )
    ref.assert_sound(
        exact.group_max(v, ids, mask, missing=missing), expected(lambda n: max(n) if n else State.UNDEFINED)
    )
    for q in (Fraction(1, 2), Fraction(9, 10), Fraction(1, 3)):
        ref.assert_sound(
            exact.group_quantile(v, ids, mask, q=q, missing=missing),
            expected(lambda n, q=q: ref.quantile(n, q)),
        )


@SETTINGS
@given(COLUMN, GROUPS, PEERS, st.booleans(), st.sampled_from(["competition", "dense", "average", "max"]))
def test_ranks(a: ref.Cells, groups: list[int], peers: list[bool], descending: bool, ties: Any) -> None:
    thirds = ref.each(lambda x: x / 3, a)
    v = vector(a) / Vec.constant(3, SIZE)
    found = exact.group_rank(v, np.array(groups), np.array(peers), descending=descending, ties=ties)
    ref.assert_sound(found, ref.ranks(thirds, groups, peers, descending, ties))


@SETTINGS
@given(st.lists(st.lists(st.one_of(PLAIN, STATE), max_size=6), min_size=1, max_size=5), st.booleans())
def test_standard_deviation(lists: list[ref.Cells], sample: bool) -> None:
    cells = [cell for row in lists for cell in row]
    ids = np.array([i for i, row in enumerate(lists) for _ in row], dtype=np.intp)
    expected = ref.grouped(cells, ids.tolist(), [True] * len(cells), "block", lambda n: ref.stddev(n, sample))
    ref.assert_sound(exact.group_stddev(Vec.of(cells), ids, sample=sample), expected)
