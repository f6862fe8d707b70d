"""Which numbers begin a standard (编号判定): by continuity, by the work cell of the row, and by what stands elsewhere.

Authors repeat, skip and mistype numbers; recognition splits, glues and invents them (catalogue.md A 2.3, 2.4).  A printed
number is always kept; the intended one is stored beside it.
"""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import Familiarity, chinese
from integrations.importers.duties.fragments import CLOSED, SUB_ITEM, Flow, Fragment, Piece
from integrations.importers.duties.numbers import Number, item_text
from integrations.importers.findings import Report
from integrations.importers.folding import fold, similarity

COPY, CLEAR, GHOST, UNFAMILIAR = 0.85, 0.6, 0.45, 0.3
SKIP = 4
NEAR_ROWS = 9
MIN_GHOST = 8


@dataclass(eq=False)
class Standard:
    """A standard (工作标准): intended place (item, c), printed number, text parts with the page each was read from."""

    item: tuple[int, int]
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
    """Standards of one entry of table 1-4; ``printed`` is the item number on its standards."""

    item: tuple[int, int]
    standards: list[Standard] = field(default_factory=list)
    foreign: bool = False
    piece: Piece | None = None

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


@dataclass(frozen=True)
class Verdict:
    """What a reading of a number would mean; higher ranks win."""

    rank: int
    action: str
    block: Block | None = None


