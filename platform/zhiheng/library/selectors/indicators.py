"""Reads of the indicator dictionary."""

from django.db.models import Q, QuerySet

from zhiheng.library.models import IndicatorDefinition


def definitions_for(year: int) -> dict[str, IndicatorDefinition]:
    """The definition valid in ``year`` for each indicator code, in dictionary order."""
    valid = IndicatorDefinition.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=year), valid_from__lte=year
    )
    return {one.code: one for one in valid.order_by("order", "code", "version")}


def definitions_of(code: str) -> list[IndicatorDefinition]:
    """All versions of one indicator's definition, oldest first."""
    return list(IndicatorDefinition.objects.filter(code=code).order_by("version"))


def dictionary() -> QuerySet[IndicatorDefinition]:
    """Every version of every definition, in dictionary order."""
    return IndicatorDefinition.objects.order_by("order", "code", "version")
