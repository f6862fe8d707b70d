"""Granting and revoking roles (授权)."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from zhiheng.accounts.guard import require
from zhiheng.accounts.models import RoleGrant, User
from zhiheng.accounts.roles import ROLES, roles_for
from zhiheng.accounts.services.users import refuse_without_admin
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem


@transaction.atomic
def role_grant(
    *,
    user: User,
    role: str,
    scope_unit_code: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    acting_user: User | None,
) -> RoleGrant:
    """Give ``user`` a role from a day (today) to a day (open), for the whole tenant or one unit.

    Raises INVALID_INPUT when this kind of tenant has no such role, the dates are reversed, or the user already has the
    role for the same unit in that time.
    """
    require(acting_user, "user.edit")
    _check_role(role)
    begin = valid_from or timezone.localdate()
    if valid_to is not None and valid_to < begin:
        _refuse("截止日期", f"{valid_to}早于起始日期{begin}", "请改其中一个。")
    _check_free(user, role, scope_unit_code, begin, valid_to)
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        scope_unit_code=scope_unit_code,
        valid_from=begin,
        valid_to=valid_to,
        granted_by=acting_user,
    )
    user.forget_grants()
    data = {"role": role, "unit": scope_unit_code, "valid_from": begin, "valid_to": valid_to}
    audit.record(acting_user=acting_user, action="role.grant", target=user, data=data)
    return grant


@transaction.atomic
def role_revoke(*, grant: RoleGrant, acting_user: User | None) -> RoleGrant:
    """Take a role back at once; the grant stays readable.  STATE for the last administrator's role."""
    require(acting_user, "user.edit")
    if grant.revoked_at is not None:
        raise Problem(
            Code.STATE, what=str(grant), state="已收回", action="再收回", advice="请刷新页面看现在的授权。"
        )
    if grant.role in {"admin", "operator"}:
        refuse_without_admin(grant.user)
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    grant.user.forget_grants()
    data = {"role": grant.role, "unit": grant.scope_unit_code}
    audit.record(acting_user=acting_user, action="role.revoke", target=grant.user, data=data)
    return grant


def _check_role(role: str) -> None:
    tenant = getattr(connection, "tenant", None)
    allowed = {r.code for r in roles_for(str(getattr(tenant, "kind", "")))} or set(ROLES)
    if role not in allowed:
        _refuse("角色", f"没有“{role}”这个角色", f"可选：{'、'.join(sorted(allowed))}。")


def _check_free(user: User, role: str, unit: str, begin: date, end: date | None) -> None:
    same = RoleGrant.objects.filter(user=user, role=role, scope_unit_code=unit, revoked_at__isnull=True)
    same = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=begin))
    if end is not None:
        same = same.filter(valid_from__lte=end)
    if same.exists():
        _refuse("角色", f"{user}在这段时间已有“{ROLES[role].title()}”", "不用再授。要改日期请先收回。")


def _refuse(place: str, reason: str, advice: str) -> None:
    raise Problem(Code.INVALID_INPUT, place=place, reason=reason, advice=advice)
