"""What a province may read: official releases of its colleges by name (row-level security decides), and progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from zhiheng.benchmarking.models import CollegeProfile, Release, ReleasedValue, ReleaseLevel
from zhiheng.kernel.numbers import round_half_up
from zhiheng.kernel.tasks import current_tenant
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_for


@dataclass(frozen=True)
class CollegeProgress:
    """Reporting progress of one college: released of expected indicators, and when last."""

    profile: CollegeProfile
    released: int
    expected: int
    last_release: Release | None

    @property
    def state(self) -> str:
        """未报送, 报送中 or 已报送."""
        if not self.released:
            return "未报送"
        return "已报送" if self.released >= self.expected else "报送中"


@dataclass(frozen=True)
class Distribution:
    """Named official values of one indicator, ascending, with exact quartiles by linear interpolation (6 decimals)."""

    definition: IndicatorDefinition
    values: tuple[tuple[str, Decimal], ...]
    q1: Decimal | None
    median: Decimal | None
    q3: Decimal | None


def colleges() -> list[CollegeProfile]:
    """The colleges supervised by the calling province."""
    return list(CollegeProfile.objects.filter(province=current_tenant()))


def progress(year: int) -> list[CollegeProgress]:
    """One row per supervised college."""
    expected = len(definitions_for(year))
    counts: dict[str, set[str]] = {}
    for college, indicator in _official(year).values_list("college", "indicator"):
        counts.setdefault(college, set()).add(indicator)
    releases = Release.objects.filter(year=year, level=ReleaseLevel.OFFICIAL).order_by("released_at")
    last = {release.college: release for release in releases}
    return [
        CollegeProgress(one, len(counts.get(one.college, ())), expected, last.get(one.college))
        for one in colleges()
    ]


def distributions(year: int) -> list[Distribution]:
    """One row per indicator of the year's dictionary, also when nobody released it."""
    names = {one.college: one.name for one in colleges()}
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for college, indicator, value in _official(year).values_list("college", "indicator", "value"):
        found.setdefault(indicator, []).append((names.get(college, "—"), value))
    return [_distribution(d, found.get(code, [])) for code, d in definitions_for(year).items()]


def years() -> list[int]:
    """Years with official releases, newest first."""
    found = ReleasedValue.objects.filter(level=ReleaseLevel.OFFICIAL).exclude(college=current_tenant())
    return list(found.order_by("-year").values_list("year", flat=True).distinct())


def _official(year: int) -> QuerySet[ReleasedValue]:
    return ReleasedValue.objects.filter(year=year, level=ReleaseLevel.OFFICIAL)


def _distribution(definition: IndicatorDefinition, rows: Iterable[tuple[str, Decimal]]) -> Distribution:
    ordered = tuple(sorted(rows, key=lambda row: (row[1], row[0])))
    values = [value for _, value in ordered]
    return Distribution(definition, ordered, *(quantile(values, Fraction(k, 4)) for k in (1, 2, 3)))


def quantile(ascending: list[Decimal], share: Fraction) -> Decimal | None:
    """Quantile by linear interpolation between order statistics (same rule as the database's percentile_cont)."""
    if not ascending:
        return None
    place = share * (len(ascending) - 1)
    low = int(place)
    high = min(low + 1, len(ascending) - 1)
    exact = Fraction(ascending[low]) + (Fraction(ascending[high]) - Fraction(ascending[low])) * (place - low)
    return round_half_up(exact, 6)
