"""Automatic numbers of Word lists (自动编号) as text, so that "1.1.1" is there even when Word draws it."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn

CHINESE = "零一二三四五六七八九"
VAL = qn("w:val")


def chinese_number(number: int) -> str:
    """1..99 in Chinese figures."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": str,
    "japaneseCounting": chinese_number,
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "ideographDigital": chinese_number,
    "decimalEnclosedCircle": lambda number: chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number),
    "decimalEnclosedCircleChinese": lambda number: (
        chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    ),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
}


class Numbering:
    """Counts list paragraphs in reading order and gives the label that Word shows before each."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.of_number: dict[str, str] = {}
        self.counters: dict[str, dict[int, int]] = defaultdict(dict)
        self.styles = document.styles.element
        self.by_style: dict[str, tuple[str, int] | None] = {}
        try:
            part = document.part.numbering_part
        except (KeyError, NotImplementedError):
            return
        self._load(part.element)

    def _load(self, root: Any) -> None:
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {}
            for level in abstract.findall(qn("w:lvl")):
                levels[int(level.get(qn("w:ilvl")))] = (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
            self.levels[abstract.get(qn("w:abstractNumId"))] = levels
        for number in root.findall(qn("w:num")):
            self.of_number[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId", "")

    def label(self, paragraph: Any) -> str:
        """The label of this paragraph, or an empty text; counts it."""
        if not self.of_number:
            return ""
        found = self._number_of(paragraph)
        if found is None:
            return ""
        number, level = found
        levels = self.levels.get(self.of_number.get(number, ""), {})
        if level not in levels:
            return ""
        counters = self.counters[self.of_number[number]]
        counters[level] = counters.get(level, levels[level][2] - 1) + 1
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]
        return self._drawn(levels, counters, level)

    def _drawn(self, levels: dict[int, tuple[str, str, int]], counters: dict[int, int], level: int) -> str:
        def figure(match: re.Match[str]) -> str:
            wanted = int(match.group(1)) - 1
            form = FORMATS.get(levels.get(wanted, ("decimal", "", 1))[0], str)
            return str(form(counters.get(wanted, levels.get(wanted, ("", "", 1))[2])))

        if levels[level][0] in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", figure, levels[level][1])

    def _number_of(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        own = _list_of(properties)
        if own is not None:
            return own if own[0] != "0" else None
        style = properties.find(qn("w:pStyle"))
        return self._style_number(style.get(VAL)) if style is not None else None

    def _style_number(self, style_id: str) -> tuple[str, int] | None:
        if style_id not in self.by_style:
            found = None
            for style in self.styles.findall(qn("w:style")):
                properties = style.find(qn("w:pPr"))
                if style.get(qn("w:styleId")) == style_id and properties is not None:
                    found = _list_of(properties)
            self.by_style[style_id] = found
        return self.by_style[style_id]


def _list_of(properties: Any) -> tuple[str, int] | None:
    listing = properties.find(qn("w:numPr"))
    if listing is None or listing.find(qn("w:numId")) is None:
        return None
    return _value(listing, "w:numId", "0"), int(_value(listing, "w:ilvl", "0"))


def _value(parent: Any, tag: str, default: str) -> str:
    element = parent.find(qn(tag))
    return element.get(VAL, default) if element is not None else default
