"""Ruled tables of a page (表格线): lines to columns and rows, cells that stretch over several."""

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.importers.sources.pdf.marks import Rule

NEAR, REACH, OPEN = 2.0, 3.0, 6.0


@dataclass(frozen=True)
class Box:
    """A cell of the grid: first and last row and column (from 0), and where it stands; y upwards."""

    top: int
    left: int
    bottom: int
    right: int
    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        """Is the point inside?"""
        return self.x0 - NEAR <= x <= self.x1 + NEAR and self.y0 - NEAR <= y <= self.y1 + NEAR


@dataclass(frozen=True)
class Grid:
    """A ruled table: x of its columns' edges, y of its rows' edges from the top, its cells.

    ``cut_above`` and ``cut_below``: no line closes it there, its row goes on over the page.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]
    cut_above: bool = False
    cut_below: bool = False

    def holds(self, x: float, y: float) -> bool:
        """Is the point inside the table?"""
        return self.xs[0] - NEAR <= x <= self.xs[-1] + NEAR and self.ys[-1] - NEAR <= y <= self.ys[0] + NEAR


def find_grids(rules: Iterable[Rule]) -> list[Grid]:
    """Tables of a page, from the top; frames of a single cell are none."""
    joined = _joined(rules)
    found = [grid for group in _groups(joined) if (grid := _grid(group)) is not None]
    return sorted(found, key=lambda grid: -grid.ys[0])


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of the same line put together."""
    found: list[Rule] = []
    for cluster in _clusters(sorted(rules, key=lambda rule: (rule.upright, rule.at))):
        start = len(found)
        for rule in sorted(cluster, key=lambda rule: rule.low):
            last = found[-1] if len(found) > start else None
            if last is not None and rule.low <= last.high + REACH:
                found[-1] = Rule(rule.upright, last.at, last.low, max(last.high, rule.high))
            else:
                found.append(rule)
    return found


def _clusters(rules: list[Rule]) -> list[list[Rule]]:
    """Lines of one direction that stand at the same place."""
    found: list[list[Rule]] = []
    for rule in rules:
        first = found[-1][0] if found else None
        if first is not None and first.upright == rule.upright and rule.at - first.at <= NEAR:
            found[-1].append(rule)
        else:
            found.append([rule])
    return found


def _meet(one: Rule, other: Rule) -> bool:
    if one.upright == other.upright:
        # Columns of a row that a page break cuts on both sides have no line across.
        alike = abs(one.low - other.low) <= REACH and abs(one.high - other.high) <= REACH
        return one.upright and alike
    return (
        one.low - REACH <= other.at <= one.high + REACH and other.low - REACH <= one.at <= other.high + REACH
    )


def _groups(rules: list[Rule]) -> list[list[Rule]]:
    """Lines that touch one another, directly or through others."""
    left = list(rules)
    groups = []
    while left:
        group, queue = [], [left.pop()]
        while queue:
            rule = queue.pop()
            group.append(rule)
            touching = [other for other in left if _meet(rule, other)]
            left = [other for other in left if other not in touching]
            queue += touching
        groups.append(group)
    return groups


def _edges(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def _grid(group: list[Rule]) -> Grid | None:
    xs = _edges(rule.at for rule in group if rule.upright)
    ys = _edges(rule.at for rule in group if not rule.upright)[::-1]
    if len(xs) < 2:
        return None
    highest = max(rule.high for rule in group if rule.upright)
    lowest = min(rule.low for rule in group if rule.upright)
    above = not ys or highest > ys[0] + OPEN
    below = not ys or lowest < ys[-1] - OPEN
    ys = [*([highest] if above else []), *ys, *([lowest] if below else [])]
    if len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(_boxes(xs, ys, group)), above, below)


def _boxes(xs: list[float], ys: list[float], group: list[Rule]) -> list[Box]:
    """Neighbouring fields without a line between them are one cell."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(spot: tuple[int, int]) -> tuple[int, int]:
        while owner[spot] != spot:
            spot = owner[spot]
        return spot

    upright = [rule for rule in group if rule.upright]
    across = [rule for rule in group if not rule.upright]
    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            if column + 1 < columns and not _covered(upright, xs[column + 1], middle):
                owner[root((row, column + 1))] = root((row, column))
            centre = (xs[column] + xs[column + 1]) / 2
            if row + 1 < rows and not _covered(across, ys[row + 1], centre):
                owner[root((row + 1, column))] = root((row, column))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for spot in owner:
        members.setdefault(root(spot), []).append(spot)
    return [_box(spots, xs, ys) for spots in members.values()]


def _covered(rules: list[Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= NEAR and rule.low - NEAR <= across <= rule.high + NEAR for rule in rules)


def _box(spots: list[tuple[int, int]], xs: list[float], ys: list[float]) -> Box:
    top, bottom = min(row for row, _ in spots), max(row for row, _ in spots)
    left, right = min(column for _, column in spots), max(column for _, column in spots)
    return Box(top, left, bottom, right, xs[left], ys[bottom + 1], xs[right + 1], ys[top])
