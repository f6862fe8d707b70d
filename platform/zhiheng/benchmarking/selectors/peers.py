"""Reads for the peers page: own value beside the frozen statistics of a group."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from zhiheng.benchmarking.models import PeerGroup, PeerGroupMember, PeerStatistic, Release, ReleasedValue
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.tasks import current_tenant
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.models.indicators import Direction
from zhiheng.library.selectors.indicators import definitions_for

FLOOR = 10
"""Fewest institutions behind a shown statistic; the SQL function enforces the same figure."""


@dataclass(frozen=True)
class PeerRow:
    """One indicator on the peers page; statistics are null when withheld, ``own`` is null when nothing was released."""

    definition: IndicatorDefinition
    own: Decimal | None
    statistic: PeerStatistic | None
    percentile: Decimal | None
    history: tuple[tuple[int, Decimal, int], ...]

    @property
    def shown(self) -> bool:
        """True when the group's quantiles may be shown."""
        return self.statistic is not None and not self.statistic.withheld

    @property
    def standing(self) -> Decimal | None:
        """Percentile turned so that 100 is best; None for neutral indicators and where no percentile is known."""
        if self.percentile is None or self.definition.direction == Direction.NEUTRAL:
            return None
        return 100 - self.percentile if self.definition.direction == Direction.LOWER else self.percentile


def groups() -> list[PeerGroup]:
    """All peer groups the caller's college belongs to in some year, by code."""
    mine = PeerGroupMember.objects.filter(college=current_tenant()).values("group_id")
    return list(PeerGroup.objects.filter(pk__in=mine))


def group_for(code: str) -> PeerGroup:
    """The group with this code, or NOT_FOUND."""
    group = PeerGroup.objects.filter(code=code).first()
    if group is None:
        raise Problem(Code.NOT_FOUND)
    return group


def releases() -> QuerySet[Release]:
    """The college's own releases."""
    return Release.objects.filter(college=current_tenant())


def years() -> list[int]:
    """Years for which statistics are frozen, newest first."""
    return list(PeerStatistic.objects.order_by("-year").values_list("year", flat=True).distinct())


def peer_rows(*, group: PeerGroup, year: int) -> list[PeerRow]:
    """Every indicator of the year's dictionary with own value, statistics, percentile and own history."""
    statistics = {s.indicator: s for s in PeerStatistic.objects.filter(group=group, year=year)}
    own: dict[str, list[tuple[int, Decimal, int]]] = {}
    for value in ReleasedValue.objects.filter(college=current_tenant()).order_by("year"):
        own.setdefault(value.indicator, []).append((value.year, value.value, value.definition))
    percentiles = _percentiles(group, year)
    return [
        PeerRow(
            definition=definition,
            own=next((v for y, v, _ in own.get(code, ()) if y == year), None),
            statistic=statistics.get(code),
            percentile=percentiles.get(code),
            history=tuple(own.get(code, ())),
        )
        for code, definition in definitions_for(year).items()
    ]


def _percentiles(group: PeerGroup, year: int) -> dict[str, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indicator, rank_percent FROM zh_percentile_rank(%s, %s)", [group.pk, year])
        return dict(cursor.fetchall())
