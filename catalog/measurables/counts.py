"""Counts against limits (数量): 不少于10场, 3项以上, 各1所, 零投诉, 低于上年."""

import re
from fractions import Fraction

from catalog.measurables.kinds import Limit
from catalog.measurables.names import LETTERS, PER, WORDS, code_of, counted_name, subject_of
from catalog.measurables.scan import STOPS, Scan
from catalog.measurables.words import COUNTERS, FIGURE, SIGNS, figure

OBJECT = rf"(?P<object>[^\d()、{re.escape(STOPS)}]{{0,12}})"
AMOUNT = rf"(?P<value>{FIGURE})(?P<unit>{COUNTERS})"
COUNT = re.compile(
    rf"(?P<subject>{WORDS}{{0,30}}?)(?P<sign>不得?少于|不得?低于|不小于|至少|不得?超过|不多于|至多|最多|≥|≤|>|<|超过|多于)"
    rf"(?P<verb>[{LETTERS}]{{0,6}}?){AMOUNT}{OBJECT}"
)
OR_MORE = re.compile(rf"(?P<subject>{WORDS}{{0,30}}?){AMOUNT}(?P<sign>及以上|或以上|以上)(?P<verb>){OBJECT}")
REACHED = re.compile(
    rf"(?P<subject>{WORDS}{{0,24}}?)(?P<verb>覆盖|达到?)(?P<sign>)(?:全部|所有)?{AMOUNT}{OBJECT}"
)
BARE = re.compile(
    rf"(?P<subject>[^\d{re.escape(STOPS)}]{{0,30}}?)(?<![第每各前近])(?P<verb>)(?P<sign>)(?P<value>\d{{1,9}})余?"
    rf"(?P<unit>所|家|场|次|篇|期|个(?=[^,;。]{{0,6}}岗位))(?P<about>左右)?{OBJECT}"
)
NAME = rf"[^\d{re.escape(STOPS)}()、]+"
EACH = re.compile(rf"(?P<names>{NAME}(?:、{NAME})+?)各(?:至少|不少于)?{AMOUNT}")
FAULTS = "差错|错误|失误|投诉|事故|遗漏|延误|误差|疏漏|缺失|遗失|违纪|纠纷|错字|漏字"
NOTHING = re.compile(
    rf"(?<![有是])(?:无|零|0)(?!明显|较大)(?P<metric>(?:[{LETTERS}]{{2,4}}?)??(?:{FAULTS}))(?!率)|准确无误"
)
PAST = re.compile(
    rf"(?P<subject>{WORDS}{{0,30}}?)(?P<sign>不低于|不高于|不少于|不超过|低于|高于|少于|多于|优于|超过)"
    r"(?P<past>上一?年度?|去年同?期?|往年|上一?学年|上学期|历年平均|全[省国市]平均(?:水平)?)"
)


def pasts(scan: Scan) -> None:
    """Takes limits that are the college's own past, or an average."""
    for match in list(PAST.finditer(scan.open)):
        metric = subject_of(match["subject"])[0] or "数量"
        sign = ">" if match["sign"] == "优于" else SIGNS[match["sign"]]
        scan.take(match.start(), match.end(), _past(match, metric, sign))


def _past(match: re.Match[str], metric: str, sign: str) -> Limit:
    return Limit(text=match[0], metric=metric, code=code_of(metric), sign=sign, compared_with=match["past"])


def counts(scan: Scan) -> None:
    """Takes counts with their limits, "one of each", and "none at all"."""
    for pattern in (COUNT, OR_MORE, REACHED, BARE):
        for match in list(pattern.finditer(scan.open)):
            _take(scan, match)
    for match in list(EACH.finditer(scan.open)):
        value = figure(match["value"])[0]
        each = Limit(
            text=match[0], metric=match["names"], sign=">=", value=value, unit=match["unit"], per="各"
        )
        scan.take(match.start(), match.end(), each)
    for match in list(NOTHING.finditer(scan.open)):
        metric = match["metric"] or "差错"
        none = Limit(text=match[0], metric=metric, sign="=", value=Fraction(0), code=code_of(metric))
        scan.take(match.start(), match.end(), none)


def _take(scan: Scan, match: re.Match[str]) -> None:
    groups = match.groupdict()
    start = match.start()
    per = PER.search(match["subject"])
    if per:
        start += per.start()
    else:
        per = PER.search(scan.open[scan.clause(start)[0] : start])
    sign = (
        ">=" if not match["sign"] or "以上" in match["sign"] else SIGNS[match["sign"].replace("不得", "不")]
    )
    count = Limit(
        text=match[0],
        metric=counted_name(f"{match['subject']}{match['verb']}{match['object']}"),
        sign=sign,
        value=figure(match["value"])[0],
        unit=match["unit"],
        per=per and per[0],
        mean="平均" in match["subject"],
        approximate=bool(groups.get("about")),
    )
    scan.take(start, match.end(), count)
