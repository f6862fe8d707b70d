"""Reads of results over the years: one unit's line, all units' ranks."""

from dataclasses import dataclass

from assessment.models import Cycle, CycleState, Run, UnitResult
from tenants.organisation.models import AssessedUnit


@dataclass(frozen=True)
class YearResult:
    """Result of one unit in one year (历年结果); ``final`` when it is sealed."""

    cycle: Cycle
    result: UnitResult
    size: int
    final: bool


def trend(unit: AssessedUnit, cycle: Cycle, run: Run) -> list[YearResult]:
    """The unit's results from the first sealed year to this run, oldest first."""
    chain = _chain(cycle)
    shown = {one.pk: seal.run_id for one in chain if (seal := one.seals.first()) is not None}
    shown[cycle.pk] = run.pk
    mine = {r.run_id: r for r in UnitResult.objects.filter(run__in=shown.values(), unit__code=unit.code)}
    groups = list(UnitResult.objects.filter(run__in=shown.values()).values_list("run_id", "group"))
    return [
        YearResult(one, r, groups.count((r.run_id, r.group)), one.state == CycleState.SEALED)
        for one in chain
        if (r := mine.get(shown.get(one.pk, 0))) is not None
    ]


@dataclass
class UnitYears:
    """One unit over the years (历年名次): its results by cycle id."""

    unit: AssessedUnit
    results: dict[int, UnitResult]


def history(cycle: Cycle, run: Run) -> tuple[list[Cycle], list[UnitYears]]:
    """Years from the first sealed one to this run, and every unit of this run over them, in the order of this run."""
    chain = _chain(cycle)
    shown = {
        seal.run_id: one for one in chain if (seal := one.seals.first()) is not None and one.pk != cycle.pk
    }
    shown[run.pk] = cycle
    rows = UnitResult.objects.filter(run__in=shown).select_related("unit").order_by("group", "rank")
    by_code: dict[str, dict[int, UnitResult]] = {}
    for row in rows:
        by_code.setdefault(row.unit.code, {})[shown[row.run_id].pk] = row
    current = [row for row in rows if row.run_id == run.pk]
    years = [one for one in chain if one in shown.values()]
    return years, [UnitYears(row.unit, by_code[row.unit.code]) for row in current]


def _chain(cycle: Cycle) -> list[Cycle]:
    """The cycle and those before it, oldest first."""
    known = {one.pk: one for one in Cycle.objects.filter(year__lte=cycle.year)}
    found: list[Cycle] = []
    current: Cycle | None = cycle
    while current is not None and len(found) < 10:
        found.append(current)
        current = known.get(current.previous_id) if current.previous_id else None
    return found[::-1]
