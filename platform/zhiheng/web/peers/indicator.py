"""One indicator (指标详情): boxes of all own groups, trend with breaks of definition, definition in words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.benchmarking.models import PeerStatistic
from zhiheng.benchmarking.selectors import positions
from zhiheng.benchmarking.selectors.positions import IndicatorView
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.numbers import round_half_up
from zhiheng.web import xlsx
from zhiheng.web.charts import Break, Chart, Line, boxes, trend
from zhiheng.web.guards import requires
from zhiheng.web.peers.asking import Asked, area_crumbs, asked
from zhiheng.web.peers.rows import box_of, distance, figure, reason, shown_row

BOX_HEADERS = (
    gettext_noop("同类组"),
    gettext_noop("发布数"),
    gettext_noop("第10百分位"),
    gettext_noop("下四分位"),
    gettext_noop("中位数"),
    gettext_noop("上四分位"),
    gettext_noop("第90百分位"),
)
TREND_HEADERS = (
    gettext_noop("年度"),
    gettext_noop("本校"),
    gettext_noop("同类中位数"),
    gettext_noop("发布数"),
    gettext_noop("口径"),
)


@requires("benchmark.view")
@require_safe
def indicator_page(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator of the year in a group."""
    wanted = asked(request)
    if wanted is None:
        raise Problem(Code.NOT_FOUND)
    view = positions.indicator_view(code=code, group=wanted.group, year=wanted.year)
    wanted_file = request.GET.get("format")
    if wanted_file in {"boxes", "trend"}:
        return _workbook(view, wanted, wanted_file)
    definition = view.row.definition
    way = positions.wider_groups(year=wanted.year).get(code)
    context = {
        "heading": finding(view),
        "lead": _lead(view, wanted),
        "crumbs": area_crumbs(
            (wanted.group.title, f"{reverse('peers:table')}?{wanted.query}"), (definition.title, "")
        ),
        "asked": wanted,
        "group_choices": wanted.group_choices(request.path),
        "year_choices": wanted.year_choices(request.path),
        "one": shown_row(view.row, way if way and way.group_id != wanted.group.pk else None),
        "definition": definition,
        "definitions": view.definitions,
        "boxes": _boxes(view, wanted),
        "boxes_heading": boxes_finding(view),
        "hidden_groups": [(s.group, reason(s)) for s in view.statistics if s.withheld],
        "trend": _trend(view, wanted),
        "trend_heading": trend_finding(view),
    }
    return render(request, "web/peers/indicator.html", context)


def finding(view: IndicatorView) -> str:
    """毕业去向落实率94.72%，高于同类中位数1.62."""
    definition, own = view.row.definition, view.row.own
    if own is None:
        return _("{title}：本校还没有发布").format(title=definition.title)
    text = f"{definition.title} {figure(own, definition)}{definition.unit}"
    statistic = view.row.statistic
    if statistic is None or statistic.median is None:
        return text
    return _("{text}，{comparison}").format(
        text=text, comparison=comparison(own, statistic.median, view.row.definition)
    )


def comparison(own: Decimal, median: Decimal, definition: Any) -> str:
    """Above, below or at the median, with the distance in the indicator's decimals."""
    gap = round_half_up(own, definition.decimals) - round_half_up(median, definition.decimals)
    if not gap:
        return _("和同类中位数一样")
    text = _("比同类中位数高{d}") if gap > 0 else _("比同类中位数低{d}")
    return text.format(d=distance(gap, definition))


def _lead(view: IndicatorView, wanted: Asked) -> str:
    definition = view.row.definition
    direction = definition.get_direction_display()
    return _("{table}，{direction}。{year}年度，{group}。").format(
        table=definition.table, direction=direction, year=wanted.year, group=wanted.group.title
    )


def boxes_finding(view: IndicatorView) -> str:
    """In how many groups the own value is above the median."""
    own = view.row.own
    medians = [s.median for s in view.statistics if s.median is not None]
    if own is None or not medians:
        return _("各同类组的分布")
    if all(own == median for median in medians):
        return _("{n}个同类组里都和中位数一样").format(n=len(medians))
    above = sum(own > median for median in medians)
    if above == len(medians):
        return _("{n}个同类组里都高于中位数").format(n=above)
    if not above:
        return _("{n}个同类组里都不高于中位数").format(n=len(medians))
    return _("{n}个同类组里，{above}个高于中位数").format(n=len(medians), above=above)


