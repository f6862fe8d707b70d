"""Ranks over the years (历年名次): one line per unit, one column per year."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.models import Cycle
from assessment.selectors import trends
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.results.scope import area_crumbs, cycle_and_run, grade_looks, tabs
from zhiheng.web.results.shared import no_run


@requires("result.view")
@require_safe
def history_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every unit's rank, points and grade in every year."""
    cycle, run = cycle_and_run(request, code)
    if run is None:
        return no_run(request, cycle, "history")
    years, units = trends.history(cycle, run)
    if request.GET.get("format") == "xlsx":
        return _workbook(cycle, years, units)
    titles = {g["code"]: g.get("title", g["code"]) for g in run.version.document.get("groups", ())}
    context = {
        "heading": heading(years, units),
        "lead": _("每格是名次、得分和等次；空着的那年没有参加考核。"),
        "crumbs": area_crumbs(cycle, (_("历年"), "")),
        "tabs": tabs(request, cycle, "history"),
        "cycle": cycle,
        "years": years,
        "rows": [
            (one.unit, titles.get(one.results[cycle.pk].group, ""), [one.results.get(y.pk) for y in years])
            for one in units
        ],
        "looks": grade_looks(run.version),
    }
    return render(request, "web/results/history.html", context)


def heading(years: Sequence[Cycle], units: Sequence[trends.UnitYears]) -> str:
    """Who rose most between the last two years, in words."""
    if len(years) < 2:
        return _("只有一年的结果")
    before, now = years[-2].pk, years[-1].pk
    gains = [
        (old.rank - new.rank, one.unit.name)
        for one in units
        if (old := one.results.get(before)) and (new := one.results.get(now)) and old.rank and new.rank
    ]
    gain, name = max(gains, default=(0, ""))
    if gain <= 0:
        return _("比上年没有单位上升")
    return _("比上年上升最多的是{name}，升{n}名").format(name=name, n=gain)


def _workbook(cycle: Cycle, years: Sequence[Cycle], units: Sequence[trends.UnitYears]) -> HttpResponse:
    def rows() -> Iterator[Sequence[Any]]:
        for one in units:
            found = [one.results.get(year.pk) for year in years]
            yield [
                one.unit.code,
                one.unit.name,
                *(x for r in found for x in ((r.rank, r.published, r.grade) if r else (None, None, ""))),
            ]

    heads = [f"{year.title} {what}" for year in years for what in (_("名次"), _("得分"), _("等次"))]
    return xlsx.table_response(
        filename=_("{title}_历年.xlsx").format(title=cycle.title),
        title=_("历年名次"),
        headers=[_("代码"), _("单位"), *heads],
        rows=rows(),
    )
