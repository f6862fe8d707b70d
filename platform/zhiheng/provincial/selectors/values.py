"""Named official values of a province's colleges, by indicator and by college (row-level security decides what is there)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, QuerySet

from zhiheng.benchmarking.models import CollegeProfile, Release, ReleasedValue, ReleaseLevel
from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_for
from zhiheng.provincial.selectors.progress import colleges, quantile


@dataclass(frozen=True)
class NamedValue:
    """One college's official value."""

    profile: CollegeProfile
    value: Decimal


@dataclass(frozen=True)
class Spread:
    """The official values of one indicator and year, ascending, with exact quartiles (linear interpolation, 6 decimals)."""

    definition: IndicatorDefinition
    values: tuple[NamedValue, ...]

    def quantile(self, share: Fraction) -> Decimal | None:
        """The value below which ``share`` of the colleges lie; None without values."""
        return quantile([one.value for one in self.values], share)

    @property
    def median(self) -> Decimal | None:
        """The middle value."""
        return self.quantile(Fraction(1, 2))

    def of(self, college: str) -> Decimal | None:
        """The value of one college."""
        return next((one.value for one in self.values if one.profile.college == college), None)

    def below(self, value: Decimal) -> int:
        """How many colleges lie below a value."""
        return sum(one.value < value for one in self.values)


def spreads(year: int) -> list[Spread]:
    """Every indicator of the year's dictionary, also those nobody released."""
    known = {one.college: one for one in colleges()}
    found: dict[str, list[NamedValue]] = {}
    for college, indicator, value in (
        _official().filter(year=year).values_list("college", "indicator", "value")
    ):
        if college in known:
            found.setdefault(indicator, []).append(NamedValue(known[college], value))
    return [Spread(d, _ascending(found.get(code, []))) for code, d in definitions_for(year).items()]


def spread_for(*, year: int, code: str) -> Spread:
    """One indicator of the year, or NOT_FOUND."""
    found = next((one for one in spreads(year) if one.definition.code == code), None)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def college_for(*, college: str) -> CollegeProfile:
    """A supervised college by its key, or NOT_FOUND for any other."""
    found = next((one for one in colleges() if one.college == college), None)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def college_years(*, college: str) -> Mapping[str, dict[int, Decimal]]:
    """Official values of one college: indicator -> year -> value."""
    found: dict[str, dict[int, Decimal]] = {}
    rows = _official().filter(college=college).values_list("indicator", "year", "value")
    for indicator, year, value in rows:
        found.setdefault(indicator, {})[year] = value
    return found


def college_releases(*, college: str) -> QuerySet[Release]:
    """Official releases of one college, newest first; ``standing`` counts the values not replaced since."""
    official = Release.objects.filter(college=college, level=ReleaseLevel.OFFICIAL)
    return official.annotate(standing=Count("values")).order_by("-released_at")


def _official() -> QuerySet[ReleasedValue]:
    return ReleasedValue.objects.filter(level=ReleaseLevel.OFFICIAL)


def _ascending(values: list[NamedValue]) -> tuple[NamedValue, ...]:
    return tuple(sorted(values, key=lambda one: (one.value, one.profile.name)))