class Resolver:
    """Walks the fragments of one table 1-4 and builds blocks of standards."""

    def __init__(
        self, flow: Flow, known: dict[tuple[int, int], str], familiar: Familiarity, report: Report
    ) -> None:
        self.flow = flow
        self.known = set(known) | {piece.item for piece in flow.works if piece.item is not None}
        self.familiar = familiar
        self.report = report
        self.blocks: list[Block] = []
        self.block: Block | None = None
        self.cursor: Standard | None = None
        self.standards: list[Standard] = []

    def run(self) -> list[Block]:
        """All blocks in order of their first standard."""
        for index, fragment in enumerate(self.flow.fragments):
            if fragment.options:
                self._numbered(index, fragment)
            else:
                self._plain(fragment)
        for standard in self.standards:
            _choose_copy(standard, self.report)
        return self.blocks

    # -- fragments without number -------------------------------------------------------------------------------------

    def _plain(self, fragment: Fragment) -> None:
        if self.block is not None and fragment.garbled:
            fits = [
                hit
                for hit in fragment.garbled
                if hit[0].item == self.block.item and 0 < hit[0].c - self.block.last <= SKIP
            ]
            if fits:
                number, text = fits[0]
                self._gap(self.block, self.block.last, number.c, fragment)
                standard = self._new(self.block, number.c, str(number), fragment, text)
                standard.flags.append("garbled")
                self.report.warn(
                    "number_garbled", "编号认不清，按顺序推断，请核对全文", fragment.line, str(number)
                )
                return
        if self.cursor is None:
            self.report.drop("unclaimed", fragment.line, message="没有编号，也接不上前文")
            return
        if fragment.bare is not None and self.block is not None and fragment.bare == self.block.last + 1:
            text = re.sub(r"^\s*\d{1,2}\s*、\s*", "", fragment.text)
            standard = self._new(self.block, fragment.bare, f"{fragment.bare}、", fragment, text)
            standard.flags.append("number_short")
            self.report.warn("number_short", "编号只写了末位，已按顺序补全", fragment.line, standard.intended)
        elif (rest := self._ghost_rest(fragment.text)) is not None:
            self._drop_ghost(fragment, rest)
        else:
            self._continue(fragment)

    def _continue(self, fragment: Fragment) -> None:
        """Joins a line or a page tail to the standard it goes on from (A 2.2 27, 2.1 10)."""
        self.report.claim(fragment.line)
        home = self.cursor
        if home is None:
            return
        moved = self._better_home(home, fragment)
        if moved is not None:
            standard, position = moved
            standard.parts.insert(position + 1, (fragment.text, fragment.page))
            self.report.warn(
                "tail_moved", "次序错乱的半句，已接到它所属的标准", fragment.line, standard.intended
            )
            return
        if home.parts[-1][1] != fragment.page:
            home.flags.append("page_joined")
        home.parts.append((fragment.text, fragment.page))

    def _better_home(self, home: Standard, fragment: Fragment) -> tuple[Standard, int] | None:
        """An earlier unfinished sentence whose seam is usual here, when the seam with the last one never occurs.

        Only where a page begins or in free paragraphs: inside a column lines keep their order.
        """
        here = self.familiar.bridge(home.parts[-1][0], fragment.text)
        in_order = not fragment.free and home.parts[-1][1] == fragment.page
        if here is None or here > 0 or in_order or SUB_ITEM.match(fragment.text):
            return None
        for standard in reversed(self.standards[-4:]):
            for position in range(len(standard.parts) - 1, -1, -1):
                text, _ = standard.parts[position]
                if CLOSED.search(text) is None and (self.familiar.bridge(text, fragment.text) or 0) >= 2:
                    return standard, position
        return None

    # -- ghosts -------------------------------------------------------------------------------------------------------

    def _ghost_rest(self, text: str) -> str | None:
        """What a second misreading of the last standard's line adds to it; None when this is no ghost (A 2.3 31)."""
        if self.cursor is None or chinese(text) < MIN_GHOST or SUB_ITEM.match(text):
            return None
        last = self.cursor.parts[-1][0]
        bare = re.sub(r"^[\d\s.]+", "", text)
        for before in (last, last[-len(bare) :]):
            head = bare[: len(before)]
            if chinese(before) >= MIN_GHOST and self._misread(before, head):
                return bare[len(before) :].strip()
        if self.familiar.of(bare) < UNFAMILIAR / 2:
            return ""
        return None

    def _misread(self, before: str, head: str) -> bool:
        likeness, usual, here = similarity(before, head), self.familiar.of(before), self.familiar.of(head)
        return (likeness >= CLEAR and here < usual - 0.1) or (likeness >= GHOST and here < GHOST)

    def _drop_ghost(self, fragment: Fragment, rest: str) -> None:
        self.report.drop("ghost", fragment.line, part=fragment.text)
        if (
            self.cursor is not None
            and rest
            and not CLOSED.search(self.cursor.parts[-1][0])
            and self.familiar.of(rest) >= UNFAMILIAR
        ):
            self.cursor.parts.append((rest, fragment.page))

    # -- numbered fragments -------------------------------------------------------------------------------------------

    def _numbered(self, index: int, fragment: Fragment) -> None:
        readings = [
            (self._judge(index, fragment, number, text), position)
            for position, (number, text) in enumerate(fragment.options)
            if number
        ]
        verdict, position = max(readings, key=lambda reading: (reading[0].rank, -reading[1]))
        number, text = fragment.options[position]
        if number is None:
            return
        if position > 0:
            fragment_flag = "number_glued"
            self.report.warn(
                "number_glued",
                "编号与正文数字连写，已按顺序拆开，请确认",
                fragment.line,
                f"{number} {text[:20]}",
            )
        else:
            fragment_flag = "number_split" if fragment.split else ""
        self._act(verdict, fragment, number, text)
        if fragment_flag and self.cursor is not None and self.cursor.fragment is fragment:
            self.cursor.flags.append(fragment_flag)

    def _judge(self, index: int, fragment: Fragment, number: Number, text: str) -> Verdict:
        if self._is_ghost(index, fragment, number, text):
            return Verdict(50, "ghost")
        block = self.block
        if block is not None and number.item == block.item:
            return self._same_item(index, block, number, text, fragment)
        existing = next(
            (found for found in reversed(self.blocks) if found.item == number.item and not found.foreign),
            None,
        )
        if existing is not None and (twin := existing.at(number.c)) is not None and _alike(twin.text, text):
            return Verdict(85, "copy", existing)
        owns = self._owns(fragment, number.item)
        if number.c == 1:
            return self._first(existing, number, owns=owns, sandwiched=self._sandwiched(index))
        return self._later(index, fragment, existing, number, owns=owns)

    def _same_item(self, index: int, block: Block, number: Number, text: str, fragment: Fragment) -> Verdict:
        twin = block.at(number.c)
        if number.c == block.last + 1:
            return Verdict(100, "next", block)
        if twin is not None:
            if _alike(twin.text, text):
                return Verdict(90, "copy", block)
            if number.c == 1 and block.last > 1:
                return Verdict(75, "start") if self._owns(fragment, number.item) else Verdict(40, "foreign")
            return Verdict(70, "repeat", block) if number.c == block.last else Verdict(10, "odd", block)
        if number.c < block.last:
            return Verdict(65, "fill", block)
        following = self._next_number(index)
        ghost = following is not None and following.item == number.item and following.c == block.last + 1
        return Verdict(60 if number.c <= block.last + SKIP and not ghost else 5, "skip", block)

    def _first(self, existing: Block | None, number: Number, *, owns: bool, sandwiched: bool) -> Verdict:
        if sandwiched and not owns:
            return Verdict(45, "ghost")
        if existing is None:
            return Verdict(80, "start") if number.item in self.known else Verdict(30, "foreign")
        if existing.at(1) is None:
            return Verdict(70, "fill", existing)
        return Verdict(75, "start") if owns else Verdict(40, "foreign")

    def _later(
        self, index: int, fragment: Fragment, existing: Block | None, number: Number, *, owns: bool
    ) -> Verdict:
        block = self.block
        continues = block is not None and number.c == block.last + 1
        if continues and not owns and self._is_slip(index, fragment, existing, number):
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

    def _is_slip(self, index: int, fragment: Fragment, existing: Block | None, number: Number) -> bool:
        """The authors' wrong prefix: the position goes on counting, the item does not belong here (A 2.4 38)."""
        if number.item not in self.known or (existing is not None and existing.at(number.c) is not None):
            return True
        if self.block is not None and self.block.item in fragment.own_items:
            return True
        others = [other.number for other in self.flow.fragments[index + 1 :]]
        return any(other == Number(*number.item, 1) for other in others) or existing is not None

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _owns(self, fragment: Fragment, item: tuple[int, int]) -> bool:
        """Does the work column say this item on the row or just below (labels stand in the middle of their block)?"""
        if item in fragment.own_items:
            return True
        return any(
            piece.item == item and piece.page == fragment.page and 0 <= piece.row - fragment.row <= NEAR_ROWS
            for piece in self.flow.works
        )

    def _next_number(self, index: int) -> Number | None:
        following = self.flow.fragments[index + 1 :]
        return next((fragment.number for fragment in following if fragment.options), None)

    def _sandwiched(self, index: int) -> bool:
        following = self._next_number(index)
        block = self.block
        return (
            block is not None and following is not None and following == Number(*block.item, block.last + 1)
        )

    def _is_ghost(self, index: int, fragment: Fragment, number: Number, text: str) -> bool:
        if number.a == 0 or number.b == 0 or number.c == 0:
            return True
        if not fragment.at_start or chinese(text) < MIN_GHOST:
            return False
        block = self.block
        expected = block is not None and number == Number(*block.item, block.last + 1)
        if expected:
            return False
        twin = block is not None and number.item == block.item and block.at(number.c) is not None
        return (
            (self.familiar.of(text) < UNFAMILIAR
            and (twin or self._sandwiched(index) or number.item not in self.known))
            or (number.item != (block.item if block else None) and self._ghost_rest(text) not in (None, ""))
        )

    def _act(self, verdict: Verdict, fragment: Fragment, number: Number, text: str) -> None:
        if verdict.action == "ghost":
            self._drop_ghost(fragment, self._ghost_rest(text) or "")
            return
        if verdict.action in ("start", "foreign") or verdict.block is None:
            block = Block(number.item, foreign=verdict.action == "foreign")
            self.blocks.append(block)
            self._new(block, number.c, str(number), fragment, text)
            if number.c > 1:
                self._gap(block, 0, number.c, fragment)
        elif verdict.action == "copy":
            self._copy(verdict.block, number, fragment, text)
        elif verdict.action == "repeat":
            standard = self._new(verdict.block, verdict.block.last + 1, str(number), fragment, text)
            self.report.warn(
                "number_repeated", "同一编号出现两次，后一条按顺序编号", fragment.line, standard.intended
            )
        elif verdict.action == "slip":
            standard = self._new(verdict.block, number.c, str(number), fragment, text)
            self.report.warn(
                "number_of_other_item",
                "编号写成了另一项工作的，按所在行归入",
                fragment.line,
                standard.intended,
            )
        elif verdict.action == "odd":
            self._odd(verdict.block, number, fragment, text)
        else:
            last = verdict.block.last
            self._new(verdict.block, number.c, str(number), fragment, text)
            if number.c > last + 1:
                self._gap(verdict.block, last, number.c, fragment)

    def _odd(self, block: Block, number: Number, fragment: Fragment, text: str) -> None:
        """A number that fits nowhere: text when it stands inside a line, else a record to confirm."""
        if not fragment.at_start and self.cursor is not None:
            self.cursor.parts.append((fragment.text, fragment.page))
            return
        self._new(
            block, number.c if block.at(number.c) is None else block.last + 1, str(number), fragment, text
        )
        self.report.warn("number_out_of_order", "编号不合顺序，请确认归属", fragment.line, str(number))

    def _new(self, block: Block, c: int, printed: str, fragment: Fragment, text: str) -> Standard:
        standard = Standard(block.item, c, printed, fragment, [(text, fragment.page)])
        block.standards.append(standard)
        self.standards.append(standard)
        self.block, self.cursor = block, standard
        self.report.claim(fragment.line)
        return standard

    def _copy(self, block: Block, number: Number, fragment: Fragment, text: str) -> None:
        """The same standard printed again: kept aside, the better copy is chosen at the end (A 2.3 30, 33)."""
        twin = block.at(number.c)
        if twin is None:
            return
        copy = Standard(block.item, number.c, str(number), fragment, [(text, fragment.page)])
        twin.copies.append(copy)
        self.block, self.cursor = block, copy
        self.report.drop("repeat", fragment.line, part=fragment.text)

    def _gap(self, block: Block, last: int, c: int, fragment: Fragment) -> None:
        if c <= last + 1:
            return
        lost = "、".join(f"{item_text(block.item)}.{missing}" for missing in range(last + 1, c))
        self.report.warn("number_skipped", f"缺少编号 {lost}，请核对原件是否漏页或跳号", fragment.line, None)


def _alike(one: str, other: str) -> bool:
    short = min(len(fold(one)), len(fold(other)))
    if short < 4:
        return fold(one) == fold(other)
    return similarity(fold(one)[:short], fold(other)[:short]) >= COPY


def _choose_copy(standard: Standard, report: Report) -> None:
    """The fullest copy; copies that differ in a figure are shown (A 2.3 30)."""
    for copy in standard.copies:
        if (
            re.findall(r"\d+", standard.text)
            != re.findall(r"\d+", copy.text)[: len(re.findall(r"\d+", standard.text))]
        ):
            report.warn(
                "copies_differ",
                "同一条有两种读法，数字不同，请核对",
                standard.fragment.line,
                copy.text,
                about=standard.intended,
            )
    closed = CLOSED.search(standard.text) is not None
    better = [
        copy
        for copy in standard.copies
        if CLOSED.search(copy.text) and (not closed or len(fold(copy.text)) > len(fold(standard.text)) + 3)
    ]
    if better:
        standard.parts = max(better, key=lambda copy: len(fold(copy.text))).parts
