"""Limit of failed sign-ins per address (登录限流), beside the lock per account that axes keeps.

A whole campus may come from one address, so only failures count and the limit is generous.
"""

from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 60
MINUTES = 10


def _key(request: HttpRequest) -> str:
    return f"sign-in-failures:{request.META.get('REMOTE_ADDR', '')}"


def is_limited(request: HttpRequest) -> bool:
    """True when this address failed too often in the last minutes."""
    failures: int = cache.get(_key(request), 0)
    return failures >= LIMIT


def note_failure(request: HttpRequest) -> None:
    """Count one failure; the window starts with the first."""
    key = _key(request)
    if not cache.add(key, 1, MINUTES * 60):
        cache.incr(key)
