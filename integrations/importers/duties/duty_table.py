"""Table 1-2 (职责一览表): duties inside and outside the system (系统内、系统外)."""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import chinese, close_gaps, is_noise
from integrations.importers.duties.cutting import Sheet
from integrations.importers.duties.numbers import DUTY
from integrations.importers.duties.rows import DutyRow
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze
from integrations.importers.grid import Line

INSIDE, OUTSIDE = "系统内", "系统外"
NONE = re.compile(r"^[无/]$")
INNER = re.compile(r"(?<=[;；。])\s*(?=\d{1,2}\s*[.．、]\s*[\u4e00-\u9fff])")
LABEL = re.compile(r"^(?:系统[内外](?:的|部门)?(?:职责)?|部门职责|职责|.{0,12}部门职责|系|统|内|外)$")


@dataclass
class Duty:
    """A duty of a department (职责)."""

    no: str | None
    text: str
    scope: str
    line: Line
    works: list[object] = field(default_factory=list)


@dataclass
class DutyList:
    """Duties with what the outside cell says when it names none: 无, or an empty text."""

    duties: list[Duty] = field(default_factory=list)
    outside_cell: str = ""


def read_duties(sheet: Sheet, report: Report) -> DutyList:
    """The duties of one table; labels may stand in the middle of their block (vertical centring)."""
    found = DutyList()
    rows = [row for row in sheet.rows if any(not is_noise(row.cells[index]) for index in row.filled)]
    report.drop("no_words", *(line for row in sheet.rows if row not in rows for line in row.lines()))
    scopes = _scopes(rows)
    for position, row in enumerate(rows):
        for index in row.filled:
            _cell(found, row, index, scopes[position], report)
    return found


def _cell(found: DutyList, row: DutyRow, index: int, scope: str, report: Report) -> None:
    text, lines = row.cells[index], row.sources[index]
    bare = squeeze(text)
    if _is_label(bare) or (index + 1 < len(row.cells) and index < row.filled[-1]):
        report.drop("label", *lines)
    elif is_noise(text):
        report.drop("no_words", *lines)
    elif NONE.match(bare):
        report.drop("empty_statement", *lines)
        if scope == OUTSIDE:
            found.outside_cell = bare
    else:
        _duties(found, text, lines, scope, report)


def _duties(found: DutyList, text: str, lines: list[Line], scope: str, report: Report) -> None:
    report.claim(*lines)
    for piece in INNER.split(text.replace("\n", " ")):
        match = DUTY.match(piece)
        body = close_gaps(piece[match.end() :] if match else piece).rstrip(";；。.,，")
        if match or not found.duties or scope != found.duties[-1].scope or found.duties[-1].no is None:
            found.duties.append(Duty(match[1] if match else None, body, scope, lines[0]))
            if scope == OUTSIDE:
                found.outside_cell = close_gaps(text) if not found.outside_cell else found.outside_cell
        elif chinese(body):
            found.duties[-1].text += body
            report.repair("line_joined", "一条写成几行，已合并", lines[0], found.duties[-1].text)


def _is_label(bare: str) -> bool:
    return bool(LABEL.match(bare)) or bare in (INSIDE, OUTSIDE)


def _marks(rows: list[DutyRow]) -> tuple[list[int], list[int], list[str]]:
    """Rows with the inside label, rows with the outside label, and what merged cells say on each row."""
    inside, outside, merged = [], [], []
    for position, row in enumerate(rows):
        labels = squeeze("".join(row.cells[:-1])) if len(row.cells) > 1 else ""
        covered = squeeze("".join(row.covered))
        if INSIDE in labels:
            inside.append(position)
        if OUTSIDE in labels or (
            INSIDE not in labels and "系统外" in squeeze(row.cells[0] if row.cells else "")
        ):
            outside.append(position)
        merged.append(covered)
    return inside, outside, merged


def _scopes(rows: list[DutyRow]) -> list[str]:
    """Scope of each row: by merged cells where the file has them, else by centring the two labels in their blocks."""
    inside, outside, merged = _marks(rows)
    if any(merged):
        scope, scopes = INSIDE, []
        for position in range(len(rows)):
            said = merged[position]
            scope = (
                OUTSIDE
                if position in outside or OUTSIDE in said
                else INSIDE
                if position in inside or said
                else scope
            )
            scopes.append(scope)
        return scopes
    if not outside:
        return [INSIDE] * len(rows)
    border = _border(inside[0] if inside else None, outside[0], len(rows))
    return [INSIDE if position < border else OUTSIDE for position in range(len(rows))]


def _border(inside: int | None, outside: int, count: int) -> int:
    """First row of the outside block, so that both labels stand as near to the middle of their blocks as can be."""
    if inside is None or inside >= outside:
        return outside
    options = range(inside + 1, outside + 1)
    return min(options, key=lambda m: (abs(inside - (m - 1) / 2) + abs(outside - (m + count - 1) / 2), -m))
