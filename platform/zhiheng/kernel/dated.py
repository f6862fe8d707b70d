"""What is valid from one day to another: base model, query set, and the constraint that forbids overlaps.

Both ends are inclusive calendar days; an open end (``valid_to`` null) means "until further notice".  A change as of
day d closes the old row on d - 1 and opens the new one on d.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import F, Func, Q, Value

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class DatedQuerySet(models.QuerySet[Row_co]):
    """Adds the question "valid on that day?"."""

    def on(self, day: date) -> Self:
        """Rows valid on ``day``."""
        return self.filter(valid_on(day))

    def open(self) -> Self:
        """Rows without an end."""
        return self.filter(valid_to__isnull=True)


def valid_on(day: date, prefix: str = "") -> Q:
    """The condition "valid on that day" for rows reached through ``prefix`` (such as ``"unit__"``)."""
    began = Q(**{f"{prefix}valid_from__lte": day})
    return began & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day}))


class Dated(models.Model):
    """Base of everything with a period of validity (有效期)."""

    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_dates",
                violation_error_message="截止日期早于起始日期。",
            )
        ]

    def is_valid_on(self, day: date) -> bool:
        """True when ``day`` lies inside the period."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Exclusion(ExclusionConstraint):
    """An exclusion constraint that needs no extension and no app of Django's (排他约束)."""

    def check(self, model: type[models.Model], connection: Any) -> list[CheckMessage]:  # noqa: ARG002
        """Nothing to check: Django would ask for its PostgreSQL app, whose start-up look-ups no tenant may do."""
        return []

    def deconstruct(self) -> Any:
        """Migrations name Django's own class, so that they need no code of ours."""
        _, args, kwargs = super().deconstruct()
        return "django.contrib.postgres.constraints.ExclusionConstraint", args, kwargs

    def clone(self) -> "Exclusion":
        """A copy with the same meaning."""
        _, args, kwargs = self.deconstruct()
        return Exclusion(*args, **kwargs)


class NoOverlap(Exclusion):
    """At most one row per key at any time (同一时间只能有一条).

    ``keys`` are integer columns (ids of foreign keys).  PostgreSQL needs an extension to compare plain integers in such
    a constraint; comparing one-element ranges needs none.  Rows with a null key are not compared.
    """

    def __init__(self, *, name: str, keys: Sequence[str]) -> None:
        whole = [(Func(F(key), F(key), Value("[]"), function="int8range"), "&&") for key in keys]
        period = Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange")
        super().__init__(
            name=name,
            expressions=[*whole, (period, "&&")],
            condition=Q(**{f"{key}__isnull": False for key in keys}),
            violation_error_message="同一时间已有一条。",
        )
