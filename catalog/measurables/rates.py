"""Rates and shares (比率): 差错率为0, 满意度达到80%, 100%全覆盖, 执行情况>90%."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from catalog.measurables.kinds import Limit
from catalog.measurables.names import LETTERS, WORDS, code_of, subject_of
from catalog.measurables.scan import STOPS, Scan
from catalog.measurables.words import (
    COUNTERS,
    DIGITS,
    FIGURE,
    METRICS,
    SIGN,
    SIGNS,
    SUFFIX,
    VALUE,
    ZERO,
    figure,
    signed,
)

PLAIN = rf"[^\d{re.escape(STOPS)}]"
NAMED = "|".join(sorted((name for name in METRICS if name[-1] in "率度面性"), key=len, reverse=True))
OUGHT = r"(?:要求|应当?(?!到)|须|均|都|要|需|能|可|争取|保持|力争|使|在|确保|平均|为(?=[≥≤<>不]))*"
METRIC = rf"{NAMED}|[{LETTERS}]{{2}}[率性]|[{LETTERS}]{{2}}(?:比例|比率)|{WORDS}{{2,12}}?(?:人数|总数|次数|数量|数)"
FURTHER = re.compile(rf"、(?P<base>{PLAIN}{{2,16}}?)的(?P<value>{VALUE})")
RATE = re.compile(
    rf"(?P<subject>{WORDS}{{0,40}}?)(?P<metric>{METRIC}){OUGHT}(?P<sign>{SIGN})?(?P<base>{PLAIN}{{2,20}}?的)?"
    rf"(?P<value>{VALUE})(?P<unit>{COUNTERS})?(?P<suffix>{SUFFIX}|左右)?(?:/(?P<per>学年|年|学期|月))?"
    rf"(?P<more>(?:、{PLAIN}{{2,16}}?的{VALUE})*)"
)
COVERS = re.compile(
    rf"(?P<subject>{WORDS}{{0,24}}?)(?:实现|做到|达到)?(?:100%)?全?(?:覆盖100%|(?<=[%全])覆盖)"
)
SHARE = re.compile(
    rf"(?P<subject>{PLAIN}{{0,30}}?)(?P<sign>{SIGN})?(?P<value>{DIGITS}%|{FIGURE}分之{FIGURE})"
    rf"(?P<suffix>{SUFFIX}|左右)?的?(?P<object>准确|[{LETTERS}]{{0,6}})"
)
MONTH = re.compile(r"\d月$")


def rates(scan: Scan) -> None:
    """Takes rates by name, "covers all", and other shares."""
    for match in list(RATE.finditer(scan.open)):
        for measure in _rates(match):
            start = "subject" if MONTH.search(measure.condition or "") else "metric"
            scan.take(match.start(start), match.end(), measure)
    for match in list(COVERS.finditer(scan.open)):
        scan.take(match.start(), match.end(), _whole(match))
    for match in list(SHARE.finditer(scan.open)):
        scan.take(match.start("sign" if match["sign"] else "value"), match.end(), _share(match))


def _rates(match: re.Match[str]) -> Iterator[Limit]:
    value, unit = figure(match["value"])
    if not match["sign"] and not match["suffix"] and unit != "%" and match["value"] not in ZERO:
        return
    subject, condition = subject_of(match["subject"])
    first = Limit(
        text=match[0][match.start("metric") - match.start() :],
        metric=match["metric"].lstrip("的"),
        code=code_of(match["metric"]),
        sign=signed(match["sign"], match["suffix"], value, unit),
        value=value,
        unit=unit or match["unit"] or "",
        subject=subject,
        base=match["base"] and match["base"].removesuffix("的"),
        per=match["per"],
        condition=condition,
        approximate=match["suffix"] == "左右",
        questions=_asked(match, value),
    )
    yield first
    for further in FURTHER.finditer(match["more"]):
        value, unit = figure(further["value"])
        yield replace(first, base=further["base"], value=value, unit=unit)


def _whole(match: re.Match[str]) -> Limit:
    subject, condition = subject_of(match["subject"].removesuffix("100%"))
    return Limit(
        text=match[0],
        metric="覆盖率",
        code="coverage",
        sign="=",
        value=Fraction(100),
        unit="%",
        subject=subject,
        condition=condition,
    )


def _share(match: re.Match[str]) -> Limit:
    value, unit = figure(match["value"])
    subject, condition = subject_of(match["subject"])
    behind = match["object"] if not match["sign"] else ""
    metric = behind or subject or match["object"] or "比例"
    return Limit(
        text=match[0],
        metric=metric,
        code=code_of(metric),
        sign=signed(match["sign"], match["suffix"], value, unit),
        value=value,
        unit=unit,
        subject=subject if subject != metric else None,
        condition=condition,
        approximate=match["suffix"] == "左右",
        questions=_asked(match, value),
    )


def _asked(match: re.Match[str], value: Fraction) -> tuple[str, ...]:
    bare = SIGNS.get(match["sign"] or "=") == "=" and match["suffix"] is None
    return ("sign",) if bare and value not in (0, 100) else ()
