"""Fact files for trying a scheme: YAML, JSON or a workbook, with facts, earlier years and decisions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.model import Scheme
from zhiheng.scoring.scheme.numbers import normalised

UNITS, COLLEGE, VETOES, EARLIER = "单位", "全校", "否决", "上年"
CODE, TITLE, TYPE = "代码", "名称", "类型"
_WORDS = {"缺项": "not_applicable", "不适用": "not_applicable", "免责": "excused", "不计入": "excused", "不采信": "rejected", "作废": "rejected", "未报": "missing"}  # fmt: skip
_LIST = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class FactFile:
    """数据文件: facts of the year, of earlier years (latest first), and decisions."""

    facts: FactTable
    earlier: tuple[FactTable, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)


def read_facts(data: bytes, name: str, scheme: Scheme) -> FactFile:
    """Facts of a file for a scheme. Raises ScoringError or ScoringErrors with place, reason and advice."""
    document = _workbook(data, scheme) if name.lower().endswith(".xlsx") else read_document(_text(data))
    unknown = set(document) - {"units", "college", "previous", "decisions"}
    if unknown:
        advice = "可用：units、college、previous、decisions。"
        raise ScoringError("facts.part", "、".join(sorted(unknown)), "数据文件没有这一部分。", advice)
    units = document.get("units")
    earlier = document.get("previous") or []
    years = earlier if isinstance(earlier, list) else [earlier]
    return FactFile(
        FactTable.of({"units": units, "college": document.get("college")}),
        tuple(
            FactTable.of({"units": _typed(year.get("units"), units), "college": year.get("college")})
            for year in years
        ),
        decisions_of(document.get("decisions") or {}),
    )


def decisions_of(written: Mapping[str, Any]) -> Decisions:
    """Decisions of a document: vetoes, grades, winners, history."""
    known = set(Decisions.__dataclass_fields__)
    unknown = set(written) - known
    if unknown:
        raise ScoringError(
            "facts.decision",
            "decisions",
            f"没有“{'、'.join(sorted(unknown))}”这种决定。",
            f"可用：{'、'.join(sorted(known))}。",
        )
    return Decisions(**written)


def _typed(units: Any, current: Any) -> Any:
    """Earlier units with the type of the current year where none is written."""
    if not isinstance(units, Mapping) or not isinstance(current, Mapping):
        return units
    types = {code: entry.get("type") for code, entry in current.items() if isinstance(entry, Mapping)}
    return {code: {"type": types.get(code, ""), **entry} for code, entry in units.items()}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScoringError(
            "facts.encoding", "", "文件不是 UTF-8 编码。", "请另存为 UTF-8，或使用 .xlsx。"
        ) from error


# workbooks


def _workbook(data: bytes, scheme: Scheme) -> dict[str, Any]:
    try:
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, read_only=False)
    except Exception as error:
        raise ScoringError(
            "facts.workbook", "", "打不开这个工作簿。", "请确认是 .xlsx 文件且没有损坏。"
        ) from error
    if UNITS not in book.sheetnames:
        raise ScoringError(
            "facts.sheet",
            "",
            f"没有名为“{UNITS}”的工作表。",
            f"首行写 {CODE}、{TITLE}、{TYPE} 与各数据项名称。",
        )
    reader = _Sheets(scheme)
    document: dict[str, Any] = {"units": reader.units(book[UNITS])}
    for name in book.sheetnames:
        if name == COLLEGE:
            document["college"] = reader.college(book[name])
        elif name == VETOES:
            document["decisions"] = {"vetoes": reader.vetoes(book[name])}
        elif name == EARLIER:
            document["previous"] = [{"units": reader.units(book[name])}]
        elif name in reader.registers:
            reader.register(book[name], document["units"])
        elif name != UNITS:
            reader.error(name, "", f"方案没有名为“{name}”的登记。", "请核对工作表名称，或删去该表。")
    if reader.errors:
        raise ScoringErrors(reader.errors)
    return document


class _Sheets:
    """工作表读取: rows as facts; everything wrong is gathered with sheet and cell."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.errors: list[ScoringError] = []
        self.types = {name: code for code, title in scheme.unit_types.items() for name in (code, title)}
        self.kinds = {
            name: item.type for item in scheme.measures.values() for name in (item.code, item.title)
        }
        self.registers = {
            name: item
            for item in scheme.measures.values()
            if item.type == "register"
            for name in (item.code, item.title)
        }

    def error(self, sheet: str, cell: str, reason: str, advice: str) -> None:
        """Notes a problem."""
        self.errors.append(ScoringError("facts.cell", f"{sheet}!{cell}" if cell else sheet, reason, advice))

    def units(self, sheet: Worksheet) -> dict[str, Any]:
        """Units by code with their facts."""
        head = _head(sheet)
        for needed in (CODE, TYPE):
            if needed not in head:
                self.error(sheet.title, "", f"首行没有“{needed}”列。", "请补上。")
                return {}
        return dict(
            self._unit(sheet, head, row)
            for row in range(2, sheet.max_row + 1)
            if _cell(sheet, row, head[CODE])
        )

    def _unit(self, sheet: Worksheet, head: Mapping[str, int], row: int) -> tuple[str, dict[str, Any]]:
        kind = str(_cell(sheet, row, head[TYPE]) or "")
        if kind not in self.types:
            place = f"{get_column_letter(head[TYPE])}{row}"
            self.error(
                sheet.title,
                place,
                f"没有单位类型“{kind}”。",
                f"可填：{'、'.join(self.scheme.unit_types.values())}。",
            )
        facts: dict[str, Any] = {}
        for name, column in head.items():
            if name not in (CODE, TITLE, TYPE):
                self._fact(sheet, facts, name, row, column)
        code = str(_cell(sheet, row, head[CODE]))
        title = str(_cell(sheet, row, head[TITLE]) or code) if TITLE in head else code
        return code, {"type": self.types.get(kind, kind), "title": title, "facts": facts}

    def _fact(self, sheet: Worksheet, facts: dict[str, Any], name: str, row: int, column: int) -> None:
        value = _cell(sheet, row, column)
        place = f"{sheet.title}!{get_column_letter(column)}{row}"
        owner, _, part = name.rpartition(".")
        if part in ("分子", "分母") and owner in self.kinds:
            if value is not None:
                key = "numerator" if part == "分子" else "denominator"
                facts.setdefault(owner, {"source": place})[key] = _plain(value)
            return
        if name not in self.kinds:
            if row == 2:
                self.error(
                    sheet.title,
                    f"{get_column_letter(column)}1",
                    f"方案没有名为“{name}”的数据项。",
                    "请核对名称，或删去该列。",
                )
            return
        if value is not None:
            facts[name] = self._written(name, value, place)

    def _written(self, name: str, value: Any, place: str) -> dict[str, Any]:
        word = str(value).strip()
        if word in _WORDS:
            return {"state": _WORDS[word], "source": place}
        if self.kinds[name] == "list":
            parts: list[Any] = [part for part in _LIST.split(word) if part]
            return {"value": parts, "source": place}
        return {"value": _plain(value), "source": place}

    def college(self, sheet: Worksheet) -> dict[str, Any]:
        """Facts of the whole college: name and value."""
        facts: dict[str, Any] = {}
        for row in range(1, sheet.max_row + 1):
            name, value = _cell(sheet, row, 1), _cell(sheet, row, 2)
            if name in self.kinds and value is not None:
                facts[str(name)] = self._written(str(name), value, f"{sheet.title}!B{row}")
            elif name is not None and row > 1:
                self.error(sheet.title, f"A{row}", f"方案没有名为“{name}”的数据项。", "请核对名称。")
        return facts

    def vetoes(self, sheet: Worksheet) -> dict[str, list[str]]:
        """Decided vetoes: code of the gate, code of the unit."""
        found: dict[str, list[str]] = {}
        for row in range(2, sheet.max_row + 1):
            if _cell(sheet, row, 1) is not None:
                found.setdefault(str(_cell(sheet, row, 1)), []).append(str(_cell(sheet, row, 2)))
        return found

    def register(self, sheet: Worksheet, units: dict[str, Any]) -> None:
        """Rows of a register: the unit's code in column 单位, then the fields."""
        measure, head = self.registers[sheet.title], _head(sheet)
        if UNITS not in head:
            self.error(sheet.title, "", f"首行没有“{UNITS}”列。", "请写明每行属于哪个单位。")
            return
        fields = {
            name: field["code"]
            for field in measure.fields
            for name in (field["code"], field.get("title", field["code"]))
        }
        for entry in units.values():
            entry["facts"].setdefault(measure.code, {"rows": [], "source": sheet.title})
        for row in range(2, sheet.max_row + 1):
            owner = _cell(sheet, row, head[UNITS])
            if owner is None:
                continue
            if str(owner) not in units:
                self.error(sheet.title, f"A{row}", f"没有单位“{owner}”。", "请填写单位代码。")
                continue
            cells = {
                fields[name]: _plain(_cell(sheet, row, column))
                for name, column in head.items()
                if name in fields
            }
            units[str(owner)]["facts"][measure.code]["rows"].append(
                {name: value for name, value in cells.items() if value is not None}
            )


def _head(sheet: Worksheet) -> dict[str, int]:
    return {
        str(cell.value).strip(): cell.column for cell in sheet[1] if cell.value is not None and cell.column
    }


def _cell(sheet: Worksheet, row: int, column: int) -> Any:
    value = sheet.cell(row, column).value
    return None if value is None or (isinstance(value, str) and not value.strip()) else value


def _plain(value: Any) -> Any:
    """A cell as documents hold it: dates as ISO text, floats as the decimals that were typed."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        found = normalised(value)
        return int(found) if isinstance(found, Decimal) and found == found.to_integral_value() else found
    return value.strip() if isinstance(value, str) else value
