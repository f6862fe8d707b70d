"""Dates, months and parts of months (月日): windows and monthly rules."""

import re
from collections.abc import Callable

from catalog.schedule.kinds import Monthly, Schedule, Season, YearlyWindow
from catalog.schedule.words import day, is_month, last_day, part_of_month

PART = r"(?P<part>[上中下]{1,2}旬|初|底|末|中(?!旬))"
NEXT = r"(?P<next>次年|翌年|来年|第2年)?"
BEFORE = r"(?P<before>之?前|以前)"
YEARLY = r"(?:每年的?|每学年的?)?"

DATE_RANGE = re.compile(
    rf"(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日?-{NEXT}(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日"
)
DATE_TO_MONTH = re.compile(
    rf"(?P<m1>\d{{1,2}})月(?:-|至|到){NEXT}(?P<m2>\d{{1,2}})月(?P<d2>\d{{1,2}})日(?P<before>之?前)?"
)
DATE = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?P<before>之?前|以前)?(?P<after>起|开始|之?后)?")
PART_RANGE = re.compile(
    rf"(?P<m1>\d{{1,2}})月(?P<p1>[上中下]{{1,2}}旬|初|底|末|中)?-{NEXT}(?:(?P<m2>\d{{1,2}})月)?(?P<p2>[上中下]{{1,2}}旬|初|底|末|中)"
)
PART_OF = re.compile(rf"(?P<m>\d{{1,2}})月{PART}(?P<before>之?前|以前)?")
WEEK_OF = re.compile(r"(?P<m>\d{1,2})月(?:的)?(?:第(?P<n>\d)个?周|(?P<first>前|后|最后)(?P<k>\d)?个?周)")
MONTH_RANGE = re.compile(
    rf"(?P<m1>\d{{1,2}})月?(?:-|至|到){NEXT}(?P<m2>\d{{1,2}})月(?!\d)(?P<before>之?前|以前)?"
)
MONTH_LIST = re.compile(
    r"(?P<list>\d{1,2}月?(?:[、，,和及与]\d{1,2}月?)+)(?<=月)(?P<phase>[\u4e00-\u9fff]{2,6})?"
)
MONTH = re.compile(r"(?P<m>\d{1,2})月(?![\d-])(?P<before>之?前|以前)?(?P<phase>[\u4e00-\u9fff]{2,6})?")
SEASONS = re.compile(
    r"春[、和及与]?秋[两2]?[季期]|(?P<s>[春秋])(?:季学期|季|期|学期)(?P<what>[\u4e00-\u9fff]{2,10})?|(?P<h>[寒暑])假(?:期间|期)?"
)
ALL_YEAR = re.compile(r"全年|一年四季|整年")
EVERY_MONTH = re.compile(
    r"(?:每个?月)(?:的)?(?P<d>\d{1,2})日(?P<before>之?前)?|每(?P<n>\d{1,2})?个?月(?:组织|开展|进行|召开|完成|发布|至少)?(?P<times>\d{1,2})?次?"
)
NOT_PHASES = re.compile(
    r"^(?:完成|左右|期间|以内|之内|前后|进行|启动|开始|结束|组织|开展|为|至|到|及|和|与|的|份|底|初)"
)
Found = tuple[list[Schedule], str]
Builder = Callable[[re.Match[str]], list[Schedule]]


def windows(text: str) -> Found:
    """Windows of dates, parts of months, weeks of months, runs of months, seasons, the whole year."""
    found: list[Schedule] = []
    for pattern, build in BUILDERS:
        text = _collect(pattern, build, text, found)
    return found, text


def monthly(text: str) -> Found:
    """Every month, once or on a day."""
    found: list[Schedule] = []
    return found, _collect(EVERY_MONTH, _every_month, text, found)


def _collect(pattern: re.Pattern[str], build: Builder, text: str, found: list[Schedule]) -> str:
    def take(match: re.Match[str]) -> str:
        made = build(match)
        if not made:
            return match[0]
        found.extend(made)
        return "□"

    return pattern.sub(take, text)


def _valid(*numbers: str | None) -> bool:
    return all(value is None or is_month(int(value)) for value in numbers)


def _date_range(match: re.Match[str]) -> list[Schedule]:
    m1, m2 = int(match["m1"]), int(match["m2"] or match["m1"])
    if not _valid(match["m1"], match["m2"]):
        return []
    start, end = day(m1, int(match["d1"])), day(m2, int(match["d2"]))
    return [
        YearlyWindow(text=match[0], start=start, end=end, crosses_year=bool(match["next"]) or end < start)
    ]


def _month_to_date(match: re.Match[str]) -> list[Schedule]:
    if not _valid(match["m1"], match["m2"]):
        return []
    start, end = day(int(match["m1"]), 1), day(int(match["m2"]), int(match["d2"]))
    return [
        YearlyWindow(text=match[0], start=start, end=end, crosses_year=bool(match["next"]) or end < start)
    ]


def _date(match: re.Match[str]) -> list[Schedule]:
    if not _valid(match["m"]):
        return []
    date = day(int(match["m"]), int(match["d"]))
    if match["before"]:
        return [YearlyWindow(text=match[0], end=date, deadline=True)]
    if match["after"]:
        return [YearlyWindow(text=match[0], start=date, questions=("dates",))]
    return [YearlyWindow(text=match[0], start=date, end=date)]


