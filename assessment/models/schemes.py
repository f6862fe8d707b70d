"""Assessment schemes (考核方案) and their versions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Life of a scheme version; a published one never changes."""

    DRAFT = "draft", _("草稿")
    CHECKED = "checked", _("已检查")
    PUBLISHED = "published", _("已发布")
    SUPERSEDED = "superseded", _("已被替代")


class Scheme(models.Model):
    """A scheme of the college (考核方案), for example the yearly assessment of departments."""

    code = models.CharField("代码", max_length=60, unique=True)
    title = models.CharField("名称", max_length=200)
    year_kind = models.CharField("年度类型", max_length=10)
    template_code = models.CharField("采用的模板", max_length=60, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "考核方案"
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.title


class SchemeVersion(models.Model):
    """One version of a scheme (方案版本): the whole document, its state, who approved it and on which file."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions", verbose_name="方案")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    document = models.JSONField("方案内容")
    fingerprint = models.CharField("指纹", max_length=64)
    template_version = models.CharField("模板版本", max_length=20, blank=True)
    revision = models.PositiveIntegerField("修改次数", default=0)
    approved_by = models.CharField("批准机构", max_length=200, blank=True)
    approved_on = models.DateField("批准日期", null=True)
    basis = models.CharField("依据文件", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        verbose_name = "方案版本"
        ordering: ClassVar[list[str]] = ["scheme", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.title}第{self.number}版"
