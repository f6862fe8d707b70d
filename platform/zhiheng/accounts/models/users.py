"""Users (账号): every tenant has its own; nobody exists in two."""

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from zhiheng.accounts.roles import PERMISSIONS, ROLE_PERMISSIONS


class UserManager(BaseUserManager["User"]):
    """Finds users by what they sign in with.  Users are made by the service ``user_create`` only."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that account name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account (账号) of one tenant.

    ``username`` is the staff number (工号) or another name that the tenant gives out.  What a user may do follows from
    the roles granted to it (RoleGrant); there are no superusers.
    """

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机号", max_length=20, blank=True)
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("可以登录", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    created_at = models.DateTimeField("开通时间", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "账号"
        ordering: ClassVar[list[str]] = ["username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["phone"], condition=~Q(phone=""), name="user_phone")
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Name as shown to people."""
        return self.name

    def get_short_name(self) -> str:
        """Name as shown where space is short."""
        return self.name

    @cached_property
    def _scopes(self) -> dict[str, set[str]]:
        """Role code -> codes of the units it was granted for; "" means the whole tenant.  Valid today."""
        scopes: dict[str, set[str]] = {}
        for role, unit_code in self.grants.on(timezone.localdate()).values_list("role", "scope_unit_code"):
            scopes.setdefault(role, set()).add(unit_code)
        return scopes

    def forget_grants(self) -> None:
        """Read the grants anew at the next question; after a grant or a revocation."""
        self.__dict__.pop("_scopes", None)

    @property
    def roles(self) -> set[str]:
        """Codes of the roles granted and valid today."""
        return set(self._scopes)

    def can(self, permission: str, *, unit: str | Iterable[str] | None = None) -> bool:
        """True when a role valid today carries ``permission``.

        With ``unit`` (a code, or the codes of a unit and its superiors) the role must be granted for one of them or
        for the whole tenant.  Raises LookupError for a permission that is not in the table.
        """
        if permission not in PERMISSIONS:
            raise LookupError(f"no such permission: {permission}")
        if not self.is_active:
            return False
        wanted = None if unit is None else {"", *([unit] if isinstance(unit, str) else unit)}
        return any(
            wanted is None or codes & wanted
            for role, codes in self._scopes.items()
            if permission in ROLE_PERMISSIONS.get(role, ())
        )

    def units_where(self, permission: str) -> set[str] | None:
        """Codes of the units for which the permission was granted; None means all units."""
        codes = {
            code
            for role, granted in self._scopes.items()
            if permission in ROLE_PERMISSIONS.get(role, ())
            for code in granted
        }
        return None if "" in codes else codes
