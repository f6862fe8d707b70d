"""Register filters (台账筛选): which entries of a task, event or achievement register count, before any scoring.

Rules LYG-06, LYG-07, the note on several levels in LYG-K1.1a, JZU-X1, JZU-X2, JZU-X5 and JZU-X6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

Repeat = Literal["once", "both"]
Joint = Literal["first_only", "split"]
Request = Literal["", "approved", "budget_cancelled", "pending", "rejected"]


@dataclass(frozen=True, slots=True)
class Achievement:
    """One entry of an achievement register (成果台账): weight, role of the unit's person, date, work it belongs to."""

    weight: Fraction
    role: str = "first"
    happened_on: date | None = None
    item: str = ""
    topic: str = ""
    units: int = 1


@dataclass(frozen=True, slots=True)
class RegisteredTask:
    """One entry of a task register (任务清单) with its request to be left out of the base (不计入考核基数)."""

    done: bool
    request: Request = ""
    filed_before_due: bool = False
    supplementary: bool = False
    filed: bool = True
    material: bool = True
    falsified: bool = False


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """What a completion rate is made of: planned, supplementary, excused, completed (counts of tasks)."""

    planned: int
    supplementary: int
    excused: int
    completed: int


def first_role_only(entries: Iterable[Achievement], *, joint: Joint = "first_only") -> list[Achievement]:
    """Keep entries whose person is first author, host or winner (LYG-06).

    With ``split`` a joint work counts for every unit taking part, its weight divided by their number.
    """
    if joint == "split":
        return [replace(entry, weight=entry.weight / entry.units) for entry in entries]
    return [entry for entry in entries if entry.role == "first"]


def in_period(
    entries: Iterable[Achievement],
    *,
    first: date,
    last: date,
    extended: dict[str, date] | None = None,
) -> list[Achievement]:
    """Keep entries dated inside the period, both days included (LYG-07).

    ``extended`` moves the last day for some topics, as the scheme does for enrolment.
    """
    ends = extended or {}
    return [
        entry
        for entry in entries
        if entry.happened_on is not None and first <= entry.happened_on <= ends.get(entry.topic, last)
    ]


def highest_only(entries: Iterable[Achievement]) -> list[Achievement]:
    """Keep one entry per work, the one of the highest weight; entries without a work name all stay."""
    best: dict[str, Achievement] = {}
    single: list[Achievement] = []
    for entry in entries:
        if not entry.item:
            single.append(entry)
        elif entry.item not in best or entry.weight > best[entry.item].weight:
            best[entry.item] = entry
    return single + list(best.values())


def is_excusable(task: RegisteredTask) -> bool:
    """Return whether a task leaves the base: an approved request filed before the due point, or a budget
    cancellation that the leading group approved, which needs no early filing (JZU-X1).
    """
    return task.request == "budget_cancelled" or (task.request == "approved" and task.filed_before_due)


def task_counts(tasks: Iterable[RegisteredTask], *, count_excused_done: bool = False) -> TaskCounts:
    """Count a task register (JZU-X1, X2, X5).

    Supplementary tasks count when filed; a task without material or with falsified material is not
    completed. An excused task that is done all the same stays out unless ``count_excused_done``.
    """
    registered = [task for task in tasks if not task.supplementary or task.filed]
    excused = [is_excusable(task) and not (count_excused_done and task.done) for task in registered]
    return TaskCounts(
        planned=sum(not task.supplementary for task in registered),
        supplementary=sum(task.supplementary for task in registered),
        excused=sum(excused),
        completed=sum(is_accepted(task) and not out for task, out in zip(registered, excused, strict=True)),
    )


def is_accepted(task: RegisteredTask) -> bool:
    """Return whether a task counts as completed: done, with material, not falsified (JZU-X5)."""
    return task.done and task.material and not task.falsified


def charged_failures(failures: int, *, excused: int) -> int:
    """Return the failures still charged after signed statements of an objective cause (JZU-X6), never below 0."""
    return max(0, failures - excused)
