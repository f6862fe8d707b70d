"""Times hidden in sentences (文中时间): duties, steps and standards that name their own date (catalogue.md B 4)."""

import re
from dataclasses import dataclass

from catalog.schedule.kinds import ByNotice, Schedule, YearlyWindow
from catalog.schedule.parser import parse
from catalog.schedule.words import NUMERAL, day, is_month, last_day, normalise, number

FIGURE = rf"[\d{NUMERAL}]{{1,3}}"
CUES = re.compile(
    rf"每年的?{FIGURE}月初启动[，,]?为期{FIGURE}个月"
    rf"|(?:每年的?)?{FIGURE}月(?:{FIGURE}[日号])?(?:上旬|中旬|下旬|初|底)?[-—至]{FIGURE}月?(?:{FIGURE}[日号])?(?:之?前)?"
    rf"|(?:每年的?)?{FIGURE}月(?:{FIGURE}[日号]|[上中下]旬|初|底)(?:之?前)?"
    rf"|每年{FIGURE}月"
    rf"|第{FIGURE}周(?:[至-]第?{FIGURE}周)?"
    rf"|开学前{FIGURE}周|学期结束前{FIGURE}周|开[学课]前|学期[初末]|期初|期[中末](?!考)|学期中(?!旬?的)|开学(?=[、，和])"
    rf"|{FIGURE}年一[届次]|每年一[届次]|每(?:年|月|天|周|日|学期|学年)(?![级一二三])|按规定时间|定期|适时(?=[组召开地进]|$)"
)
BARE_YEAR = re.compile(r"^每年$")
STARTED = re.compile(rf"({FIGURE})月初启动[，,]?为期({FIGURE})个月")
DOUBLED = re.compile(rf"第({FIGURE})([{NUMERAL}])周")


@dataclass(frozen=True)
class EmbeddedTime:
    """A time found in a sentence; ``schedule`` is None for 定期 without a period, which is to be asked."""

    text: str
    schedule: Schedule | None


def find_times(sentence: str) -> list[EmbeddedTime]:
    """The times of a sentence in order; an empty list for most sentences."""
    return [EmbeddedTime(match[0], _schedule(match[0])) for match in CUES.finditer(sentence)]


def before_item(sentence: str, titles: list[str]) -> tuple[str, str] | None:
    """(words, title) where a sentence says "before X" and X is another item of the handbook."""
    for title in sorted(titles, key=len, reverse=True):
        match = re.search(rf"[\u4e00-\u9fff]{{0,4}}{re.escape(title)}(?:之?前)", sentence)
        if match:
            return match[0], title
    return None


def relative(title_no: str) -> ByNotice:
    """Before another item: its date follows that item's."""
    return ByNotice(relative_to=title_no, offset="before")


def _schedule(text: str) -> Schedule | None:
    if text == "定期":
        return None
    if started := STARTED.search(text):
        return _for_months(text, number(started[1]), number(started[2]))
    # "第4四周" is the figure written twice.
    plain = DOUBLED.sub(lambda match: f"第{match[1]}周" if match[1].isdigit() else match[0], text)
    plain = re.sub(r"^开学$", "学期初", plain)
    found = parse(plain)
    return found[0] if found else None


def _for_months(text: str, month: int, count: int) -> Schedule | None:
    end = (month + count - 2) % 12 + 1
    if not is_month(month) or not 1 <= count <= 12:
        return None
    return YearlyWindow(
        text=normalise(text), start=day(month, 1), end=day(end, last_day(end)), crosses_year=end < month
    )
