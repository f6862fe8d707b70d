"""Results (考核结果): scores of every node, totals, ranks, grades; public notice and seal."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from assessment.models.cycles import Cycle
from assessment.models.runs import Run
from tenants.organisation.models import AssessedUnit


class NodeScore(models.Model):
    """Score of one node of the scheme for one unit (一个指标的得分), four decimals half up; null when there is none."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scores", verbose_name="计分")
    unit = models.ForeignKey(AssessedUnit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    node = models.CharField("指标", max_length=60)
    points = models.DecimalField("得分", max_digits=14, decimal_places=4, null=True)
    applicable = models.DecimalField("适用满分", max_digits=14, decimal_places=4, null=True)
    state = models.CharField("状态", max_length=16)

    class Meta:
        verbose_name = "指标得分"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "unit", "node"], name="node_score_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.points}"


class UnitResult(models.Model):
    """Total, rank and grade of one unit in a run (单位结果)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results", verbose_name="计分")
    unit = models.ForeignKey(AssessedUnit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    group = models.CharField("分组", max_length=40)
    total = models.DecimalField("总分", max_digits=14, decimal_places=4, null=True)
    published = models.DecimalField("公布分", max_digits=12, decimal_places=2, null=True)
    rank = models.PositiveIntegerField("名次", null=True)
    grade = models.CharField("等次", max_length=40, blank=True)
    outcomes = models.JSONField("结果运用", default=dict)

    class Meta:
        verbose_name = "单位结果"
        ordering: ClassVar[list[str]] = ["group", "rank"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "unit"], name="unit_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.published}"


class UnitExplanation(models.Model):
    """The stored explanation of all scores of one unit (得分说明), same bytes on recomputation."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="explanations", verbose_name="计分")
    unit = models.ForeignKey(AssessedUnit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    document = models.JSONField("说明")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "得分说明"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "unit"], name="unit_explanation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}"


class PublicNotice(models.Model):
    """Public notice of a result (公示) for a number of working days."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="notices", verbose_name="周期")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", verbose_name="计分")
    starts_on = models.DateField("开始日")
    ends_on = models.DateField("结束日")
    working_days = models.PositiveSmallIntegerField("工作日数")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "公示"
        ordering: ClassVar[list[str]] = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.cycle}公示"


class Seal(models.Model):
    """A sealed result (封存).  A correction is a new seal with its reason; the old one stays."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="seals", verbose_name="周期")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="seal", verbose_name="计分")
    number = models.PositiveSmallIntegerField("第几版")
    fingerprint = models.CharField("指纹", max_length=64)
    reason = models.CharField("更正理由", max_length=500, blank=True)
    sealed_at = models.DateTimeField("封存时间")
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="封存人"
    )

    class Meta:
        verbose_name = "封存"
        ordering: ClassVar[list[str]] = ["cycle", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cycle", "number"], name="seal_number"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}第{self.number}版结果"
