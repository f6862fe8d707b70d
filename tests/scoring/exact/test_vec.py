"""Exact vectors: the cases an assessment office argues about."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import (
    Mask,
    State,
    Text,
    Vec,
    ceil,
    clamp,
    fill,
    floor,
    maximum,
    power,
    round_half_up,
    rounded,
    scaled,
    take,
    to_fraction,
    total,
    where,
)

F = Fraction

NA, EXCUSED, REJECTED, MISSING, UNDEFINED = list(State)[1:]


def test_seven_thirds_reach_seventy_percent_of_twenty_sixths() -> None:
    value = Vec.of([7]) / Vec.of([3])
    limit = Vec.of([20]) / Vec.of([6]) * Decimal("0.7")
    assert (value >= limit).to_list() == [True]
    assert value.eq(limit).to_list() == [True]
    assert (value > limit).to_list() == [False]


def test_a_tenth_ten_times_is_one() -> None:
    tenth = Vec.of(["0.1", "0.1"])
    ten = total([tenth] * 10)
    assert ten.eq(1).to_list() == [True, True]
    assert sum([0.1] * 10) != 1.0, "floats get this wrong"


def test_floats_and_booleans_are_refused() -> None:
    for wrong in (0.1, True):
        with pytest.raises(TypeError, match="精确计算不接受"):
            Vec.of([wrong])
        with pytest.raises(TypeError, match="精确计算不接受"):
            Vec.of([1]) + wrong
    with pytest.raises(ScoringError, match="不是数"):
        to_fraction("十二")
    with pytest.raises(ScoringError, match="不是数"):
        to_fraction("NaN")


def test_texts_of_numbers() -> None:
    assert [to_fraction(text) for text in ("12.50", "70%", "-3", "1e3")] == [
        F(25, 2),
        F(7, 10),
        F(-3),
        F(1000),
    ]


def test_sizes_must_agree() -> None:
    with pytest.raises(ValueError, match="vectors of 2 and 3 cells"):
        Vec.of([1, 2]) + Vec.of([1, 2, 3])


def test_the_worst_state_wins() -> None:
    states = [F(1), NA, EXCUSED, REJECTED, MISSING, UNDEFINED]
    for place, state in enumerate(states):
        column = Vec.of(states)
        other = Vec.of([state] * 6)
        expected = [F(2) if max(i, place) == 0 else states[max(i, place)] for i in range(6)]
        assert (column + other).to_list() == expected


def test_a_state_is_no_number() -> None:
    assert Vec.of([NA]).exact(0) != 1
    assert Vec.of([None]).exact(0) is MISSING
    assert (Vec.of([None]) * 0).exact(0) is MISSING


def test_division_by_zero_is_undefined_and_quiet() -> None:
    over, under = Vec.of([1, 0, NA, 1]), Vec.of([0, 0, 0, 2])
    assert (over / under).to_list() == [UNDEFINED, UNDEFINED, NA, F(1, 2)]
    assert (1 / Vec.of([0, 4])).to_list() == [UNDEFINED, F(1, 4)]
    vanishing = Vec.of(["0.3"]) - Vec.of(["0.1"]) - Vec.of(["0.2"])
    assert vanishing.dense[0] != 0.0
    assert (Vec.of([5]) / vanishing).to_list() == [UNDEFINED]


def test_halves_go_away_from_zero() -> None:
    column = Vec.of(["2.5", "-2.5", "0.5", "-0.5", "1.005", "-1.005", "2.4999999999999999999", 15])
    assert round_half_up(column).to_list() == [F(n) for n in (3, -3, 1, -1, 1, -1, 2, 15)]
    assert rounded(column, 2)[4:6] == [Decimal("1.01"), Decimal("-1.01")]
    assert round_half_up(Vec.of([15, 25, -15]), -1).to_list() == [F(20), F(30), F(-20)]
    assert floor(Vec.of(["-0.5", 2])).to_list() == [F(-1), F(2)]
    assert ceil(Vec.of(["-0.5", "2.01"])).to_list() == [F(0), F(3)]


def test_rounding_sees_what_floats_hide() -> None:
    third = Vec.of([1]) / 3
    almost = Vec.of([F(1, 2) - F(1, 10**30)])
    assert round_half_up(third * 3 / 2).to_list() == [F(1)]
    assert round_half_up(almost).to_list() == [F(0)]
    assert floor(third * 3).to_list() == [F(1)]
    assert floor(third * 3 - Vec.of([F(1, 10**40)])).to_list() == [F(0)]


def test_scaled_integers_for_storage() -> None:
    column = Vec.of(["4.69065", None, "0.00005", 5])
    assert scaled(column, 4).tolist() == [46907, 0, 1, 50000]
    assert scaled(column, 4).dtype == np.int64


def test_what_does_not_fit_is_refused_not_wrapped() -> None:
    with pytest.raises(ScoringError, match="超出可保存的范围"):
        scaled(Vec.of([10**16]), 4)
    big = Vec.of([2**62 + 1]) * 4
    assert big.exact(0) == 4 * (2**62 + 1)
    assert rounded(big, 0) == [Decimal(4 * (2**62 + 1))]
    assert scaled(Vec.of([2**60 + 1]), 0).tolist() == [2**60 + 1]
    assert (big > 4 * 2**62).to_list() == [True]


def test_numbers_beyond_floats() -> None:
    huge, tiny = Vec.of([10**400]), Vec.of([F(1, 10**400)])
    assert (huge * tiny).eq(1).to_list() == [True]
    assert (tiny > 0).to_list() == [True]
    assert (huge - huge).exact(0) == 0
    assert (Vec.of([1]) / tiny).exact(0) == 10**400


def test_long_chains_need_no_recursion() -> None:
    third = Vec.of([F(1, 3)])
    chain = third
    for _ in range(5000):
        chain = chain + third
    assert chain.exact(0) == F(5001, 3)


def test_only_the_chosen_side_counts() -> None:
    column = Vec.of([7, None, 3, 0])
    shares = 1 / column
    assert where(column >= 3, shares, 0).to_list() == [F(1, 7), MISSING, F(1, 3), F(0)]
    assert where(Mask.of([True, None, NA]), Vec.of([1, 2, 3]), 0).to_list() == [F(1), MISSING, NA]


def test_filling_states() -> None:
    column = Vec.of([7, None, NA])
    assert fill(column, MISSING, 0).to_list() == [F(7), F(0), NA]
    assert fill(column, EXCUSED, 0).to_list() == [F(7), MISSING, NA]


def test_limits_powers_and_selection() -> None:
    column = Vec.of([-3, 7, "2.5"])
    assert clamp(column, 0, 5).to_list() == [F(0), F(5), F(5, 2)]
    assert maximum(column, Vec.of([0, None, 9])).to_list() == [F(0), MISSING, F(9)]
    assert power(column, 3).to_list() == [F(-27), F(343), F(125, 8)]
    assert power(Vec.of([0, 2]), -2).to_list() == [UNDEFINED, F(1, 4)]
    assert take(column, np.array([2, 2, 0])).to_list() == [F(5, 2), F(5, 2), F(-3)]


def test_fast_way_in() -> None:
    states = np.array([0, 4, 0], dtype=np.int8)
    column = Vec.from_decimals(np.array([1234, 0, -5], dtype=np.int64), 2, states)
    assert column.to_list() == [F(1234, 100), MISSING, F(-1, 20)]


def test_empty_vectors() -> None:
    empty = Vec.of([])
    assert (empty + 1).to_list() == []
    assert (empty >= 1).to_list() == []
    assert rounded(empty / empty, 2) == []


def test_logic_of_three_values() -> None:
    left = Mask.of([True, True, True, False, False, None, None])
    right = Mask.of([True, False, None, False, None, None, NA])
    assert (left & right).to_list() == [True, False, MISSING, False, False, MISSING, MISSING]
    assert (left | right).to_list() == [True, True, True, False, MISSING, MISSING, MISSING]
    assert (~right).to_list() == [False, True, MISSING, True, MISSING, MISSING, NA]


def test_texts() -> None:
    column = Text.of(["总支", "部门", None, NA])
    assert column.eq("总支").to_list() == [True, False, MISSING, NA]
    assert column.one_of(["总支", "部门"]).to_list() == [True, True, MISSING, NA]
    assert column.eq(Text.of(["总支", "总支", "总支", "总支"])).to_list() == [True, False, MISSING, NA]
