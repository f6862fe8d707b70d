"""How the official values of an indicator spread over the province (指标分布), with every college by name."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.provincial.selectors import values
from zhiheng.provincial.selectors.values import Spread
from zhiheng.web import xlsx
from zhiheng.web.charts import Chart, Strip, histogram, point_strip
from zhiheng.web.guards import requires
from zhiheng.web.province.asking import area_crumbs, figure, rounded, year_asked
from zhiheng.web.province.histogram import bins

QUARTERS = tuple(Fraction(n, 4) for n in range(5))
HEADERS = (
    gettext_noop("所属表"),
    gettext_noop("指标"),
    gettext_noop("单位"),
    gettext_noop("报送数"),
    gettext_noop("最小"),
    gettext_noop("下四分位"),
    gettext_noop("中位数"),
    gettext_noop("上四分位"),
    gettext_noop("最大"),
)


@dataclass(frozen=True)
class SpreadRow:
    """One indicator ready for the page."""

    spread: Spread
    strip: Strip | None
    low: str
    median: str
    high: str


def spread_row(spread: Spread) -> SpreadRow:
    """Strip of points with the median; no strip without values."""
    d, low, median, high = (
        spread.definition,
        *(spread.quantile(s) for s in (QUARTERS[0], QUARTERS[2], QUARTERS[4])),
    )
    strip = None
    if spread.values:
        label = _("{title}：{n}所，中位数{median}，从{low}到{high}").format(
            title=d.title,
            n=len(spread.values),
            median=figure(median, d),
            low=figure(low, d),
            high=figure(high, d),
        )
        strip = point_strip([one.value for one in spread.values], own=None, median=median, label=label)
    return SpreadRow(spread, strip, figure(low, d), figure(median, d), figure(high, d))


def median_finding(spread: Spread) -> str:
    """毕业去向落实率的中位数92.88%，中间一半在90.10到94.20之间."""
    d = spread.definition
    if not spread.values:
        return _("{title}还没有学校报送").format(title=d.title)
    q1, median, q3 = (rounded(spread.quantile(s), d) for s in QUARTERS[1:4])
    return _("{title}的中位数{median}，中间一半在{q1}到{q3}之间").format(
        title=d.title, median=figure(median, d), q1=f"{q1:,f}", q3=f"{q3:,f}"
    )


def histogram_of(spread: Spread, year: int) -> Chart:
    """Bars over equal bins; bins wholly below the lower quartile of an indicator with a better end are marked."""
    d = spread.definition
    found = bins([rounded(one.value, d) or Decimal(0) for one in spread.values])
    unit = _("（{unit}）").format(unit=d.unit) if d.unit else ""
    return Chart(
        key="spread",
        label=median_finding(spread),
        option=histogram([b.label for b in found], [b.count for b in found], name=f"{d.title}{unit}"),
        headers=[_("区间"), _("学校数")],
        rows=[[b.label, b.count] for b in found],
        note=_("只含已报送的{n}所。").format(n=len(spread.values)),
        download_href=f"{reverse('province:indicator', args=[d.code])}?year={year}&format=xlsx",
    )


@requires("provincial.view")
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """All indicators of the year, one strip each."""
    year, choices = year_asked(request)
    found = values.spreads(year)
    if request.GET.get("format") == "xlsx":
        return xlsx.table_response(
            filename=_("指标分布_{year}.xlsx").format(year=year),
            title=_("{year}年度指标分布").format(year=year),
            headers=[_(h) for h in HEADERS],
            rows=[
                [s.definition.table, s.definition.title, s.definition.unit, len(s.values),
                 *(rounded(s.quantile(share), s.definition) for share in QUARTERS)]
                for s in found
            ],
        )  # fmt: skip
    rows = [spread_row(one) for one in found]
    covered = sum(bool(one.values) for one in found)
    context = {
        "heading": _("{n}项指标里，{k}项有学校报送").format(n=len(found), k=covered),
        "lead": _("{year}年度。只用各校正式报送的数值；点一项看每所学校。").format(year=year),
        "crumbs": area_crumbs((_("指标分布"), "")),
        "year": year,
        "years": choices,
        "sections": [(t, list(group)) for t, group in groupby(rows, key=lambda r: r.spread.definition.table)],
    }
    return render(request, "web/province/indicators.html", context)


@requires("provincial.view")
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: histogram and all colleges by name."""
    year, choices = year_asked(request)
    spread = values.spread_for(year=year, code=code)
    d = spread.definition
    named = [(one.profile, rounded(one.value, d)) for one in reversed(spread.values)]
    if request.GET.get("format") == "xlsx":
        return xlsx.table_response(
            filename=_("{title}_{year}.xlsx").format(title=d.title, year=year),
            title=d.title,
            headers=[_("学校"), _("建设层次"), _("办学性质"), f"{d.title}{d.unit}"],
            rows=[[p.name, p.tier, p.ownership, value] for p, value in named],
        )
    context: dict[str, Any] = {
        "heading": median_finding(spread),
        "lead": _("{table}，{direction}。{year}年度，{n}所报送。").format(
            table=d.table, direction=d.get_direction_display(), year=year, n=len(spread.values)
        ),
        "crumbs": area_crumbs(
            (_("指标分布"), f"{reverse('province:indicators')}?year={year}"), (d.title, "")
        ),
        "year": year,
        "years": choices,
        "definition": d,
        "chart": histogram_of(spread, year) if spread.values else None,
        "named": [(p, figure(value, d)) for p, value in named],
    }
    return render(request, "web/province/indicator.html", context)
