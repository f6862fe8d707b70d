"""Finding tokens (接口令牌)."""

from django.db.models import QuerySet

from zhiheng.accounts.guard import require
from zhiheng.accounts.models import ApiToken, User


def tokens_of(subject: User, *, user: User) -> QuerySet[ApiToken]:
    """All tokens of ``subject``, newest first; for the owner or who manages tokens."""
    if subject.pk != user.pk:
        require(user, "token.edit")
    return ApiToken.objects.filter(user=subject).select_related("user")
