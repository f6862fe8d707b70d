"""Peer groups (同类组) and their frozen statistics."""

from typing import ClassVar

from django.db import models


class PeerGroup(models.Model):
    """A group of comparable colleges (同类组) with the rule that made it; members are frozen with each edition."""

    code = models.CharField("代码", max_length=60, unique=True)
    title = models.CharField("名称", max_length=120)
    criteria = models.JSONField("条件", default=dict)

    class Meta:
        verbose_name = "同类组"
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.title


class PeerGroupMember(models.Model):
    """A college in a group for one year (同类组成员)."""

    group = models.ForeignKey(
        PeerGroup, on_delete=models.CASCADE, related_name="members", verbose_name="同类组"
    )
    year = models.PositiveSmallIntegerField("年度")
    college = models.CharField("学校标识", max_length=63)

    class Meta:
        verbose_name = "同类组成员"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "year", "college"], name="peer_member_once"),
        ]

    def __str__(self) -> str:
        return self.college


class PeerStatistic(models.Model):
    """Frozen statistics of one indicator in one group and year (同类统计).

    Quantiles are null when fewer than the floor released (10 institutions) or when the group could be told apart from a
    larger one by subtraction; ``withheld`` says why.
    """

    group = models.ForeignKey(
        PeerGroup, on_delete=models.CASCADE, related_name="statistics", verbose_name="同类组"
    )
    indicator = models.CharField("指标", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    n = models.PositiveIntegerField("发布数")
    p10 = models.DecimalField("第10百分位", max_digits=18, decimal_places=6, null=True)
    q1 = models.DecimalField("下四分位", max_digits=18, decimal_places=6, null=True)
    median = models.DecimalField("中位数", max_digits=18, decimal_places=6, null=True)
    q3 = models.DecimalField("上四分位", max_digits=18, decimal_places=6, null=True)
    p90 = models.DecimalField("第90百分位", max_digits=18, decimal_places=6, null=True)
    withheld = models.CharField("不显示的原因", max_length=20, blank=True)
    frozen_at = models.DateTimeField("冻结时间")

    class Meta:
        verbose_name = "同类统计"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "indicator", "year"], name="peer_statistic_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.indicator} {self.year}"
