"""Versions of the catalogue and what a reading of a file left to be looked at."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueState(models.TextChoices):
    """Life of a version; at most one is effective."""

    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("审核中")
    APPROVED = "approved", _("已批准")
    EFFECTIVE = "effective", _("已生效")
    SUPERSEDED = "superseded", _("已被替代")


class CatalogueVersion(models.Model):
    """One version of the college's duty catalogue (职责目录版本), with the file it was read from."""

    number = models.PositiveIntegerField("版本号", unique=True)
    title = models.CharField("名称", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=CatalogueState.choices, default=CatalogueState.DRAFT
    )
    source_name = models.CharField("来源文件", max_length=200, blank=True)
    source_digest = models.CharField("来源文件摘要", max_length=64, blank=True)
    approved_by = models.CharField("批准机构", max_length=200, blank=True)
    effective_from = models.DateField("生效日", null=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )

    class Meta:
        verbose_name = "职责目录版本"
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="effective"), name="catalogue_one_effective"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"


class Finding(models.Model):
    """Something the reader of a file wants a person to look at (待核对)."""

    version = models.ForeignKey(
        CatalogueVersion, on_delete=models.CASCADE, related_name="findings", verbose_name="版本"
    )
    code = models.CharField("类型", max_length=60)
    message = models.CharField("说明", max_length=200, blank=True)
    place = models.CharField("位置", max_length=200)
    raw = models.TextField("原文", blank=True)
    proposal = models.TextField("处理", blank=True)
    accepted = models.BooleanField("已核对", default=False)

    class Meta:
        verbose_name = "待核对"
        ordering: ClassVar[list[str]] = ["version", "id"]

    def __str__(self) -> str:
        return f"{self.place} {self.code}"
