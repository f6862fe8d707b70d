"""Parser of Chinese time expressions (时间表达式): text in, schedules and questions out; nothing is invented.

Conventions (catalogue.md A 4, B 4): 上旬 1-10, 中旬 11-20, 下旬 21-end; 初 by the 10th; whole months are windows; separate
months are ``monthly``; 第n周 is a teaching week; 及时 and 第一时间 are no time at all.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from catalog.schedule import months, terms
from catalog.schedule.kinds import AdHoc, ByNotice, MultiYear, Schedule, YearlyWindow
from catalog.schedule.words import NUMERAL, normalise

CLAUSE = re.compile(r"[；;。\n]+")
NOTICE = re.compile(
    r"为准|(?:根据|按照?|依据|以)[^，,；;。]{0,20}(?:通知|文件|要求|规定时间|安排|方案)[^，,；;。]{0,10}|按?规定时间|课题周期|项目周期|另行通知|视情况而定"
)
STANDING = re.compile(r"日常|常态|长期|经常|持续|常年|平时|贯穿")
ON_DEMAND = re.compile(r"不定时|不定期|适时|随时|按需|即时|临时|必要时|视需要")
Rule = Callable[[str], tuple[list[Schedule], str]]


def parse(text: str, *, events: tuple[str, ...] = ()) -> list[Schedule]:
    """All schedules of a time cell, in order.

    ``events`` are the names of the item's parts (title split at 、): when there are as many as schedules, they become
    the labels.  A text without any known expression gives one ``by_notice`` with the question ``unread``.
    """
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    found = [schedule for clause in clauses for schedule in _clause(clause)]
    if not found and text.strip():
        return [ByNotice(text=text.strip(), questions=("unread",))]
    found = _expected_only(found)
    return _labelled(found, events)


def _clause(raw: str) -> list[Schedule]:
    text = normalise(raw)
    schedules: list[Schedule] = []
    rest = text
    for rule in RULES:
        matched, rest = rule(rest)
        schedules += matched
    schedules.sort(key=lambda item: _position(text, item.text))
    label = _label_of(text, raw, schedules)
    return [
        replace(item, label=item.label or label) if label and not item.phase else item for item in schedules
    ]


def _position(text: str, piece: str) -> int:
    found = text.find(piece)
    return found if found >= 0 else len(text)


def _notice(text: str) -> tuple[list[Schedule], str]:
    match = NOTICE.search(text)
    if not match:
        return [], text
    return [ByNotice(text=match[0], questions=("notice",))], text[: match.start()] + text[match.end() :]


def _standing(text: str) -> tuple[list[Schedule], str]:
    for pattern, continuous in ((ON_DEMAND, False), (STANDING, True)):
        if match := pattern.search(text):
            found = AdHoc(text=match[0], continuous=continuous, questions=() if continuous else ("case",))
            return [found], text[: match.start()] + text[match.end() :]
    return [], text


RULES: tuple[Rule, ...] = (
    _notice,
    terms.years,
    months.windows,
    terms.weeks,
    terms.points,
    months.monthly,
    terms.intervals,
    _standing,
)
NAME = re.compile(r"[\u4e00-\u9fffA-Za-z\d（）()《》“”]{3,20}")
NOT_NAMES = re.compile(
    r"^(?:每|以及|具体|完成|进行|开展|组织|一次|周期|左右|时间|工作|前|后|内|的|于|在(?!校))|周期$|一次$"
)


def _label_of(text: str, raw: str, schedules: list[Schedule]) -> str | None:
    """Words beside the time of a clause that holds one schedule: the name of what is done then."""
    if len(schedules) != 1 or isinstance(schedules[0], AdHoc | ByNotice | MultiYear):
        return None
    rest = text.replace(schedules[0].text, "|", 1)
    rest = re.sub(r"每学年|每年的?|每学期|每月|各学期|[（(]?\|[）)]?", "|", rest)
    for part in rest.split("|"):
        name = part.strip("，,、：:()（）")
        if NAME.fullmatch(name) and not NOT_NAMES.search(name):
            return _as_written(name, raw)
    return None


def _as_written(name: str, raw: str) -> str:
    """The name with the figures that the source has (第五学期, not 第5学期)."""
    pattern = "".join(rf"[\d{NUMERAL}]+" if char.isdigit() else re.escape(char) for char in name)
    match = re.search(pattern, re.sub(r"\s+", "", raw))
    return match[0] if match else name


def _expected_only(found: list[Schedule]) -> list[Schedule]:
    """Windows beside "the notice decides" are expected windows only."""
    decided = any(
        isinstance(item, ByNotice) and ("为准" in item.text or "通知" in item.text) for item in found
    )
    if not decided:
        return found
    return [
        replace(item, confirm_by_notice=True, questions=(*item.questions, "expected_only"))
        if isinstance(item, YearlyWindow)
        else item
        for item in found
    ]


def _labelled(found: list[Schedule], events: tuple[str, ...]) -> list[Schedule]:
    if len(events) == len(found) > 1 and not any(item.label or item.phase for item in found):
        return [replace(item, label=event) for item, event in zip(found, events, strict=True)]
    return found
