"""Issuing, using and revoking tokens (接口令牌)."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from zhiheng.accounts.guard import require
from zhiheng.accounts.models import ApiToken, User
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

LONGEST_DAYS = 366
USE_NOTED_EVERY = timedelta(minutes=1)
"""The time of last use is stored at most this often."""


class IssuedToken(NamedTuple):
    """A new token and its text, which is shown once and kept nowhere."""

    token: ApiToken
    text: str


@transaction.atomic
def token_issue(*, user: User, name: str, days: int = 90, acting_user: User | None) -> IssuedToken:
    """Make a token for ``user``, valid for ``days`` (1 to 366).  The owner may, or who manages tokens.

    INVALID_INPUT for an empty purpose or a time out of bounds.
    """
    if acting_user is None or acting_user.pk != user.pk:
        require(acting_user, "token.edit")
    if not name.strip():
        raise Problem(Code.INVALID_INPUT, place="用途", reason="没有填", advice="请写明哪个系统用它。")
    if not 1 <= days <= LONGEST_DAYS:
        advice = f"请填1到{LONGEST_DAYS}天。"
        raise Problem(Code.INVALID_INPUT, place="有效天数", reason=f"{days}天不行", advice=advice)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=prefix,
        digest=_digest(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    data = {"prefix": prefix, "expires_at": token.expires_at}
    audit.record(acting_user=acting_user, action="token.issue", target=token, data=data)
    return IssuedToken(token, f"zh_{prefix}_{secret}")


@transaction.atomic
def token_revoke(*, token: ApiToken, acting_user: User | None) -> ApiToken:
    """Make a token useless at once; doing so twice changes nothing."""
    if acting_user is None or acting_user.pk != token.user_id:
        require(acting_user, "token.edit")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit.record(acting_user=acting_user, action="token.revoke", target=token)
    return token


def token_use(text: str, *, at: datetime | None = None) -> ApiToken | None:
    """The usable token with this text in this tenant, its use noted; None for anything else."""
    moment = at or timezone.now()
    match text.split("_", 2):
        case ["zh", prefix, secret]:
            token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
        case _:
            return None
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)) or not token.is_usable(moment):
        return None
    if token.last_used_at is None or moment - token.last_used_at >= USE_NOTED_EVERY:
        token.last_used_at = moment
        token.save(update_fields=["last_used_at"])
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
