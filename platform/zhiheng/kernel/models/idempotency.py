"""Answers to writes that may be repeated."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The answer to a write that carried an idempotency key (幂等应答); the same key and body get it again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="账号"
    )
    key = models.CharField("幂等键", max_length=120)
    request = models.CharField("请求", max_length=300)
    body_digest = models.CharField("内容摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    answer = models.JSONField("应答", null=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "幂等应答"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.request}"
