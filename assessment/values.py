"""Values of measures as people type them and as they are stored: exact text, never a binary float.

Pure functions over the measure entries of a scheme document (``{"code", "title", "type", "min", "max", ...}``).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from zhiheng.kernel.numbers import plain

Measure = Mapping[str, Any]
STATE_WORDS = {
    "缺项": "not_applicable",
    "不适用": "not_applicable",
    "—": "not_applicable",
    "免责": "excused",
    "不计入考核": "excused",
    "不采信": "rejected",
    "作废": "rejected",
}
NONE = "无"
"""An empty list is a statement (“无”), an empty cell is not."""
_YES = {"是", "有", "1", "true", "yes", "√", "✓"}
_NO = {"否", "无", "0", "false", "no", "×"}
_LIST_SEPARATORS = re.compile(r"[;；\s]+")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


@dataclass(frozen=True)
class BadValue(Exception):
    """A value that cannot be taken: what is wrong with it, and what is allowed."""

    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.reason}。{self.advice}"


@dataclass(frozen=True)
class Cell:
    """A stored cell: state code and, for state ``value``, the JSON value."""

    state: str
    value: Any = None


def read_cell(measure: Measure, raw: Any) -> Cell | None:
    """What one spreadsheet or form cell says; None when it is empty.  Raises BadValue."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, str) and (state := STATE_WORDS.get(raw.strip())):
        return Cell(state)
    return Cell("value", parse(measure, raw))


def parse(measure: Measure, raw: Any) -> Any:
    """The stored form of a typed value by the measure's type.  Raises BadValue with reason and advice in Chinese."""
    kind = measure["type"]
    if kind in {"number", "integer", "ratio"}:
        return _bounded(measure, _number(raw, integer=kind == "integer"))
    if kind == "list":
        return (
            [] if str(raw).strip() == NONE else [plain(_number(part, integer=False)) for part in _parts(raw)]
        )
    if kind == "boolean":
        return _boolean(raw)
    if kind == "date":
        return _date(raw).isoformat()
    if kind == "text":
        return _text(measure, str(raw).strip())
    raise BadValue("这一项是逐条登记", "请在它自己的工作表里一行填一条")


def parse_stored(measure: Measure, value: Any) -> Any:
    """The stored form of a value that already has the stored shape (from the API): lists, rows, pairs of a ratio."""
    kind = measure["type"]
    if value is None:
        raise BadValue("没有填数值", "请填数值，或把state写成缺项、免责、不采信")
    if kind == "list":
        if not isinstance(value, list):
            raise BadValue("这一项是一组数", "请给出数组")
        return [plain(_number(part, integer=False)) for part in value]
    if kind == "register":
        return [_row(measure, row) for row in value] if isinstance(value, list) else _refuse_rows()
    if kind == "ratio" and isinstance(value, Mapping):
        return {name: plain(_number(value.get(name), integer=False)) for name in ("numerator", "denominator")}
    return parse(measure, value)


def _row(measure: Measure, row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        _refuse_rows()
    fields = {field["code"]: {"type": "number", **field} for field in measure["fields"]}
    unknown = set(row) - set(fields)
    if unknown:
        raise BadValue("登记里没有“" + "、".join(sorted(unknown)) + "”这一栏", "可填：" + "、".join(fields))
    return {name: parse(fields[name], value) for name, value in row.items() if value is not None}


def _refuse_rows() -> NoReturn:
    raise BadValue("这一项是逐条登记", "请给出对象的数组，每条一个")


def show(measure: Measure, cell: Cell | None) -> str | Decimal | int | None:
    """The form in which a spreadsheet shows a stored cell; reading it again gives the same cell."""
    if cell is None:
        return None
    if cell.state != "value":
        return next((word for word, state in STATE_WORDS.items() if state == cell.state), None)
    kind, value = measure["type"], cell.value
    if kind in {"number", "integer", "ratio"} and not isinstance(value, Mapping):
        return Decimal(value)
    if kind == "list":
        return "；".join(value) or NONE
    if kind == "boolean":
        return "是" if value else "否"
    return str(value)


def _number(raw: Any, *, integer: bool) -> Decimal:
    if isinstance(raw, bool):
        raise BadValue("这里要填数", "请填数字")
    text = unicodedata.normalize("NFKC", str(raw)).strip().replace("％", "%")
    percent = text.endswith("%")
    body = text.removesuffix("%").strip()
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", body):
        body = body.replace(",", "")
    try:
        value = Decimal(body)
    except InvalidOperation:
        raise BadValue(f"“{raw}”不是数", _number_advice(body)) from None
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > 18
        or (value and not -12 <= value.adjusted() <= 15)
    ):
        raise BadValue(f"“{raw}”超出可存的范围", "请核对位数")
    value = value / 100 if percent else value
    if integer and value != value.to_integral_value():
        raise BadValue(f"“{raw}”不是整数", "这一项按个数计，请填整数")
    return value


def _number_advice(body: str) -> str:
    if re.fullmatch(r"-?\d+[,，。]\d{1,2}", body):
        return f"是不是{re.sub('[,，。]', '.', body)}？"
    return "请填数字，缺项写“缺项”，没有数据就留空"


def _bounded(measure: Measure, value: Decimal) -> str:
    low, high = measure.get("min"), measure.get("max")
    if low is not None and value < _limit(low):
        raise BadValue(f"{plain(value)}小于{low}", f"请填{low}以上的数")
    if high is not None and value > _limit(high):
        raise BadValue(f"{plain(value)}超过{high}", f"请填不超过{high}的数")
    return plain(value)


def _limit(text: Any) -> Decimal:
    body = str(text)
    return Decimal(body.removesuffix("%")) / 100 if body.endswith("%") else Decimal(body)


def _parts(raw: Any) -> list[str]:
    text = unicodedata.normalize("NFKC", str(raw))
    if "," in text:
        raise BadValue(f"“{raw}”用了逗号", "多个数之间请用分号“；”隔开")
    return [part for part in _LIST_SEPARATORS.split(text) if part]


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text in _YES | _NO:
        return text in _YES
    raise BadValue(f"“{raw}”看不出是或否", "请填“是”或“否”")


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = _DATE.match(str(raw).strip())
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise BadValue(f"“{raw}”不是日期", "请写成2026-11-20")


def _text(measure: Measure, value: str) -> str:
    options = measure.get("options")
    if options and value not in options:
        raise BadValue(f"“{value}”不在可选项里", "可填：" + "、".join(options))
    return value
