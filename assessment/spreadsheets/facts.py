"""Facts as a workbook (考核数据表): one form out, filled or empty; the same form in, every error with its cell.

Sheets: 数据 (units down, measures across; the second row holds the codes), 全校 (one row per figure of the whole
college), and one sheet per register (one row per entry).  Pure: bytes and dataclasses, no database.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessment.values import BadValue, Cell, Measure, parse, read_cell, show

DATA, COLLEGE = "数据", "全校"
_HEAD = PatternFill("solid", fgColor="F4F1EC")
_LOCKED = PatternFill("solid", fgColor="EFEBE4")
CellKey = tuple[str, str | None]
"""(measure code, unit code or None for the whole college)."""


@dataclass(frozen=True)
class FormUnit:
    """A row of the form."""

    code: str
    name: str
    unit_type: str


@dataclass(frozen=True)
class FactForm:
    """What can be filled in: units and measures; a measure without ``applies`` fits every unit."""

    title: str
    units: Sequence[FormUnit]
    measures: Sequence[Measure]

    def fits(self, measure: Measure, unit: FormUnit) -> bool:
        """True when the measure is asked of this unit."""
        return not measure.get("applies") or unit.unit_type in measure["applies"]

    def grid(self) -> list[Measure]:
        """Measures with one value per unit."""
        return [m for m in self.measures if m["type"] != "register" and m.get("scope", "unit") == "unit"]

    def college(self) -> list[Measure]:
        """Measures with one value for the whole college."""
        return [m for m in self.measures if m.get("scope") == "college"]

    def registers(self) -> list[Measure]:
        """Measures with rows."""
        return [m for m in self.measures if m["type"] == "register"]


@dataclass(frozen=True)
class CellError:
    """One thing to mend, with its address."""

    sheet: str
    cell: str
    value: str
    reason: str
    advice: str


@dataclass
class FactReading:
    """What a workbook says: cells by key, and every error."""

    cells: dict[CellKey, Cell] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)


def write_facts(form: FactForm, cells: Mapping[CellKey, Cell]) -> bytes:
    """The form as .xlsx, prefilled with the stored cells; cells that are not asked of a unit are shaded."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    _write_grid(book.create_sheet(DATA), form, cells)
    if form.college():
        _write_college(book.create_sheet(COLLEGE), form, cells)
    for measure in form.registers():
        _write_register(book.create_sheet(sheet_name(measure)), form, measure, cells)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_name(measure: Measure) -> str:
    """Sheet of a register: its code, cut to what Excel allows."""
    return str(measure["code"])[:31]


def read_facts(form: FactForm, content: bytes) -> FactReading:
    """Read a filled form.  All errors are gathered; a file that is no workbook gives one error without a cell."""
    reading = FactReading()
    try:
        book = load_workbook(BytesIO(content), data_only=True, read_only=False)
    except Exception:  # noqa: BLE001  openpyxl raises many types for damaged files
        reading.errors.append(CellError("", "", "", "打不开这个文件", "请用下载的.xlsx表格填写，存好后再传"))
        return reading
    if DATA in book.sheetnames:
        _read_grid(book[DATA], form, reading)
    if COLLEGE in book.sheetnames:
        _read_college(book[COLLEGE], form, reading)
    for measure in form.registers():
        if sheet_name(measure) in book.sheetnames:
            _read_register(book[sheet_name(measure)], form, measure, reading)
    if not set(book.sheetnames) & {DATA, COLLEGE, *map(sheet_name, form.registers())}:
        reading.errors.append(CellError("", "", "", "没有找到“数据”工作表", "请用本页下载的表格填写"))
    return reading


def _write_grid(sheet: Worksheet, form: FactForm, cells: Mapping[CellKey, Cell]) -> None:
    measures = form.grid()
    sheet.append(
        ["单位代码", "单位", *(m["title"] + (f"（{m['unit']}）" if m.get("unit") else "") for m in measures)]
    )
    sheet.append(["code", "", *(m["code"] for m in measures)])
    for unit in form.units:
        sheet.append([unit.code, unit.name, *(show(m, cells.get((m["code"], unit.code))) for m in measures)])
    for row, unit in enumerate(form.units, start=3):
        for column, measure in enumerate(measures, start=3):
            if not form.fits(measure, unit):
                sheet.cell(row, column).fill = _LOCKED
    _dress(sheet, len(measures) + 2, freeze="C3")


def _write_college(sheet: Worksheet, form: FactForm, cells: Mapping[CellKey, Cell]) -> None:
    sheet.append(["代码", "数据", "数值"])
    for measure in form.college():
        sheet.append([measure["code"], measure["title"], show(measure, cells.get((measure["code"], None)))])
    _dress(sheet, 3, freeze="A2")


