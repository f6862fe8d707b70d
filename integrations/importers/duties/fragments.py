"""Cuts the text of table 1-4 into fragments (片段): starts of standards, continuations, work texts, labels.

Numbers are only candidates here; which of them begin a standard is decided by continuity in ``resolving``.
"""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import chinese, is_noise
from integrations.importers.duties.layout import Laid
from integrations.importers.duties.numbers import BARE, Candidate, Number, candidates, work_numbers
from integrations.importers.duties.vocabulary import Names
from integrations.importers.folding import containment, fold, squeeze
from integrations.importers.grid import Line

CLOSED = re.compile(r"[;；。.!！:：?？]\s*$")
SHORT = 12
FIGURE_END = re.compile(r"^\s*\d+(?:\.\d+)?\s*[%％]?\s*[;；。.,，]?\s*$")
GARBLED_NUMBER = re.compile(r"^\s*(\d{3,6})\s*([\u4e00-\u9fff].*)$", re.DOTALL)
SUB_ITEM = re.compile(r"^\s*[(（]\s*\d{1,2}\s*[)）]")


@dataclass(eq=False)
class Fragment:
    """A piece of a standard; ``options`` are its possible numbers with the text that follows each."""

    text: str
    line: Line
    row: int
    page: int
    options: list[tuple[Number | None, str]] = field(default_factory=list)
    at_start: bool = True
    free: bool = False
    bare: int | None = None
    garbled: list[tuple[Number, str]] = field(default_factory=list)
    split: bool = False
    own_items: list[tuple[int, int]] = field(default_factory=list)

    @property
    def number(self) -> Number | None:
        """The first reading of its number."""
        return self.options[0][0] if self.options else None


@dataclass(eq=False)
class Piece:
    """A piece of a work cell or of a label column."""

    text: str
    line: Line
    row: int
    page: int
    item: tuple[int, int] | None = None
    column: str = "work"
    stray: bool = False


@dataclass
class Flow:
    """Everything read from one table 1-4, in reading order."""

    fragments: list[Fragment] = field(default_factory=list)
    works: list[Piece] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)
    replayed: list[Fragment] = field(default_factory=list)
    tails: list[tuple[Fragment, str, Line]] = field(default_factory=list)
    cells: list[list[Line]] = field(default_factory=list)


@dataclass
class Known:
    """What the department is known to write: work texts by number, names of posts and sections."""

    works: dict[tuple[int, int], str]
    posts: Names
    sections: Names

    def names(self) -> list[str]:
        """All names, longest first."""
        return sorted({*self.posts.counts, *self.sections.counts}, key=len, reverse=True)


def split_row(flow: Flow, laid: Laid, known: Known) -> None:
    """Adds the pieces of one row to the flow."""
    row = laid.row
    own: list[tuple[int, int]] = []
    for index in laid.works:
        own += _work_cell(flow, laid, index, known)
    for index in laid.labels:
        column = (
            "section" if index == laid.section_column else "post" if index == laid.post_column else "label"
        )
        flow.labels.append(Piece(row.cells[index], row.sources[index][0], row.index, row.page, column=column))
    for index, said in enumerate(row.covered):
        if (
            said
            and index != laid.standard
            and index in (laid.section_column, laid.post_column)
            and row.sources[index] == []
        ):
            column = "section" if index == laid.section_column else "post"
            flow.labels.append(
                Piece(
                    said,
                    row.lines()[0] if row.lines() else _no_line(),
                    row.index,
                    row.page,
                    column=f"merged_{column}",
                )
            )
    flow.cells += [
        row.sources[index]
        for index in (laid.standard, *laid.works)
        if index is not None and len(row.sources[index]) > 1
    ]
    if laid.standard is not None:
        before = len(flow.fragments)
        _standard_cell(flow, laid, laid.standard, known)
        for fragment in flow.fragments[before:]:
            fragment.own_items = own
            fragment.free = row.free
        _tails(flow, laid, before)


def _no_line() -> Line:
    from integrations.importers.grid import Place

    return Line("", Place())


