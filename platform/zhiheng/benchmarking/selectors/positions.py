"""Reads for one indicator across groups and years: boxes, medians, definitions, ways out of a withheld figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from zhiheng.benchmarking.models import CollegeProfile, PeerGroup, PeerGroupMember, PeerStatistic
from zhiheng.benchmarking.selectors.peers import PeerRow, groups, peer_rows
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.tasks import current_tenant
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_of


@dataclass(frozen=True)
class IndicatorView:
    """One indicator of one college: its row in the group, every own group's statistic of the year, medians by year.

    ``series`` maps each definition version to the oldest version whose figures may stand in one line with it.
    """

    row: PeerRow
    statistics: tuple[PeerStatistic, ...]
    yearly: Mapping[int, PeerStatistic]
    definitions: tuple[IndicatorDefinition, ...]
    series: Mapping[int, int]

    def version_of(self, year: int) -> int | None:
        """Definition version in force in that year, or None before the first."""
        valid = [
            one.version
            for one in self.definitions
            if one.valid_from <= year and (one.valid_to is None or year <= one.valid_to)
        ]
        return max(valid, default=None)


def wider_groups(*, year: int) -> dict[str, PeerStatistic]:
    """For each indicator the largest own group in which its statistics are shown: the way on from a withheld row."""
    mine = PeerGroupMember.objects.filter(college=current_tenant(), year=year).values("group_id")
    shown = PeerStatistic.objects.filter(year=year, withheld="", group__in=mine).select_related("group")
    return {one.indicator: one for one in shown.order_by("n")}


def groups_by_use(*, year: int) -> list[tuple[PeerGroup, int]]:
    """Own groups with the number of indicators they show in a year: most first, then the smaller (more alike) group."""
    mine = groups()
    shown = PeerStatistic.objects.filter(year=year, withheld="", group__in=mine)
    counts = {
        pk: (count, size)
        for pk, count, size in shown.values_list("group").annotate(count=Count("pk"), size=Max("n"))
    }
    found = [(group, *counts.get(group.pk, (0, 0))) for group in mine]
    found.sort(key=lambda one: (-one[1], one[2], one[0].code))
    return [(group, count) for group, count, _size in found]


def members(*, group: PeerGroup, year: int) -> list[CollegeProfile]:
    """The colleges of a frozen group by name; who is in a group is no secret, their figures are."""
    inside = PeerGroupMember.objects.filter(group=group, year=year).values("college")
    return list(CollegeProfile.objects.filter(college__in=inside))


def indicator_view(*, code: str, group: PeerGroup, year: int) -> IndicatorView:
    """One indicator in depth, or NOT_FOUND when the dictionary of the year does not have it."""
    row = next((one for one in peer_rows(group=group, year=year) if one.definition.code == code), None)
    if row is None:
        raise Problem(Code.NOT_FOUND)
    definitions = tuple(definitions_of(code))
    found = PeerStatistic.objects.filter(indicator=code, year=year, group__in=groups())
    yearly = PeerStatistic.objects.filter(indicator=code, group=group)
    return IndicatorView(
        row=row,
        statistics=tuple(found.select_related("group").order_by("-n", "group__code")),
        yearly={one.year: one for one in yearly},
        definitions=definitions,
        series=_series(definitions),
    )


def _series(definitions: tuple[IndicatorDefinition, ...]) -> dict[int, int]:
    """Version -> oldest version it is comparable with, through any number of links."""
    by_id = {one.pk: one for one in definitions}

    def oldest(one: IndicatorDefinition) -> int:
        above = by_id.get(one.comparable_with_id or 0)
        return one.version if above is None or above.version >= one.version else oldest(above)

    return {one.version: oldest(one) for one in definitions}
