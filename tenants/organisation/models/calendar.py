"""Academic years, terms and days that differ from the national calendar (校历)."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.dated import Exclusion

_TEACHING_DAYS = Func(
    F("first_monday"),
    ExpressionWrapper(F("first_monday") + F("weeks") * 7, output_field=models.DateField()),
    function="daterange",
)


class AcademicYear(models.Model):
    """A school year (学年), normally 1 September to 31 August; ``code`` such as ``2025-2026``."""

    code = models.CharField("学年", max_length=20, unique=True)
    first_day = models.DateField("开始")
    last_day = models.DateField("结束")

    class Meta:
        verbose_name = "学年"
        ordering: ClassVar[list[str]] = ["first_day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="academicyear_dates")
        ]

    def __str__(self) -> str:
        return f"{self.code}学年"


class Term(models.Model):
    """A term (学期): so many teaching weeks from a Monday; ``middle_week`` is what 期中 means here."""

    year = models.ForeignKey(
        AcademicYear, on_delete=models.CASCADE, related_name="terms", verbose_name="学年"
    )
    number = models.PositiveSmallIntegerField("第几学期")
    first_monday = models.DateField("第一周星期一")
    weeks = models.PositiveSmallIntegerField("周数")
    middle_week = models.PositiveSmallIntegerField("期中周")

    class Meta:
        verbose_name = "学期"
        ordering: ClassVar[list[str]] = ["first_monday"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="term_number"),
            models.UniqueConstraint(fields=["first_monday"], name="term_first_monday"),
            models.CheckConstraint(condition=Q(first_monday__iso_week_day=1), name="term_monday"),
            models.CheckConstraint(condition=Q(weeks__gte=1) & Q(weeks__lte=30), name="term_weeks"),
            models.CheckConstraint(
                condition=Q(middle_week__gte=1) & Q(middle_week__lte=F("weeks")), name="term_middle"
            ),
            Exclusion(name="term_no_overlap", expressions=[(_TEACHING_DAYS, "&&")]),
        ]

    def __str__(self) -> str:
        return f"{self.year}第{self.number}学期"

    @property
    def last_day(self) -> date:
        """Sunday of the last teaching week."""
        return self.first_monday + timedelta(days=7 * self.weeks - 1)


class DayOverride(models.Model):
    """A day that the college treats otherwise than the national calendar (放假与调休)."""

    class Kind(models.TextChoices):
        """What the day is (日子的性质)."""

        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("上班（调休）")

    day = models.DateField("日期", unique=True)
    kind = models.CharField("性质", max_length=10, choices=Kind.choices)
    name = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "放假与调休"
        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"{self.day}{self.get_kind_display()}"
