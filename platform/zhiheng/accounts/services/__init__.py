"""Writes about accounts."""

from zhiheng.accounts.services.passwords import password_change, password_set
from zhiheng.accounts.services.roles import role_grant, role_revoke
from zhiheng.accounts.services.signin import sign_in, unlock
from zhiheng.accounts.services.tokens import token_issue, token_revoke, token_use
from zhiheng.accounts.services.users import user_activate, user_create, user_deactivate, user_update

__all__ = [
    "password_change",
    "password_set",
    "role_grant",
    "role_revoke",
    "sign_in",
    "token_issue",
    "token_revoke",
    "token_use",
    "unlock",
    "user_activate",
    "user_create",
    "user_deactivate",
    "user_update",
]
