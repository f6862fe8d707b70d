"""A provincial report, frozen with everything it shows."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class ProvincialReport(models.Model):
    """One edition of the yearly report (省级年度报告).

    ``document`` freezes reporting progress, distributions and the named official values it was made from; later
    releases need a new edition.
    """

    year = models.PositiveSmallIntegerField("年度")
    edition = models.PositiveSmallIntegerField("第几版")
    title = models.CharField("名称", max_length=200)
    document = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="生成人"
    )

    class Meta:
        verbose_name = "省级报告"
        ordering: ClassVar[list[str]] = ["-year", "-edition"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "edition"], name="provincial_report_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.edition}版）"
