"""Assessed units (被考核单位) and what counts into them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from tenants.organisation.models import (
    AssessedMembership,
    AssessedUnit,
    Cluster,
    Participation,
    Signboard,
    Unit,
)
from tenants.organisation.services.checks import free_code, refuse, stored, valid_then
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit


@transaction.atomic
def assessed_unit_create(
    *,
    code: str,
    name: str,
    unit_type: str,
    group: str,
    members: Sequence[Unit | Cluster | Signboard] = (),
    short_name: str = "",
    participation: Participation = Participation.ASSESSED,
    attributes: Mapping[str, Any] | None = None,
    position: int = 0,
    valid_from: date,
    acting_user: User | None,
) -> AssessedUnit:
    """Create an assessed unit from units, clusters and signboards.

    INVALID_INPUT when the code is taken, or a member counts elsewhere at that time (rules 1.a: exactly one).
    """
    require(acting_user, "unit.edit")
    free_code(AssessedUnit.objects.all(), "被考核单位", code, valid_from, None)
    target = stored(
        AssessedUnit(
            code=code,
            name=name,
            short_name=short_name,
            unit_type=unit_type,
            group=group,
            participation=participation,
            attributes=dict(attributes or {}),
            position=position,
            valid_from=valid_from,
        )
    )
    for member in members:
        _join(target, member, valid_from)
    data = {"code": code, "members": [str(m) for m in members], "valid_from": valid_from}
    audit.record(acting_user=acting_user, action="assessed_unit.create", target=target, data=data)
    return target


@transaction.atomic
def assessed_unit_close(*, assessed_unit: AssessedUnit, on: date, acting_user: User | None) -> AssessedUnit:
    """End an assessed unit and its memberships; the last day is the day before ``on``."""
    require(acting_user, "unit.edit")
    _end(assessed_unit, on)
    audit.record(acting_user=acting_user, action="assessed_unit.close", target=assessed_unit, data={"on": on})
    return assessed_unit


@transaction.atomic
def assessed_unit_revise(
    *, assessed_unit: AssessedUnit, on: date, changes: Mapping[str, Any], acting_user: User | None
) -> AssessedUnit:
    """From ``on``, the same assessed unit (same code, same members) with other type, group, name or attributes.

    Returns the new row; earlier years keep the old one.  INVALID_INPUT for a field that cannot change.
    """
    require(acting_user, "unit.edit")
    allowed = {"name", "short_name", "unit_type", "group", "participation", "attributes", "position"}
    if unknown := set(changes) - allowed:
        refuse("被考核单位", f"不能改{'、'.join(sorted(unknown))}", f"可以改：{'、'.join(sorted(allowed))}。")
    members = [
        m.target for m in assessed_unit.memberships.on(on).select_related("unit", "cluster", "signboard")
    ]
    kept = {field: getattr(assessed_unit, field) for field in allowed}
    _end(assessed_unit, on)
    new = stored(AssessedUnit(code=assessed_unit.code, valid_from=on, **{**kept, **changes}))
    for member in members:
        _join(new, member, on)
    audit.record(
        acting_user=acting_user,
        action="assessed_unit.revise",
        target=new,
        data={"on": on, "changes": changes},
    )
    return new


def _join(target: AssessedUnit, member: Unit | Cluster | Signboard, valid_from: date) -> AssessedMembership:
    valid_then(member, valid_from, "组成机构")
    kind = {Unit: "unit", Cluster: "cluster", Signboard: "signboard"}[type(member)]
    return stored(AssessedMembership(assessed_unit=target, valid_from=valid_from, **{kind: member}))


def _end(target: AssessedUnit, on: date) -> None:
    last_day = on - timedelta(days=1)
    valid_then(target, last_day, "被考核单位")
    for membership in target.memberships.on(last_day):
        membership.valid_to = last_day
        stored(membership)
    target.valid_to = last_day
    stored(target)
