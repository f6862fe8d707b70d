"""Standards and the blocks they form (标准与标准块)."""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.numbers import Item, item_text
from integrations.importers.duties.pieces import CLOSED, Fragment
from integrations.importers.findings import Report
from integrations.importers.folding import fold, similarity

COPY = 0.85
FULLER = 3
FIGURES = re.compile(r"\d+")


@dataclass(eq=False)
class Standard:
    """A standard (工作标准): intended place (item, c), printed number, text parts with the page each was read from."""

    item: Item
    c: int
    printed: str
    fragment: Fragment
    parts: list[tuple[str, int]]
    copies: list["Standard"] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text joined."""
        return "".join(part for part, _ in self.parts)

    @property
    def intended(self) -> str:
        """The number that the sequence asks for."""
        return f"{item_text(self.item)}.{self.c}"


@dataclass(eq=False)
class Block:
    """Standards of one entry of table 1-4; ``foreign`` while its prefix belongs to another item."""

    item: Item
    standards: list[Standard] = field(default_factory=list)
    foreign: bool = False

    def at(self, c: int) -> Standard | None:
        """The standard at position c."""
        return next((standard for standard in self.standards if standard.c == c), None)

    @property
    def last(self) -> int:
        """Highest position so far."""
        return max((standard.c for standard in self.standards), default=0)

    @property
    def rows(self) -> tuple[int, int]:
        """First and last row index of its standards."""
        rows = [standard.fragment.row for standard in self.standards]
        return min(rows), max(rows)


def alike(one: str, other: str) -> bool:
    """Two printings of one text, perhaps one of them cropped."""
    left, right = fold(one), fold(other)
    short = min(len(left), len(right))
    return left == right if short < 4 else similarity(left[:short], right[:short]) >= COPY


def choose_copy(standard: Standard, report: Report) -> None:
    """The fullest of several printings; printings that differ in a figure are shown (A 2.3 30)."""
    for copy in standard.copies:
        mine, theirs = FIGURES.findall(standard.text), FIGURES.findall(copy.text)
        if mine != theirs[: len(mine)]:
            line = standard.fragment.line
            report.warn(
                "copies_differ",
                "同一条有两种读法，数字不同，请核对",
                line,
                copy.text,
                about=standard.intended,
            )
    closed = CLOSED.search(standard.text) is not None
    full = len(fold(standard.text)) + FULLER
    better = [
        copy
        for copy in standard.copies
        if CLOSED.search(copy.text) and (not closed or len(fold(copy.text)) > full)
    ]
    if better:
        standard.parts = max(better, key=lambda copy: len(fold(copy.text))).parts
