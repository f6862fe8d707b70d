"""Profiles and releases.  A college is known here by its opaque schema name; row-level security compares it with the
database role, so a college can write and read its own rows only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReleaseLevel(models.TextChoices):
    """Who may see a released value: official figures go to the province by name, peer figures only into statistics."""

    PEER = "peer", _("仅用于同类统计")
    OFFICIAL = "official", _("报送省级")


class CollegeProfile(models.Model):
    """Public attributes of a college used for peer groups (学校概况)."""

    college = models.CharField("学校标识", max_length=63, primary_key=True)
    name = models.CharField("校名", max_length=120)
    province = models.CharField("省级机构标识", max_length=63, blank=True)
    province_name = models.CharField("省份", max_length=40)
    ownership = models.CharField("办学性质", max_length=20)
    discipline = models.CharField("主要类型", max_length=20)
    tier = models.CharField("建设层次", max_length=20)
    students = models.PositiveIntegerField("全日制在校生", default=0)
    on_platform = models.BooleanField("在平台上", default=True)

    class Meta:
        verbose_name = "学校概况"
        ordering: ClassVar[list[str]] = ["province_name", "name"]

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One act of releasing values (发布), with the receipt that the college keeps."""

    college = models.CharField("学校标识", max_length=63)
    year = models.PositiveSmallIntegerField("年度")
    level = models.CharField("范围", max_length=10, choices=ReleaseLevel.choices)
    released_at = models.DateTimeField("发布时间")
    released_by = models.CharField("发布人", max_length=150)
    count = models.PositiveIntegerField("指标数")
    receipt = models.CharField("回执", max_length=64)

    class Meta:
        verbose_name = "发布"
        ordering: ClassVar[list[str]] = ["-released_at"]

    def __str__(self) -> str:
        return f"{self.year}年度发布{self.count}项"


class ReleasedValue(models.Model):
    """A released figure (发布值): numerator and denominator are kept, ``value`` is their exact quotient, 6 decimals."""

    college = models.CharField("学校标识", max_length=63)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="values", verbose_name="发布")
    indicator = models.CharField("指标", max_length=60)
    definition = models.PositiveSmallIntegerField("定义版本", default=1)
    year = models.PositiveSmallIntegerField("年度")
    level = models.CharField("范围", max_length=10, choices=ReleaseLevel.choices)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=4)
    denominator = models.DecimalField("分母", max_digits=18, decimal_places=4, null=True)
    value = models.DecimalField("数值", max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = "发布值"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["college", "indicator", "year"], name="released_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["indicator", "year"], name="released_indicator_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year} {self.value}"
