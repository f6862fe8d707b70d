"""Audit trail (审计记录): append-only by grants, linked by seals."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """One write (一条审计记录): who did what to which object, when, with which data.

    The tenant's role may insert and read, never update or delete (revoked at provisioning).  ``digest`` covers the
    entry's own content; seals chain the digests.
    """

    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人编号", null=True)
    actor_name = models.CharField("操作人", max_length=150)
    action = models.CharField("动作", max_length=80)
    target_type = models.CharField("对象类型", max_length=80)
    target_id = models.CharField("对象编号", max_length=64)
    target_label = models.CharField("对象", max_length=300)
    data = models.JSONField("数据", default=dict)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["action", "at"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action} {self.target_label}"


class AuditSeal(models.Model):
    """A link of the hash chain (封签): covers all entries that had no seal yet and the seal before it."""

    at = models.DateTimeField("时间")
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="next", verbose_name="上一封签"
    )
    count = models.PositiveIntegerField("条数")
    digest = models.CharField("摘要", max_length=64, unique=True)

    class Meta:
        verbose_name = "审计封签"
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.digest[:12]}"


class AuditSealItem(models.Model):
    """Says which seal covers an entry (封签明细); an entry is covered once."""

    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="items", verbose_name="封签")
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, related_name="seal_item", verbose_name="审计记录"
    )

    class Meta:
        verbose_name = "封签明细"

    def __str__(self) -> str:
        return f"{self.seal_id}:{self.entry_id}"
