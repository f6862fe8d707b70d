"""So long after or before an event (间隔): 会议结束后3天内, 考前15天, 提前1周, 活动20个工作日前."""

import re
from dataclasses import replace

from catalog.measurables.kinds import Lapse
from catalog.measurables.scan import STOPS, Scan
from catalog.measurables.words import FIGURE, SPAN, figure, span

WORDS = rf"[^{re.escape(STOPS)}]"
WITHIN = re.compile(
    rf"(?P<event>{WORDS}{{0,60}}?)(?:(?P<mark>[之以]?[后前]|起)的?,?|(?P<of>的)?)第?(?<!\d)(?P<n>{FIGURE})(?P<u>{SPAN})(?:之|以)?内"
)
AHEAD = re.compile(rf"提前(?:至少|不少于)?(?P<n>{FIGURE})(?P<u>{SPAN})")
BEFORE = re.compile(
    rf"(?P<event>{WORDS}{{1,20}}?)(?:之|以)?前(?:至少|不少于)?(?P<n>{FIGURE})(?P<u>{SPAN})(?![之以]?内)"
)
EARLIER = re.compile(
    rf"(?P<event>{WORDS}{{0,40}}?)(?<![\d第])(?P<n>{FIGURE})(?P<u>天|个?工作日|小时|个?周|个星期|个月|分钟)(?:之|以)?前"
)
NTH = re.compile(
    rf"(?P<event>{WORDS}{{0,40}}?(?:结束|完成|(?P<mark>后)))的?第(?P<n>{FIGURE})(?P<u>天|日|个工作日)"
)
SOON = re.compile(
    rf"(?P<event>(?:在|自)?(?:接|收)到{WORDS}{{2,30}}?)(?P<n>{FIGURE})(?P<u>个?工作日|天|小时)(?![之以]?[内前后])"
)
NOTICE_OF = re.compile(r"(?:发布|下发|发出|发放|做好)(?P<event>[^,;。]{2,8}?)(?:的)?通知")
OPENS = re.compile(r"^(?:在|于|自|从|凡|对)?(?:接|收|遇|发生|发现|出现|得知|受理|办理)")
CONDITION = re.compile(r"^(?P<condition>(?:需|须|如|若|凡)[^的]{2,16})的(?P<event>.{2,})$")
EVERY = re.compile(r"^.*每(?:个)?(?:学年|学期|年度?|月|周|次)的?")
SHORT = {"考": "考试", "会": "会议", "课": "上课", "赛": "比赛"}
LONG = ("year", "school_year", "term")


def lapses(scan: Scan) -> None:
    """Takes every stretch that runs from an event; the event's words stay open for the other rules."""
    for match in list(AHEAD.finditer(scan.open)):
        _take_ahead(scan, match)
    for pattern, side in (
        (WITHIN, "after"),
        (NTH, "after"),
        (SOON, "after"),
        (BEFORE, "before"),
        (EARLIER, "before"),
    ):
        for match in list(pattern.finditer(scan.open)):
            _take(scan, match, side)


def _measure(match: re.Match[str], side: str, event: str | None, condition: str | None = None) -> Lapse:
    amount, unit = span(figure(match["n"])[0], match["u"])
    asked = () if event else ("event",)
    words = match[0][match.start("n") - match.start() :]
    return Lapse(
        text=words, side=side, amount=amount, unit=unit, event=event, condition=condition, questions=asked
    )


def _take_ahead(scan: Scan, match: re.Match[str]) -> None:
    start, end = scan.clause(match.start())
    event = clean(scan.open[start : match.start()].replace("□", ""))
    if not event and (notice := NOTICE_OF.search(scan.text[match.end() : end])):
        event = notice["event"]
    scan.take(match.start(), match.end(), replace(_measure(match, "before", event), text=match[0]))


def _take(scan: Scan, match: re.Match[str], side: str) -> None:
    groups = match.groupdict()
    mark = groups.get("mark") or ""
    _, unit = span(figure(match["n"])[0], match["u"])
    if _is_rolling(unit, mark, side):
        return
    event, condition = _event(scan, match)
    if "前" in mark:
        side = "within_before"
    scan.take(match.start("n"), match.end(), _measure(match, side, event, condition))


def _is_rolling(unit: str, mark: str, side: str) -> bool:
    # "三年内" without an event is a period over which something is counted, and no time to act in.
    return side == "after" and unit in LONG and not mark


def _event(scan: Scan, match: re.Match[str]) -> tuple[str | None, str | None]:
    raw = match["event"]
    words = clean(raw)
    if match.groupdict().get("of"):
        return _looked_back(scan, match.start("n")), words
    if not match.groupdict().get("mark") and raw.endswith(("在", "于")):
        # "…后，编辑在一周内": the words before are who acts.
        words = next(
            (clean(one) for one in scan.earlier_clauses(match.start("n")) if one.endswith("后")), words
        )
    if words and (found := CONDITION.match(words)):
        return found["event"], found["condition"]
    return words or _looked_back(scan, match.start("n")), None


def _looked_back(scan: Scan, position: int) -> str | None:
    clauses = list(scan.earlier_clauses(position))
    for clause in clauses:
        if clause.endswith(("后", "时", "结束", "之日起")) or OPENS.match(clause):
            return clean(clause)
    return clean(clauses[0]) if clauses else None


def clean(words: str) -> str | None:
    """An event's name: no list mark, no "every term", no joining words at its ends."""
    name = EVERY.sub("", words)
    name = re.sub(r"^(?:在|于|自|从|并|和|及|则|应|根据|按照)+", "", name)
    name = re.sub(r"(?:之?后|之时|的时候|的|在|于|和|及|并|应|须|、|一般|原则上|通常|最迟|至少)+$", "", name)
    return SHORT.get(name, name) or None