def _tails(flow: Flow, laid: Laid, before: int) -> None:
    """Ends of lines that landed in an extra column (A 2.1 12)."""
    for index in laid.tails:
        text = laid.row.cells[index]
        if is_noise(text) or not flow.fragments[before:]:
            continue
        fragment = flow.fragments[-1]
        flow.tails.append((fragment, text, laid.row.sources[index][0]))
        fragment.text += text
        fragment.options = [(number, body + text) for number, body in fragment.options]


def _work_cell(flow: Flow, laid: Laid, index: int, known: Known) -> list[tuple[int, int]]:
    """Pieces of a work cell: a label glued in front, then one piece per work number (A 2.2 19, 20)."""
    row = laid.row
    text, line = row.cells[index], row.sources[index][0]
    marks = [mark for mark in work_numbers(text) if _is_item(text, mark, known)]
    front = text[: marks[0][1]] if marks else text
    if marks and front.strip():
        flow.labels.append(Piece(front.strip(), line, row.index, row.page, column="post"))
    elif not marks:
        flow.works.append(Piece(text, line, row.index, row.page))
    ends = [*(mark[1] for mark in marks[1:]), len(text)]
    for (item, _, begin), end in zip(marks, ends, strict=False):
        body, glued = _strip_label(text[begin:end].strip(), known)
        flow.works.append(Piece(body, line, row.index, row.page, item))
        if glued:
            flow.labels.append(Piece(glued, line, row.index, row.page, column="post"))
    return [mark[0] for mark in marks]


def _strip_label(text: str, known: Known) -> tuple[str, str]:
    """A label printed behind the closing mark of a work text."""
    for name in known.names():
        if squeeze(text).endswith(name) and CLOSED.search(text[: -len(name)].rstrip() or "x"):
            return text[: -len(name)].rstrip(), name
    return text, ""


def _is_item(text: str, mark: tuple[tuple[int, int], int, int], known: Known) -> bool:
    """Is this n.m a work number and not a figure in a sentence?"""
    item, start, end = mark
    if start <= 1:
        return True
    body = fold(text[end : end + 12])[:4]
    return item in known.works and (
        fold(known.works[item]).startswith(body[:2]) or text[start - 1] in " \t\n。;；"
    )


def _standard_cell(flow: Flow, laid: Laid, index: int, known: Known) -> None:
    row = laid.row
    text, line = row.cells[index], row.sources[index][0]
    marks = candidates(text)
    if not marks and _only_works(text, known):
        before = len(flow.works)
        _work_cell(flow, laid, index, known)
        for piece in flow.works[before:]:
            piece.stray = True
        return
    first = marks[0].start if marks else len(text)
    lead = text[:first]
    lead = _lead(flow, laid, lead, line, known, followed=bool(marks)) if lead.strip() else ""
    if lead.strip():
        own = flow.works[-1].item if laid.works and flow.works and flow.works[-1].row == row.index else None
        _add(flow, Fragment(lead.strip(), line, row.index, row.page), own)
    for position, mark in enumerate(marks):
        end = marks[position + 1].start if position + 1 < len(marks) else len(text)
        at_start = position == 0 and not lead.strip()
        _add_numbered(flow, laid, text, mark, end, row.line_at(index, mark.start), at_start, known)


def _only_works(text: str, known: Known) -> bool:
    """A stray last row that gathers the work texts of the page in the standards' column (A 2.2 21)."""
    marks = work_numbers(text)
    if not marks or marks[0][1] > 1 or marks[0][0] not in known.works:
        return False
    return containment(text[marks[0][2] :][:8], known.works[marks[0][0]]) > 0.5


def _lead(flow: Flow, laid: Laid, lead: str, line: Line, known: Known, *, followed: bool) -> str:
    """What stands before the first number: labels and work texts are taken off, the rest continues a standard."""
    row = laid.row
    rest = lead.strip()
    for name in known.names():
        if rest.startswith(name):
            flow.labels.append(
                Piece(name, line, row.index, row.page, column="post" if name in known.posts else "section")
            )
            rest = rest[len(name) :].strip()
            break
    marks = [mark for mark in work_numbers(rest) if mark[1] <= 2 or laid.mixed]
    if marks and laid.mixed and _is_item(rest, marks[0], known):
        item, start, begin = marks[0]
        work, after = _known_prefix(rest[begin:].strip(), known.works.get(item, ""))
        flow.works.append(Piece(work, line, row.index, row.page, item))
        return (rest[:start].strip() + after).strip()
    if not laid.mixed and not (followed and len(rest) <= 2):
        return rest
    beside = _after_work(flow, laid) and len(rest) <= SHORT
    if (
        rest
        and not CLOSED.search(rest)
        and not SUB_ITEM.match(rest)
        and (followed or beside or _in_work(rest, known))
    ):
        flow.works.append(Piece(rest, line, row.index, row.page))
        return ""
    return rest


