"""Cuts a handbook into chapters, item titles and label-value cells (切分), from text and from Word alike.

Flattened text puts a tab only before the first paragraph of a cell, so that a heading looks like the tail of the cell
above: it is told by its number and by what follows it (catalogue.md B 2.1 A1-A9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.importers.folding import fold
from integrations.importers.grid import Document, Gap, Line, Table
from integrations.importers.procedures.labels import PROJECT, Label, label_of

CHINESE = "一二三四五六七八九十百"
ITEM = re.compile(r"^\s*(?P<no>\d{1,2}\s*[.．]\s*\d{1,2})\s*[.．、]?\s*(?P<title>[^\d\s.．].{0,60})$")
PLAIN = re.compile(
    rf"^\s*(?P<no>[（(][{CHINESE}\d]{{1,3}}[)）]|\d{{1,2}}(?=[.．、\s])|[{CHINESE}]{{1,3}}(?=、)|第[{CHINESE}\d]{{1,3}}[项条节])"
    r"[.．、\s]*(?P<title>[^\d\s.．].{0,40}?[^；;。，,：:])$"
)
CHAPTER = re.compile(
    rf"^\s*(?:(?P<no>\d{{1,2}})\s*[.．、\s]|(?P<cn>[{CHINESE}]{{1,3}})\s*、|第\s*(?P<part>[{CHINESE}\d]{{1,3}})\s*[章篇编部](?:分)?)"
    r"\s*(?P<title>[^\d\s.．].{0,40}?[^；;。，,：:\s])\s*$"
)
MIN_LABELS = 3
COVER_GAP = 2


@dataclass
class RawCell:
    """One cell: its non-empty lines; ``gaps`` counts the empty lines after each (an empty line is no cell border)."""

    lines: list[Line] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Appends a paragraph."""
        self.lines.append(line)
        self.gaps.append(0)

    @property
    def text(self) -> str:
        """Paragraphs separated by a line end."""
        return "\n".join(line.text for line in self.lines)


@dataclass
class RawItem:
    """Title line (if any), labels and as many values, before interpretation; ``fits`` is false when they do not pair."""

    title: Line | None
    label_lines: list[Line]
    labels: list[Label]
    values: list[RawCell]
    fits: bool = True


@dataclass
class RawChapter:
    """A chapter heading (None when the file has none) and its items."""

    heading: Line | None
    items: list[RawItem] = field(default_factory=list)


@dataclass
class Cut:
    """The whole file cut up; ``front`` stands before or between the items, ``back`` after the last."""

    chapters: list[RawChapter] = field(default_factory=list)
    front: list[Line] = field(default_factory=list)
    back: list[Line] = field(default_factory=list)


Token = RawCell | Line


def tokens(document: Document) -> list[Token]:
    """Cells and free lines in order; in flattened text a free line continues the cell above it."""
    found: list[Token] = []
    for block in document.blocks:
        last = found[-1] if found else None
        if isinstance(block, Table):
            found.extend(_cells(block, flattened=document.flattened))
        elif isinstance(block, Gap):
            if isinstance(last, RawCell) and last.lines:
                last.gaps[-1] += 1
        elif isinstance(last, RawCell) and document.flattened:
            last.add(block.line)
        else:
            found.append(block.line)
    return found


def _cells(table: Table, *, flattened: bool) -> Iterator[RawCell]:
    for row in table.rows:
        cells = list(row.cells)
        if flattened and len(cells) > 1 and not cells[0].lines:
            cells = cells[1:]
        for cell in cells:
            if cell.origin is None:
                raw = RawCell()
                for line in cell.lines:
                    raw.add(line)
                yield raw


def cut(document: Document) -> Cut:
    """Chapters with their items."""
    found = tokens(document)
    starts = list(_sheets(found))
    result = Cut()
    if not starts:
        return result
    above = [line for token in found[: starts[0][0]] for line in _lines_of(token)]
    title, chapter, rest = _headings(above)
    result.front.extend(rest)
    for index, (start, count, paired) in enumerate(starts):
        last = index + 1 == len(starts)
        stop = len(found) if last else starts[index + 1][0]
        sheet = found[start:stop]
        cells, free = _tail(sheet, last=last, flattened=document.flattened)
        items = list(_items(cells, count, title, paired=paired))
        if title is not None and chapter is None and _names_several(title, items):
            items[0].title, chapter = None, title
        if chapter is not None or not result.chapters:
            result.chapters.append(RawChapter(chapter))
        result.chapters[-1].items.extend(items)
        title, chapter, rest = (None, None, free) if last else _headings(free)
        (result.back if last else result.front).extend(rest)
    return result


def _names_several(title: Line, items: list[RawItem]) -> bool:
    """Does a heading above a table of several items name them all, not the first?"""
    if len(items) < 2 or ITEM.match(title.text) or not all(item.fits for item in items):
        return False
    names = [
        fold(value.text)
        for label, value in zip(items[0].labels, items[0].values, strict=True)
        if label.kind == PROJECT
    ]
    return bool(names and names[0]) and names[0] not in fold(title.text)


