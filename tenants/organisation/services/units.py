"""Founding and correcting units (机构), their aliases (别名)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tenants.organisation.models import Unit, UnitAlias, UnitVersion
from tenants.organisation.services.checks import free_code, refuse, stored, valid_then
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit

COPIED = ("name", "short_name", "kind", "parent_id")
"""What a unit's row repeats of the version in force."""


@transaction.atomic
def unit_create(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    short_name: str = "",
    valid_from: date,
    valid_to: date | None = None,
    acting_user: User | None,
) -> Unit:
    """Found a unit.  INVALID_INPUT when the code is taken then, or the superior does not exist on the first day."""
    require(acting_user, "unit.edit")
    free_code(Unit.objects.all(), "机构", code, valid_from, valid_to)
    if parent is not None:
        valid_then(parent, valid_from, "上级机构")
    period = {"valid_from": valid_from, "valid_to": valid_to}
    unit = stored(Unit(code=code, name=name, short_name=short_name, kind=kind, parent=parent, **period))
    stored(UnitVersion(unit=unit, name=name, short_name=short_name, kind=kind, parent=parent, **period))
    audit.record(acting_user=acting_user, action="unit.create", target=unit, data={"code": code, **period})
    return unit


@transaction.atomic
def unit_correct(
    *, unit: Unit, name: str, short_name: str, kind: str, on: date | None = None, acting_user: User | None
) -> Unit:
    """Correct a slip in the version in force on a day (today), without making history.

    A real renaming is ``plan_rename``.  INVALID_INPUT when the unit did not exist that day.
    """
    require(acting_user, "unit.edit")
    day = on or timezone.localdate()
    version = unit.versions.on(day).select_for_update().first()
    if version is None:
        refuse("机构", f"“{unit}”在{day}不存在", "请换一个日期。")
    before = {"name": version.name, "short_name": version.short_name, "kind": version.kind}
    version.name, version.short_name, version.kind = name, short_name, kind
    stored(version)
    refreshed([unit], timezone.localdate())
    after = {"name": name, "short_name": short_name, "kind": kind}
    audit.record(
        acting_user=acting_user, action="unit.correct", target=unit, data={"before": before, "after": after}
    )
    return unit


@transaction.atomic
def alias_add(
    *,
    unit: Unit,
    name: str,
    kind: UnitAlias.Kind = UnitAlias.Kind.ALIAS,
    valid_from: date | None = None,
    acting_user: User | None,
) -> UnitAlias:
    """Add a name by which people may find the unit.  INVALID_INPUT when it has that one already."""
    require(acting_user, "unit.edit")
    alias = stored(UnitAlias(unit=unit, name=name, kind=kind, valid_from=valid_from or unit.valid_from))
    audit.record(acting_user=acting_user, action="unit.alias_add", target=unit, data={"name": name})
    return alias


@transaction.atomic
def alias_remove(*, alias: UnitAlias, acting_user: User | None) -> None:
    """Take an alias away."""
    require(acting_user, "unit.edit")
    audit.record(
        acting_user=acting_user, action="unit.alias_remove", target=alias.unit, data={"name": alias.name}
    )
    alias.delete()


@transaction.atomic
def units_refresh(*, on: date | None = None) -> int:
    """Bring the rows of units up to the versions in force on a day (today); returns how many changed.

    Runs every night: a renaming decided for next month becomes visible in the unit's row on its day.
    """
    day = on or timezone.localdate()
    recent = UnitVersion.objects.filter(valid_from__gt=day - timedelta(days=370), valid_from__lte=day)
    return refreshed(Unit.objects.filter(pk__in=recent.values("unit")), day)


def refreshed(units: Iterable[Unit], day: date) -> int:
    """Copy the version in force on ``day`` into each unit's row, else the nearest one; returns how many changed."""
    changed = 0
    for unit in units:
        versions = list(unit.versions.order_by("valid_from"))
        if not versions:
            continue
        version = ([v for v in versions if v.valid_from <= day] or versions[:1])[-1]
        if all(getattr(unit, f) == getattr(version, f) for f in COPIED):
            continue
        for field in COPIED:
            setattr(unit, field, getattr(version, field))
        unit.save(update_fields=["name", "short_name", "kind", "parent", "sort_key", "initials"])
        changed += 1
    return changed
