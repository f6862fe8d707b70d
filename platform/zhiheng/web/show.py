"""How values look in the text of pages (数值写法): exact, with an em dash for nothing."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from django.utils.dateformat import format as format_date
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from zhiheng.kernel.numbers import plain, round_half_up

NOTHING = "—"


def show(value: object) -> str:
    """Text of any value a table cell may hold; a fraction is shown to six digits and marked with ≈ when cut."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("是") if value else _("否")
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
    return format_date(value, _("Y年n月j日"))


def show_weekday(value: date) -> str:
    """星期五."""
    return format_date(value, "l")


def short_weekdays() -> list[str]:
    """一 to 日."""
    return _("一 二 三 四 五 六 日").split()


def show_period(start: date, end: date) -> str:
    """11月16日—27日, with the second month (and the year) only where it differs."""
    if start == end:
        return format_date(start, _("n月j日"))
    first = format_date(start, _("n月j日"))
    if start.year != end.year:
        return f"{show_date(start)}—{show_date(end)}"
    last = _("j日") if start.month == end.month else _("n月j日")
    return f"{first}—{format_date(end, last)}"


def show_when(start: date, end: date, today: date) -> str:
    """A period with its year unless that is this year: 2027年6月20日—28日."""
    period = show_period(start, end)
    return (
        period
        if start.year == today.year or start.year != end.year
        else _("{year}年{period}").format(year=start.year, period=period)
    )


def show_fraction(value: Fraction, digits: int = 6) -> str:
    """Decimal text of an exact fraction; ≈ says that digits were cut."""
    cut = round_half_up(value, digits)
    text = plain(cut)
    return text if Fraction(cut) == value else f"≈{text}"
