"""How often somebody may try (登录锁定): limits and counters, kept by django-axes per account and tenant."""

from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_failure_limit
from django.http import HttpRequest


def lock_minutes(request: HttpRequest) -> int:
    """Minutes for which an account is locked, rounded up."""
    pause = get_cool_off(request) or timedelta()
    return -(-int(pause.total_seconds()) // 60)


def is_locked(request: HttpRequest, username: str) -> bool:
    """True while the account is locked."""
    credentials = {"username": username}
    return not AxesProxyHandler.is_allowed(request, credentials)


def tries_left(request: HttpRequest, username: str) -> int:
    """How many more wrong passwords the account bears before it is locked."""
    credentials = {"username": username}
    failures = int(AxesProxyHandler.get_failures(request, credentials))
    return max(0, int(get_failure_limit(request, credentials)) - failures)


def forget_failures(username: str) -> None:
    """Open the lock of an account."""
    AxesProxyHandler.reset_attempts(username=username)
