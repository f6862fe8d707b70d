"""Tokens for the API (接口令牌)."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A token (接口令牌) with which a program acts as its user.

    Only ``digest`` (SHA-256) of the secret is kept; ``prefix`` is shown so that people can tell tokens apart.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens", verbose_name="账号"
    )
    name = models.CharField("用途", max_length=80)
    prefix = models.CharField("前缀", max_length=12, unique=True)
    digest = models.CharField("摘要", max_length=64)
    created_at = models.DateTimeField("签发时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "接口令牌"
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="apitoken_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    def is_usable(self, at: datetime) -> bool:
        """True when neither revoked nor expired at that moment and the user may sign in."""
        return self.revoked_at is None and at < self.expires_at and self.user.is_active
