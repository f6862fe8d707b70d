"""National indicator dictionary (指标字典): definitions change over the years, so each version has its validity."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Which way is better; neutral figures are never ranked."""

    HIGHER = "higher", _("越高越好")
    LOWER = "lower", _("越低越好")
    NEUTRAL = "neutral", _("不分高低")


class IndicatorDefinition(models.Model):
    """One definition version of an indicator (指标定义).

    A ratio keeps numerator and denominator; ``factor`` scales the quotient (100 for per cent, 1 for n:1).
    ``comparable_with`` names an earlier version whose values may stand in one series.
    """

    code = models.CharField("代码", max_length=60)
    version = models.PositiveSmallIntegerField("定义版本", default=1)
    title = models.CharField("名称", max_length=120)
    table = models.CharField("所属表", max_length=60)
    unit = models.CharField("单位", max_length=20, blank=True)
    numerator = models.CharField("分子", max_length=120)
    denominator = models.CharField("分母", max_length=120, blank=True)
    factor = models.PositiveIntegerField("倍数", default=1)
    decimals = models.PositiveSmallIntegerField("小数位", default=2)
    direction = models.CharField("方向", max_length=8, choices=Direction.choices, default=Direction.NEUTRAL)
    valid_from = models.PositiveSmallIntegerField("起始年")
    valid_to = models.PositiveSmallIntegerField("截止年", null=True)
    comparable_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, verbose_name="可比的定义"
    )
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "指标定义"
        ordering: ClassVar[list[str]] = ["order", "code", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="indicator_code_version"),
        ]

    def __str__(self) -> str:
        return self.title
