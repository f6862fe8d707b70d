"""Exact numbers out of documents: binary fractions never enter the arithmetic (rules.md CV-1)."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"^(-?\d+(?:\.\d+)?)(?:/(\d+))?(%?)$")


def fraction(value: Any) -> Fraction:
    """Exact value of a number as documents hold it: 3, 0.35, Decimal, "1/3", "85%".

    A float stands for its shortest decimal form, which is what was written. Raises ValueError for anything else.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - one exception for "not a number", whatever the type
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(repr(value))
    return _parsed(str(value).strip().replace(",", ""))


def is_number(value: Any) -> bool:
    """Whether `fraction` accepts the value."""
    try:
        fraction(value)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def plain(value: Fraction, digits: int = 6) -> str:
    """The number for reading: the exact decimal where it ends within `digits`, otherwise a fraction p/q."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value * 10**digits
    if scaled.denominator == 1:
        return f"{Decimal(scaled.numerator).scaleb(-digits).normalize():f}"
    return f"{value.numerator}/{value.denominator}"


def half_up(value: Fraction, digits: int) -> Decimal:
    """The number rounded half up (away from zero) to `digits` decimals, as schools print it (rules.md CV-2)."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def normalised(value: Any) -> Any:
    """The document with every float replaced by its exact Decimal, mappings and lists copied."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {str(key): normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalised(item) for item in value]
    return value


def _parsed(text: str) -> Fraction:
    found = _NUMBER.match(text)
    if found is None:
        raise ValueError(f"not a number: {text!r}")
    top, bottom, percent = found.groups()
    return Fraction(top) / int(bottom or 1) / (100 if percent else 1)
