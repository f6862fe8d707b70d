"""Assessed units (被考核单位): what a scheme scores; joined to the organisation, never the same thing (rules 1.a, 2.a)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organisation.models.clusters import Cluster, Signboard
from tenants.organisation.models.fields import name_initials, pinyin_order
from tenants.organisation.models.units import Unit
from zhiheng.kernel.dated import Dated, NoOverlap


class Participation(models.TextChoices):
    """How a unit stands to the assessment (参评方式)."""

    ASSESSED = "assessed", _("参评")
    SEPARATE = "separate", _("另行考核")
    EXEMPT = "exempt", _("不参评")


class AssessedUnit(Dated):
    """What is scored and ranked as one (被考核单位): a unit, or a whole cluster.

    ``unit_type`` and ``group`` are codes that schemes refer to (such as ``SC`` and ``院部``); ``attributes`` hold what
    single rules ask for, such as ``{"branch_type": "总支"}`` (rules LYG-B36).  A change of type or group closes the row
    and opens another with the same code.
    """

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    unit_type = models.CharField("单位类型", max_length=20)
    group = models.CharField("排名组", max_length=40)
    participation = models.CharField(
        "参评方式", max_length=10, choices=Participation.choices, default=Participation.ASSESSED
    )
    attributes = models.JSONField("属性", default=dict, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    sort_key = pinyin_order()
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "被考核单位"
        ordering: ClassVar[list[str]] = ["group", "position", "sort_key", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="assessedunit_code_open"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="assessedunit_code_from"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(unit_type="") & ~Q(group=""), name="assessedunit_codes_given"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssessedMembership(Dated):
    """Says which unit, cluster or signboard counts into an assessed unit, and when (考核归属)."""

    assessed_unit = models.ForeignKey(
        AssessedUnit, on_delete=models.CASCADE, related_name="memberships", verbose_name="被考核单位"
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessed_memberships",
        verbose_name="机构",
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="合署"
    )
    signboard = models.ForeignKey(
        Signboard, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="挂牌"
    )

    class Meta(Dated.Meta):
        verbose_name = "考核归属"
        ordering: ClassVar[list[str]] = ["assessed_unit", "valid_from", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__isnull=False, cluster__isnull=True, signboard__isnull=True)
                | Q(unit__isnull=True, cluster__isnull=False, signboard__isnull=True)
                | Q(unit__isnull=True, cluster__isnull=True, signboard__isnull=False),
                name="assessedmembership_one_target",
            ),
            NoOverlap(name="assessedmembership_unit", keys=["unit"]),
            NoOverlap(name="assessedmembership_cluster", keys=["cluster"]),
            NoOverlap(name="assessedmembership_signboard", keys=["signboard"]),
        ]

    def __str__(self) -> str:
        return f"{self.assessed_unit}：{self.target}"

    @property
    def target(self) -> Unit | Cluster | Signboard:
        """The member: exactly one of unit, cluster and signboard."""
        found = self.unit or self.cluster or self.signboard
        if found is None:
            raise ValueError("a membership without member")
        return found