def _boxes(view: IndicatorView, wanted: Asked) -> Chart | None:
    shown = [s for s in view.statistics if not s.withheld]
    if not shown:
        return None
    definition = view.row.definition
    own = None if view.row.own is None else round_half_up(view.row.own, definition.decimals)
    label = _("本校{own}{unit}").format(own=figure(own, definition), unit=definition.unit) if own is not None else ""  # fmt: skip
    return Chart(
        key="peer-boxes",
        label=_("{title}在各同类组的分布，{label}").format(title=definition.title, label=label),
        option=boxes(
            [box_of(s, s.group.title) for s in shown], own=own, own_label=label, unit=definition.unit
        ),
        headers=[_(h) for h in BOX_HEADERS],
        rows=_box_rows(shown, definition.decimals),
        note=_("箱子是中间一半院校，细线到第10和第90百分位。"),
        download_href=f"?{wanted.query}&format=boxes",
    )


def _box_rows(shown: Sequence[PeerStatistic], decimals: int) -> list[list[Any]]:
    return [
        [s.group.title, s.n, *(None if v is None else round_half_up(v, decimals) for v in (s.p10, s.q1, s.median, s.q3, s.p90))]
        for s in shown
    ]  # fmt: skip


def _years(view: IndicatorView) -> list[int]:
    known = {year for year, _value, _version in view.row.history} | set(view.yearly)
    return list(range(min(known), max(known) + 1)) if known else []


def segments(view: IndicatorView) -> list[tuple[int, list[int]]]:
    """Runs of years whose figures may stand in one line: (series, years), oldest first."""
    runs: list[tuple[int, list[int]]] = []
    for year in _years(view):
        version = view.version_of(year)
        if version is None:
            continue
        series = view.series[version]
        if not runs or runs[-1][0] != series:
            runs.append((series, []))
        runs[-1][1].append(year)
    return runs


def trend_finding(view: IndicatorView) -> str:
    """What the years say; a break of definition comes first."""
    runs = segments(view)
    if len(runs) > 1:
        return _("{year}年改了口径，前后不能直接比").format(year=runs[-1][1][0])
    own = [(year, value) for year, value, _version in view.row.history]
    if len(own) < 2:
        return _("历年的本校与同类中位数")
    (first, before), (last, after) = own[0], own[-1]
    if before == after:
        return _("{first}到{last}年没有变化").format(first=first, last=last)
    digits = view.row.definition.decimals
    gap = round_half_up(after, digits) - round_half_up(before, digits)
    word = _("升了") if gap > 0 else _("降了")
    return _("{first}到{last}年{word}{gap}").format(
        first=first, last=last, word=word, gap=distance(gap, view.row.definition)
    )


def _trend(view: IndicatorView, wanted: Asked) -> Chart | None:
    years, runs = _years(view), segments(view)
    if not years:
        return None
    decimals, unit = view.row.definition.decimals, view.row.definition.unit
    own = {year: round_half_up(value, decimals) for year, value, _version in view.row.history}
    medians = {y: round_half_up(s.median, decimals) for y, s in view.yearly.items() if s.median is not None}
    lines, breaks = [], []
    for place, (_series, inside) in enumerate(runs):
        old = place < len(runs) - 1
        for label, values, mine in ((_("中位数"), medians, False), (_("本校"), own, True)):
            points = [values.get(year) if year in inside else None for year in years]
            lines.append(Line(label, points, own=mine, outdated=old))
        if old:
            breaks.append(Break(str(inside[0]), str(inside[-1]), _("旧口径")))
    return Chart(
        key="peer-trend",
        label=_("{title}历年的本校数值与同类中位数").format(title=view.row.definition.title),
        option=trend([str(year) for year in years], lines, breaks=breaks, unit=unit),
        headers=[_(h) for h in TREND_HEADERS],
        rows=_trend_rows(view),
        note=_("同类组：{group}").format(group=wanted.group.title),
        download_href=f"?{wanted.query}&format=trend",
    )


def _trend_rows(view: IndicatorView) -> list[list[Any]]:
    decimals = view.row.definition.decimals
    own = {year: round_half_up(value, decimals) for year, value, _version in view.row.history}
    titles = {one.version: one.title for one in view.definitions}
    rows = []
    for year in _years(view):
        s, version = view.yearly.get(year), view.version_of(year)
        median = round_half_up(s.median, decimals) if s is not None and s.median is not None else None
        rows.append([year, own.get(year), median, s.n if s else 0, titles.get(version or 0)])
    return rows


def _workbook(view: IndicatorView, wanted: Asked, which: str) -> HttpResponse:
    title = view.row.definition.title
    shown = [s for s in view.statistics if not s.withheld]
    headers, rows = (
        (BOX_HEADERS, _box_rows(shown, view.row.definition.decimals))
        if which == "boxes"
        else (TREND_HEADERS, _trend_rows(view))
    )
    name = _("{title}_{what}_{year}.xlsx").format(
        title=title, what=_("同类分布") if which == "boxes" else _("历年"), year=wanted.year
    )
    return xlsx.table_response(filename=name, title=title, headers=[_(h) for h in headers], rows=rows)
