"""Two hundred thousand cells of each common rule, on and around the boundaries, against fractions."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Vec

F = Fraction

CELLS = 200_000
GROUP = 40


def half_up(number: F, scale: int) -> int:
    return (2 * number.numerator * scale + number.denominator) // (2 * number.denominator)


@pytest.fixture(scope="module")
def figures() -> tuple[np.ndarray, np.ndarray]:
    """Raw values and targets; one in four exactly on a round share of the target."""
    random = np.random.default_rng(20201231)
    target = random.integers(1, 400, CELLS) * 10
    raw = random.integers(0, 5000, CELLS)
    shares = random.choice([5, 7, 8, 9, 10], CELLS)
    return np.where(random.random(CELLS) < 0.25, target * shares // 10, raw), target


def proportional(raw: F, target: F) -> F:
    return min(F(5), 5 * raw / target)


def banded(raw: F, target: F) -> F:
    share = raw / target
    return F(3) if share >= 1 else F(2) if share >= F(9, 10) else F(1) if share > F(7, 10) else F(0)


def stepped(raw: F, target: F) -> F:
    gap = (target - raw) / target
    return max(F(0), 10 - F(1, 2) * floor(gap / F(2, 100))) if gap > 0 else F(10)


def started(raw: F, target: F) -> F:
    return min(F(8), F(3, 10) * ceil(raw / 3 / (target / 7)))


RULES: dict[str, tuple[Callable[[Vec, Vec], Vec], Callable[[F, F], F]]] = {
    "proportional": (lambda raw, target: exact.minimum(raw * 5 / target, 5), proportional),
    "band_table": (
        lambda raw, target: exact.where(
            raw / target >= 1,
            3,
            exact.where(
                raw / target >= F(9, 10),
                2,
                exact.where(raw / target > F(7, 10), Vec.constant(1, raw.size), 0),
            ),
        ),
        banded,
    ),
    "event_tally": (
        lambda raw, target: exact.where(
            raw < target,
            exact.maximum(10 - exact.floor((target - raw) / target / F(2, 100)) * F(1, 2), 0),
            10,
        ),
        stepped,
    ),
    "started_steps": (
        lambda raw, target: exact.minimum(exact.ceil(raw / 3 / (target / 7)) * F(3, 10), 8),
        started,
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_cell_of_a_rule(rule: str, figures: tuple[np.ndarray, np.ndarray]) -> None:
    vectorised, single = RULES[rule]
    raw, target = figures
    found = exact.scaled(vectorised(Vec.from_decimals(raw, 1), Vec.from_decimals(target, 1)), 4)
    expected = [
        half_up(single(F(a, 10), F(b, 10)), 10**4) for a, b in zip(raw.tolist(), target.tolist(), strict=True)
    ]
    assert found.tolist() == expected


def test_every_rank_and_share_of_a_group_mean(figures: tuple[np.ndarray, np.ndarray]) -> None:
    raw, target = figures
    groups = np.arange(CELLS) // GROUP
    ratio = Vec.from_decimals(raw) / Vec.from_decimals(target)
    ranks = exact.scaled(exact.group_rank(ratio, groups), 0)
    passed = (ratio >= exact.group_mean(ratio, groups)).truth
    for group in range(CELLS // GROUP):
        cells = slice(group * GROUP, (group + 1) * GROUP)
        shares = [F(a, b) for a, b in zip(raw[cells].tolist(), target[cells].tolist(), strict=True)]
        ordered = sorted(shares, reverse=True)
        assert ranks[cells].tolist() == [ordered.index(share) + 1 for share in shares]
        if group % 20 == 0:
            mean = sum(shares) / GROUP
            assert passed[cells].tolist() == [share >= mean for share in shares]


def test_weighted_totals_round_exactly(figures: tuple[np.ndarray, np.ndarray]) -> None:
    raw, target = figures
    leaves = [
        Vec.from_decimals(np.roll(raw, shift)) * F(weight, 7) / Vec.from_decimals(np.roll(target, shift))
        for shift, weight in ((0, 3), (1, 2), (2, 2), (3, 6))
    ]
    found = exact.scaled(exact.total(leaves), 2)
    for cell in range(0, CELLS, 7):
        parts = [
            F(weight * int(raw[cell - shift]), 7 * int(target[cell - shift]))
            for shift, weight in ((0, 3), (1, 2), (2, 2), (3, 6))
        ]
        assert int(found[cell]) == half_up(sum(parts, F(0)), 100)
