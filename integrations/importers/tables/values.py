"""Values of cells by kind (单元格取值): exact figures, dates, yes and no; what does not fit is told, never guessed."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1", "对"})
NO = frozenset({"否", "无", "×", "✗", "x", "n", "no", "false", "0", "错"})
NOTHING = frozenset({"-", "--", "/", "—", "——", "无数据", "暂缺"})


class BadValue(ValueError):
    """A cell does not hold what its column holds; the message is the Chinese reason."""


def parse(text: str, kind: str) -> Any:
    """The value of a cell, None when it is empty or says that there is none.  Raises BadValue."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or (kind != "text" and plain in NOTHING):
        return None
    return PARSERS[kind](plain)


def _text(plain: str) -> str:
    return plain


def _number(plain: str) -> Decimal:
    try:
        value = Decimal(re.sub(r"(?<=\d),(?=\d{3}\b)|\s", "", plain))
    except InvalidOperation:
        raise BadValue("不是数字") from None
    if not value.is_finite():
        raise BadValue("不是数字")
    return value


def _whole(plain: str) -> int:
    value = _number(plain)
    if value != value.to_integral_value():
        raise BadValue("不是整数")
    return int(value)


def _percent(plain: str) -> Decimal:
    """Percent as printed: 96.5 of 96.5%; a share below 1 without a sign is ambiguous and refused."""
    if plain.endswith("%"):
        return _number(plain[:-1])
    value = _number(plain)
    if 0 < value < 1:
        raise BadValue("没有百分号，不知是比值还是百分数")
    return value


def _date(plain: str) -> dt.date:
    found = DATE.fullmatch(plain.replace(" ", ""))
    if not found:
        raise BadValue("不是完整的日期（年月日）")
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        raise BadValue("没有这一天") from None


def _yes_no(plain: str) -> bool:
    if plain.lower() in YES:
        return True
    if plain.lower() in NO:
        return False
    raise BadValue("不是“是”或“否”")


PARSERS: dict[str, Callable[[str], Any]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "percent": _percent,
    "date": _date,
    "yes_no": _yes_no,
}
