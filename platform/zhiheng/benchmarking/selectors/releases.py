"""Reads of the own college's releases (发布记录); row-level security shows nobody else's."""

from django.db.models import Count, QuerySet

from zhiheng.benchmarking.models import CollegeProfile, Release, ReleasedValue
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.tasks import current_tenant


def releases() -> QuerySet[Release]:
    """All releases of the calling college, newest first; ``standing`` counts the values not replaced since."""
    return (
        Release.objects.filter(college=current_tenant())
        .annotate(standing=Count("values"))
        .order_by("-released_at")
    )


def release_for(*, release_id: int) -> Release:
    """One release of the calling college with the values that still stand, or NOT_FOUND."""
    found = releases().prefetch_related("values").filter(pk=release_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def own_values(*, year: int) -> dict[str, ReleasedValue]:
    """What the calling college has released for a year, by indicator."""
    return {one.indicator: one for one in ReleasedValue.objects.filter(college=current_tenant(), year=year)}


def own_profile() -> CollegeProfile | None:
    """How the province and the groups know the calling college; None before the operators registered it."""
    return CollegeProfile.objects.filter(college=current_tenant()).first()
