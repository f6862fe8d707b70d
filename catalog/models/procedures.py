"""Procedures (工作流程): what is done when, by whom in which order, to which standard."""

from typing import ClassVar

from django.db import models

from catalog.models.versions import CatalogueVersion


class Procedure(models.Model):
    """A procedure of the handbook (一项常规工作), with its time as printed and as schedules.

    ``no`` is a pair and no decimal: 2.1 is not 2.10.  ``schedules`` holds schedule objects (kind, dates or weeks).
    """

    version = models.ForeignKey(
        CatalogueVersion, on_delete=models.CASCADE, related_name="procedures", verbose_name="版本"
    )
    chapter_no = models.CharField("章号", max_length=10, blank=True)
    chapter = models.CharField("章", max_length=120, blank=True)
    no = models.CharField("序号", max_length=20)
    title = models.CharField("名称", max_length=200)
    time_text = models.TextField("时间", blank=True)
    schedules = models.JSONField("日程", default=list)
    place = models.CharField("来源位置", max_length=120, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "工作流程"
        ordering: ClassVar[list[str]] = ["version", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "no"], name="procedure_no"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"


class WorkContent(models.Model):
    """A line of a procedure's content (工作内容)."""

    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="contents", verbose_name="流程"
    )
    text = models.TextField("内容")
    order = models.PositiveIntegerField("顺序")

    class Meta:
        verbose_name = "工作内容"
        ordering: ClassVar[list[str]] = ["procedure", "order"]

    def __str__(self) -> str:
        return self.text[:120]


class PartyDuty(models.Model):
    """What one party does in a procedure (各方职责)."""

    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="party_duties", verbose_name="流程"
    )
    party = models.CharField("承担方", max_length=120)
    text = models.TextField("职责")
    order = models.PositiveIntegerField("顺序")

    class Meta:
        verbose_name = "各方职责"
        ordering: ClassVar[list[str]] = ["procedure", "order"]

    def __str__(self) -> str:
        return f"{self.party}：{self.text}"[:120]


class Step(models.Model):
    """A step of a procedure's workflow (流程步骤); ``inferred`` when the paper names no actor."""

    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="steps", verbose_name="流程"
    )
    chain = models.CharField("流程名称", max_length=120, blank=True)
    order = models.PositiveIntegerField("顺序")
    text = models.TextField("步骤")
    actors = models.JSONField("承担者", default=list)
    inferred = models.BooleanField("承担者为推断", default=False)

    class Meta:
        verbose_name = "流程步骤"
        ordering: ClassVar[list[str]] = ["procedure", "order"]

    def __str__(self) -> str:
        return self.text[:120]


class ProcedureStandard(models.Model):
    """A standard of a procedure (工作标准)."""

    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="standards", verbose_name="流程"
    )
    text = models.TextField("标准")
    order = models.PositiveIntegerField("顺序")

    class Meta:
        verbose_name = "流程标准"
        ordering: ClassVar[list[str]] = ["procedure", "order"]

    def __str__(self) -> str:
        return self.text[:120]
