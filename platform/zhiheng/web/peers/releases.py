"""What the college has released (发布记录): list, and the receipt of one release."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.benchmarking.models import Release, ReleasedValue, ReleaseLevel
from zhiheng.benchmarking.selectors.releases import release_for, releases
from zhiheng.kernel.numbers import plain
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_for
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.listing import Column, Empty, Filter, ListPage, Rows
from zhiheng.web.peers.asking import area_crumbs, tabs
from zhiheng.web.peers.rows import figure
from zhiheng.web.show import show


def receipt_href(row: Release) -> str:
    """Page of one release."""
    return reverse("peers:receipt", args=[row.pk])


@requires("benchmark.view")
class ReleaseList(ListPage):
    """All releases, newest first."""

    template_name = "web/peers/releases.html"
    heading: ClassVar[str] = gettext_noop("发布记录")
    columns: ClassVar[Sequence[Column]] = (
        Column("released_at", gettext_noop("发布时间"), "released_at", sort="released_at", href=receipt_href, head=True),
        Column("year", gettext_noop("年度"), "year", sort="year", align="r"),
        Column("level", gettext_noop("范围"), "get_level_display"),
        Column("count", gettext_noop("指标数"), "count", align="r"),
        Column("standing", gettext_noop("仍有效"), "standing", align="r", on_phone=False),
        Column("released_by", gettext_noop("发布人"), "released_by", on_phone=False),
        Column("receipt", gettext_noop("回执"), lambda r: r.receipt[:12], on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "level",
            gettext_noop("范围"),
            lambda rows, value: rows.filter(level=value),
            choices=lambda _request: list(ReleaseLevel.choices),
        ),
    )

    def rows(self) -> Rows:
        """Own releases only; the database shows no others."""
        return releases()

    def get_empty(self) -> Empty:
        """The first action for those who may release."""
        user: Any = self.request.user
        return Empty(
            gettext_noop("还没有发布过指标"),
            gettext_noop(
                "发布是学校自己的决定：选指标、看清别人会看到什么、确认、拿回执。不发布，谁都看不到。"
            ),
            icon="receipt",
            action_label=gettext_noop("发布本校指标"),
            action_href=reverse("peers:release_new") if user.can("benchmark.release") else "",
        )

    def context(self) -> dict[str, Any]:
        """Tabs, crumbs, right to release."""
        user: Any = self.request.user
        return {
            "tabs": tabs(self.request, "releases"),
            "crumbs": area_crumbs((_("发布记录"), "")),
            "may_release": user.can("benchmark.release"),
        }


@requires("benchmark.view")
@require_safe
def receipt_page(request: HttpRequest, release_id: int) -> HttpResponse:
    """One release with its receipt and the values that still stand."""
    release = release_for(release_id=release_id)
    known = definitions_for(release.year)
    values = sorted(
        release.values.all(), key=lambda v: list(known).index(v.indicator) if v.indicator in known else 999
    )
    rows = [(known.get(v.indicator), v) for v in values]
    if request.GET.get("format") == "xlsx":
        return xlsx.table_response(
            filename=_("发布回执_{year}_{receipt}.xlsx").format(
                year=release.year, receipt=release.receipt[:8]
            ),
            title=_("{year}年度发布").format(year=release.year),
            headers=[_("指标"), _("单位"), _("分子"), _("分母"), _("数值"), _("口径版本")],
            rows=[
                [
                    d.title if d else v.indicator,
                    d.unit if d else "",
                    v.numerator,
                    v.denominator,
                    v.value,
                    v.definition,
                ]
                for d, v in rows
            ],
        )
    context = {
        "heading": _("{year}年度{n}项指标已发布").format(year=release.year, n=release.count),
        "crumbs": area_crumbs((_("发布记录"), reverse("peers:releases")), (_("回执"), "")),
        "release": release,
        "rows": [_line(d, v) for d, v in rows],
        "replaced": release.count - len(rows),
    }
    return render(request, "web/peers/receipt.html", context)


def _line(definition: IndicatorDefinition | None, value: ReleasedValue) -> dict[str, Any]:
    """One value with its parts as people write them: 3,040 and not 3,040.0000."""
    return {
        "definition": definition,
        "value": value,
        "shown": figure(value.value, definition) if definition else show(value.value),
        "numerator": _figure(value.numerator),
        "denominator": _figure(value.denominator),
    }


def _figure(value: Decimal | None) -> str:
    return show(None) if value is None else f"{Decimal(plain(value)):,f}"
