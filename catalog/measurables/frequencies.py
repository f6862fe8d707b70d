"""How often (频次): 每月至少两次, 每三天一次, 每学期."""

import re
from fractions import Fraction

from catalog.measurables.kinds import Dated, Frequency
from catalog.measurables.scan import STOPS, Scan
from catalog.measurables.words import FIGURE, figure, span

WORDS = rf"[^{re.escape(STOPS)}]"
UNIT = "天|日|周|月|季度|半年|学期|学年|年度|年"
COUNTED = re.compile(
    rf"每(?P<every>{FIGURE})?个?(?P<u>{UNIT})(?P<between>[^\d{re.escape(STOPS)}]{{0,24}}?)(?<!第)(?P<n>{FIGURE})(?P<c>次|期|轮|届)(?!以[内下])"
)
CYCLE = re.compile(
    rf"(?<![第每\d])(?P<every>\d{{1,2}})(?P<u>年)(?P<between>[^\d{re.escape(STOPS)}]{{0,6}}?)(?P<n>1)(?:次|届|轮)"
)
BARE = re.compile(rf"每(?P<every>{FIGURE})?个?(?P<u>{UNIT})(?!次|均)")
AT_MOST = re.compile(r"不超过|不多于|至多|最多|≤|<|低于|少于(?<!不少于)")


def counted(scan: Scan) -> None:
    """Takes a frequency with its figure."""
    for pattern in (COUNTED, CYCLE):
        for match in list(pattern.finditer(scan.open)):
            if not AT_MOST.search(match["between"]):
                _take(scan, match, figure(match["n"])[0], match.end())


def bare(scan: Scan) -> None:
    """Takes "every term" and the like that no date, limit or figure has used: once in each."""
    dated = [scan.clause(at) for at, measure in scan.found if isinstance(measure, Dated)]
    for match in list(BARE.finditer(scan.open)):
        if scan.clause(match.start()) in dated:
            continue
        _take(scan, match, Fraction(1), match.end())


def _take(scan: Scan, match: re.Match[str], times: Fraction, end: int) -> None:
    every, unit = span(figure(match["every"])[0] if match["every"] else Fraction(1), match["u"])
    start, _ = scan.clause(match.start())
    during = re.search(rf"{WORDS}+期间$", scan.text[start : match.start()])
    measure = Frequency(
        text=scan.text[match.start() : end],
        times=times,
        unit=unit,
        every=int(every),
        condition=during and during[0],
    )
    scan.take(match.start(), end, measure)
