"""What an import would do (导入预览): one plan per row, and everything known while planning."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models

from tenants.organisation.models import (
    AssessedUnit,
    Cluster,
    Person,
    Post,
    Section,
    Unit,
    UnitVersion,
)
from tenants.organisation.spreadsheets import CellError, Row
from zhiheng.accounts.models import User
from zhiheng.kernel.dated import Dated

Some = TypeVar("Some", bound=Dated)
CREATE, CHANGE, SAME = "create", "change", "same"


@dataclass(frozen=True)
class Diff:
    """One field that changes (差异): what is stored, what the file says, and where it says so."""

    title: str
    old: str
    new: str
    cell: str


@dataclass
class RowPlan:
    """What becomes of one row (一行的处理)."""

    sheet: str
    number: int
    label: str
    diffs: list[Diff] = field(default_factory=list)
    new: list[models.Model] = field(default_factory=list)
    first: list[Callable[["User | None"], None]] = field(default_factory=list)
    """Endings, done for all rows before anything begins."""
    todo: list[Callable[["User | None"], None]] = field(default_factory=list)

    @property
    def action(self) -> str:
        """``create``, ``change`` or ``same``."""
        return CREATE if self.new and not self.diffs else CHANGE if self.diffs else SAME


@dataclass
class ImportPlan:
    """The whole preview (导入预览): rows, everything to mend, and remarks.  Nothing is stored while errors exist."""

    on: date
    rows: list[RowPlan] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    fingerprint: str = ""

    def counts(self) -> dict[str, dict[str, int]]:
        """Sheet -> how many rows are created, changed, the same."""
        found: dict[str, dict[str, int]] = {}
        for row in self.rows:
            sheet = found.setdefault(row.sheet, {CREATE: 0, CHANGE: 0, SAME: 0})
            sheet[row.action] += 1
        return found


class Known:
    """Everything in force on the day of the import, by code; rows of the file join as they are planned."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.errors: list[CellError] = []
        self.notices: list[str] = []
        self._codes: dict[type[Dated], dict[str, date]] = {}
        versions = UnitVersion.objects.on(on).select_related("unit", "parent")
        self.versions: dict[int, UnitVersion] = {v.unit_id: v for v in versions}
        self.units: dict[str, Unit] = {v.unit.code: v.unit for v in self.versions.values()}
        self.sections = _by_code(Section.objects.on(on).select_related("unit"))
        self.posts = _by_code(Post.objects.on(on).select_related("unit", "section"))
        self.clusters = _by_code(Cluster.objects.on(on))
        self.assessed = _by_code(AssessedUnit.objects.on(on))
        self.people: dict[str, Person] = {p.staff_number: p for p in Person.objects.all()}

    def find(
        self, row: Row, name: str, among: Mapping[str, Some], what: str, code: str | None = None
    ) -> Some | None:
        """What the code in a field stands for; an error when there is nothing of that code."""
        wanted = row.values[name] if code is None else code
        if not wanted:
            return None
        found = among.get(wanted)
        if found is None:
            reason = f"“{what}”表和系统里都没有“{wanted}”"
            self.errors.append(row.error(name, reason, f"请在“{what}”表里补上，或改正它。"))
        return found

    def begins(self, row: Row, within: Iterable[tuple[str, Dated | None]]) -> date:
        """First day of a new row; an error when something it belongs to does not exist by then."""
        begin: date = row.values["valid_from"] or self.on
        for name, owner in within:
            if owner is not None and not owner.is_valid_on(begin):
                reason = f"“{owner}”在{begin}还没有或已不存在"
                self.errors.append(
                    row.error(name, reason, f"它的有效期从{owner.valid_from}起，请改起始日期。")
                )
        return begin

    def code_is_free(self, row: Row, model: type[Dated], begin: date) -> None:
        """An error when the code is taken by a row that is not in force on the day but would collide with the new."""
        if model not in self._codes:
            self._codes[model] = _last_days(model)
        last_day = self._codes[model].get(row.values["code"])
        if last_day is not None and last_day >= begin:
            self.errors.append(row.error("code", "代码在那段时间已有人用", "请换一个代码，或改起始日期。"))

    def keeps_start(self, row: Row, current: Dated, same: Any = None) -> None:
        """An error when the file names another first day than the one stored.

        ``same`` are the rows of the same thing: after a move or revision it goes on in a new row without a gap, and
        the first day of any row of this chain is right.
        """
        stated = row.values["valid_from"]
        if stated is None or stated == current.valid_from:
            return
        if same is not None and stated in _chain_starts(same, current):
            return
        reason = f"起始日期已登记为{current.valid_from}，这里写的是{stated}"
        self.errors.append(row.error("valid_from", reason, "请空着，或改回登记的日期。"))


def diffs(row: Row, current: Mapping[str, Any]) -> list[Diff]:
    """Fields that the sheet states and that differ from ``current``."""
    found = []
    for name, old in current.items():
        new = row.values[name]
        if row.states(name) and new != old:
            column = row.form.column(name)
            found.append(
                Diff(column.title, show(column.options, old), show(column.options, new), row.places[name])
            )
    return found


def changed(row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
    """New values of the fields that ``diffs`` names."""
    return {n: row.values[n] for n, old in current.items() if row.states(n) and row.values[n] != old}


def show(options: Mapping[str, Any], value: Any) -> str:
    """A value as the workbook shows it; an em dash for nothing."""
    label = next((label for label, meaning in options.items() if meaning == value), None)
    if label is not None:
        return label
    if isinstance(value, tuple):
        value = "、".join(value)
    if isinstance(value, dict):
        value = "、".join(f"{k}={v}" for k, v in value.items())
    return "—" if value in (None, "") else str(value)


def _by_code(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.code: row for row in rows}


def _last_days(model: Any) -> dict[str, date]:
    """Code -> last day on which any row has it; the end of time for rows without an end."""
    rows = model._default_manager.values_list("code", "valid_to")
    found: dict[str, date] = {}
    for code, valid_to in rows:
        found[code] = max(found.get(code, date.min), valid_to or date.max)
    return found


def _chain_starts(same: Any, current: Dated) -> set[date]:
    """First days of the rows that lead to ``current`` without a gap."""
    before = {end: begin for begin, end in same.values_list("valid_from", "valid_to") if end is not None}
    starts, begin = set(), current.valid_from
    while (previous := before.get(begin - timedelta(days=1))) is not None:
        starts.add(previous)
        begin = previous
    return starts
