"""Trees on pages (树表): nested lists that stand open without a script and fold with one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Row = TypeVar("Row")


@dataclass
class Branch:
    """One line of a tree: number, label, quiet note, figure at the right, children."""

    label: str
    href: str = ""
    number: str = ""
    note: str = ""
    figure: str = ""
    icon: str = ""
    meaning: str = ""
    level: int = 0
    open: bool = True
    current: bool = False
    children: list["Branch"] = field(default_factory=list)

    @property
    def indent(self) -> str:
        """Class that sets the indentation; deeper than seven looks like seven."""
        return f"d{min(self.level, 7)}"


def grow(
    rows: Iterable[Row],
    *,
    key: Callable[[Row], object],
    parent: Callable[[Row], object],
    branch: Callable[[Row], Branch],
) -> list[Branch]:
    """Trees from flat rows in the order given; a row whose parent is not among them becomes a root."""
    listed = list(rows)
    made = {key(row): branch(row) for row in listed}
    roots: list[Branch] = []
    for row in listed:
        above = made.get(parent(row))
        (above.children if above else roots).append(made[key(row)])
    _set_levels(roots, 0)
    return roots


def _set_levels(branches: Sequence[Branch], level: int) -> None:
    for one in branches:
        one.level = level
        _set_levels(one.children, level + 1)
