"""Release figures on purpose: who, when, what, with a receipt (发布指标)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiheng.benchmarking.models import CollegeProfile, Release, ReleasedValue, ReleaseLevel
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.kernel.tasks import current_tenant
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_for


@dataclass(frozen=True)
class Figure:
    """A figure to release: indicator code, numerator, and denominator where the indicator is a ratio."""

    indicator: str
    numerator: Decimal
    denominator: Decimal | None = None


def figure_value(figure: Figure, definition: IndicatorDefinition) -> Decimal:
    """Exact quotient times the definition's factor, six decimals half up; a ratio without denominator is refused."""
    if not definition.denominator:
        return round_half_up(figure.numerator, 6)
    if not figure.denominator:
        raise Problem(
            Code.INVALID_INPUT,
            place=definition.title,
            reason="缺分母或分母为0",
            advice=f"请补“{definition.denominator}”",
        )
    return round_half_up(Fraction(figure.numerator) / Fraction(figure.denominator) * definition.factor, 6)


@transaction.atomic
def release_publish(*, year: int, level: str, figures: Sequence[Figure], acting_user: Any) -> Release:
    """Release figures of the own college for one year; they replace the earlier ones of the same indicators.

    The receipt is the SHA-256 of college, year, level and values.  Raises INVALID_INPUT for an indicator that is not
    in the dictionary of that year or for a ratio without denominator.
    """
    return _publish(current_tenant(), year, level, figures, acting_user)


@transaction.atomic
def province_upload(*, college: str, year: int, figures: Sequence[Figure], acting_user: Any) -> Release:
    """Hand in official figures of a supervised college that is not on the platform.

    Raises NOT_FOUND for any other college; the database refuses it as well.
    """
    mine = CollegeProfile.objects.filter(college=college, province=current_tenant(), on_platform=False)
    if not mine.exists():
        raise Problem(Code.NOT_FOUND)
    return _publish(college, year, ReleaseLevel.OFFICIAL, figures, acting_user)


def _publish(college: str, year: int, level: str, figures: Sequence[Figure], acting_user: Any) -> Release:
    known = definitions_for(year)
    unknown = [f.indicator for f in figures if f.indicator not in known]
    if unknown:
        raise Problem(
            Code.INVALID_INPUT,
            place="指标" + "、".join(unknown),
            reason=f"{year}年的字典里没有",
            advice="请从字典里选",
        )
    values = {f.indicator: figure_value(f, known[f.indicator]) for f in figures}
    release = Release.objects.create(
        college=college,
        year=year,
        level=level,
        released_at=timezone.now(),
        released_by=str(acting_user or "系统"),
        count=len(values),
        receipt=_receipt(college, year, level, values),
    )
    ReleasedValue.objects.filter(college=college, year=year, indicator__in=values).delete()
    ReleasedValue.objects.bulk_create(
        _row(release, figure, known[figure.indicator], values[figure.indicator]) for figure in figures
    )
    data = {"college": college, "year": year, "level": level, "values": values}
    audit.record(acting_user=acting_user, action="release.publish", target=release, data=data)
    return release


def _row(release: Release, figure: Figure, definition: IndicatorDefinition, value: Decimal) -> ReleasedValue:
    return ReleasedValue(
        college=release.college,
        release=release,
        indicator=figure.indicator,
        definition=definition.version,
        year=release.year,
        level=release.level,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=value,
    )


def _receipt(college: str, year: int, level: str, values: dict[str, Decimal]) -> str:
    content = [college, year, level, {code: plain(value) for code, value in values.items()}]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
