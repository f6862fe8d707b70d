"""Builds the standards of table 1-4 from its fragments (标准归并).

A printed number is always kept; the intended one is stored beside it.
"""

import re

from integrations.importers.duties.blocks import Block, Standard, choose_copy
from integrations.importers.duties.context import Context
from integrations.importers.duties.judging import SKIP, UNFAMILIAR, Judge, Reading, State, Verdict
from integrations.importers.duties.numbers import item_text
from integrations.importers.duties.pieces import CLOSED, SUB_ITEM, Flow, Fragment

LOOK_BACK = 4
USUAL_SEAM = 2
LONE = re.compile(r"^\s*\d{1,2}\s*、\s*")


class Resolver:
    """Walks the fragments of one table 1-4 and builds blocks of standards."""

    def __init__(self, flow: Flow, context: Context) -> None:
        self.flow = flow
        self.familiar = context.familiar
        self.report = context.report
        self.state = State()
        self.judge = Judge(flow, context, self.state)
        self.standards: list[Standard] = []

    def run(self) -> list[Block]:
        """All blocks in order of their first standard."""
        for index, fragment in enumerate(self.flow.fragments):
            if fragment.options:
                self._numbered(index, fragment)
            elif not self._garbled(fragment):
                self._plain(fragment)
        for standard in self.standards:
            choose_copy(standard, self.report)
        return self.state.blocks

    # -- fragments without number -------------------------------------------------------------------------------------

    def _garbled(self, fragment: Fragment) -> bool:
        """A number whose dots were read as figures, where the sequence leaves one meaning; to be checked."""
        block = self.state.block
        if block is None:
            return False
        for number, text in fragment.garbled:
            if number.item == block.item and 0 < number.c - block.last <= SKIP:
                self._gap(block, block.last, number.c, fragment)
                self._new(block, Reading(0, fragment, number, text)).flags.append("garbled")
                self.report.warn(
                    "number_garbled", "编号认不清，按顺序推断，请核对全文", fragment.line, str(number)
                )
                return True
        return False

    def _plain(self, fragment: Fragment) -> None:
        block, cursor = self.state.block, self.state.cursor
        if cursor is None or block is None:
            self.report.drop("unclaimed", fragment.line, message="没有编号，也接不上前文")
        elif fragment.bare == block.last + 1:
            text = LONE.sub("", fragment.text)
            standard = self._append(block, fragment.bare, f"{fragment.bare}、", fragment, text)
            standard.flags.append("number_short")
            self.report.warn("number_short", "编号只写了末位，已按顺序补全", fragment.line, standard.intended)
        elif (rest := self.judge.ghost_rest(fragment.text)) is not None:
            self._drop_ghost(fragment, rest)
        else:
            self._continue(cursor, fragment)

    def _continue(self, home: Standard, fragment: Fragment) -> None:
        """Joins a line or a page tail to the standard it goes on from (A 2.2 27, 2.1 10)."""
        self.report.claim(fragment.line)
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
        for standard in reversed(self.standards[-LOOK_BACK:]):
            for position in range(len(standard.parts) - 1, -1, -1):
                text, _ = standard.parts[position]
                seam = self.familiar.bridge(text, fragment.text) or 0
                if CLOSED.search(text) is None and seam >= USUAL_SEAM:
                    return standard, position
        return None

    def _drop_ghost(self, fragment: Fragment, rest: str) -> None:
        self.report.drop("ghost", fragment.line, part=fragment.text)
        cursor = self.state.cursor
        if cursor is None or not rest or self.familiar.of(rest) < UNFAMILIAR:
            return
        if not CLOSED.search(cursor.parts[-1][0]):
            cursor.parts.append((rest, fragment.page))

    # -- numbered fragments -------------------------------------------------------------------------------------------

    def _numbered(self, index: int, fragment: Fragment) -> None:
        readings = [Reading(index, fragment, number, text) for number, text in fragment.options]
        verdicts = [self.judge.verdict(reading) for reading in readings]
        position = max(range(len(readings)), key=lambda place: (verdicts[place].rank, -place))
        reading = readings[position]
        if position > 0:
            proposal = f"{reading.number} {reading.text[:20]}"
            self.report.warn(
                "number_glued", "编号与正文数字连写，已按顺序拆开，请确认", fragment.line, proposal
            )
        self._act(verdicts[position], reading)
        flag = "number_glued" if position > 0 else "number_split" if fragment.split else ""
        cursor = self.state.cursor
        if flag and cursor is not None and cursor.fragment is fragment:
            cursor.flags.append(flag)

    def _act(self, verdict: Verdict, reading: Reading) -> None:
        block, fragment = verdict.block, reading.fragment
        if verdict.action == "ghost":
            self._drop_ghost(fragment, self.judge.ghost_rest(reading.text) or "")
        elif block is None:
            self._start(reading, foreign=verdict.action == "foreign")
        elif verdict.action == "copy":
            self._copy(block, reading)
        elif verdict.action == "repeat":
            standard = self._append(block, block.last + 1, str(reading.number), fragment, reading.text)
            self.report.warn(
                "number_repeated", "同一编号出现两次，后一条按顺序编号", fragment.line, standard.intended
            )
        elif verdict.action == "odd":
            self._odd(block, reading)
        else:
            last = block.last
            standard = self._new(block, reading)
            self._gap(block, last, reading.number.c, fragment)
            if verdict.action == "slip":
                self.report.warn(
                    "number_of_other_item",
                    "编号写成了另一项工作的，按所在行归入",
                    fragment.line,
                    standard.intended,
                )

    def _start(self, reading: Reading, *, foreign: bool) -> None:
        block = Block(reading.number.item, foreign=foreign)
        self.state.blocks.append(block)
        self._new(block, reading)
        self._gap(block, 0, reading.number.c, reading.fragment)

    def _odd(self, block: Block, reading: Reading) -> None:
        """A number that fits nowhere: text when it stands inside a line, else a record to confirm."""
        fragment, cursor = reading.fragment, self.state.cursor
        if not fragment.at_start and cursor is not None:
            cursor.parts.append((fragment.text, fragment.page))
            return
        c = reading.number.c if block.at(reading.number.c) is None else block.last + 1
        self._append(block, c, str(reading.number), fragment, reading.text)
        self.report.warn(
            "number_out_of_order", "编号不合顺序，请确认归属", fragment.line, str(reading.number)
        )

    def _new(self, block: Block, reading: Reading) -> Standard:
        return self._append(block, reading.number.c, str(reading.number), reading.fragment, reading.text)

    def _append(self, block: Block, c: int, printed: str, fragment: Fragment, text: str) -> Standard:
        standard = Standard(block.item, c, printed, fragment, [(text, fragment.page)])
        block.standards.append(standard)
        self.standards.append(standard)
        self.state.block, self.state.cursor = block, standard
        self.report.claim(fragment.line)
        return standard

    def _copy(self, block: Block, reading: Reading) -> None:
        """The same standard printed again: kept aside, the better copy is chosen at the end (A 2.3 30, 33)."""
        fragment, twin = reading.fragment, block.at(reading.number.c)
        if twin is None:
            return
        parts = [(reading.text, fragment.page)]
        copy = Standard(block.item, reading.number.c, str(reading.number), fragment, parts)
        twin.copies.append(copy)
        self.state.block, self.state.cursor = block, copy
        self.report.drop("repeat", fragment.line, part=fragment.text)

    def _gap(self, block: Block, last: int, c: int, fragment: Fragment) -> None:
        if c > last + 1:
            lost = "、".join(f"{item_text(block.item)}.{missing}" for missing in range(last + 1, c))
            self.report.warn(
                "number_skipped", f"缺少编号 {lost}，请核对原件是否漏页或跳号", fragment.line, None
            )
