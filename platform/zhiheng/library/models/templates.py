"""Templates (标准模板) that a college adopts and may override."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateKind(models.TextChoices):
    """What a template holds."""

    SCHEME = "scheme", _("考核方案")
    CATALOGUE = "catalogue", _("职责目录")


class Template(models.Model):
    """A standard template (标准模板)."""

    kind = models.CharField("种类", max_length=12, choices=TemplateKind.choices)
    code = models.CharField("代码", max_length=60, unique=True)
    title = models.CharField("名称", max_length=200)
    summary = models.CharField("简介", max_length=500, blank=True)

    class Meta:
        verbose_name = "标准模板"
        ordering: ClassVar[list[str]] = ["kind", "code"]

    def __str__(self) -> str:
        return self.title


class TemplateVersion(models.Model):
    """One immutable version of a template (模板版本)."""

    template = models.ForeignKey(
        Template, on_delete=models.PROTECT, related_name="versions", verbose_name="模板"
    )
    version = models.CharField("版本", max_length=20)
    document = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = "模板版本"
        ordering: ClassVar[list[str]] = ["template", "-published_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "version"], name="template_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template.title} {self.version}"
