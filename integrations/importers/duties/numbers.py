"""Numbers of work items (n.m) and standards (n.m.k), split by spaces or glued to the text (编号)."""

import re
from dataclasses import dataclass

DOT = r"\s*[.．]\s*"
STANDARD = re.compile(rf"(?<![\d.．%])(\d{{1,2}}){DOT}(\d{{1,2}}){DOT}(\d{{1,4}})(?:\s*[.．、]\s*(?=\D))?")
WORK = re.compile(rf"(?<![\d.．])(\d{{1,2}}){DOT}(\d{{1,2}})[.．、]?(?!\s*[.．]?\s*\d|\s*[%％万亿])")
BARE = re.compile(r"^\s*(\d{1,2})\s*、\s*(?=[\u4e00-\u9fff])")
DUTY = re.compile(r"^[^\w\u4e00-\u9fff]*(\d{1,2})\s*(?:[.．、]\s*|\s+)(?=[^\d\s.．])")
AFTER_GLUE = re.compile(
    r"^\d{1,4}(?:\s*[-—–~至]\s*\d{1,2})?\s*(?:月|日|年|个|天|周|次|人|名|份|所|家|项|场|小时|%|学期|工作日|以)"
)


Item = tuple[int, int]


@dataclass(frozen=True, order=True)
class Number:
    """A standard's number as printed: item (a, b) and position c."""

    a: int
    b: int
    c: int

    @property
    def item(self) -> Item:
        """The work item's number."""
        return self.a, self.b

    def __str__(self) -> str:
        return f"{self.a}.{self.b}.{self.c}"


def item_text(item: Item) -> str:
    """(2, 10) -> "2.10"."""
    return f"{item[0]}.{item[1]}"


@dataclass(frozen=True)
class Candidate:
    """A place in a text where a standard may begin; ``readings`` are (number, where its text begins)."""

    start: int
    end: int
    readings: tuple[tuple[Number, int], ...]
    split: bool

    @property
    def plain(self) -> Number:
        """The reading that takes all figures into the number."""
        return self.readings[0][0]


def candidates(text: str) -> list[Candidate]:
    """All places, with every way to part a number from figures that begin the text (catalogue.md A 2.4 34, 35)."""
    found = []
    for match in STANDARD.finditer(text):
        readings = _readings(text, match)
        if readings:
            found.append(Candidate(match.start(), match.end(), readings, " " in match[0].strip()))
    return found


def _readings(text: str, match: re.Match[str]) -> tuple[tuple[Number, int], ...]:
    a, b, digits = int(match[1]), int(match[2]), match[3]
    found: list[tuple[Number, int]] = []
    if len(digits) <= 2 and int(digits) > 0:
        found.append((Number(a, b, int(digits)), match.end()))
    for length in range(len(digits) - 1, 0, -1):
        begin = match.start(3) + length
        if length <= 2 and int(digits[:length]) > 0 and AFTER_GLUE.match(text[begin:]):
            found.append((Number(a, b, int(digits[:length])), begin))
    return tuple(found)


@dataclass(frozen=True)
class Mark:
    """A work number n.m in a text: where it starts and where its text begins."""

    item: Item
    start: int
    end: int


def work_numbers(text: str) -> list[Mark]:
    """All work numbers of a text."""
    return [Mark((int(match[1]), int(match[2])), match.start(), match.end()) for match in WORK.finditer(text)]
