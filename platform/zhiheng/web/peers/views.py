"""Peers (同类对比): where the college stands in a frozen group, indicator by indicator."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.benchmarking.selectors import peers, positions
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.peers.asking import Asked, area_crumbs, asked, tabs
from zhiheng.web.peers.rows import HEADERS, ShownRow, by_standing, names, sections, shown_row, workbook_rows

NUMERALS = gettext_noop("零 一 两 三 四 五 六 七 八 九 十")


@requires("benchmark.view")
@require_safe
def peers_page(request: HttpRequest) -> HttpResponse:
    """The table of all indicators in one group and year."""
    wanted = asked(request)
    if wanted is None:
        return _nothing_yet(request)
    rows = shown_rows(wanted)
    if request.GET.get("format") == "xlsx":
        return xlsx.table_response(
            filename=_("对标_{group}_{year}.xlsx").format(group=wanted.group.title, year=wanted.year),
            title=wanted.group.title,
            headers=[_(h) for h in HEADERS],
            rows=workbook_rows(rows),
        )
    user: Any = request.user
    size = len(positions.members(group=wanted.group, year=wanted.year))
    ranked = request.GET.get("order") == "standing"
    context = {
        "heading": finding(rows, size, wanted.year),
        "lead": _lead(rows),
        "crumbs": area_crumbs((wanted.group.title, "")),
        "tabs": tabs(request, "table"),
        "asked": wanted,
        "group_choices": wanted.group_choices(request.path),
        "year_choices": wanted.year_choices(request.path),
        "ranked": ranked,
        "sections": [("", by_standing(rows))] if ranked else sections(rows),
        "size": size,
        "frozen_at": next((r.row.statistic.frozen_at for r in rows if r.row.statistic), None),
        "all_withheld": _why_nothing(rows),
        "may_release": user.can("benchmark.release"),
        "unreleased": sum(row.row.own is None for row in rows),
    }
    return render(request, "web/peers/table.html", context)


def shown_rows(wanted: Asked) -> list[ShownRow]:
    """All rows of the page."""
    ways = positions.wider_groups(year=wanted.year)
    return [
        shown_row(row, ways.get(row.definition.code))
        for row in peers.peer_rows(group=wanted.group, year=wanted.year)
    ]


def _why_nothing(rows: list[ShownRow]) -> ShownRow | None:
    """When no row shows its distribution: a row that stands for all, one with releases if there is one."""
    if not all(row.withheld for row in rows):
        return None
    return next((row for row in rows if row.row.statistic), next(iter(rows), None))


def finding(rows: list[ShownRow], size: int, year: int) -> str:
    """The heading: how many indicators are in the last quarter."""
    if not any(row.row.own is not None for row in rows):
        return _("本校还没有发布{year}年度的指标").format(year=year)
    if all(row.withheld for row in rows):
        return _("这个同类组的分布都不显示")
    low = sum(row.is_low for row in rows)
    if not low:
        return _("在{n}所同类院校里，没有一项在后25%").format(n=size)
    count = _(NUMERALS).split()[low] if low <= 10 else str(low)
    return _("在{n}所同类院校里，{count}项在后25%").format(n=size, count=count)


def _lead(rows: list[ShownRow]) -> str:
    """Who is behind, who is ahead."""
    if rows and all(row.withheld for row in rows):
        return ""
    low = [row for row in by_standing(rows) if row.is_low]
    high = [row for row in reversed(by_standing(rows)) if row.meaning == "high"]
    parts = [_("靠后的是{names}。").format(names=names(low))] if low else []
    parts += [_("靠前的是{names}。").format(names=names(high))] if high else []
    return "".join(parts)


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    may_release = user.can("benchmark.release")
    context = {
        "heading": _("对标分析"),
        "tabs": tabs(request, "table"),
        "crumbs": area_crumbs(),
        "empty": Empty(
            gettext_noop("还没有可以对比的同类统计"),
            gettext_noop(
                "各校发布指标、平台定格统计之后，这里显示本校在同类院校中的位置。先发布本校的指标。"
            ),
            icon="scale",
            action_label=gettext_noop("发布本校指标"),
            action_href=reverse("peers:release_new") if may_release else "",
        ),
    }
    return render(request, "web/peers/nothing.html", context)


@requires("benchmark.view")
@require_safe
def members_page(request: HttpRequest) -> HttpResponse:
    """Who is in the group: names and public attributes, never figures."""
    wanted = asked(request)
    if wanted is None:
        return _nothing_yet(request)
    found = positions.members(group=wanted.group, year=wanted.year)
    if request.GET.get("format") == "xlsx":
        return xlsx.table_response(
            filename=_("同类组_{group}_{year}.xlsx").format(group=wanted.group.title, year=wanted.year),
            title=wanted.group.title,
            headers=[_("学校"), _("省份"), _("办学性质"), _("主要类型"), _("建设层次"), _("全日制在校生")],
            rows=[[m.name, m.province_name, m.ownership, m.discipline, m.tier, m.students] for m in found],
        )
    context = {
        "heading": _("“{group}”有{n}所").format(group=wanted.group.title, n=len(found)),
        "lead": _("名单{year}年度定格。成员公开，各校的数值不公开；少于10所发布的指标不显示统计。").format(
            year=wanted.year
        ),
        "crumbs": area_crumbs((_("同类组里有谁"), "")),
        "tabs": tabs(request, "members"),
        "asked": wanted,
        "group_choices": wanted.group_choices(request.path),
        "year_choices": wanted.year_choices(request.path),
        "members": found,
    }
    return render(request, "web/peers/members.html", context)
