"""Peer statistics and lists per unit, with figures that can be checked by hand."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Partition, Ragged, State, Vec

F = Fraction

ONE = np.zeros(5, dtype=int)
NA, EXCUSED, REJECTED, MISSING, UNDEFINED = list(State)[1:]


def test_pooled_ratio_is_not_the_mean_of_ratios() -> None:
    employed, graduates = Vec.of([90, 10, 45, 0, 5]), Vec.of([100, 20, 50, 10, 5])
    assert exact.group_ratio(employed, graduates, ONE).exact(0) == F(150, 185)
    assert exact.group_mean(employed / graduates, ONE).exact(0) == F(9, 10) * 2 / 5 + F(3, 2) / 5


def test_pooled_ratio_takes_units_with_both_figures() -> None:
    over, under = Vec.of([90, NA, 45, 10, 5]), Vec.of([100, 20, EXCUSED, 10, 5])
    assert exact.group_ratio(over, under, ONE).exact(4) == F(105, 115)


@pytest.mark.parametrize(("missing", "expected"), [("block", MISSING), ("skip", F(5)), ("zero", F(10, 3))])
def test_a_missing_peer(missing: Any, expected: F | State) -> None:
    column = Vec.of([4, 6, None, NA, REJECTED])
    assert exact.group_mean(column, ONE, missing=missing).to_list() == [expected] * 5


def test_undefined_peers_block_always() -> None:
    column = Vec.of([4, 6, 1, 1, 1]) / Vec.of([1, 1, 0, 1, 1])
    for missing in ("block", "skip", "zero"):
        assert exact.group_sum(column, ONE, missing=missing).exact(0) is UNDEFINED  # type: ignore[arg-type]


def test_only_peers_count_but_all_are_told() -> None:
    column, peers = Vec.of([4, 6, 100, 8, 2]), np.array([True, True, False, True, True])
    assert exact.group_max(column, ONE, peers).to_list() == [F(8)] * 5
    assert exact.group_count(column, ONE, peers).to_list() == [F(4)] * 5
    assert exact.group_rank(column, ONE, peers).to_list() == [F(3), F(2), NA, F(1), F(4)]


def test_units_without_group() -> None:
    column, groups = Vec.of([4, 6, 100, 8, 2]), np.array([0, 0, -1, 1, 1])
    assert exact.group_sum(column, groups).to_list() == [F(10), F(10), NA, F(10), F(10)]
    assert exact.group_rank(column, groups).to_list() == [F(2), F(1), NA, F(1), F(2)]
    assert exact.group_mean(column, np.full(5, -1)).to_list() == [NA] * 5


def test_statistics_of_nobody() -> None:
    column = Vec.of([NA] * 5)
    assert exact.group_sum(column, ONE).exact(0) == 0
    assert exact.group_count(column, ONE).exact(0) == 0
    for statistic in (exact.group_mean, exact.group_min, exact.group_median, exact.group_stddev):
        assert statistic(column, ONE).exact(0) is UNDEFINED


@pytest.mark.parametrize(
    ("ties", "places"),
    [
        ("competition", [1, 2, 2, 4, 5]),
        ("dense", [1, 2, 2, 3, 4]),
        ("average", [1, F(5, 2), F(5, 2), 4, 5]),
        ("max", [1, 3, 3, 4, 5]),
    ],
)
def test_ties(ties: Any, places: list[Any]) -> None:
    column = Vec.of([9, F(7, 3), F(14, 6), 2, 1])
    assert exact.group_rank(column, ONE, ties=ties).to_list() == places
    assert exact.group_rank(-column, ONE, ties=ties, descending=False).to_list() == places


def test_ranks_tell_apart_what_floats_confuse() -> None:
    close = Vec.of([F(1), F(1) + F(1, 10**25), F(1) - F(1, 10**25), F(1), 0])
    assert exact.group_rank(close, ONE).to_list() == [2, 1, 4, 2, 5]


def test_sums_of_thirds_tie() -> None:
    third = Vec.of([1] * 5) / 3
    column = exact.total([third, third, third]) + Vec.of([0, 0, F(1, 10**20), 0, 1])
    assert exact.group_rank(column, ONE).to_list() == [3, 3, 2, 3, 1]


def test_standard_deviation() -> None:
    groups = np.zeros(8, dtype=int)
    column = Vec.of([2, 4, 4, 4, 5, 5, 7, 9])
    assert exact.group_stddev(column, groups).exact(0) == 2
    assert exact.group_stddev(column, groups, sample=True).exact(0) == F(2138089935299, 10**12)
    assert exact.group_stddev(Vec.of([F(1, 3)] * 8), groups).exact(0) == 0
    single = exact.group_stddev(Vec.of([5]), np.array([0]), sample=True)
    assert single.exact(0) is UNDEFINED


def test_quantiles() -> None:
    column = Vec.of([10, 20, 30, 40, 50])
    assert exact.group_quantile(column, ONE, q="0.9").exact(0) == 46
    assert exact.group_quantile(column, ONE, q=F(1, 3)).exact(0) == F(70, 3)
    assert exact.group_median(Vec.of([1, 2, 3, 10, NA]), ONE).exact(0) == F(5, 2)


def test_groups_in_any_order() -> None:
    ids = np.array([2, 0, 2, 1, 0])
    column = Vec.of([1, 2, 3, 4, 6])
    assert exact.group_sum(column, ids).to_list() == [4, 8, 4, 4, 8]
    assert exact.group_max(column, Partition(ids)).to_list() == [3, 6, 3, 4, 6]
    assert exact.group_rank(column, ids).to_list() == [2, 2, 1, 1, 1]
    assert exact.group_median(column, ids).to_list() == [2, 4, 2, 4, 4]


PANEL = [[90, 85, 88], [], None, ["0.5", EXCUSED, 7, 8, 9, 10], [1, None]]


@pytest.mark.parametrize(
    ("reduce", "expected"),
    [
        (Ragged.sum, [263, 0, MISSING, F(69, 2), MISSING]),
        (Ragged.mean, [F(263, 3), UNDEFINED, MISSING, F(69, 10), MISSING]),
        (Ragged.count, [3, 0, MISSING, 5, 1]),
        (Ragged.min, [85, UNDEFINED, MISSING, F(1, 2), MISSING]),
        (Ragged.max, [90, UNDEFINED, MISSING, 10, MISSING]),
        (Ragged.median, [88, UNDEFINED, MISSING, 8, MISSING]),
    ],
)
def test_reductions_of_lists(reduce: Callable[[Ragged], Vec], expected: list[Any]) -> None:
    assert reduce(Ragged.of(PANEL)).to_list() == expected


def test_trimmed_means() -> None:
    panel = Ragged.of([[60, 90, 85, 88, 100], [7, 8], [5]])
    assert panel.trimmed_mean(count=1).to_list() == [F(263, 3), UNDEFINED, UNDEFINED]
    assert panel.trimmed_mean(share="0.2").to_list() == [F(263, 3), F(15, 2), 5]
    assert panel.trimmed_mean(share=F(1, 10)).to_list() == [F(423, 5), F(15, 2), 5]


def test_parallel_lists_and_filters() -> None:
    marks, weights = Ragged.of([[90, 80], [70]]), Ragged.of([["0.4", "0.6"], [1]])
    assert marks.dot(weights).to_list() == [84, 70]
    assert marks.filter(marks.items >= 85).sum().to_list() == [90, 0]
    limit = marks.spread(Vec.of([85, 60]))
    assert marks.filter(marks.items > limit).count().to_list() == [1, 1]
