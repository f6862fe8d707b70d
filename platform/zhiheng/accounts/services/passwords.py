"""Passwords (密码): set by an administrator, changed by the owner."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhiheng.accounts.guard import require
from zhiheng.accounts.lock import forget_failures
from zhiheng.accounts.models import User
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem


@transaction.atomic
def password_set(
    *, user: User, password: str, must_change_password: bool = True, acting_user: User | None
) -> User:
    """Give a user a new password and open the lock; all its sessions end.  INVALID_INPUT for a weak password."""
    require(acting_user, "user.edit")
    _store(user, password, must_change=must_change_password)
    audit.record(acting_user=acting_user, action="user.password_set", target=user)
    return user


@transaction.atomic
def password_change(*, user: User, old_password: str, new_password: str) -> User:
    """The owner changes the password.  INVALID_INPUT when the old one is wrong, or the new one weak or the same."""
    if not user.check_password(old_password):
        raise Problem(Code.INVALID_INPUT, place="原密码", reason="不对", advice="请重新输入现在用的密码。")
    if old_password == new_password:
        raise Problem(Code.INVALID_INPUT, place="新密码", reason="和原密码一样", advice="请换一个。")
    _store(user, new_password, must_change=False)
    audit.record(acting_user=user, action="user.password_change", target=user)
    return user


def checked(password: str, user: User) -> str:
    """The password, when it is good enough for this user; else INVALID_INPUT with all reasons in Chinese."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        reason = "".join(error.messages).rstrip("。")
        raise Problem(
            Code.INVALID_INPUT, place="密码", reason=reason, advice="请换一个更长、别人猜不到的。"
        ) from error
    return password


def _store(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(checked(password, user))
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    forget_failures(user.username)
