"""Scoring runs (计分): one evaluation of a cycle's facts under its scheme."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from assessment.models.cycles import Cycle
from assessment.models.schemes import SchemeVersion


class RunKind(models.TextChoices):
    """A preview may be thrown away, an official run is what is published and sealed."""

    PREVIEW = "preview", _("试算")
    OFFICIAL = "official", _("正式计分")


class RunState(models.TextChoices):
    """State of a run."""

    QUEUED = "queued", _("排队")
    RUNNING = "running", _("计算中")
    DONE = "done", _("已算出")
    FAILED = "failed", _("没有算出")


class Run(models.Model):
    """One evaluation (一次计分).  ``fingerprint`` covers scheme version, kinds' versions and facts."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs", verbose_name="周期")
    version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="+", verbose_name="方案版本"
    )
    kind = models.CharField("类型", max_length=10, choices=RunKind.choices)
    state = models.CharField("状态", max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    number = models.PositiveIntegerField("第几次")
    job_id = models.UUIDField("任务", null=True)
    fingerprint = models.CharField("指纹", max_length=64, blank=True)
    facts_digest = models.CharField("数据指纹", max_length=64, blank=True)
    findings = models.JSONField("检查结果", default=list)
    error = models.JSONField("错误", null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    started_at = models.DateTimeField("发起时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "计分"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cycle", "number"], name="run_number"),
        ]

    @override(settings.LANGUAGE_CODE)
    def __str__(self) -> str:
        return f"{self.cycle.title}第{self.number}次{self.get_kind_display()}"
