"""How values look in Chinese text (数值写法): exact, with an em dash for nothing."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from django.utils.timezone import is_aware, localtime

from zhiheng.kernel.numbers import plain, round_half_up

NOTHING = "—"


def show(value: object) -> str:
    """Text of any value a table cell may hold; a fraction is shown to six digits and marked with ≈ when cut."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "是" if value else "否"
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return show_fraction(value)
        case datetime():
            local = localtime(value) if is_aware(value) else value
            return f"{show_date(local.date())} {local:%H:%M}"
        case date():
            return show_date(value)
        case time():
            return f"{value:%H:%M}"
        case Enum():
            return str(getattr(value, "label", value.value))
        case _:
            return str(value)


def show_date(value: date) -> str:
    """2026年11月20日."""
    return f"{value.year}年{value.month}月{value.day}日"


def show_period(start: date, end: date) -> str:
    """11月16日—27日, with the second month (and the year) only where it differs."""
    if start == end:
        return f"{start.month}月{start.day}日"
    first = f"{start.month}月{start.day}日"
    if start.year != end.year:
        return f"{show_date(start)}—{show_date(end)}"
    return f"{first}—{end.day}日" if start.month == end.month else f"{first}—{end.month}月{end.day}日"


def show_fraction(value: Fraction, digits: int = 6) -> str:
    """Decimal text of an exact fraction; ≈ says that digits were cut."""
    cut = round_half_up(value, digits)
    text = plain(cut)
    return text if Fraction(cut) == value else f"≈{text}"