def _write_register(
    sheet: Worksheet, form: FactForm, measure: Measure, cells: Mapping[CellKey, Cell]
) -> None:
    fields = measure["fields"]
    sheet.append(["单位代码", "单位", *(f.get("title", f["code"]) for f in fields)])
    for unit in form.units:
        cell = cells.get((measure["code"], unit.code))
        for entry in (cell.value or []) if cell else []:
            shown = [show(f | {"type": f.get("type", "number")}, Cell("value", entry[f["code"]])) if f["code"] in entry
                     else None for f in fields]  # fmt: skip
            sheet.append([unit.code, unit.name, *shown])
    _dress(sheet, len(fields) + 2, freeze="C2")


def _dress(sheet: Worksheet, columns: int, *, freeze: str) -> None:
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for index in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 24 if index == 2 else 14
    sheet.freeze_panes = freeze


def _read_grid(sheet: Worksheet, form: FactForm, reading: FactReading) -> None:
    units = {unit.code: unit for unit in form.units}
    known = {m["code"]: m for m in form.grid()}
    columns = _columns(sheet, known, reading)
    for row in sheet.iter_rows(min_row=3):
        unit = _unit_of(sheet.title, row, units, reading)
        if unit is None:
            continue
        for index, measure in columns:
            cell = row[index]
            _take(
                reading,
                sheet.title,
                cell,
                measure,
                (measure["code"], unit.code),
                fits=form.fits(measure, unit),
            )


def _columns(
    sheet: Worksheet, known: Mapping[str, Measure], reading: FactReading
) -> list[tuple[int, Measure]]:
    found = []
    for index, cell in enumerate(sheet[2][2:], start=2):
        code = str(cell.value or "").strip()
        if code in known:
            found.append((index, known[code]))
        elif code:
            reading.errors.append(
                CellError(
                    sheet.title,
                    cell.coordinate,
                    code,
                    "方案里没有这个数据项",
                    "请不要改第二行的代码，或重新下载表格",
                )
            )
    return found


def _unit_of(
    title: str, row: Sequence[Any], units: Mapping[str, FormUnit], reading: FactReading
) -> FormUnit | None:
    code = str(row[0].value or "").strip()
    if code in units:
        return units[code]
    if any(cell.value not in (None, "") for cell in row):
        advice = "请用单位代码，可用：" + "、".join(list(units)[:12])
        reading.errors.append(CellError(title, row[0].coordinate, code, "没有这个单位代码", advice))
    return None


def _take(
    reading: FactReading, title: str, cell: Any, measure: Measure, key: CellKey, *, fits: bool = True
) -> None:
    try:
        found = read_cell(measure, cell.value)
    except BadValue as bad:
        reading.errors.append(CellError(title, cell.coordinate, str(cell.value), bad.reason, bad.advice))
        return
    if found is None:
        return
    if not fits and found.state == "value":
        reading.errors.append(
            CellError(title, cell.coordinate, str(cell.value), "这一项不适用于该单位", "请清空这一格")
        )
    else:
        reading.cells[key] = found


def _read_college(sheet: Worksheet, form: FactForm, reading: FactReading) -> None:
    known = {m["code"]: m for m in form.college()}
    for row in sheet.iter_rows(min_row=2):
        code = str(row[0].value or "").strip()
        if code in known:
            _take(reading, sheet.title, row[2], known[code], (code, None))
        elif code:
            reading.errors.append(
                CellError(sheet.title, row[0].coordinate, code, "方案里没有这个数据项", "请重新下载表格")
            )


def _read_register(sheet: Worksheet, form: FactForm, measure: Measure, reading: FactReading) -> None:
    units = {unit.code: unit for unit in form.units}
    entries: dict[str, list[dict[str, Any]]] = {}
    for row in sheet.iter_rows(min_row=2):
        unit = _unit_of(sheet.title, row, units, reading)
        if unit is not None:
            entries.setdefault(unit.code, []).append(dict(_entry(sheet.title, row, measure, reading)))
    for unit in form.units:
        if form.fits(measure, unit):
            reading.cells[measure["code"], unit.code] = Cell("value", entries.get(unit.code, []))


def _entry(
    title: str, row: Sequence[Any], measure: Measure, reading: FactReading
) -> Iterator[tuple[str, Any]]:
    for column, one in enumerate(measure["fields"], start=2):
        cell = row[column] if column < len(row) else None
        if cell is None or cell.value in (None, ""):
            continue
        try:
            yield one["code"], parse({"type": "number", **one}, cell.value)
        except BadValue as bad:
            reading.errors.append(CellError(title, cell.coordinate, str(cell.value), bad.reason, bad.advice))
