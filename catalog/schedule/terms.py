"""Teaching weeks, points of a term, intervals and cycles of years (教学周、学期节点、间隔、多年周期)."""

import re
from collections.abc import Callable
from typing import Any

from catalog.schedule.kinds import Interval, MultiYear, Schedule, TermWeek

Found = tuple[list[Schedule], str]
TERM = r"(?:每个?学期的?|各学期的?|学期|每学年的?)?"
WEEKS = re.compile(rf"{TERM}第?(?P<a>\d{{1,2}})(?:周)?(?:-第?(?P<b>\d{{1,2}}))?周(?![年一期])")
WEEK_LIST = re.compile(rf"{TERM}第(?P<list>\d{{1,2}}周?(?:[、，,和及]第?\d{{1,2}}周?)+)(?<=周)")
BEFORE_START = re.compile(
    r"(?:每个?学期)?(?:新学期)?(?:开学|开课|学期开始)(?P<pre>之?前)(?P<n>\d{1,2})?(?P<u>周|天|日)?"
)
BEFORE_END = re.compile(r"(?:每个?学期|学期)?(?:结束|放假)(?P<pre>之?前)(?P<n>\d{1,2})?周?")
LAST_WEEKS = re.compile(r"(?:每个?学期|学期)的?最后(?P<n>\d{1,2})?个?周")
WITHIN_START = re.compile(
    r"(?:每个?学期|新学期)?(?:开学|开课|学期开始)(?:后)?(?P<n>\d{1,2})周(?:之?内|以内)?"
)
WHOLE = re.compile(r"(?:整个?|全|贯穿)学期|学期(?:中|期)?全程|学期内|学期期间")
START = re.compile(r"(?:每个?学期的?|各学期)?(?:学期初|期初|开学初?(?!补考)|学期开学|学期开始)")
MIDDLE = re.compile(r"(?:每个?学期的?|各学期)?(?:学期中旬?|期中)(?!考)")
END = re.compile(r"(?:每个?学期的?|各学期)?(?:学期末|期末|学期结束|学期期末)(?!考)")
ONCE_A_YEAR = re.compile(r"(?:每|1)学年(?:组织|开展|进行)?1次")
CYCLE = re.compile(
    r"每?(?P<a>\d{1,2})年(?:为|1个?)?(?:1个?)?周期|每(?P<b>\d{1,2})年(?:1|组织|开展|修订|进行|一)?(?:次|届|轮)?|(?P<c>\d{1,2})年1[次届轮]"
)
STRETCH = re.compile(r"(?:未来|今后|近|接下来的?)(?P<n>\d{1,2})年")
EVERY = re.compile(
    r"每(?P<n>\d{1,2})?个?(?P<u>天|日|周|季度|半年|年|学期|学年)(?:组织|开展|进行|召开|完成|至少|不少于)?(?P<times>\d{1,2})?[次届]?"
)
UNIT_FIELDS = {"天": ("every_days", 1), "日": ("every_days", 1), "周": ("every_weeks", 1), "季度": ("every_months", 3),
               "半年": ("every_months", 6), "年": ("every_years", 1), "学年": ("every_years", 1), "学期": ("every_terms", 1)}  # fmt: skip


def _take(
    pattern: re.Pattern[str],
    build: Callable[[re.Match[str]], list[Schedule]],
    text: str,
    found: list[Schedule],
) -> str:
    def use(match: re.Match[str]) -> str:
        made = build(match)
        found.extend(made)
        return "□" if made else match[0]

    return pattern.sub(use, text)


def years(text: str) -> Found:
    """Cycles of several years, stretches of years."""
    found: list[Schedule] = []
    text = _take(STRETCH, _stretch, text, found)
    return found, _take(CYCLE, _cycle, text, found)


def _stretch(match: re.Match[str]) -> list[Schedule]:
    return [MultiYear(text=match[0], years=int(match["n"]), recurs=False, questions=("base_year",))]


def _cycle(match: re.Match[str]) -> list[Schedule]:
    count = int(match["a"] or match["b"] or match["c"])
    if count < 2:
        return []
    return [MultiYear(text=match[0], every_years=count, questions=("base_year",))]


