"""Colleges of the province (院校): list with progress, and one college with its official releases."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.benchmarking.models import CollegeProfile
from zhiheng.provincial.selectors import values
from zhiheng.provincial.selectors.progress import CollegeProgress, progress
from zhiheng.provincial.selectors.values import Spread
from zhiheng.web import xlsx
from zhiheng.web.charts import Strip, point_strip
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Empty, Filter, ListPage, Rows
from zhiheng.web.province.asking import area_crumbs, figure, rounded, year_asked
from zhiheng.web.province.board import STATES, college_href


def rows_of(request: HttpRequest) -> list[CollegeProgress]:
    """Progress of the year asked for, read once per request."""
    if not hasattr(request, "provincial_progress"):
        request.provincial_progress = progress(year_asked(request)[0])  # type: ignore[attr-defined]
    return request.provincial_progress  # type: ignore[attr-defined,no-any-return]


def attribute_choices(name: str) -> Any:
    """Values of one attribute of the profiles, for a select."""

    def choices(request: HttpRequest) -> list[Choice]:
        found = sorted({getattr(row.profile, name) for row in rows_of(request)})
        return [(value, value) for value in found]

    return choices


@requires("provincial.view")
class CollegeList(ListPage):
    """All supervised colleges with their progress."""

    template_name = "web/province/colleges.html"
    heading: ClassVar[str] = gettext_noop("院校")
    default_sort: ClassVar[str] = "released"
    columns: ClassVar[Sequence[Column]] = (
        Column("name", gettext_noop("院校"), "profile.name", sort="name", head=True, href=college_href),
        Column("state", gettext_noop("状态"), "state", cell="web/province/state_cell.html"),
        Column("released", gettext_noop("已报"), "released", sort="released", align="r"),
        Column("expected", gettext_noop("应报"), "expected", align="r", on_phone=False),
        Column("tier", gettext_noop("建设层次"), "profile.tier", sort="tier", on_phone=False),
        Column("ownership", gettext_noop("办学性质"), "profile.ownership", sort="ownership", on_phone=False),
        Column("students", gettext_noop("在校生"), "profile.students", sort="students", align="r", on_phone=False),
        Column("last", gettext_noop("最近报送"), "last_release.released_at", sort="last", on_phone=False),
        Column("how", gettext_noop("报送方式"), lambda r: _("本校发布") if r.profile.on_platform else _("省级代报"), on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter("q", gettext_noop("院校"), lambda rows, value: [r for r in rows if value in r.profile.name], placeholder=gettext_noop("找院校")),
        Filter(
            "state", gettext_noop("状态"), lambda rows, value: [r for r in rows if r.state == value],
            choices=lambda _request: [(label, _(label)) for label, _css, _meaning in STATES],
        ),
        Filter(
            "tier", gettext_noop("建设层次"), lambda rows, value: [r for r in rows if r.profile.tier == value],
            choices=attribute_choices("tier"),
        ),
        Filter(
            "ownership", gettext_noop("办学性质"), lambda rows, value: [r for r in rows if r.profile.ownership == value],
            choices=attribute_choices("ownership"),
        ),
    )  # fmt: skip
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有所属学校"),
        gettext_noop("平台运营把学校登记到本省后，这里列出各校的报送进度。"),
        icon="building-bank",
    )

    def rows(self) -> Rows:
        """Progress of the year asked for."""
        return rows_of(self.request)

    def context(self) -> dict[str, Any]:
        """Year switch and crumbs."""
        year, choices = year_asked(self.request)
        return {
            "lead": _("{year}年度。只列各校正式报送的数据。").format(year=year),
            "crumbs": area_crumbs((_("院校"), "")),
            "year": year,
            "years": choices,
        }


@dataclass(frozen=True)
class ValueRow:
    """One indicator of one college among the province's."""

    spread: Spread
    value: str
    former: str
    place: str
    strip: Strip | None


@requires("provincial.view")
@require_safe
def college_page(request: HttpRequest, college: str) -> HttpResponse:
    """Official values of one college, where they lie in the province, and its releases."""
    profile = values.college_for(college=college)
    year, choices = year_asked(request)
    history = values.college_years(college=college)
    rows = [
        value_row(one, profile, history.get(one.definition.code, {}), year) for one in values.spreads(year)
    ]
    if request.GET.get("format") == "xlsx":
        return _workbook(profile, year, rows)
    released = sum(row.strip is not None for row in rows)
    context = {
        "heading": _("{name}：{year}年度报送{n}/{total}项").format(
            name=profile.name, year=year, n=released, total=len(rows)
        ),
        "lead": _("{tier}，{ownership}，{discipline}类，全日制在校生{students}人。").format(
            tier=profile.tier, ownership=profile.ownership, discipline=profile.discipline, students=f"{profile.students:,}"
        ),
        "crumbs": area_crumbs((_("院校"), f"{reverse('province:colleges')}?{urlencode([('year', str(year))])}"), (profile.name, "")),
        "profile": profile,
        "year": year,
        "years": choices,
        "released": released,
        "sections": [(t, list(group)) for t, group in groupby(rows, key=lambda r: r.spread.definition.table)],
        "releases": list(values.college_releases(college=college)),
    }  # fmt: skip
    return render(request, "web/province/college.html", context)


def value_row(spread: Spread, profile: CollegeProfile, history: dict[int, Any], year: int) -> ValueRow:
    """Value, last year's, place among the reporting colleges (from below), strip."""
    d, own = spread.definition, spread.of(profile.college)
    former = figure(history.get(year - 1), d)
    if own is None:
        return ValueRow(spread, "", former, "", None)
    n = len(spread.values)
    place = _("高于{k}所，共{n}所").format(k=spread.below(own), n=n)
    label = _("{title}：{value}，中位数{median}").format(
        title=d.title, value=figure(own, d), median=figure(spread.median, d)
    )
    strip = point_strip([one.value for one in spread.values], own=own, median=spread.median, label=label)
    return ValueRow(spread, figure(own, d), former, place, strip)


def _workbook(profile: CollegeProfile, year: int, rows: list[ValueRow]) -> HttpResponse:
    half = Fraction(1, 2)
    return xlsx.table_response(
        filename=_("{name}_{year}.xlsx").format(name=profile.name, year=year),
        title=profile.name,
        headers=[_("所属表"), _("指标"), _("单位"), _("数值"), _("全省中位数"), _("全省报送数")],
        rows=[
            [
                r.spread.definition.table,
                r.spread.definition.title,
                r.spread.definition.unit,
                rounded(r.spread.of(profile.college), r.spread.definition),
                rounded(r.spread.quantile(half), r.spread.definition),
                len(r.spread.values),
            ]
            for r in rows
        ],
    )
