"""Record of what a restructuring did (机构调整)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organisation.models.units import Unit


class UnitChange(models.Model):
    """A renaming, move, merger, split or closing (机构调整) with everything it closed and opened.

    ``steps`` lists the rows touched, in order, so that the change can be taken back.
    """

    class Kind(models.TextChoices):
        """Kinds of changes (调整方式)."""

        RENAME = "rename", _("更名")
        MOVE = "move", _("调整隶属")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        CLOSE = "close", _("撤销")

    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    effective_on = models.DateField("生效日期")
    summary = models.CharField("内容", max_length=300)
    units = models.ManyToManyField(Unit, related_name="changes", verbose_name="涉及机构")
    steps = models.JSONField("步骤", default=list)
    made_at = models.DateTimeField("办理时间", auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "机构调整"
        ordering: ClassVar[list[str]] = ["-effective_on", "-id"]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.summary}"


class OrganisationImport(models.Model):
    """One workbook taken in (组织机构导入): who, when, from which day, and how many rows of each kind."""

    file_name = models.CharField("文件", max_length=200)
    effective_on = models.DateField("生效日期")
    fingerprint = models.CharField("摘要", max_length=64)
    counts = models.JSONField("结果", default=dict)
    made_at = models.DateTimeField("导入时间", auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )

    class Meta:
        verbose_name = "组织机构导入"
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.effective_on}起）"
