"""Signing in with account or phone and password (登录), with a lock against guessing."""

from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest

from zhiheng.accounts import lock
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.accounts.selectors.users import user_by_login
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

LONGEST_LOGIN = 60
"""More characters cannot be an account; they are cut, so that nobody fills the table of attempts."""


def sign_in(*, request: HttpRequest, account: str, password: str) -> User:
    """Sign the user in on this request's session.

    ``account`` is an account name or phone number.  Raises SIGN_IN_FAILED with the tries left (the same for unknown
    accounts), TOO_MANY_ATTEMPTS when locked.  Must not run inside a transaction that the error would roll back: the
    failed try has to be counted.
    """
    known = user_by_login(account[:LONGEST_LOGIN])
    username = known.username if known else account.strip()[:LONGEST_LOGIN].replace("\0", "")
    if lock.is_locked(request, username):
        raise Problem(Code.TOO_MANY_ATTEMPTS, minutes=lock.lock_minutes(request))
    user = authenticate(request=request, username=username, password=password)
    if not isinstance(user, User):
        raise _refusal(request, username)
    with transaction.atomic():
        login(request, user)
        audit.record(acting_user=user, action="user.sign_in", target=user)
    return user


@transaction.atomic
def unlock(*, user: User, acting_user: User | None) -> None:
    """Open the lock of an account before its time."""
    require(acting_user, "user.edit")
    lock.forget_failures(user.username)
    audit.record(acting_user=acting_user, action="user.unlock", target=user)


def _refusal(request: HttpRequest, username: str) -> Problem:
    left, minutes = lock.tries_left(request, username), lock.lock_minutes(request)
    if left == 0:
        return Problem(Code.TOO_MANY_ATTEMPTS, minutes=minutes)
    return Problem(Code.SIGN_IN_FAILED, left=left, minutes=minutes)
