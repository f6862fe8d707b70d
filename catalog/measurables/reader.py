"""Measures of standards (读取可衡量要求): the text of one standard, or of the standards of a piece of work in order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.measurables.counts import counts, pasts
from catalog.measurables.dates import dates, term_named
from catalog.measurables.frequencies import bare, counted
from catalog.measurables.kinds import Hours, Measure
from catalog.measurables.lapses import lapses
from catalog.measurables.rates import rates
from catalog.measurables.scan import Scan
from catalog.measurables.words import VAGUE

HOURS = re.compile(r"(?P<a>\d{1,2}:\d{2})-(?P<b>\d{1,2}:\d{2})")
ROUND_THE_CLOCK = re.compile(r"24小时(?![之以]?[内前后]|,|;|。|$)")
HOLDS = re.compile(
    r"[\d０-９零〇一二两三四五六七八九十每%％]|年底|年末|期[初中末]|开学|覆盖|无|低于|高于|少于|多于|优于|超过"
)
DAYS = re.compile(r"工作日|周末|双休日|节假日|每天|每日|周1至周5|周一至周五")


@dataclass(frozen=True)
class Measured:
    """What a standard's text holds: measures in order, and the words that ask for speed without a limit."""

    measures: tuple[Measure, ...]
    vague: tuple[str, ...]

    @property
    def measurable(self) -> bool:
        """Is there anything to hold a result against?"""
        return bool(self.measures)


def read(text: str, *, term: str | None = None) -> Measured:
    """The measures of one standard; ``term`` is the term that an earlier standard of the same work named."""
    if not HOLDS.search(text):
        return Measured((), tuple(dict.fromkeys(VAGUE.findall(text))))
    scan = Scan.of(text)
    vague = tuple(dict.fromkeys(VAGUE.findall(scan.text)))
    _hours(scan)
    counted(scan)
    pasts(scan)
    rates(scan)
    counts(scan)
    dates(scan, term)
    lapses(scan)
    bare(scan)
    return Measured(tuple(measure for _, measure in sorted(scan.found, key=lambda item: item[0])), vague)


def read_all(texts: Iterable[str]) -> list[Measured]:
    """The measures of the standards of one piece of work, in order: a term named once holds until another is."""
    term: str | None = None
    found = []
    for text in texts:
        found.append(read(text, term=term))
        term = term_named(text, term)
    return found


def _hours(scan: Scan) -> None:
    for match in list(ROUND_THE_CLOCK.finditer(scan.open)):
        scan.take(match.start(), match.end(), Hours(text=match[0], start="00:00", end="24:00", days="每天"))
    for match in list(HOURS.finditer(scan.open)):
        start, _ = scan.sentence(match.start())
        named = DAYS.findall(scan.text[start : match.start()])
        opened, closed = match["a"].zfill(5), match["b"].zfill(5)
        scan.take(
            match.start(),
            match.end(),
            Hours(text=match[0], start=opened, end=closed, days=named[-1] if named else None),
        )
