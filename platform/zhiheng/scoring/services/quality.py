"""Checks of the quality office (质量监控): diagnosis flags, incident warnings, supervision quotas; PEO-2, 4, 6, 15."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Fall = Literal["last_year", "two_in_a_row", "more_than"]


@dataclass(frozen=True, slots=True)
class ItemSeries:
    """One item of a survey instrument (调查项目) with its scores, oldest first, the year under review last."""

    item: str
    scores: tuple[Fraction, ...]


def low_items(items: Sequence[ItemSeries], *, last: int = 3, share: Fraction | None = None) -> set[str]:
    """Return the items among the last ``last`` places of the year, or the last ``share`` of all, ties included."""
    count = last if share is None else math.ceil(share * len(items))
    current = sorted(entry.scores[-1] for entry in items)
    if count <= 0 or not current:
        return set()
    limit = current[min(count, len(current)) - 1]
    return {entry.item for entry in items if entry.scores[-1] <= limit}


def falling_items(
    items: Sequence[ItemSeries], *, fall: Fall = "last_year", delta: Fraction = Fraction(0)
) -> set[str]:
    """Return the items that went down: below last year, twice in a row, or by more than ``delta``."""
    return {entry.item for entry in items if _is_falling(entry.scores, fall, delta)}


def _is_falling(scores: tuple[Fraction, ...], fall: Fall, delta: Fraction) -> bool:
    drops = [before - after for before, after in itertools.pairwise(scores)]
    if fall == "two_in_a_row":
        return len(drops) >= 2 and drops[-1] > 0 and drops[-2] > 0
    limit = delta if fall == "more_than" else Fraction(0)
    return bool(drops) and drops[-1] > limit


def flagged_items(
    items: Sequence[ItemSeries],
    *,
    last: int = 3,
    share: Fraction | None = None,
    fall: Fall = "last_year",
    delta: Fraction = Fraction(0),
) -> tuple[str, ...]:
    """Return, in the order given, the items that need a diagnosis: low place or downward (PEO-2)."""
    flagged = low_items(items, last=last, share=share) | falling_items(items, fall=fall, delta=delta)
    return tuple(entry.item for entry in items if entry.item in flagged)


def is_improved(previous: Fraction, current: Fraction, *, strictly: bool = True) -> bool:
    """Return whether a re-measurement closes the loop (复测): strictly higher, or also equal (PEO-2)."""
    return current > previous if strictly else current >= previous


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """A supervisor's term (督导工作量): class hours, whether they reach the quota, unit and month without a visit."""

    hours: Fraction
    hours_met: bool
    missing_visits: tuple[tuple[str, int], ...]


def quota_check(
    hours: Sequence[Fraction],
    group_visits: Mapping[str, Sequence[int]],
    *,
    quota: Fraction = Fraction(150),
    visits_per_month: int = 1,
) -> QuotaCheck:
    """Compare a supervisor's class hours and monthly group visits with the quota (PEO-6); months count from 1."""
    total = sum(hours, Fraction(0))
    missing = tuple(
        (unit, month)
        for unit, visits in group_visits.items()
        for month, count in enumerate(visits, start=1)
        if count < visits_per_month
    )
    return QuotaCheck(total, total >= quota, missing)


def incident_rate(incidents: int, class_hours: Fraction, *, per: int = 1000) -> Fraction:
    """Return incidents per ``per`` class hours of a unit and term (质量事故率, PEO-4).

    Raises:
        ValueError: no class hours were taught, so there is no rate.
    """
    if class_hours <= 0:
        msg = "an incident rate needs class hours"
        raise ValueError(msg)
    return incidents * per / class_hours


def is_warning(rate: Fraction, *, limit: Fraction | None) -> bool:
    """Return whether an incident rate passes the office's limit (事故预警, PEO-4); no limit set, no warning."""
    return limit is not None and rate > limit