def _part_range(match: re.Match[str]) -> list[Schedule]:
    m1, m2 = int(match["m1"]), int(match["m2"] or match["m1"])
    first = part_of_month(match["p1"]) if match["p1"] else (1, 31)
    second = part_of_month(match["p2"])
    if not _valid(match["m1"], match["m2"]) or first is None or second is None:
        return []
    start, end = day(m1, first[0]), day(m2, second[1])
    return [
        YearlyWindow(text=match[0], start=start, end=end, crosses_year=bool(match["next"]) or end < start)
    ]


def _part_of(match: re.Match[str]) -> list[Schedule]:
    days = part_of_month(match["part"])
    if not _valid(match["m"]) or days is None:
        return []
    month = int(match["m"])
    if match["before"] or match["part"] in ("底", "末"):
        return [YearlyWindow(text=match[0], end=day(month, days[1]), deadline=True)]
    return [YearlyWindow(text=match[0], start=day(month, days[0]), end=day(month, days[1]))]


def _week_of(match: re.Match[str]) -> list[Schedule]:
    if not _valid(match["m"]):
        return []
    month = int(match["m"])
    if match["n"]:
        start = 7 * int(match["n"]) - 6
        return [
            YearlyWindow(
                text=match[0],
                start=day(month, start),
                end=day(month, start + 6),
                questions=("floating_week",),
            )
        ]
    weeks = int(match["k"] or 1)
    if match["first"] != "前":
        end = last_day(month)
        return [YearlyWindow(text=match[0], start=day(month, end - 7 * weeks + 1), end=day(month, end))]
    before = month - 1 or 12
    other = (("start", day(before, last_day(before) - 7 * weeks + 1)), ("end", day(before, last_day(before))))
    return [
        YearlyWindow(
            text=match[0],
            start=day(month, 1),
            end=day(month, 7 * weeks),
            accept=(other,),
            questions=("first_or_before",),
        )
    ]


def _month_range(match: re.Match[str]) -> list[Schedule]:
    if not _valid(match["m1"], match["m2"]):
        return []
    first, second = int(match["m1"]), int(match["m2"])
    crosses = bool(match["next"]) or second < first
    start, end = day(first, 1), day(second, 31)
    if not match["before"]:
        return [YearlyWindow(text=match[0], start=start, end=end, crosses_year=crosses)]
    earlier = second - 1 or 12
    others = ((("end", day(second, last_day(second) - 1)),), (("end", day(earlier, 31)),))
    return [
        YearlyWindow(
            text=match[0], start=start, end=end, crosses_year=crosses, accept=others, questions=("month_end",)
        )
    ]


def _month_list(match: re.Match[str]) -> list[Schedule]:
    numbers = [int(value) for value in re.findall(r"\d+", match["list"])]
    if not all(is_month(value) for value in numbers):
        return []
    return [
        Monthly(
            text=match[0], months=tuple(numbers), phase=_phase(match["phase"]), questions=("days_in_month",)
        )
    ]


def _month(match: re.Match[str]) -> list[Schedule]:
    if not _valid(match["m"]):
        return []
    month = int(match["m"])
    if match["before"]:
        earlier = month - 1 or 12
        other = ((("end", day(month, 31)),),)
        return [
            YearlyWindow(
                text=match[0], end=day(earlier, 31), deadline=True, accept=other, questions=("month_end",)
            )
        ]
    other_kind = ((("kind", "monthly"), ("months", [month])),)
    return [
        YearlyWindow(
            text=match[0],
            start=day(month, 1),
            end=day(month, 31),
            label=_phase(match["phase"]),
            accept=other_kind,
        )
    ]


def _phase(words: str | None) -> str | None:
    return words if words and not NOT_PHASES.match(words) else None


def _seasons(match: re.Match[str]) -> list[Schedule]:
    ask = ("dates",)
    if match["h"]:
        season: Season = "winter_holiday" if match["h"] == "寒" else "summer_holiday"
        return [YearlyWindow(text=match[0], season=season, questions=ask)]
    if match["s"]:
        what = match["what"] if match["what"] and not NOT_PHASES.match(match["what"]) else None
        return [
            YearlyWindow(
                text=match[0], season="spring" if match["s"] == "春" else "autumn", label=what, questions=ask
            )
        ]
    return [
        YearlyWindow(text=match[0], season="spring", questions=ask),
        YearlyWindow(text=match[0], season="autumn", questions=ask),
    ]


def _all_year(match: re.Match[str]) -> list[Schedule]:
    return [YearlyWindow(text=match[0], start="01-01", end="12-31", all_year=True)]


def _every_month(match: re.Match[str]) -> list[Schedule]:
    if match["d"]:
        return [
            Monthly(text=match[0], every_months=1, days=(int(match["d"]),), deadline=bool(match["before"]))
        ]
    times = int(match["times"]) if match["times"] else 1
    return [
        Monthly(text=match[0], every_months=int(match["n"] or 1), times=times, questions=("holiday_months",))
    ]


BUILDERS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (DATE_RANGE, _date_range),
    (DATE_TO_MONTH, _month_to_date),
    (DATE, _date),
    (PART_RANGE, _part_range),
    (PART_OF, _part_of),
    (WEEK_OF, _week_of),
    (MONTH_LIST, _month_list),
    (MONTH_RANGE, _month_range),
    (MONTH, _month),
    (SEASONS, _seasons),
    (ALL_YEAR, _all_year),
)
