"""What may stand in a cell (单元格): one small parser per kind of value, each with reason and advice."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Parser = Callable[[Any], Any]
LONGEST_CELL = 2000
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_SEPARATORS = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True)
class CellError:
    """One thing to mend, with its address (要改的一处)."""

    sheet: str
    cell: str
    value: str
    reason: str
    advice: str

    def __str__(self) -> str:
        where = f"“{self.sheet}”{self.cell}" if self.sheet else "文件"
        return f"{where}：{self.reason}。{self.advice}"


class BadValue(ValueError):
    """A value that cannot be taken."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


class Unreadable(Exception):
    """A file that is no workbook of ours, with reason and advice."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


def shown(raw: Any) -> str:
    """The cell as people see it, without surrounding spaces; full-width forms of letters and digits made normal."""
    if raw is None:
        return ""
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == datetime.min.time() else raw.isoformat(" ")
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return unicodedata.normalize("NFKC", str(raw)).strip() if isinstance(raw, str) else str(raw)


def text(longest: int) -> Parser:
    """Text of at most ``longest`` characters; inner line breaks become spaces.  Chinese punctuation is kept."""

    def parse(raw: Any) -> str:
        value = " ".join(str(raw).split()) if isinstance(raw, str) else shown(raw)
        if len(value) > longest:
            raise BadValue(f"有{len(value)}个字，太长", f"请缩短到{longest}个字以内。")
        return value

    return parse


def code(raw: Any) -> str:
    """A code: letters, digits, Chinese, and . - _ /, at most 40; a number typed into Excel is taken as its digits."""
    value = shown(raw)
    if not re.fullmatch(r"[\w.\-/]{1,40}", value):
        raise BadValue(f"“{value[:40]}”不是代码", "请用1到40个汉字、字母、数字或 . - _ /，中间不空格。")
    return value


def codes(raw: Any) -> tuple[str, ...]:
    """Codes separated by 、 or commas, without repetition."""
    return tuple(dict.fromkeys(code(part) for part in _parts(raw)))


def names(longest: int) -> Parser:
    """Names separated by 、 or commas, without repetition."""
    one = text(longest)
    return lambda raw: tuple(dict.fromkeys(one(part) for part in _parts(raw)))


def day(raw: Any) -> date:
    """A calendar day: an Excel date, 2025-09-01, 2025/9/1, 2025.9.1, 2025年9月1日 or 20250901."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    value = shown(raw)
    match = _DATE.fullmatch(value)
    try:
        found = date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        found = None
    if found is None:
        raise BadValue(f"“{value[:40]}”不是日期", "请写成 2025-09-01 这样。")
    if not 1900 <= found.year <= 2199:
        raise BadValue(f"年份{found.year}不对", "请核对年份。")
    return found


def share(raw: Any) -> Decimal:
    """Part of full-time work, above 0 up to 1: 0.5 or 50%."""
    value = shown(raw)
    try:
        number = Decimal(value.removesuffix("%"))
    except InvalidOperation:
        number = Decimal(0)
    number = number / 100 if value.endswith("%") else number
    if not number.is_finite() or not 0 < number <= 1:
        raise BadValue(f"“{value[:40]}”不能作占比", "请填大于0、不超过1的数，例如 0.5 或 50%。")
    if number != round(number, 3):
        raise BadValue(f"“{value[:40]}”的小数太多", "最多三位小数。")
    return number.quantize(Decimal("0.001"))


def whole(least: int, most: int) -> Parser:
    """A whole number within bounds."""

    def parse(raw: Any) -> int:
        value = shown(raw)
        if not re.fullmatch(r"\d{1,6}", value) or not least <= int(value) <= most:
            raise BadValue(f"“{value[:40]}”不行", f"请填{least}到{most}的整数。")
        return int(value)

    return parse


def choice(options: Mapping[str, Any]) -> Parser:
    """One of the labels."""

    def parse(raw: Any) -> Any:
        value = shown(raw)
        for label, meaning in options.items():
            if unicodedata.normalize("NFKC", label) == value:
                return meaning
        raise BadValue(f"“{value[:40]}”不在可选项里", f"可选：{'、'.join(options)}。")

    return parse


def attributes(raw: Any) -> dict[str, str]:
    """Attributes as ``键=值``, separated by 、 or commas."""
    found: dict[str, str] = {}
    for part in _parts(raw):
        name, sign, value = part.replace("＝", "=").partition("=")
        if not sign or not name.strip() or not value.strip():
            raise BadValue(f"“{part[:40]}”不是属性", "请写成 branch_type=总支 这样，多个用顿号分开。")
        found[name.strip()] = value.strip()
    return found


def _parts(raw: Any) -> list[str]:
    return [
        part.strip()
        for part in _SEPARATORS.split(str(raw if isinstance(raw, str) else shown(raw)))
        if part.strip()
    ]
