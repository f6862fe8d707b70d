"""Runs of text to lines, wrapped lines to paragraphs (行与段)."""

import re
from collections.abc import Iterable
from itertools import pairwise

from integrations.importers.sources.pdf.marks import Run

SAME_LINE = 0.5
WORD_GAP, COLUMN_GAP = 0.2, 2.0
SLACK = 0.4
WORD = re.compile(r"[（(《“‘\[【〈]*(?:[A-Za-z0-9.%]+|.)[，,。.、；;：:！!？?）)》”’\]】〉…]*")
BEGINS = re.compile(
    r"^\s*(?:[(（]?\d{1,2}[)）.．、]|\d{1,2}(?:\s*[.．]\s*\d{1,2})+|[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|[①-⑳●■◆•·▲★※])"
)


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs by baseline, from the top; in each line from the left."""
    found: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x0)):
        if found and found[-1][0].y - run.y <= SAME_LINE * max(run.size, found[-1][0].size):
            found[-1].append(run)
        else:
            found.append([run])
    return [sorted(line, key=lambda run: run.x0) for line in found]


def joined(line: list[Run]) -> str:
    """The text of a line; a space where a gap parts words, and where a wide gap parts anything."""
    text = ""
    end = line[0].x0
    for run in line:
        gap = (run.x0 - end) / (run.size or 1)
        words = text[-1:].isascii() or run.text[:1].isascii()
        text += (" " if text and (gap > 1 or (gap > WORD_GAP and words)) else "") + run.text
        end = max(end, run.x1)
    return text.strip()


def columns(line: list[Run]) -> list[list[Run]]:
    """A line parted at wide gaps: the cells of a table without rules."""
    found = [[line[0]]]
    for before, run in pairwise(line):
        if run.x0 - before.x1 > COLUMN_GAP * run.size:
            found.append([])
        found[-1].append(run)
    return found


def paragraphs(runs: Iterable[Run], width: float) -> list[str]:
    """The paragraphs of a cell whose text has this width: a line goes on where the next word had no room.

    A line that is full and ends a sentence may be either; it is taken as an end.
    """
    found: list[str] = []
    lines = lines_of(runs)
    texts = [joined(line) for line in lines]
    for index, text in enumerate(texts):
        before = lines[index - 1]
        room = width - (max(run.x1 for run in before) - before[0].x0)
        full = index > 0 and room < _needed(text) * before[0].size
        if full and not ends(texts[index - 1]) and not BEGINS.match(text):
            space = (
                " " if found[-1][-1:].isascii() and text[:1].isascii() and found[-1][-1:].isalpha() else ""
            )
            found[-1] += space + text
        else:
            found.append(text)
    return found


def _needed(text: str) -> float:
    """Em that the first word of a line takes, with the signs that may not begin a line."""
    word = WORD.match(text)
    if word is None:
        return SLACK
    return sum(0.55 if char.isascii() else 1.0 for char in word[0]) + SLACK


def ends(text: str) -> bool:
    """Does a paragraph end here by its punctuation?"""
    return text.rstrip().endswith(tuple("。；;：:！？!?"))
