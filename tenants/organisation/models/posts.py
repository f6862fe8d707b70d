"""Sections (科室) and posts (岗位)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organisation.models.fields import pinyin_order
from tenants.organisation.models.units import Unit
from zhiheng.kernel.dated import Dated


class Section(Dated):
    """A section (科室) inside a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sections", verbose_name="机构")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=120)
    sort_key = pinyin_order()

    class Meta(Dated.Meta):
        verbose_name = "科室"
        ordering: ClassVar[list[str]] = ["unit", "sort_key", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="section_code_open"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="section_code_from"),
        ]

    def __str__(self) -> str:
        return self.name


class PostCategory(models.TextChoices):
    """The three categories of posts in public institutions (岗位类别)."""

    MANAGEMENT = "management", _("管理岗位")
    PROFESSIONAL = "professional", _("专业技术岗位")
    WORKER = "worker", _("工勤技能岗位")


class Post(Dated):
    """A post (岗位) in a unit, with so many seats (职数); people hold it (Holding)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name="机构")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="科室"
    )
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=120)
    category = models.CharField("类别", max_length=20, choices=PostCategory.choices, blank=True)
    is_head = models.BooleanField("负责人岗位", default=False)
    seats = models.PositiveSmallIntegerField("职数", default=1)
    sort_key = pinyin_order()

    class Meta(Dated.Meta):
        verbose_name = "岗位"
        ordering: ClassVar[list[str]] = ["unit", "-is_head", "sort_key", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="post_code_open"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="post_code_from"),
        ]

    def __str__(self) -> str:
        return self.name
