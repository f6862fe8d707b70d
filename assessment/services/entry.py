"""Entry cell by cell (逐格填报): what can be stored is stored, every other cell comes back with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from assessment.models import Cycle, Fact, FactState, SubmissionState
from assessment.selectors.entering import entry_rights
from assessment.selectors.facts import fact_form
from assessment.services.facts import facts_store
from assessment.spreadsheets.facts import CellKey, FactForm
from assessment.values import BadValue, Cell, Measure, read_cell, show
from zhiheng.kernel.errors import Code, Problem

NO_FACT = -1
"""Revision of a cell that holds nothing yet."""


@dataclass(frozen=True)
class Entry:
    """What somebody typed into one cell, and the revision of the value it was typed over."""

    measure: str
    unit: str | None
    text: str
    revision: int

    @property
    def key(self) -> CellKey:
        """Which cell."""
        return self.measure, self.unit


@dataclass(frozen=True)
class Kept:
    """A cell as it stands now: its text and revision."""

    key: CellKey
    text: str
    revision: int


@dataclass(frozen=True)
class Refused:
    """A cell that was not stored: what is wrong, what is allowed."""

    key: CellKey
    reason: str
    advice: str


@dataclass(frozen=True)
class Conflict:
    """A cell that somebody else changed meanwhile: the value there now, by whom."""

    key: CellKey
    text: str
    revision: int
    by: str


@dataclass
class Answer:
    """What became of each cell."""

    saved: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def cells_enter(*, cycle: Cycle, entries: Sequence[Entry], acting_user: Any) -> Answer:
    """Store typed cells one by one; an empty text takes the value back.

    Raises STATE when the cycle does not collect or the figures are handed in, PERMISSION_DENIED for a measure of
    another supplier.  A value changed by somebody else since it was read is a conflict and stays.
    """
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    form = fact_form(cycle)
    measures = {m["code"]: m for m in form.measures}
    _may_and_open(cycle, entries, measures, acting_user)
    stored = _stored(cycle, entries)
    answer, cells = Answer(), dict[CellKey, Cell]()
    for entry in entries:
        _sort(entry, form, measures, stored.get(entry.key), answer, cells)
    facts_store(cycle=cycle, cells=cells, acting_user=acting_user, source="网上填报")
    now = _stored(cycle, entries)
    answer.saved += [_kept(measures[key[0]], key, now.get(key)) for key in cells]
    return answer


def _may_and_open(
    cycle: Cycle, entries: Sequence[Entry], measures: Mapping[str, Measure], acting_user: Any
) -> None:
    """Only own cells; and a supplier does not change what it handed in (who imports for everybody may, and is counted)."""
    rights = entry_rights(acting_user, cycle)
    known = [e for e in entries if e.measure in measures]
    if not all(rights.allows(measures[e.measure], e.unit) for e in known):
        raise Problem(Code.PERMISSION_DENIED)
    if rights.suppliers is None:
        return
    names = {measures[e.measure].get("supplier", "") for e in known}
    closed = {SubmissionState.SUBMITTED, SubmissionState.APPROVED}
    found = cycle.submissions.filter(supplier__in=names, state__in=closed).first()
    if found is not None:
        raise Problem(
            Code.STATE,
            what=f"{found.supplier}的数据",
            state=found.get_state_display(),
            action="改",
            advice="请质量办退回后再改。",
        )


def _stored(cycle: Cycle, entries: Sequence[Entry]) -> dict[CellKey, Fact]:
    rows = cycle.facts.filter(measure__in={e.measure for e in entries}).select_related("unit", "entered_by")
    return {(f.measure, f.unit.code if f.unit else None): f for f in rows}


def _sort(  # noqa: PLR0917
    entry: Entry, form: FactForm, measures: Mapping[str, Measure], fact: Fact | None, answer: Answer,
    cells: dict[CellKey, Cell],
) -> None:  # fmt: skip
    measure = measures.get(entry.measure)
    if measure is None:
        raise Problem(
            Code.INVALID_INPUT, place=entry.measure, reason="方案里没有这个数据项", advice="请刷新页面"
        )
    try:
        cell = _cell(entry, form, measure)
    except BadValue as bad:
        answer.refused.append(Refused(entry.key, bad.reason, bad.advice))
        return
    current = _current(fact)
    if cell == current:
        answer.saved.append(_kept(measure, entry.key, fact))
    elif (fact.revision if fact else NO_FACT) != entry.revision:
        kept = _kept(measure, entry.key, fact)
        answer.conflicts.append(
            Conflict(entry.key, kept.text, kept.revision, str(fact.entered_by or "") if fact else "")
        )
    else:
        cells[entry.key] = cell


def _cell(entry: Entry, form: FactForm, measure: Measure) -> Cell:
    unit = next((u for u in form.units if u.code == entry.unit), None)
    if (entry.unit is None) != (measure.get("scope") == "college") or (
        entry.unit is not None and unit is None
    ):
        raise BadValue("这一项不属于这个单位", "请刷新页面")
    if unit is not None and not form.fits(measure, unit):
        raise BadValue("这一项不适用于该单位", "请清空这一格")
    return read_cell(measure, entry.text) or Cell(FactState.MISSING)


def _current(fact: Fact | None) -> Cell:
    return Cell(FactState.MISSING) if fact is None else Cell(fact.state, fact.value)


def _kept(measure: Measure, key: CellKey, fact: Fact | None) -> Kept:
    if fact is None:
        return Kept(key, "", NO_FACT)
    return Kept(key, cell_text(measure, Cell(fact.state, fact.value)), fact.revision)


def cell_text(measure: Measure, cell: Cell | None) -> str:
    """The text of a stored cell as one types it; empty when nothing is there."""
    found = show(measure, cell) if cell is None or cell.state != FactState.MISSING else None
    return "" if found is None else f"{found:f}" if hasattr(found, "as_tuple") else str(found)
