"""Facts (考核数据): what was measured or judged for a unit, and the decisions of the leading group."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.cycles import Cycle
from tenants.organisation.models import AssessedUnit


class FactState(models.TextChoices):
    """State of an input (rules CV-10): a missing figure is a state, never zero."""

    VALUE = "value", _("有值")
    NOT_APPLICABLE = "not_applicable", _("缺项")
    MISSING = "missing", _("未报")
    EXCUSED = "excused", _("免责")
    REJECTED = "rejected", _("不采信")


class SubmissionState(models.TextChoices):
    """State of one supplier's figures in a cycle."""

    OPEN = "open", _("填报中")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已复核")


class DecisionKind(models.TextChoices):
    """What the leading group can decide (领导小组决定)."""

    VETO = "veto", _("一票否决")
    BAR = "bar", _("不得评优")
    GRADE = "grade", _("等次")
    APPLICATION = "application", _("申报优秀")
    PROJECT = "project", _("创新项目")
    AMOUNT = "amount", _("奖励标准")
    TIE = "tie", _("并列裁定")


class Fact(models.Model):
    """The value of one measure for one unit in one cycle (一项数据).

    ``value`` keeps exact text: a decimal as text ("0.93"), a boolean, a text, a list of decimals, or the rows of a
    register.  ``unit`` is null for a figure of the whole college.
    ``revision`` guards against two people editing the same cell.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="facts", verbose_name="周期")
    unit = models.ForeignKey(
        AssessedUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    measure = models.CharField("指标数据", max_length=80)
    state = models.CharField("状态", max_length=16, choices=FactState.choices, default=FactState.VALUE)
    value = models.JSONField("数值", null=True)
    source = models.CharField("来源", max_length=200, blank=True)
    as_of = models.DateField("时点", null=True)
    note = models.CharField("说明", max_length=300, blank=True)
    revision = models.PositiveIntegerField("修改次数", default=0)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间", auto_now=True)

    class Meta:
        verbose_name = "考核数据"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["cycle", "measure", "unit"], name="fact_cell", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(state="value", value__isnull=False) | ~models.Q(state="value"),
                name="fact_has_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}（{self.unit}）"


class Submission(models.Model):
    """The hand-in of one supplier in a cycle (提交): all its measures together, with four eyes."""

    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, related_name="submissions", verbose_name="周期"
    )
    supplier = models.CharField("数据提供部门", max_length=120)
    state = models.CharField(
        "状态", max_length=12, choices=SubmissionState.choices, default=SubmissionState.OPEN
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    approved_at = models.DateTimeField("复核时间", null=True)
    reason = models.CharField("退回原因", max_length=300, blank=True)
    changed_since_approval = models.PositiveIntegerField("复核后改动", default=0)

    class Meta:
        verbose_name = "提交"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cycle", "supplier"], name="submission_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}（{self.get_state_display()}）"


class Decision(models.Model):
    """A decision recorded beside the scores, never typed over them (领导小组决定)."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="decisions", verbose_name="周期")
    kind = models.CharField("类型", max_length=12, choices=DecisionKind.choices)
    unit = models.ForeignKey(
        AssessedUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    data = models.JSONField("内容", default=dict)
    reason = models.CharField("理由", max_length=500)
    decided_on = models.DateField("决定日期")
    decided_by = models.CharField("决定机构", max_length=200)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = "决定"
        ordering: ClassVar[list[str]] = ["decided_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.unit or ''}"
