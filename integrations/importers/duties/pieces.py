"""What table 1-4 is cut into (片段): fragments of standards, pieces of work texts and labels, in reading order."""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.numbers import Item, Number
from integrations.importers.grid import Line

CLOSED = re.compile(r"[;；。.!！:：?？]\s*$")
SUB_ITEM = re.compile(r"^\s*[(（]\s*\d{1,2}\s*[)）]")


@dataclass(eq=False)
class Fragment:
    """A piece of a standard; ``options`` are its possible numbers with the text that follows each.

    ``bare`` is a lone position ("2、"); ``garbled`` holds guesses where the dots were read as figures; ``own_items`` are
    the work numbers printed on its row; ``free`` marks a line outside any column.
    """

    text: str
    line: Line
    row: int
    page: int
    options: list[tuple[Number, str]] = field(default_factory=list)
    at_start: bool = True
    free: bool = False
    bare: int | None = None
    garbled: list[tuple[Number, str]] = field(default_factory=list)
    split: bool = False
    own_items: list[Item] = field(default_factory=list)

    @property
    def number(self) -> Number | None:
        """The first reading of its number."""
        return self.options[0][0] if self.options else None


@dataclass(eq=False)
class Piece:
    """A piece of a work cell or of a label column; ``stray`` when it stands in a row that gathers a page's work texts."""

    text: str
    line: Line
    row: int
    page: int
    item: Item | None = None
    column: str = "work"
    stray: bool = False


@dataclass
class Flow:
    """Everything read from one table 1-4; ``tails`` are ends of lines found in an extra column, ``cells`` those with
    several paragraphs."""

    fragments: list[Fragment] = field(default_factory=list)
    works: list[Piece] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)
    tails: list[tuple[Fragment, str, Line]] = field(default_factory=list)
    cells: list[list[Line]] = field(default_factory=list)

    def open_end(self) -> bool:
        """Is the last fragment unfinished?"""
        return bool(self.fragments) and CLOSED.search(self.fragments[-1].text) is None
