"""pandas: a data frame per leaf, groupby for the statistics of a college."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.scoring.cells import DIGITS, POINTS, Cells, Ints, Leaf

Rule = Callable[[pd.DataFrame], pd.Series]


def score(cells: Cells) -> list[Ints]:
    """Points of every leaf in units of 10**-4."""
    return [_rounded(RULES[leaf.rule](_frame(leaf, cells.groups))) for leaf in cells.leaves]


def _frame(leaf: Leaf, groups: Ints) -> pd.DataFrame:
    return pd.DataFrame({"college": groups, "first": leaf.first, "second": leaf.second, "third": leaf.third})


def _rounded(points: pd.Series) -> Ints:
    return np.floor(points.to_numpy() * 10**DIGITS + 0.5).astype(np.int64)


def _proportional(frame: pd.DataFrame) -> pd.Series:
    return (frame["first"] / 100 * POINTS / (frame["second"] / 100)).clip(upper=POINTS)


def _band_table(frame: pd.DataFrame) -> pd.Series:
    sums = frame.groupby("college")[["first", "second"]].transform("sum")
    share = frame["first"] / frame["second"] / (sums["first"] / sums["second"])
    points = pd.Series(0.0, index=frame.index).mask(share >= 0.7, 2.5)
    return points.mask(share >= 0.9, 4.0).mask(share >= 1, 5.0)


def _event_tally(frame: pd.DataFrame) -> pd.Series:
    steps = np.floor(frame["second"] / 100 / 3)
    return (3 + frame["first"] * 0.5 - steps * 0.2).clip(0, POINTS)


def _ratio_to_best(frame: pd.DataFrame) -> pd.Series:
    return frame["first"] * POINTS / frame.groupby("college")["first"].transform("max")


def _panel_rating(frame: pd.DataFrame) -> pd.Series:
    points = frame["first"] * 0.9 + frame["second"] * 0.7 + frame["third"] * 0.5
    return points * POINTS / (frame["first"] + frame["second"] + frame["third"])


RULES: dict[str, Rule] = {
    "proportional": _proportional,
    "band_table": _band_table,
    "event_tally": _event_tally,
    "ratio_to_best": _ratio_to_best,
    "panel_rating": _panel_rating,
}
