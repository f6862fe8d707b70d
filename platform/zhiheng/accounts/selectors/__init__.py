"""Reads about accounts."""

from zhiheng.accounts.selectors.tokens import tokens_of
from zhiheng.accounts.selectors.users import (
    grants_of,
    user_by_login,
    user_for,
    users_for,
    users_who_can,
    users_with_role,
)

__all__ = [
    "grants_of",
    "tokens_of",
    "user_by_login",
    "user_for",
    "users_for",
    "users_who_can",
    "users_with_role",
]