def _after_work(flow: Flow, laid: Laid) -> bool:
    """Is the standard before this line closed, and was a work text begun on one of the last two rows?"""
    closed = not flow.fragments or CLOSED.search(flow.fragments[-1].text) is not None
    return closed and bool(flow.works) and laid.row.index - flow.works[-1].row <= 2


def _known_prefix(text: str, known: str) -> tuple[str, str]:
    """(work text, what follows it) where the text begins with the work text of table 1-3."""
    folded = fold(known)
    if folded:
        taken = 0
        for position, char in enumerate(text):
            taken += len(fold(char))
            if taken >= len(folded):
                break
        if fold(text[: position + 1]) == folded:
            return text[: position + 1], text[position + 1 :].strip()
    if CLOSED.search(text) and " " in text:
        head, _, tail = text.partition(" ")
        return (head, tail) if chinese(head) >= 4 else (text, "")
    return text, ""


def _in_work(text: str, known: Known) -> bool:
    folded = fold(text)
    return bool(folded) and len(folded) <= 16 and any(folded in fold(work) for work in known.works.values())


def _add(flow: Flow, fragment: Fragment, own: tuple[int, int] | None) -> None:
    goes_on = (
        bool(flow.fragments)
        and CLOSED.search(flow.fragments[-1].text) is None
        and FIGURE_END.match(fragment.text)
    )
    if is_noise(fragment.text) and not fragment.options and not goes_on:
        return
    garbled = GARBLED_NUMBER.match(fragment.text)
    if garbled and own is not None:
        # Dots read as figures: the last two or one figures may still be the position.
        tails = dict.fromkeys((garbled[1][-2:], garbled[1][-1:]))
        fragment.garbled = [(Number(*own, int(tail)), garbled[2]) for tail in tails if int(tail)]
    match = BARE.match(fragment.text)
    if match and not fragment.options:
        fragment.bare = int(match[1])
    flow.fragments.append(fragment)


def _add_numbered(
    flow: Flow, laid: Laid, text: str, mark: Candidate, end: int, line: Line, at_start: bool, known: Known
) -> None:
    options: list[tuple[Number | None, str]] = []
    for number, begin in mark.readings:
        options.append((number, text[begin:end].strip()))
    body = options[0][1]
    work: Piece | None = None
    if laid.mixed:
        body, work = _trailing_work(body, laid, line, known)
        if work is not None:
            whole = options[0][1]
            options = [(number, _cut_same(one, body, whole)) for number, one in options]
    before = text[: mark.start].rstrip()
    begins = at_start or not before or CLOSED.search(before) is not None or text[mark.start - 1].isspace()
    fragment = Fragment(text[mark.start : end].strip(), line, laid.row.index, laid.row.page, options, begins)
    fragment.split = mark.split
    flow.fragments.append(fragment)
    if work is not None:
        flow.works.append(work)


def _cut_same(option: str, kept: str, whole: str) -> str:
    """The option's text without the work text that was taken off the first option."""
    cut = len(whole) - len(kept)
    return option[: len(option) - cut].strip() if cut else option


def _trailing_work(body: str, laid: Laid, line: Line, known: Known) -> tuple[str, Piece | None]:
    """A work text printed behind a standard on the same line of a collapsed page (A 2.1 11, 2.3 30)."""
    for item, start, begin in work_numbers(body):
        before = body[:start].rstrip()
        if item in known.works and CLOSED.search(before) and _is_item(body, (item, start, begin), known):
            return before, Piece(body[begin:].strip(), line, laid.row.index, laid.row.page, item)
    return body, None
