"""Granted roles (授权)."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from zhiheng.accounts.roles import ROLES
from zhiheng.kernel.dated import Dated, DatedQuerySet

if TYPE_CHECKING:
    from datetime import date


class RoleGrantQuerySet(DatedQuerySet["RoleGrant"]):
    """Granted roles that count: inside their dates and not revoked."""

    def on(self, day: "date") -> Self:
        """Grants in force on ``day``."""
        return super().on(day).filter(revoked_at__isnull=True)


class RoleGrant(Dated):
    """A role given to a user (授权) for some time, for the whole tenant or for one unit.

    ``scope_unit_code`` is the code of a unit of the organisation (部门代码), empty for the whole tenant; a code and not
    a key, because accounts exist in tenants without units.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants", verbose_name="账号"
    )
    role = models.CharField(
        "角色", max_length=20, choices=[(code, role.title()) for code, role in ROLES.items()]
    )
    scope_unit_code = models.CharField("限于部门", max_length=40, blank=True)
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="授权人"
    )
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = "授权"
        ordering: ClassVar[list[str]] = ["user", "role", "valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "role", "scope_unit_code", "valid_from"],
                condition=models.Q(revoked_at__isnull=True),
                name="rolegrant_once",
            ),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="rolegrant_role"),
        ]

    def __str__(self) -> str:
        place = f"（{self.scope_unit_code}）" if self.scope_unit_code else ""
        return f"{self.user}：{ROLES[self.role].title()}{place}"