def weeks(text: str) -> Found:
    """Weeks around the start and end of a term, then numbered weeks."""
    found: list[Schedule] = []
    for pattern, build in (
        (BEFORE_START, _before_start),
        (BEFORE_END, _before_end),
        (LAST_WEEKS, _last_weeks),
        (WITHIN_START, _within_start),
        (WEEK_LIST, _week_list),
        (WEEKS, _weeks),
    ):
        text = _take(pattern, build, text, found)
    return found, text


def _terms_question(text: str) -> tuple[str, ...]:
    return () if "学期" in text else ("which_term",)


def _before_start(match: re.Match[str]) -> list[Schedule]:
    count = int(match["n"] or 0)
    if not count or match["u"] != "周":
        return [TermWeek(text=match[0], anchor="before_term_start")]
    other = ((("anchor", "term_start"), ("weeks", list(range(1, count + 1)))),)
    back = tuple(range(-count, 0))
    return [
        TermWeek(
            text=match[0],
            anchor="before_term_start",
            weeks=back,
            accept=other,
            questions=("first_or_two_before",),
        )
    ]


def _before_end(match: re.Match[str]) -> list[Schedule]:
    count = int(match["n"] or 0)
    return [TermWeek(text=match[0], anchor="term_end", weeks=tuple(range(-count, 0)))]


def _last_weeks(match: re.Match[str]) -> list[Schedule]:
    return [TermWeek(text=match[0], anchor="term_end", weeks=tuple(range(-int(match["n"] or 1), 0)))]


def _within_start(match: re.Match[str]) -> list[Schedule]:
    return [TermWeek(text=match[0], weeks=tuple(range(1, int(match["n"]) + 1)), anchor="term_start")]


def _week_list(match: re.Match[str]) -> list[Schedule]:
    numbers = tuple(int(value) for value in re.findall(r"\d+", match["list"]))
    return [TermWeek(text=match[0], weeks=numbers, questions=_terms_question(match[0]))]


def _weeks(match: re.Match[str]) -> list[Schedule]:
    before = match.string[: match.start()]
    if (not match["b"] and "第" not in match[0]) or before.endswith(("每", "后", "提前")):
        return []
    first, last = int(match["a"]), int(match["b"] or match["a"])
    if not 1 <= first <= last <= 30:
        return []
    return [TermWeek(text=match[0], weeks=tuple(range(first, last + 1)), questions=_terms_question(match[0]))]


def points(text: str) -> Found:
    """Start, middle and end of a term, the whole term."""
    found: list[Schedule] = []
    once = ONCE_A_YEAR.search(text)
    for pattern, anchor, ask in (
        (WHOLE, "whole_term", ()),
        (MIDDLE, "mid_term", ("middle_week",)),
        (START, "term_start", ()),
        (END, "term_end", ("calendar",)),
    ):
        text = _take(pattern, _point(anchor, ask, once=once is not None), text, found)
    if once and found:
        text = ONCE_A_YEAR.sub("□", text)
    return found, text


def _point(anchor: str, ask: tuple[str, ...], *, once: bool) -> Callable[[re.Match[str]], list[Schedule]]:
    def build(match: re.Match[str]) -> list[Schedule]:
        times = 1 if once else None
        questions = (*ask, "which_term") if once else ask
        return [
            TermWeek(
                text=match[0],
                anchor=anchor,
                terms="one" if once else "every",
                times_per_year=times,
                questions=questions,
            )
        ]

    return build


def intervals(text: str) -> Found:
    """Every n days, weeks of term, quarters, years, terms."""
    found: list[Schedule] = []
    return found, _take(EVERY, _every, text, found)


def _every(match: re.Match[str]) -> list[Schedule]:
    field, factor = UNIT_FIELDS[match["u"]]
    rest = match.string[match.end() :]
    if (
        not match["n"]
        and not match["times"]
        and ("□" in rest[:3] or (field in ("every_years", "every_terms") and "□" in match.string))
    ):
        return []
    every: dict[str, Any] = {field: int(match["n"] or 1) * factor}
    times = int(match["times"] or 1)
    if field == "every_weeks":
        return [
            Interval(
                text=match[0],
                unit="term_week",
                terms="every",
                times=times if times > 1 else None,
                questions=("restart",),
                **every,
            )
        ]
    return [Interval(text=match[0], times=times if times > 1 else None, **every)]
