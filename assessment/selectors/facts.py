"""Reads of facts: the form of a cycle, stored cells, completeness, who may enter what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.models import Cycle, FactState, Submission
from assessment.selectors.schemes import measure_types
from assessment.spreadsheets.facts import CellKey, FactForm, FormUnit
from assessment.values import Cell
from tenants.organisation.models import AssessedUnit, Unit
from tenants.organisation.models.assessed import Participation


def assessed_units(cycle: Cycle) -> list[AssessedUnit]:
    """Units that take part in the cycle: assessed on its last day, of a type that the scheme knows."""
    types = set(cycle.version.document.get("unit_types", {}))
    found = AssessedUnit.objects.on(cycle.ends_on).filter(
        participation=Participation.ASSESSED, unit_type__in=types
    )
    return list(found)


def suppliers_of(user: Any) -> set[str] | None:
    """Names under which this user supplies figures, as the schemes write them; None means all of them."""
    if user.can("fact.import") and user.units_where("fact.import") is None:
        return None
    scopes = user.units_where("fact.enter")
    if scopes is None:
        return None
    if not scopes:
        return set()
    names = Unit.objects.filter(code__in=scopes).values_list("name", "short_name")
    return {name for pair in names for name in pair if name}


def may_enter(user: Any, measure: Mapping[str, Any]) -> bool:
    """True when the user supplies this measure: an importer everything, an assessor what its own unit supplies."""
    own = suppliers_of(user)
    return own is None or measure.get("supplier") in own


def fact_form(cycle: Cycle, *, user: Any = None) -> FactForm:
    """The form of a cycle: measures that the scheme really asks; with ``user`` only those that this user supplies."""
    asked = measure_types(cycle.version)
    own = None if user is None else suppliers_of(user)
    measures = [
        {**m, "applies": sorted(asked[m["code"]])}
        for m in cycle.version.document.get("measures", [])
        if m["code"] in asked and (own is None or m.get("supplier") in own)
    ]
    units = [FormUnit(u.code, u.name, u.unit_type) for u in assessed_units(cycle)]
    return FactForm(title=cycle.title, units=units, measures=measures)


def cells_of(cycle: Cycle) -> dict[CellKey, Cell]:
    """All stored cells of a cycle."""
    rows = cycle.facts.values_list("measure", "unit__code", "state", "value")
    return {(measure, unit): Cell(state, value) for measure, unit, state, value in rows}


@dataclass(frozen=True)
class Completeness:
    """How far one supplier is: filled of expected cells."""

    supplier: str
    filled: int
    expected: int
    submission: Submission | None


def completeness(cycle: Cycle) -> list[Completeness]:
    """One row per supplier; a cell counts as filled in any state but missing, or when missing counts as zero."""
    form = fact_form(cycle)
    cells = cells_of(cycle)
    expected: dict[str, set[CellKey]] = {}
    for measure in form.measures:
        expected.setdefault(measure.get("supplier", "未指定"), set()).update(_expected(form, measure))
    submissions = {one.supplier: one for one in cycle.submissions.all()}
    return [
        Completeness(name, sum(_filled(cells.get(key)) for key in keys), len(keys), submissions.get(name))
        for name, keys in sorted(expected.items())
    ]


def completeness_matrix(cycle: Cycle) -> tuple[list[str], list[tuple[FormUnit, list[tuple[int, int]]]]]:
    """Suppliers across, units down, (filled, expected) in each cell; (0, 0) where nothing is asked."""
    form = fact_form(cycle)
    cells = cells_of(cycle)
    suppliers = sorted({m.get("supplier", "未指定") for m in form.measures})
    asked: dict[tuple[str, str], list[CellKey]] = {}
    for measure in form.measures:
        for key in _expected(form, measure):
            if key[1] is not None:
                asked.setdefault((measure.get("supplier", "未指定"), key[1]), []).append(key)
    rows = []
    for unit in form.units:
        keys = [asked.get((name, unit.code), []) for name in suppliers]
        rows.append((unit, [(sum(_filled(cells.get(k)) for k in some), len(some)) for some in keys]))
    return suppliers, rows


def _expected(form: FactForm, measure: Mapping[str, Any]) -> list[CellKey]:
    if measure.get("missing", "block") != "block":
        return []
    if measure.get("scope") == "college":
        return [(measure["code"], None)]
    return [(measure["code"], unit.code) for unit in form.units if form.fits(measure, unit)]


def _filled(cell: Cell | None) -> bool:
    return cell is not None and cell.state != FactState.MISSING
