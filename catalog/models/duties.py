"""Department → duty → work item → post → standard (部门、职责、具体工作、岗位、工作标准)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.versions import CatalogueVersion
from tenants.organisation.models import Post, Unit


class DutyScope(models.TextChoices):
    """Whether a duty belongs to the department's own system of work."""

    INSIDE = "inside", _("系统内")
    OUTSIDE = "outside", _("系统外")


class Department(models.Model):
    """A department as the catalogue names it (目录中的部门); linked to the organisation when the unit is known."""

    version = models.ForeignKey(
        CatalogueVersion, on_delete=models.CASCADE, related_name="departments", verbose_name="版本"
    )
    name = models.CharField("名称", max_length=120)
    aliases = models.JSONField("别名", default=list)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="机构")
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "目录部门"
        ordering: ClassVar[list[str]] = ["version", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "name"], name="catalogue_department_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """A duty of a department (职责)."""

    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="duties", verbose_name="部门"
    )
    no = models.CharField("序号", max_length=20, blank=True)
    text = models.TextField("职责")
    scope = models.CharField("范围", max_length=10, choices=DutyScope.choices, default=DutyScope.INSIDE)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "职责"
        ordering: ClassVar[list[str]] = ["department", "order"]

    def __str__(self) -> str:
        return f"{self.no} {self.text}"[:120]


class WorkItem(models.Model):
    """A piece of work that a duty consists of (具体工作); ``no`` as printed, unique in meaning only within a department."""

    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="work_items", verbose_name="部门"
    )
    duty = models.ForeignKey(
        Duty, on_delete=models.CASCADE, null=True, related_name="work_items", verbose_name="职责"
    )
    no = models.CharField("序号", max_length=20)
    text = models.TextField("具体工作")
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "具体工作"
        ordering: ClassVar[list[str]] = ["department", "order"]

    def __str__(self) -> str:
        return f"{self.no} {self.text}"[:120]


class WorkAssignment(models.Model):
    """Which post does a work item (承担岗位); the first named leads."""

    work_item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="assignments", verbose_name="具体工作"
    )
    section_name = models.CharField("科室", max_length=120, blank=True)
    post_name = models.CharField("岗位", max_length=120, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="岗位记录"
    )
    leads = models.BooleanField("牵头", default=True)

    class Meta:
        verbose_name = "承担岗位"
        ordering: ClassVar[list[str]] = ["work_item", "-leads", "id"]

    def __str__(self) -> str:
        return f"{self.section_name}／{self.post_name}"


class Standard(models.Model):
    """How well a work item is to be done (工作标准); sub-items hang below their standard.

    ``printed_no`` is what the paper says, ``no`` what was meant; two standards may share a printed number.
    """

    work_item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="standards", verbose_name="具体工作"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="children", verbose_name="上级标准"
    )
    printed_no = models.CharField("印刷序号", max_length=20, blank=True)
    no = models.CharField("序号", max_length=20)
    text = models.TextField("标准")
    place = models.CharField("来源位置", max_length=120, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "工作标准"
        ordering: ClassVar[list[str]] = ["work_item", "order"]

    def __str__(self) -> str:
        return f"{self.no} {self.text}"[:120]
