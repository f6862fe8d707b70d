"""Rounding half up and plain text."""

from decimal import Decimal
from fractions import Fraction

import pytest

from zhiheng.kernel.numbers import jsonable, plain, publish, round_half_up


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Decimal("2.675"), 2, "2.68"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(5, 2), 0, "3"),
        (Decimal("89.99995"), 4, "90.0000"),
    ],
)
def test_a_half_goes_away_from_zero(value: Fraction | Decimal, digits: int, expected: str) -> None:
    assert f"{round_half_up(value, digits):f}" == expected


def test_text_forms() -> None:
    assert plain(Decimal("1.500")) == "1.5"
    assert plain(Decimal("0E-4")) == "0"
    assert plain(Decimal(100)) == "100"
    assert publish(Decimal("90.0049")) == "90.00"
    assert jsonable({"a": [Fraction(1, 3), Decimal("0.10")]}) == {"a": ["1/3", "0.1"]}
