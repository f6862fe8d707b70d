"""Differences between two versions (版本对比): what was added, removed, changed, one line each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from zhiheng.web.show import show

Kind = Literal["add", "del", "chg"]


@dataclass(frozen=True)
class Difference:
    """One line: where, what kind of change, the old and the new text."""

    place: str
    kind: Kind
    old: str = ""
    new: str = ""
    note: str = ""


@dataclass(frozen=True)
class DiffTable:
    """All lines with the names of both sides."""

    old_name: str
    new_name: str
    lines: tuple[Difference, ...]

    def count(self, kind: Kind) -> int:
        """How many lines of that kind."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def added(self) -> int:
        """Lines only in the new version."""
        return self.count("add")

    @property
    def removed(self) -> int:
        """Lines only in the old version."""
        return self.count("del")

    @property
    def changed(self) -> int:
        """Lines in both with another text."""
        return self.count("chg")


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    """Differences of two flat mappings, in the order of the new one, removed lines last."""
    for place, value in new.items():
        if place not in old:
            yield Difference(place, "add", new=show(value))
        elif old[place] != value:
            yield Difference(place, "chg", show(old[place]), show(value))
    for place, value in old.items():
        if place not in new:
            yield Difference(place, "del", old=show(value))
