"""Units (机构) and their history."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organisation.models.fields import name_initials, pinyin_order
from zhiheng.kernel.dated import Dated, NoOverlap


class UnitKind(models.TextChoices):
    """Kinds of units (机构类别)."""

    COLLEGE = "college", _("学校")
    FUNCTIONAL = "functional", _("职能部门")
    PARTY = "party", _("党群部门")
    TEACHING = "teaching", _("教学单位")
    SECONDARY = "secondary", _("二级学院")
    INSTITUTE = "institute", _("科研机构")
    SUPPORT = "support", _("教辅单位")
    AFFILIATED = "affiliated", _("附属单位")
    OTHER = "other", _("其他")


class Unit(Dated):
    """An organisational unit (机构): the same row through all its renamings and moves.

    ``code`` never changes while the unit lives; names are no keys.  ``name``, ``short_name``, ``kind`` and ``parent``
    are what is in force today; what was in force on another day is a UnitVersion.  ``valid_from`` and ``valid_to`` are
    the unit's life.
    """

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    sort_key = pinyin_order()
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "机构"
        ordering: ClassVar[list[str]] = ["sort_key", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="unit_code_open"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_from"),
            models.CheckConstraint(condition=~models.Q(code=""), name="unit_code_given"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="unit_not_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitVersion(Dated):
    """What a unit was called, which kind it was and where it hung, for one period (机构沿革)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions", verbose_name="机构")
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级"
    )
    sort_key = pinyin_order()
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "机构沿革"
        ordering: ClassVar[list[str]] = ["unit", "valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            NoOverlap(name="unitversion_no_overlap", keys=["unit"]),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.valid_from}—{self.valid_to or '今'}）"


class UnitAlias(Dated):
    """Another name by which people look for a unit (别名): a predecessor's or former name, a nickname."""

    class Kind(models.TextChoices):
        """Where the name comes from (别名类别)."""

        FORMER = "former", _("曾用名")
        ALIAS = "alias", _("别名")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases", verbose_name="机构")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.ALIAS)
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "别名"
        ordering: ClassVar[list[str]] = ["unit", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "name"], name="unitalias_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_kind_display()}）"
