"""Which unit counts into which assessed unit (考核归属)."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from tenants.organisation.models import AssessedMembership, AssessedUnit, ClusterMember, Participation, Unit
from tenants.organisation.selectors.tree import units_as_of
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem


def assessed_units(
    *, on: date | None = None, group: str = "", include_outside: bool = False
) -> QuerySet[AssessedUnit]:
    """Assessed units on a day (today) by group and position; with ``include_outside`` also those not taking part."""
    found = AssessedUnit.objects.on(on or timezone.localdate())
    if group:
        found = found.filter(group=group)
    return found if include_outside else found.filter(participation=Participation.ASSESSED)


def assessed_unit_for(
    *, user: User, code: str, on: date | None = None, permission: str = "unit.view"
) -> AssessedUnit:
    """The assessed unit with that code on a day (today).  NOT_FOUND when there is none or the user may not see it.

    A grant for any unit inside the assessed unit, or for a superior of one, covers the assessed unit.
    """
    day = on or timezone.localdate()
    found = AssessedUnit.objects.on(day).filter(code=code).first()
    if found is None or not user.can("unit.view"):
        raise Problem(Code.NOT_FOUND)
    if permission != "unit.view" and not user.can(permission, unit=[found.code, *unit_codes_in(found, day)]):
        raise Problem(Code.PERMISSION_DENIED)
    return found


def assessed_unit_of(unit: Unit, on: date | None = None) -> AssessedUnit | None:
    """Where a unit counts on a day (today): its own membership, its cluster's, else its superior's; or None."""
    pk = assessed_unit_map(on).get(unit.pk)
    return None if pk is None else AssessedUnit.objects.get(pk=pk)


def assessed_unit_map(on: date | None = None) -> dict[int, int]:
    """Unit id -> assessed unit id for every unit that counts somewhere on a day (today).  Three queries."""
    day = on or timezone.localdate()
    direct = _direct(day)
    parents = dict(units_as_of(day).values_list("unit_id", "parent_id"))
    found: dict[int, int] = {}
    for unit_id in parents:
        current: int | None = unit_id
        seen: set[int] = set()
        while current is not None and current not in direct and current not in seen:
            seen.add(current)
            current = parents.get(current)
        if current in direct:
            found[unit_id] = direct[current]
    return found


def unit_codes_in(assessed_unit: AssessedUnit, on: date | None = None) -> list[str]:
    """Codes of the units that count into an assessed unit on a day (today)."""
    day = on or timezone.localdate()
    inside = [unit for unit, target in assessed_unit_map(day).items() if target == assessed_unit.pk]
    return list(Unit.objects.filter(pk__in=inside).order_by("code").values_list("code", flat=True))


def _direct(day: date) -> dict[int, int]:
    """Unit id -> assessed unit id by its own membership, else by its cluster's; signboards hold no units."""
    by_unit: dict[int, int] = {}
    by_cluster: dict[int, int] = {}
    for row in AssessedMembership.objects.on(day).filter(assessed_unit__in=AssessedUnit.objects.on(day)):
        if row.unit_id is not None:
            by_unit[row.unit_id] = row.assessed_unit_id
        if row.cluster_id is not None:
            by_cluster[row.cluster_id] = row.assessed_unit_id
    members = (
        ClusterMember.objects.on(day).filter(cluster__in=by_cluster).values_list("unit_id", "cluster_id")
    )
    return {unit_id: by_cluster[cluster_id] for unit_id, cluster_id in members} | by_unit
