"""Figures, months and dates in Chinese time expressions (时间用语)."""

import calendar
import re
import unicodedata

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
NUMERAL = "零〇一二两三四五六七八九十"
COUNTED = re.compile(
    rf"(?<![第\u4e00-\u9fff])?([{NUMERAL}]+)(?=\s*(?:个)?(?:月|周|年|天|日|学期|学年|次|季|工作日|小时|届))"
)
PARTS_OF_MONTH = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}
LEAP_YEAR = 2024


def number(text: str) -> int:
    """A figure or a Chinese numeral up to 99."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    value = 0
    for char in text:
        value = value * 10 + DIGITS[char]
    return value


def normalise(text: str) -> str:
    """Half-width, dashes and 至/到 between figures as one hyphen, Chinese numerals before units as figures."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[—–―－~～〜−]+", "-", plain)
    plain = re.sub(r"[ \t\r\f\v\u3000\xa0]+", "", plain)
    plain = COUNTED.sub(_figure, plain)
    plain = re.sub(r"(?<=[\d月日周旬初底号])(?:至|到|-)+(?=第?\d|次年|翌年|来年|第二年|本)", "-", plain)
    return re.sub(r"(?<=\d)号", "日", plain).replace("月份", "月").replace("星期", "周")


def _figure(match: re.Match[str]) -> str:
    return str(number(match[1]))


def last_day(month: int) -> int:
    """Last day of a month; 29 for February, so that a window ends inside it in every year."""
    return calendar.monthrange(LEAP_YEAR, month)[1]


def day(month: int, day_of_month: int) -> str:
    """MM-DD, never later than the month's last day."""
    return f"{month:02d}-{min(day_of_month, last_day(month)):02d}"


def is_month(value: int) -> bool:
    """1..12."""
    return 1 <= value <= 12


def part_of_month(words: str) -> tuple[int, int] | None:
    """(first, last day) of 上旬 中旬 下旬 中下旬 月初 月中 月底; 初 is by the 10th (catalogue.md A 4)."""
    if words in ("初", "月初"):
        return 1, 10
    if words in ("中", "月中"):
        return 11, 20
    if words in ("底", "末", "月底", "月末"):
        return 21, 31
    named = [PARTS_OF_MONTH[char] for char in words if char in PARTS_OF_MONTH]
    return (named[0][0], named[-1][1]) if named and words.endswith("旬") else None
