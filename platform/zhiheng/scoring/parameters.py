"""Parameters as kinds read them: exact numbers, formula texts, and the formulas inside shared definitions."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhiheng.scoring.contract import Use
from zhiheng.scoring.scheme.numbers import fraction

__all__ = ["benchmark_uses", "number", "rank_uses", "text", "tie_uses"]

LOCAL_VALUE = "数值"
"""Local name of a leaf's own value, `[数值]`."""


def number(value: Any) -> Fraction:
    """A number parameter as an exact fraction: 2, 0.35, "1/3", "85%"."""
    return fraction(value)


def text(value: Any) -> str:
    """A formula parameter as text; numbers and truth values become formulas."""
    if isinstance(value, bool):
        return "真" if value else "假"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Fraction):
        return f"({value.numerator}/{value.denominator})"
    return str(value)


def benchmark_uses(place: str, spec: Any, names: Mapping[str, str] | None = None) -> list[Use]:
    """Formulas inside a benchmark: a formula, or a statistic with its own formulas."""
    if spec is None:
        return []
    if not isinstance(spec, Mapping):
        return [Use(place, text(spec), "number", names or {})]
    parts = ("of", "numerator", "denominator", "typed")
    return [Use(f"{place}.{part}", text(spec[part]), "number", names or {}) for part in parts if part in spec]


def rank_uses(place: str, spec: Mapping[str, Any] | None) -> list[Use]:
    """The formula inside a rank, if it has its own."""
    return [Use(f"{place}.of", text(spec["of"]))] if spec and "of" in spec else []


def tie_uses(place: str, chain: Any) -> list[Use]:
    """Formulas of a tie-break chain."""
    return [Use(f"{place}[{n}].by", text(step["by"])) for n, step in enumerate(chain or ())]
