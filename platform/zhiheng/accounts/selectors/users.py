"""Finding users (账号)."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiheng.accounts.guard import require
from zhiheng.accounts.models import RoleGrant, User
from zhiheng.accounts.roles import ROLE_PERMISSIONS
from zhiheng.kernel.errors import Code, Problem


def user_for(*, user: User, username: str) -> User:
    """The account of that name, for someone who may see it: the owner, or who may view accounts.  Else NOT_FOUND."""
    found = User.objects.filter(username=username).first()
    if found is None or not (found.pk == user.pk or user.can("user.view")):
        raise Problem(Code.NOT_FOUND)
    return found


def users_for(*, user: User, search: str = "", role: str = "") -> QuerySet[User]:
    """Accounts for the list page, grants prefetched; filtered by part of name, account or phone, and by role today."""
    require(user, "user.view")
    found = User.objects.prefetch_related("grants")
    if search := search.replace("\0", ""):
        found = found.filter(
            Q(name__icontains=search) | Q(username__icontains=search) | Q(phone__startswith=search)
        )
    if role:
        found = found.filter(
            pk__in=RoleGrant.objects.on(timezone.localdate()).filter(role=role).values("user")
        )
    return found.order_by("username")


def user_by_login(login: str) -> User | None:
    """Who signs in with this: an account name, else a phone number.  None when nobody does."""
    text = login.replace("\0", "").strip()
    if not text:
        return None
    return User.objects.filter(username=text).first() or User.objects.filter(phone=text).first()


def users_with_role(role: str, *, unit: str | None = None, on: date | None = None) -> QuerySet[User]:
    """Active users who hold the role on that day (today); with ``unit`` only where it covers this unit."""
    return _holders(Q(role=role), unit, on)


def users_who_can(permission: str, *, unit: str | None = None, on: date | None = None) -> QuerySet[User]:
    """Active users who have the permission on that day (today); with ``unit`` only where it covers this unit."""
    roles = [code for code, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    return _holders(Q(role__in=roles), unit, on)


def grants_of(subject: User, *, user: User) -> QuerySet[RoleGrant]:
    """All grants of ``subject``, past ones too, newest first; for the owner or who may view accounts."""
    if subject.pk != user.pk:
        require(user, "user.view")
    return RoleGrant.objects.filter(user=subject).select_related("granted_by").order_by("-valid_from", "-pk")


def _holders(condition: Q, unit: str | None, on: date | None) -> QuerySet[User]:
    grants = RoleGrant.objects.on(on or timezone.localdate()).filter(condition)
    if unit is not None:
        grants = grants.filter(scope_unit_code__in=["", unit])
    return User.objects.filter(is_active=True, pk__in=grants.values("user")).order_by("username")
