"""From stored facts and decisions to what the engine takes."""

from typing import Any

from assessment.models import Cycle, Fact, FactState
from assessment.selectors.facts import assessed_units
from tenants.organisation.models import AssessedUnit
from zhiheng.scoring.public import Fact as ScoringFact
from zhiheng.scoring.public import FactTable, State, Unit

STATES = {
    FactState.VALUE: State.VALUE,
    FactState.NOT_APPLICABLE: State.NOT_APPLICABLE,
    FactState.MISSING: State.MISSING,
    FactState.EXCUSED: State.EXCUSED,
    FactState.REJECTED: State.REJECTED,
}


def fact_table(cycle: Cycle) -> FactTable:
    """All facts of a cycle, units in their usual order; attributes of units stand as facts of the same name."""
    units = assessed_units(cycle)
    measures = {m["code"]: m for m in cycle.version.document.get("measures", [])}
    facts: dict[str, dict[str, ScoringFact]] = {}
    college: dict[str, ScoringFact] = {}
    for unit in units:
        for name, value in unit.attributes.items():
            if name in measures:
                facts.setdefault(name, {})[unit.code] = ScoringFact(value=value, source="组织机构")
    for stored in cycle.facts.select_related("unit", "entered_by"):
        fact = _scoring_fact(stored)
        if stored.unit is None:
            college[stored.measure] = fact
        else:
            facts.setdefault(stored.measure, {})[stored.unit.code] = fact
    return FactTable(units=tuple(_unit(unit) for unit in units), facts=facts, college=college)


def _unit(unit: AssessedUnit) -> Unit:
    return Unit(code=unit.code, type=unit.unit_type, title=unit.name)


def _scoring_fact(stored: Fact) -> ScoringFact:
    value = stored.value
    parts: dict[str, Any] = {"value": value}
    if isinstance(value, dict) and "numerator" in value:
        parts = {"numerator": value["numerator"], "denominator": value["denominator"]}
    return ScoringFact(
        **parts,
        state=STATES[FactState(stored.state)],
        source=stored.source,
        by=str(stored.entered_by or ""),
        at=stored.entered_at.date().isoformat(),
        note=stored.note,
    )
