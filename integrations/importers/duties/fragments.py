"""Cuts the rows of table 1-4 into fragments (切片): starts of standards, continuations, work texts, labels.

Numbers are only candidates here; which of them begin a standard is decided by continuity in ``resolving``.
"""

import re

from integrations.importers.duties.cleaning import chinese, is_noise
from integrations.importers.duties.context import Context
from integrations.importers.duties.layout import Laid
from integrations.importers.duties.numbers import (
    BARE,
    Candidate,
    Item,
    Mark,
    Number,
    candidates,
    work_numbers,
)
from integrations.importers.duties.pieces import CLOSED, SUB_ITEM, Flow, Fragment, Piece
from integrations.importers.folding import containment, fold, squeeze
from integrations.importers.grid import Line

SHORT = 12
FIGURE_END = re.compile(r"^\s*\d+(?:\.\d+)?\s*[%％]?\s*[;；。.,，]?\s*$")
GARBLED_NUMBER = re.compile(r"^\s*(\d{3,6})\s*([\u4e00-\u9fff].*)$", re.DOTALL)


def split_row(flow: Flow, laid: Laid, context: Context) -> None:
    """Adds the pieces of one row to the flow."""
    _Row(flow, laid, context).split()


class _Row:
    """One row being cut."""

    def __init__(self, flow: Flow, laid: Laid, context: Context) -> None:
        self.flow = flow
        self.laid = laid
        self.row = laid.row
        self.context = context

    def split(self) -> None:
        own = [item for index in self.laid.works for item in self._work_cell(index)]
        self._labels()
        used = [index for index in (self.laid.standard, *self.laid.works) if index is not None]
        self.flow.cells += [self.row.sources[index] for index in used if len(self.row.sources[index]) > 1]
        if self.laid.standard is None:
            return
        before = len(self.flow.fragments)
        self._standard_cell(self.laid.standard)
        for fragment in self.flow.fragments[before:]:
            fragment.own_items = own
            fragment.free = self.row.free
        self._tails(before)

    # -- labels -------------------------------------------------------------------------------------------------------

    def _labels(self) -> None:
        for index in self.laid.labels:
            self._label(self.row.cells[index], self.row.sources[index][0], self._column(index))
        for index, said in enumerate(self.row.covered):
            named = index in (self.laid.section_column, self.laid.post_column)
            if said and named and not self.row.sources[index] and self.row.lines():
                self._label(said, self.row.lines()[0], f"merged_{self._column(index)}")

    def _column(self, index: int) -> str:
        if index == self.laid.section_column:
            return "section"
        return "post" if index == self.laid.post_column else "label"

    def _label(self, text: str, line: Line, column: str) -> None:
        self.flow.labels.append(Piece(text, line, self.row.index, self.row.page, column=column))

    def _work(self, text: str, line: Line, item: Item | None = None) -> Piece:
        piece = Piece(text, line, self.row.index, self.row.page, item)
        self.flow.works.append(piece)
        return piece

    # -- work cells ---------------------------------------------------------------------------------------------------

    def _work_cell(self, index: int) -> list[Item]:
        """Pieces of a work cell: a label glued in front, then one piece per work number (A 2.2 19, 20)."""
        text, line = self.row.cells[index], self.row.sources[index][0]
        marks = [mark for mark in work_numbers(text) if self._is_item(text, mark)]
        if not marks:
            self._work(text, line)
            return []
        front = text[: marks[0].start].strip()
        if front:
            self._label(front, line, "post")
        ends = [*(mark.start for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=True):
            body, glued = self._strip_label(text[mark.end : end].strip())
            self._work(body, line, mark.item)
            if glued:
                self._label(glued, line, "post")
        return [mark.item for mark in marks]

    def _strip_label(self, text: str) -> tuple[str, str]:
        """A label printed behind the closing mark of a work text."""
        for name in self.context.names():
            if squeeze(text).endswith(name) and CLOSED.search(text[: -len(name)].rstrip() or "x"):
                return text[: -len(name)].rstrip(), name
        return text, ""

    def _is_item(self, text: str, mark: Mark) -> bool:
        """Is this n.m a work number and not a figure in a sentence?"""
        if mark.start <= 1:
            return True
        known = self.context.works.get(mark.item)
        body = fold(text[mark.end : mark.end + 12])[:2]
        return known is not None and (fold(known).startswith(body) or text[mark.start - 1] in " \t\n。;；")

    # -- standards' cells ---------------------------------------------------------------------------------------------

    def _standard_cell(self, index: int) -> None:
        text = self.row.cells[index]
        marks = candidates(text)
        if not marks and self._only_works(text):
            before = len(self.flow.works)
            self._work_cell(index)
            for piece in self.flow.works[before:]:
                piece.stray = True
            return
        lead = text[: marks[0].start] if marks else text
        rest = (
            self._lead(lead.strip(), self.row.sources[index][0], followed=bool(marks)) if lead.strip() else ""
        )
        if rest:
            self._plain(Fragment(rest, self.row.sources[index][0], self.row.index, self.row.page))
        ends = [*(mark.start for mark in marks[1:]), len(text)]
        for position, (mark, end) in enumerate(zip(marks, ends, strict=False)):
            line = self.row.line_at(index, mark.start)
            self._numbered(text[:end], mark, line, first=position == 0 and not rest)

    def _only_works(self, text: str) -> bool:
        """A stray last row that gathers the work texts of the page in the standards' column (A 2.2 21)."""
        marks = work_numbers(text)
        if not marks or marks[0].start > 1 or marks[0].item not in self.context.works:
            return False
        return containment(text[marks[0].end :][:8], self.context.works[marks[0].item]) > 0.5

    def _lead(self, text: str, line: Line, *, followed: bool) -> str:
        """What stands before the first number: labels and work texts are taken off, the rest continues a standard."""
        rest = self._take_label(text, line)
        marks = work_numbers(rest) if self.laid.mixed else []
        if marks and self._is_item(rest, marks[0]):
            body = rest[marks[0].end :].strip()
            work, after = _known_prefix(body, self.context.works.get(marks[0].item, ""))
            self._work(work, line, marks[0].item)
            return (rest[: marks[0].start].strip() + after).strip()
        if self._is_work_piece(rest, followed=followed):
            self._work(rest, line)
            return ""
        return rest

    def _take_label(self, text: str, line: Line) -> str:
        for name in self.context.names():
            if text.startswith(name):
                self._label(name, line, "post" if name in self.context.posts else "section")
                return text[len(name) :].strip()
        return text

    def _is_work_piece(self, rest: str, *, followed: bool) -> bool:
        """A piece of the work column that slid before the number: unclosed, on a page without a work column."""
        if not rest or CLOSED.search(rest) or SUB_ITEM.match(rest):
            return False
        if not self.laid.mixed:
            return followed and len(rest) <= 2
        return followed or (self._after_work() and len(rest) <= SHORT) or self._in_work(rest)

    def _after_work(self) -> bool:
        """Is the standard before this line closed, and was a work text begun on one of the last two rows?"""
        works = self.flow.works
        return not self.flow.open_end() and bool(works) and self.row.index - works[-1].row <= 2

    def _in_work(self, text: str) -> bool:
        folded = fold(text)
        return (
            bool(folded) and len(folded) <= 16 and any(folded in fold(work) for work in self.context.texts())
        )

    def _plain(self, fragment: Fragment) -> None:
        """A line without number; figures alone count only when they end an open sentence."""
        if is_noise(fragment.text) and not (self.flow.open_end() and FIGURE_END.match(fragment.text)):
            return
        works = self.flow.works
        own = works[-1].item if self.laid.works and works and works[-1].row == self.row.index else None
        garbled = GARBLED_NUMBER.match(fragment.text)
        if garbled and own is not None:
            # Dots read as figures: the last two or one figures may still be the position.
            tails = dict.fromkeys((garbled[1][-2:], garbled[1][-1:]))
            fragment.garbled = [(Number(*own, int(tail)), garbled[2]) for tail in tails if int(tail)]
        if match := BARE.match(fragment.text):
            fragment.bare = int(match[1])
        self.flow.fragments.append(fragment)

    def _numbered(self, text: str, mark: Candidate, line: Line, *, first: bool) -> None:
        """``text`` ends where the fragment ends."""
        cut = len(text)
        if self.laid.mixed and (trailing := self._trailing_work(text, mark.readings[0][1])) is not None:
            cut = trailing.start
        options = [(number, text[begin:cut].strip()) for number, begin in mark.readings]
        before = text[: mark.start].rstrip()
        begins = first or not before or CLOSED.search(before) is not None or text[mark.start - 1].isspace()
        whole = text[mark.start : cut].strip()
        fragment = Fragment(whole, line, self.row.index, self.row.page, options, begins, split=mark.split)
        self.flow.fragments.append(fragment)
        if cut < len(text) and trailing is not None:
            self._work(text[trailing.end :].strip(), line, trailing.item)

    def _trailing_work(self, text: str, begin: int) -> Mark | None:
        """A work text printed behind a standard on the same line of a collapsed page (A 2.1 11, 2.3 30)."""
        for mark in work_numbers(text):
            known = mark.start >= begin and mark.item in self.context.works
            if known and CLOSED.search(text[: mark.start].rstrip()) and self._is_item(text, mark):
                return mark
        return None

    def _tails(self, before: int) -> None:
        """Ends of lines that landed in an extra column (A 2.1 12)."""
        for index in self.laid.tails:
            text = self.row.cells[index]
            if not is_noise(text) and self.flow.fragments[before:]:
                fragment = self.flow.fragments[-1]
                self.flow.tails.append((fragment, text, self.row.sources[index][0]))
                fragment.text += text
                fragment.options = [(number, body + text) for number, body in fragment.options]


def _known_prefix(text: str, known: str) -> tuple[str, str]:
    """(work text, what follows it) where the text begins with the work text of table 1-3."""
    folded, taken = fold(known), 0
    for position, char in enumerate(text):
        taken += len(fold(char))
        if folded and taken >= len(folded):
            if fold(text[: position + 1]) == folded:
                return text[: position + 1], text[position + 1 :].strip()
            break
    head, _, tail = text.partition(" ")
    if CLOSED.search(text) and tail and chinese(head) >= 4:
        return head, tail
    return text, ""
