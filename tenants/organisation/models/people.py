"""People (人员) and the posts they hold (任职)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organisation.models.fields import name_initials, surname_order
from tenants.organisation.models.posts import Post
from zhiheng.kernel.dated import Dated, NoOverlap


class Gender(models.TextChoices):
    """Gender (性别), never asked for."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Person(Dated):
    """Somebody who works at the college (人员), with or without an account; the period is the time at the college."""

    staff_number = models.CharField("工号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=60)
    gender = models.CharField("性别", max_length=10, choices=Gender.choices, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name="账号",
    )
    sort_key = surname_order()
    initials = name_initials()

    class Meta(Dated.Meta):
        verbose_name = "人员"
        ordering: ClassVar[list[str]] = ["sort_key", "staff_number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(staff_number=""), name="person_number_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(Dated):
    """A person's time in a post (任职); ``share`` is the part of full-time work, above 0 and at most 1."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings", verbose_name="人员")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings", verbose_name="岗位")
    share = models.DecimalField("占比", max_digits=4, decimal_places=3, default=Decimal(1))

    class Meta(Dated.Meta):
        verbose_name = "任职"
        ordering: ClassVar[list[str]] = ["person", "valid_from", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            NoOverlap(name="holding_no_overlap", keys=["person", "post"]),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=1), name="holding_share"),
        ]

    def __str__(self) -> str:
        return f"{self.person}：{self.post}"
