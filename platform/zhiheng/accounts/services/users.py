"""Opening, changing and closing accounts (账号)."""

import re

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhiheng.accounts.guard import require
from zhiheng.accounts.models import RoleGrant, User
from zhiheng.accounts.services.passwords import checked
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

_USERNAME = re.compile(r"[\w.@+-]{1,60}")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}")


@transaction.atomic
def user_create(
    *,
    username: str,
    name: str,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    must_change_password: bool = True,
    acting_user: User | None,
) -> User:
    """Open an account.  Without ``password`` nobody can sign in until one is set.

    Raises INVALID_INPUT for an empty or odd name, a weak password, and when account or phone are taken.
    """
    require(acting_user, "user.edit")
    user = User(username=username.strip(), name=name.strip(), phone=phone.strip(), email=email.strip())
    _check_fields(user)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(checked(password, user))
        user.must_change_password = must_change_password
    user.save(force_insert=True)
    audit.record(acting_user=acting_user, action="user.create", target=user, data={"username": user.username})
    return user


@transaction.atomic
def user_update(*, user: User, name: str, phone: str = "", email: str = "", acting_user: User | None) -> User:
    """Change name, phone and e-mail; the owner may do so, or who manages accounts.  Errors as ``user_create``."""
    if acting_user is None or acting_user.pk != user.pk:
        require(acting_user, "user.edit")
    before = {"name": user.name, "phone": user.phone, "email": user.email}
    user.name, user.phone, user.email = name.strip(), phone.strip(), email.strip()
    _check_fields(user)
    user.save(update_fields=["name", "phone", "email"])
    after = {"name": user.name, "phone": user.phone, "email": user.email}
    audit.record(
        acting_user=acting_user, action="user.update", target=user, data={"before": before, "after": after}
    )
    return user


@transaction.atomic
def user_deactivate(*, user: User, acting_user: User | None) -> User:
    """Close the account: sign-in and tokens stop at once, history stays.  STATE for the last administrator."""
    require(acting_user, "user.edit")
    refuse_without_admin(user)
    return _set_active(user, active=False, acting_user=acting_user)


@transaction.atomic
def user_activate(*, user: User, acting_user: User | None) -> User:
    """Open a closed account again."""
    require(acting_user, "user.edit")
    return _set_active(user, active=True, acting_user=acting_user)


def refuse_without_admin(leaving: User) -> None:
    """Raise STATE when nobody but ``leaving`` could administer this tenant today; locks the grants looked at."""
    admins = RoleGrant.objects.on(timezone.localdate()).filter(
        role__in=["admin", "operator"], scope_unit_code=""
    )
    holders = set(
        admins.filter(user__is_active=True).select_for_update(of=("self",)).values_list("user", flat=True)
    )
    if holders == {leaving.pk}:
        raise Problem(
            Code.STATE,
            what=f"账号“{leaving}”",
            state="唯一的管理员",
            action="停用或收回管理员角色",
            advice="请先把管理员角色授予另一个账号。",
        )


def _set_active(user: User, *, active: bool, acting_user: User | None) -> User:
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = "user.activate" if active else "user.deactivate"
    audit.record(acting_user=acting_user, action=action, target=user)
    return user


def _check_fields(user: User) -> None:
    """Raise INVALID_INPUT for the first field that cannot be stored."""
    if not _USERNAME.fullmatch(user.username):
        _refuse("账号", f"“{user.username}”不能用", "请用1到60个汉字、字母、数字或 . @ + - _，通常就是工号。")
    if not user.name:
        _refuse("姓名", "没有填", "请填写姓名。")
    if user.phone and not _PHONE.fullmatch(user.phone):
        _refuse("手机号", f"“{user.phone}”不是电话号码", "请只填数字，例如 13800000000。")
    others = User.objects.exclude(pk=user.pk)
    if others.filter(username=user.username).exists():
        _refuse("账号", f"“{user.username}”已有人用", "请换一个，或在账号清单里找到它。")
    # Somebody's phone must never be somebody else's account name: both open the same door.
    if user.phone and others.filter(Q(phone=user.phone) | Q(username=user.phone)).exists():
        _refuse("手机号", f"“{user.phone}”已登记在另一个账号上", "请核对号码。")
    if others.filter(phone=user.username).exists():
        _refuse("账号", f"“{user.username}”是另一个账号的手机号", "请换一个账号名。")


def _refuse(place: str, reason: str, advice: str) -> None:
    raise Problem(Code.INVALID_INPUT, place=place, reason=reason, advice=advice)
