"""Expected against found: numbers after rounding half up to four decimals, everything else by structure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from zhiheng.scoring.scheme.numbers import fraction, half_up, is_number

DIGITS = 4
REMARKS = frozenset(
    {"reason", "reasoning", "why", "note", "calc", "explanation", "comment", "decided_by_text"}
)
ABSENT = "（无）"
UNKNOWN: Final = object()
"""Stands where a label means nothing that could be looked up; such labels are told, not compared."""
_STATES = {
    **dict.fromkeys(("n/a", "na", "not_applicable", "not applicable", "缺项", "missing_item"), "not_applicable"),
    **dict.fromkeys(("blocked", "block", "停止计算"), "blocked"),
}  # fmt: skip
_NOTHING = frozenset({"none", "null", "无", "no_case"})


@dataclass(frozen=True, slots=True)
class Difference:
    """差异: a place where found is not what was expected."""

    place: str
    expected: str
    found: str


def differences(expected: Any, found: Any, place: str = "") -> list[Difference]:
    """Every place where `found` misses or contradicts something `expected`; remarks in words are not compared."""
    if isinstance(expected, Mapping):
        return _mappings(expected, found, place)
    if isinstance(expected, list | tuple):
        return _lists(expected, found, place)
    return [] if same(expected, found) else [Difference(place, shown(expected), shown(found))]


def same(expected: Any, found: Any) -> bool:
    """Whether two single values agree."""
    if isinstance(expected, bool) and isinstance(found, list | tuple):
        return expected is bool(found)
    if found is None and isinstance(expected, str):
        return expected.lower() in _NOTHING
    if isinstance(expected, bool) or isinstance(found, bool) or expected is None or found is None:
        return expected is found
    if is_number(expected) and is_number(found):
        return half_up(fraction(expected), DIGITS) == half_up(fraction(found), DIGITS)
    return _state(shown(expected)) == _state(shown(found))


def _state(word: str) -> str:
    return _STATES.get(word.lower(), word)


def shown(value: Any) -> str:
    """A value as the table prints it: numbers rounded to four decimals without trailing zeros."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction) or (not isinstance(value, str) and is_number(value)):
        text = f"{half_up(fraction(value), DIGITS):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return str(value)


def _mappings(expected: Mapping[str, Any], found: Any, place: str) -> list[Difference]:
    if not isinstance(found, Mapping):
        return [Difference(place, shown(expected), shown(found))]
    gaps: list[Difference] = []
    for key, item in expected.items():
        if key in REMARKS:
            continue
        where = f"{place}.{key}" if place else str(key)
        if key in found:
            gaps += differences(item, found[key], where)
        else:
            gaps.append(Difference(where, shown(item), ABSENT))
    return gaps


def _lists(expected: Sequence[Any], found: Any, place: str) -> list[Difference]:
    if isinstance(found, set | frozenset | tuple):
        found = list(found)
    if not isinstance(found, list) or len(found) != len(expected):
        return [Difference(place, shown(expected), shown(found))]
    if all(isinstance(item, str | int) for item in expected):
        equal = sorted(map(shown, expected)) == sorted(map(shown, found))
        return [] if equal else [Difference(place, shown(expected), shown(found))]
    pairs = zip(expected, found, strict=True)
    return [gap for number, pair in enumerate(pairs) for gap in differences(*pair, f"{place}[{number}]")]
