"""Accounts of one tenant: users, granted roles, tokens."""

from zhiheng.accounts.models.grants import RoleGrant
from zhiheng.accounts.models.tokens import ApiToken
from zhiheng.accounts.models.users import User

__all__ = ["ApiToken", "RoleGrant", "User"]