def _lines_of(token: Token) -> list[Line]:
    return token.lines if isinstance(token, RawCell) else [token]


def _label(token: Token) -> Label | None:
    return label_of(token.text) if isinstance(token, RawCell) and 0 < len(token.text) <= 24 else None


def _sheets(found: list[Token]) -> Iterator[tuple[int, int, bool]]:
    """(position, number of labels, label-value pairs?) of each sheet."""
    position = 0
    while position < len(found):
        run = 0
        while position + run < len(found) and _label(found[position + run]) is not None:
            run += 1
        steps = 0
        while (
            run == 1 and position + 2 * steps < len(found) and _label(found[position + 2 * steps]) is not None
        ):
            steps += 1
        if run >= MIN_LABELS:
            yield position, run, False
            position += run
        elif steps >= MIN_LABELS:
            yield position, steps, True
            position += 2 * steps
        else:
            position += 1


def _tail(sheet: list[Token], *, last: bool, flattened: bool) -> tuple[list[RawCell], list[Line]]:
    """The sheet's cells, and the free lines after them (headings of the next sheet, or the back cover)."""
    cells = [token for token in sheet if isinstance(token, RawCell)]
    free = [token for token in sheet if isinstance(token, Line)]
    if not flattened or not cells:
        return cells, free
    end = cells[-1]
    keep = _cover_start(end) if last else _heading_start(end)
    free = end.lines[keep:] + free
    del end.lines[keep:], end.gaps[keep:]
    return cells, free


def _cover_start(cell: RawCell) -> int:
    """Where the back cover begins: short lines without a closing mark behind at least two empty lines (A9)."""
    keep = len(cell.lines)
    for index in range(len(cell.lines) - 1, 0, -1):
        text = cell.lines[index].text.strip()
        if len(text) > 24 or text.endswith(("；", "。", ";", "，")) or re.match(r"\d", text):
            break
        if cell.gaps[index - 1] >= COVER_GAP:
            keep = index
    return keep


def _heading_start(cell: RawCell) -> int:
    """Where the headings of the next sheet begin among the lines of this cell (A1, A2)."""
    keep = len(cell.lines)
    if keep and _is_title(cell, keep - 1):
        keep -= 1
        if keep and _is_chapter(cell.lines[keep - 1].text, cell.lines[keep].text, first_only=True):
            keep -= 1
    return keep


def _is_title(cell: RawCell, index: int) -> bool:
    text = cell.lines[index].text
    if ITEM.match(text):
        return True
    return bool(PLAIN.match(text)) and index > 0 and cell.gaps[index - 1] > 0


def _is_chapter(text: str, title: str, *, first_only: bool = False) -> bool:
    """A heading of a chapter: written as one, or its number is the first part of the item's.

    ``first_only``: among the lines of a cell only an item n.1 can have its chapter heading above it, because an entry
    "2.…" of a list looks the same.
    """
    match, item = CHAPTER.match(text), ITEM.match(title)
    if not match:
        return False
    if item is None or not match["no"]:
        return bool(match["cn"] or match["part"])
    chapter, position = (part.strip() for part in re.split(r"[.．]", item["no"]))
    return chapter == match["no"] and (position == "1" or not first_only)


def _headings(lines: list[Line]) -> tuple[Line | None, Line | None, list[Line]]:
    """(item title, chapter heading, other lines) from the free lines above a sheet."""
    rest = list(lines)
    title = rest.pop() if rest else None
    if (
        title is not None
        and CHAPTER.match(title.text)
        and not ITEM.match(title.text)
        and _is_written_chapter(title.text)
    ):
        return None, title, rest
    chapter = rest.pop() if rest and title and _is_chapter(rest[-1].text, title.text) else None
    return title, chapter, rest


def _is_written_chapter(text: str) -> bool:
    match = CHAPTER.match(text)
    return bool(match and match["part"])


def _items(cells: list[RawCell], count: int, title: Line | None, *, paired: bool) -> Iterator[RawItem]:
    """One item per row of values; a number of values that does not fit gives one item with ``fits`` false (A3)."""
    if paired:
        label_cells, values = cells[0 : 2 * count : 2], cells[1 : 2 * count : 2]
        surplus = cells[2 * count :]
    else:
        label_cells, values, surplus = cells[:count], cells[count:], []
    label_lines = [line for cell in label_cells for line in cell.lines]
    labels = [label for cell in label_cells if (label := label_of(cell.text)) is not None]
    fits = bool(values) and len(values) % count == 0 and not any(cell.lines for cell in surplus)
    if not fits:
        yield RawItem(title, label_lines, labels, [*values, *surplus], fits=False)
        return
    for start in range(0, len(values), count):
        first = start == 0
        yield RawItem(
            title if first else None, label_lines if first else [], labels, values[start : start + count]
        )
