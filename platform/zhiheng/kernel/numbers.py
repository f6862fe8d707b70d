"""Exact numbers at rest: rounding half up, text forms.  No binary float passes through here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

STORE_DIGITS = 4
"""Decimals of a stored node (rules CV-2)."""
PUBLISH_DIGITS = 2
"""Decimals of a published total (rules CV-2)."""


def round_half_up(value: Fraction | Decimal | int, digits: int) -> Decimal:
    """The decimal with ``digits`` places nearest to ``value``; a half goes away from zero (四舍五入)."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-digits)


def plain(value: Decimal) -> str:
    """Text without exponent and trailing zeros: 1.50 -> 1.5, 0E-4 -> 0."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def publish(value: Decimal) -> str:
    """Published form with two decimals, half up."""
    return f"{value.quantize(Decimal(10) ** -PUBLISH_DIGITS, rounding=ROUND_HALF_UP):f}"


def jsonable(value: Any) -> Any:
    """The same data with every exact number, date and enum as text, ready for JSON."""
    match value:
        case Decimal():
            return plain(value)
        case Fraction():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case Mapping():
            return {str(k): jsonable(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [jsonable(v) for v in value]
        case _:
            return value
