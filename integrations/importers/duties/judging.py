"""What a number in table 1-4 means (编号判定): by continuity, by the work cell of the row, by what stands elsewhere.

Authors repeat, skip and mistype numbers; recognition splits, glues and invents them (catalogue.md A 2.3, 2.4).
"""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.blocks import Block, Standard, alike
from integrations.importers.duties.cleaning import chinese
from integrations.importers.duties.context import Context
from integrations.importers.duties.numbers import Item, Number
from integrations.importers.duties.pieces import SUB_ITEM, Flow, Fragment
from integrations.importers.folding import similarity

CLEAR, GHOST, SHADOW, UNFAMILIAR = 0.6, 0.45, 0.25, 0.3
SKIP = 4
NEAR_ROWS = 9
MIN_GHOST = 8


@dataclass
class State:
    """Where the walk through the fragments stands: all blocks, the current one, the standard being read."""

    blocks: list[Block] = field(default_factory=list)
    block: Block | None = None
    cursor: Standard | None = None

    def expects(self) -> Number | None:
        """The number that would simply go on."""
        return Number(*self.block.item, self.block.last + 1) if self.block is not None else None

    def latest(self, item: Item) -> Block | None:
        """The last block of an item."""
        return next(
            (block for block in reversed(self.blocks) if block.item == item and not block.foreign), None
        )


@dataclass(frozen=True)
class Reading:
    """One way to read a fragment: its position among all, the number, the text behind it."""

    index: int
    fragment: Fragment
    number: Number
    text: str


@dataclass(frozen=True)
class Verdict:
    """What a reading would mean; higher ranks win.  ``block`` is where it would go."""

    rank: int
    action: str
    block: Block | None = None


class Judge:
    """Ranks readings of numbers against the state."""

    def __init__(self, flow: Flow, context: Context, state: State) -> None:
        self.flow = flow
        self.state = state
        self.familiar = context.familiar
        self.known = set(context.works) | {piece.item for piece in flow.works if piece.item is not None}

    def verdict(self, reading: Reading) -> Verdict:
        """The most plausible meaning of this reading."""
        if self._is_ghost(reading):
            return Verdict(50, "ghost")
        block, number = self.state.block, reading.number
        if block is not None and number.item == block.item:
            return self._same_item(block, reading)
        existing = self.state.latest(number.item)
        if (
            existing is not None
            and (twin := existing.at(number.c)) is not None
            and alike(twin.text, reading.text)
        ):
            return Verdict(85, "copy", existing)
        return self._first(existing, reading) if number.c == 1 else self._later(existing, reading)

    def _same_item(self, block: Block, reading: Reading) -> Verdict:
        number = reading.number
        twin = block.at(number.c)
        if number.c == block.last + 1:
            return Verdict(100, "next", block)
        if twin is not None:
            return self._twin(block, twin, reading)
        if number.c < block.last:
            return Verdict(65, "fill", block)
        following = self._next_number(reading.index)
        skipped = number.c <= block.last + SKIP and following != self.state.expects()
        return Verdict(60 if skipped else 5, "fill", block)

    def _twin(self, block: Block, twin: Standard, reading: Reading) -> Verdict:
        """The block has this position already: printed again, a new block, or the authors' repeat (A 2.4 39)."""
        if alike(twin.text, reading.text):
            return Verdict(90, "copy", block)
        if reading.number.c == 1 and block.last > 1:
            owns = self._owns(reading.fragment, reading.number.item)
            return Verdict(75, "start") if owns else Verdict(40, "foreign")
        return Verdict(70, "repeat", block) if reading.number.c == block.last else Verdict(10, "odd", block)

    def _first(self, existing: Block | None, reading: Reading) -> Verdict:
        owns = self._owns(reading.fragment, reading.number.item)
        if self._sandwiched(reading.index) and not owns:
            return Verdict(45, "ghost")
        if existing is None:
            return Verdict(80, "start") if reading.number.item in self.known else Verdict(30, "foreign")
        if existing.at(1) is None:
            return Verdict(70, "fill", existing)
        return Verdict(75, "start") if owns else Verdict(40, "foreign")

    def _later(self, existing: Block | None, reading: Reading) -> Verdict:
        block, number = self.state.block, reading.number
        continues = block is not None and number.c == block.last + 1
        if continues and not self._owns(reading.fragment, number.item):
            # The authors' wrong prefix: the position goes on counting, no work text says the other item (A 2.4 38).
            return Verdict(72, "slip", block)
        if existing is not None:
            if number.c == existing.last + 1:
                return Verdict(71, "next", existing)
            if existing.at(number.c) is None and number.c <= existing.last + SKIP:
                return Verdict(68, "fill", existing)
            return Verdict(20, "slip", block) if continues else Verdict(10, "odd", existing)
        if number.item in self.known and number.c <= SKIP:
            return Verdict(55, "start")
        return Verdict(25, "slip", block) if continues else Verdict(8, "odd")

    def _owns(self, fragment: Fragment, item: Item) -> bool:
        """Does the work column say this item on the row or just below (labels stand in the middle of their block)?"""
        if item in fragment.own_items:
            return True
        return any(
            piece.item == item and piece.page == fragment.page and 0 <= piece.row - fragment.row <= NEAR_ROWS
            for piece in self.flow.works
        )

    def _next_number(self, index: int) -> Number | None:
        return next(
            (fragment.number for fragment in self.flow.fragments[index + 1 :] if fragment.options), None
        )

    def _sandwiched(self, index: int) -> bool:
        expected = self.state.expects()
        return expected is not None and self._next_number(index) == expected

    def _is_ghost(self, reading: Reading) -> bool:
        """A number that recognition invented: zero in it, or illegible text where another number is due (A 2.3 31)."""
        number, block = reading.number, self.state.block
        if 0 in (number.a, number.b, number.c):
            return True
        due = number == self.state.expects()
        if due or not reading.fragment.at_start or chinese(reading.text) < MIN_GHOST:
            return False
        if (block is None or number.item != block.item) and self.ghost_rest(reading.text):
            return True
        twin = block.at(number.c) if block is not None and number.item == block.item else None
        shadow = twin is not None and similarity(twin.text, reading.text) >= SHADOW
        odd = shadow or number.item not in self.known or self._sandwiched(reading.index)
        return odd and self.familiar.of(reading.text) < UNFAMILIAR

    def ghost_rest(self, text: str) -> str | None:
        """What a second misreading of the last standard's line adds to it; None when the text is no ghost."""
        cursor = self.state.cursor
        if cursor is None or chinese(text) < MIN_GHOST or SUB_ITEM.match(text):
            return None
        last = cursor.parts[-1][0]
        bare = re.sub(r"^[\d\s.]+", "", text)
        for before in (last, last[-len(bare) :]):
            if chinese(before) >= MIN_GHOST and self._misread(before, bare[: len(before)]):
                return bare[len(before) :].strip()
        return "" if self.familiar.of(bare) < UNFAMILIAR / 2 else None

    def _misread(self, before: str, head: str) -> bool:
        likeness, usual, here = similarity(before, head), self.familiar.of(before), self.familiar.of(head)
        return (likeness >= CLEAR and here < usual - 0.1) or (likeness >= GHOST and here < GHOST)
