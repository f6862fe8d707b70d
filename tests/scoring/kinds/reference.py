"""A second, slow reading of the kinds: one unit at a time, fractions only, written from rules.md and not from the engine."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from statistics import median
from typing import Any

F = Fraction


@cache
def num(value: Any) -> Fraction:
    """A number as the cases write it."""
    text = str(value)
    if text.endswith("%"):
        return F(text[:-1]) / 100
    return F(text)


def clamp(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Between the bounds, where there are any."""
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)


def tally(params: dict[str, Any], full: Fraction, counts: Sequence[Fraction]) -> Fraction:
    """event_tally: start value and entries with steps, caps and exempt points, in [0, full] plus what is exempt."""
    plain, extra = (full if params["start"] == "[分值]" else num(params["start"])), F(0)
    for entry, count in zip(params["entries"], counts, strict=True):
        steps = count / num(entry.get("step_size", 1))
        how = entry.get("step", "proportional")
        steps = F(floor(steps)) if how == "whole" else F(ceil(steps)) if how == "started" else steps
        if entry.get("once"):
            steps = min(steps, F(1))
        worth = steps * num(entry["points"])
        if "cap" in entry:
            worth = clamp(worth, -num(entry["cap"]), num(entry["cap"]))
        if entry.get("exempt"):
            extra += worth
        else:
            plain += worth
    limit = num(params["cap"]) if "cap" in params else None
    capped = plain if limit is None else min(plain, limit)
    return clamp(capped, F(0), full) + extra


def bands(params: dict[str, Any], full: Fraction, value: Fraction, mean: Fraction | None) -> Fraction:
    """band_table with limits on the value or on its ratio to the mean."""
    if mean is not None and mean == 0:
        return F(0)
    compared = value if mean is None else value / mean
    hits = []
    for band in params["bands"]:
        holds = (
            ("at_least" not in band or compared >= num(band["at_least"]))
            and ("above" not in band or compared > num(band["above"]))
            and ("at_most" not in band or compared <= num(band["at_most"]))
            and ("below" not in band or compared < num(band["below"]))
        )
        if holds:
            hits.append(num(band["points"]))
    match = params.get("match", "first")
    if not hits:
        points = num(params.get("else", 0))
    else:
        points = hits[0] if match == "first" else max(hits) if match == "best" else sum(hits, F(0))
    return clamp(points, F(0), full)


@dataclass(frozen=True)
class Peers:
    """What a group knows of its values, computed once per group."""

    ordered: tuple[Fraction, ...]
    mean: Fraction
    median: Fraction

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> "Peers":
        """Peers of a group."""
        ordered = tuple(sorted(values))
        return cls(ordered, sum(values, F(0)) / len(values), F(median(ordered)))


def share(params: dict[str, Any], full: Fraction, value: Fraction, peers: Peers) -> Fraction:
    """proportional by ratio, rank or interval, the share in [0, 1]."""
    method = params.get("method", "ratio")
    count = len(peers.ordered)
    if method == "rank":
        rank = 1 + count - bisect_right(peers.ordered, value)
        return full * F(count - rank + 1, count)
    best, worst = peers.ordered[-1], peers.ordered[0]
    if method == "interval":
        if best == worst:
            return F(0)
        least = num(params.get("origin_share", 0))
        return full * clamp(least + (value - worst) / (best - worst) * (1 - least), F(0), F(1))
    written = params["benchmark"]
    if isinstance(written, dict):
        benchmark = {"best": best, "mean": peers.mean, "median": peers.median}[written["statistic"]]
        benchmark *= num(written.get("times", 1))
    else:
        benchmark = num(written)
    return F(0) if benchmark == 0 else full * clamp(value / benchmark, F(0), F(1))


def panel(params: dict[str, Any], full: Fraction, marks: Sequence[Sequence[Fraction]]) -> Fraction | None:
    """panel_rating: weighted mean over rater classes, each mean, median or trimmed; None when nobody rated."""
    earned, weights = F(0), F(0)
    for rater, given in zip(params["raters"], marks, strict=True):
        if given:
            earned += num(rater["weight"]) * AGGREGATES[params["aggregate_name"]](given) / 100
            weights += num(rater["weight"])
    return None if weights == 0 else clamp(full * earned / weights, F(0), full)


def mean(marks: Sequence[Fraction]) -> Fraction:
    """Plain mean."""
    return sum(marks, F(0)) / len(marks)


def trimmed(marks: Sequence[Fraction]) -> Fraction:
    """Without one highest and one lowest, where at least three are there."""
    return mean(sorted(marks)[1:-1]) if len(marks) >= 3 else mean(marks)


AGGREGATES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": mean, "trimmed": trimmed, "median": lambda marks: F(median(sorted(marks))), "best": max, "worst": min,
}  # fmt: skip
