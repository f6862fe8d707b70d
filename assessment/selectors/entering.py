"""Who may enter which cell (填报权): an importer everything, a supplier its measures, a unit what it reports about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.guards import SELF
from assessment.models import Cycle, FactState
from assessment.selectors.facts import fact_form, suppliers_of
from assessment.spreadsheets.facts import FactForm
from tenants.organisation.models import AssessedUnit, Unit
from tenants.organisation.selectors.assessed import assessed_unit_map


@dataclass(frozen=True)
class EntryRights:
    """What one user may enter in a cycle: suppliers (None: all), and the units it reports for."""

    suppliers: frozenset[str] | None
    units: frozenset[str]

    def allows(self, measure: Mapping[str, Any], unit: str | None) -> bool:
        """True when the user supplies this cell."""
        if self.suppliers is None or measure.get("supplier") in self.suppliers:
            return True
        return measure.get("supplier") == SELF and unit in self.units

    def supplies(self, supplier: str) -> bool:
        """True when all cells of this supplier are the user's."""
        return self.suppliers is None or supplier in self.suppliers

    @property
    def opens(self) -> frozenset[str] | None:
        """Suppliers of which at least some cells are the user's; None means all."""
        if self.suppliers is None:
            return None
        return self.suppliers | {SELF} if self.units else self.suppliers

    def narrowed(self, form: FactForm, supplier: str) -> FactForm:
        """The form with the units the user enters: its own where it only reports for itself."""
        if supplier != SELF or self.supplies(SELF):
            return form
        own = [unit for unit in form.units if unit.code in self.units]
        return FactForm(title=form.title, units=own, measures=form.measures)


def entry_rights(user: Any, cycle: Cycle) -> EntryRights:
    """Rights of this user in this cycle, by the roles valid today and the units of the cycle's last day."""
    suppliers = suppliers_of(user)
    return EntryRights(
        None if suppliers is None else frozenset(suppliers), frozenset(_own_units(user, cycle))
    )


def _own_units(user: Any, cycle: Cycle) -> set[str]:
    codes = user.units_where("report.submit")
    if codes is None:
        return set(AssessedUnit.objects.on(cycle.ends_on).values_list("code", flat=True))
    if not codes:
        return set()
    where = assessed_unit_map(cycle.ends_on)
    ids = {
        where[pk] for pk in Unit.objects.filter(code__in=codes).values_list("pk", flat=True) if pk in where
    }
    return set(AssessedUnit.objects.filter(pk__in=ids).values_list("code", flat=True))


def self_report_gaps(cycle: Cycle, rights: EntryRights) -> int:
    """How many cells the user's units still have to report about themselves."""
    if not rights.units or not any(
        m.get("supplier") == SELF for m in cycle.version.document.get("measures", [])
    ):
        return 0
    form = rights.narrowed(fact_form(cycle), SELF)
    measures = [m for m in form.grid() if m.get("supplier") == SELF and m.get("missing", "block") == "block"]
    expected = {(m["code"], u.code) for m in measures for u in form.units if form.fits(m, u)}
    rows = cycle.facts.filter(unit__code__in=rights.units).exclude(state=FactState.MISSING)
    return len(expected - set(rows.values_list("measure", "unit__code")))
