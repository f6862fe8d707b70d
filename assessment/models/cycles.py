"""Assessment cycles (考核周期): one year of one scheme, with its steps."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.schemes import SchemeVersion


class CycleState(models.TextChoices):
    """Where the year stands; transitions are the table in assessment.transitions."""

    PLANNED = "planned", _("筹备")
    COLLECTING = "collecting", _("填报评分")
    SCORING = "scoring", _("计分审核")
    NOTICE = "notice", _("公示")
    DECIDED = "decided", _("已审定")
    SEALED = "sealed", _("已封存")


class StepState(models.TextChoices):
    """State of one step of the year."""

    WAITING = "waiting", _("未开始")
    OPEN = "open", _("进行中")
    DONE = "done", _("已完成")


class Cycle(models.Model):
    """A year of assessment (考核周期).  Both ends of the period belong to it (rule LYG-07)."""

    code = models.CharField("代码", max_length=60, unique=True)
    title = models.CharField("名称", max_length=200)
    version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="cycles", verbose_name="方案版本"
    )
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("开始日")
    ends_on = models.DateField("结束日")
    state = models.CharField("状态", max_length=12, choices=CycleState.choices, default=CycleState.PLANNED)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="上一周期"
    )
    opened_at = models.DateTimeField("启动时间", null=True)

    class Meta:
        verbose_name = "考核周期"
        ordering: ClassVar[list[str]] = ["-year", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="cycle_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CycleStep(models.Model):
    """A step of the year (步骤) with its deadline and actor, made from the scheme's process."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="steps", verbose_name="周期")
    order = models.PositiveSmallIntegerField("顺序")
    code = models.CharField("代码", max_length=40)
    title = models.CharField("名称", max_length=120)
    actor = models.CharField("承担者", max_length=120, blank=True)
    starts_on = models.DateField("开始日", null=True)
    ends_on = models.DateField("截止日", null=True)
    state = models.CharField("状态", max_length=12, choices=StepState.choices, default=StepState.WAITING)
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "步骤"
        ordering: ClassVar[list[str]] = ["cycle", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cycle", "code"], name="cycle_step_code"),
        ]

    def __str__(self) -> str:
        return self.title
