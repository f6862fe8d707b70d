"""The cheapest consistent run of names over a list of entries (标签归属): a small dynamic programme."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from integrations.importers.duties.entries import Entry
from integrations.importers.duties.labelling import Evidence

AGAINST, WITH = 2.0, -1.0
CHANGE, CHANGE_AT_DUTY, CHANGE_AT_NAME = 1.5, 0.7, 0.4
FULL = 0.5


@dataclass
class Track:
    """Names to choose from, labels seen, what table 1-3 expects (with the cost of another name), further costs."""

    states: list[str]
    labels: list[Evidence]
    expected: Callable[[Entry], tuple[str | None, float]]
    further: Callable[[Entry, str], float]


def cheapest(ordered: list[Entry], track: Track) -> list[str | None]:
    """One name per entry: labels and table 1-3 agree as far as they can, and names change seldom."""
    if not track.states or not ordered:
        return [None] * len(ordered)
    table: list[dict[str, tuple[float, str | None]]] = []
    for index, (entry, span) in enumerate(zip(ordered, spans(ordered), strict=True)):
        labels = [label for label in track.labels if span[0] <= label.row <= span[1]]
        step: dict[str, tuple[float, str | None]] = {}
        for state in track.states:
            before = _arrive(state, table[-1], ordered[index - 1], entry, track) if table else (0.0, None)
            step[state] = (_cost(entry, state, labels, track) + before[0], before[1])
        table.append(step)
    return _trace(table)


def spans(ordered: list[Entry]) -> list[tuple[int, int]]:
    """Rows from the first of an entry to the one before the next entry."""
    starts = [entry.rows[0] for entry in ordered]
    ends = [max(start, following - 1) for start, following in pairwise(starts)]
    return list(zip(starts, [*ends, ordered[-1].rows[1] + 3], strict=True))


def _trace(table: list[dict[str, tuple[float, str | None]]]) -> list[str | None]:
    run: list[str | None] = []
    state: str | None = min(table[-1], key=lambda name: table[-1][name][0])
    for step in reversed(table):
        run.append(state)
        state = step[state][1] if state is not None else None
    return run[::-1]


def _cost(entry: Entry, state: str, labels: list[Evidence], track: Track) -> float:
    expected, price = track.expected(entry)
    cost = price if expected is not None and expected != state else 0.0
    for label in labels:
        cost += (WITH if label.name == state else AGAINST) * label.sure
    return cost + track.further(entry, state)


def _arrive(
    state: str, before: dict[str, tuple[float, str | None]], previous: Entry, entry: Entry, track: Track
) -> tuple[float, str]:
    change = CHANGE_AT_DUTY if previous.item[0] != entry.item[0] else CHANGE
    (one, price), (other, other_price) = track.expected(previous), track.expected(entry)
    if one and other and one != other and min(price, other_price) > FULL:
        change = CHANGE_AT_NAME
    return min((cost + (0.0 if name == state else change), name) for name, (cost, _) in before.items())
