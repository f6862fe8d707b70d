"""Deadlines and windows in a standard (期限、时段): the time rules of the catalogue, due or within."""

import re
from dataclasses import replace

from catalog.measurables.kinds import Dated
from catalog.measurables.scan import COVER, SENTENCE_STOPS, Scan
from catalog.schedule import months, terms
from catalog.schedule.kinds import Monthly, Schedule, TermWeek, YearlyWindow
from catalog.schedule.words import part_of_month

AROUND = 60
PIECES = re.compile(rf"[^,:{re.escape(SENTENCE_STOPS)}]+")
MONTH_PART = re.compile(r"(?:每个?月|当月|次月)的?月?(?P<part>底|末|初|[上中下]旬)(?P<before>之?前|以前)?")
MONTH_DAY = re.compile(r"(?:当月|次月|下月)(?P<day>\d{1,2})日(?P<before>之?前|以前)?")
DONE_BY = re.compile(r"(?:前)?(?:完成|报送|提交|递交|上报|交至|交到|截止)")
NEXT_YEAR = re.compile(r"(?:次年|翌年|来年|第2年|下一?年)(?:的)?$")
SEASON_OF_WEEKS = re.compile(r"(?:春|秋)季?学期(?=[^,;]{0,6}(?:周|月内))")
YEAR_END = re.compile(r"(?:年底|年末)(?P<before>之?前|以前)?")
EVERY = re.compile(r"每(?:\d{1,2}年|个?学期|学年|年)的?$|(?:每学?年)?(?:春|秋)季?学期的?$")
EVERY_YEARS = re.compile(r"每(?P<n>\d{1,2})年的?$")
NOT_BEFORE = re.compile(r"(?:\d{2,4}年|[上下本近])$")
TERM = re.compile(r"每个?学期|各学期|(?:春|秋)季?学期|[上下]学期|本学期")


def term_named(text: str, before: str | None) -> str | None:
    """The term that a later "week n" of the same work is in: the last one named, or the one named before."""
    named = TERM.findall(text)
    return named[-1] if named else before


def dates(scan: Scan, term: str | None) -> None:
    """Takes every date, part of a month and teaching week; ``term`` is the one named by an earlier standard."""
    for match in MONTH_PART.finditer(scan.open):
        _take_monthly(scan, match, part_of_month(match["part"]))
    for match in MONTH_DAY.finditer(scan.open):
        _take_monthly(scan, match, (int(match["day"]), int(match["day"])))
    for match in YEAR_END.finditer(scan.open):
        end = YearlyWindow(text=match[0], end="12-31", deadline=True)
        _take(scan, match.start(), end, term)
    for piece in list(PIECES.finditer(scan.open)):
        for schedule in _schedules(piece[0]):
            at = scan.open.find(schedule.text, piece.start(), piece.end())
            if at >= 0:
                _take(scan, at, schedule, term)


def _take_monthly(scan: Scan, match: re.Match[str], days: tuple[int, int] | None) -> None:
    if days is None:
        return
    due = bool(match["before"]) or days[0] == days[1]
    named = (days[1],) if due or match["before"] else tuple(range(days[0], days[1] + 1))
    schedule = Monthly(text=match[0], every_months=1, days=named, deadline=due)
    scan.take(match.start(), match.end(), Dated(text=match[0], schedule=schedule, due=due))


def _schedules(piece: str) -> list[Schedule]:
    found: list[Schedule] = []
    # A season beside weeks names their term and is no window of its own.
    rest = SEASON_OF_WEEKS.sub(lambda match: COVER * len(match[0]), piece)
    for rule in (months.windows, terms.weeks, terms.points, months.monthly):
        matched, rest = rule(rest)
        found += matched
    return [item for item in found if _is_dated(item, piece)]


def _is_dated(schedule: Schedule, piece: str) -> bool:
    if isinstance(schedule, Monthly):
        return bool(schedule.days or schedule.months)
    if isinstance(schedule, TermWeek):
        if not schedule.weeks and "学期" not in schedule.text:
            # "期末成绩" is a name.
            return False
        # "1-2周内" is a lapse, not the first weeks of a term.
        return "第" in schedule.text or not schedule.weeks or f"{schedule.text}内" not in piece
    return isinstance(schedule, YearlyWindow) and not schedule.all_year


def _take(scan: Scan, at: int, schedule: Schedule, term: str | None) -> None:
    end = at + len(schedule.text)
    before, after = scan.text[max(0, at - AROUND) : at], scan.text[end : end + AROUND]
    if NOT_BEFORE.search(before):
        return
    if isinstance(schedule, YearlyWindow) and (cycle := EVERY_YEARS.search(before)):
        schedule = replace(schedule, every_years=int(cycle["n"]))
    inherited = None
    if isinstance(schedule, TermWeek):
        schedule, inherited = _in_term(schedule, term_named(scan.text[:at], None), term)
    measure = Dated(
        text=schedule.text,
        schedule=schedule,
        due=_due(schedule, after),
        years_later=1 if NEXT_YEAR.search(before) else 0,
        inherited=inherited,
        condition=_during(before),
        questions=schedule.questions,
    )
    if every := EVERY.search(scan.open[max(0, at - AROUND) : at].rpartition(COVER)[2]):
        scan.cover(at - len(every[0]), at)
    scan.take(at, end, measure)


def _in_term(schedule: TermWeek, here: str | None, term: str | None) -> tuple[TermWeek, str | None]:
    """The weeks in the term that was named, and the name when another standard gave it."""
    named = here or term
    if "which_term" not in schedule.questions or named is None:
        return schedule, None
    which = "spring" if "春" in named else "autumn" if "秋" in named else "every"
    asked = tuple(question for question in schedule.questions if question != "which_term")
    return replace(schedule, terms=which, questions=asked), None if here else named


def _during(before: str) -> str | None:
    found = re.search(r"[^,;:。]+期间$", before)
    return found and found[0]


def _due(schedule: Schedule, after: str) -> bool:
    if isinstance(schedule, YearlyWindow):
        one_day = schedule.start is not None and schedule.start == schedule.end
        return schedule.deadline or one_day or (schedule.end is not None and bool(DONE_BY.match(after)))
    if isinstance(schedule, TermWeek):
        before_end = schedule.anchor == "term_end" and schedule.text.endswith("前")
        return before_end or bool(re.match(r"之?前", after))
    return isinstance(schedule, Monthly) and len(schedule.days) == 1
