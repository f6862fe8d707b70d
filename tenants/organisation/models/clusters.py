"""Clusters (合署) and signboards (挂牌): how one office serves under several names."""

from typing import ClassVar

from django.db import models

from tenants.organisation.models.fields import name_initials, pinyin_order
from tenants.organisation.models.units import Unit
from zhiheng.kernel.dated import Dated, NoOverlap


class Cluster(Dated):
    """Units that work as one office (合署办公) and keep their own names."""

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=200)
    sort_key = pinyin_order()

    class Meta(Dated.Meta):
        verbose_name = "合署"
        ordering: ClassVar[list[str]] = ["sort_key", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="cluster_code_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClusterMember(Dated):
    """One unit's time in a cluster (合署成员); a unit is in one cluster at a time, a cluster has one lead (牵头)."""

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="members", verbose_name="合署"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cluster_memberships", verbose_name="机构"
    )
    is_lead = models.BooleanField("牵头", default=False)

    class Meta(Dated.Meta):
        verbose_name = "合署成员"
        ordering: ClassVar[list[str]] = ["cluster", "-is_lead", "unit"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            NoOverlap(name="clustermember_no_overlap", keys=["unit"]),
            models.UniqueConstraint(
                fields=["cluster"],
                condition=models.Q(is_lead=True, valid_to__isnull=True),
                name="clustermember_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster}：{self.unit}"


class Signboard(Dated):
    """A further official name on a unit's door (挂牌): an alias with its own life, never a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="signboards", verbose_name="机构")
    name = models.CharField("名称", max_length=120)
    sort_key = pinyin_order()
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "挂牌"
        ordering: ClassVar[list[str]] = ["unit", "sort_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(valid_to__isnull=True), name="signboard_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}挂牌）"
