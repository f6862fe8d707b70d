"""Units (机构): tree as of a day, chart as a picture, one unit with its history."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_safe

from tenants.organisation import selectors
from tenants.organisation.models import UnitKind
from tenants.organisation.selectors import Headcount, UnitNode, registers
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.organisation.chart_svg import drawing
from zhiheng.web.organisation.tabs import tabs
from zhiheng.web.show import show_date
from zhiheng.web.tree import Branch
from zhiheng.web.xlsx import attachment


def day_asked(request: HttpRequest) -> date:
    """The day in the address (?on=2026-09-01), else today; nonsense is today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 单位与岗位."""
    return crumbs((_("单位与岗位"), reverse("organisation:units")), *steps)


@requires("unit.view")
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units as of a day, with head counts."""
    user: Any = request.user
    day = day_asked(request)
    roots = selectors.chart(user=user, on=day)
    counts = selectors.headcounts(on=day) if user.can("person.view") else {}
    nodes = [node for root in roots for node in root.walk()]
    context = {
        "heading": _("单位与岗位"),
        "lead": _tree_lead(len(nodes), day),
        "crumbs": area_crumbs(),
        "tabs": tabs(request, "units"),
        "day": day,
        "nodes": [branch(root, counts, 0) for root in roots],
        "may_edit": user.can("unit.edit"),
        "empty": Empty(
            gettext_noop("还没有单位"),
            gettext_noop("导入单位、岗位和人员后，这里是学校的机构树；职责、考核和报告都从它取单位。"),
            icon="sitemap",
            action_label=gettext_noop("导入单位、岗位和人员"),
            action_href=reverse("organisation:import") if user.can("unit.edit") else "",
        ),
    }
    return render(request, "web/organisation/units.html", context)


def _tree_lead(number: int, day: date) -> str:
    count = ngettext("%(n)s个单位", "%(n)s个单位", number) % {"n": number}
    when = _("今天") if day == timezone.localdate() else show_date(day)
    return _("{when}共{count}。合署、挂牌写在单位后面。").format(when=when, count=count) if number else ""


def branch(node: UnitNode, counts: dict[int, Headcount], level: int) -> Branch:
    """One line of the tree with signboards, cluster and head count; below the college the units stand by kind."""
    notes = [_("挂牌：{names}").format(names=_("、").join(node.signboards))] if node.signboards else []
    if node.cluster_partners:
        notes.append(_("与{names}合署").format(names=_("、").join(node.cluster_partners)))
    head = counts.get(node.pk)
    is_college = node.kind == UnitKind.COLLEGE
    return Branch(
        label=node.name,
        href=reverse("organisation:unit", args=[node.code]),
        note=_("；").join(notes),
        figure=_("{n}人").format(n=head.people) if head else "",
        level=level,
        open=level < 3,
        children=by_kind(node.children, counts, level + 1)
        if is_college
        else [branch(child, counts, level + 1) for child in node.children],
    )


def by_kind(nodes: list[UnitNode], counts: dict[int, Headcount], level: int) -> list[Branch]:
    """Groups of units of one kind, in the order of the kinds."""
    groups = []
    for kind in UnitKind:
        members = [node for node in nodes if node.kind == kind]
        if members:
            below = [branch(node, counts, level + 1) for node in members]
            note = ngettext("%(n)s个单位", "%(n)s个单位", len(members)) % {"n": len(members)}
            groups.append(Branch(label=str(kind.label), note=note, level=level, children=below))
    return groups


@requires("unit.view")
@require_safe
def chart_page(request: HttpRequest) -> HttpResponse:
    """The chart drawn, to look at, print and download."""
    user: Any = request.user
    day = day_asked(request)
    roots = selectors.chart(user=user, on=day)
    tenant: Any = getattr(request, "tenant", None)
    context = {
        "heading": _("组织机构图"),
        "lead": _("{day}的机构。").format(day=show_date(day)) if roots else "",
        "crumbs": area_crumbs((_("组织机构图"), "")),
        "tabs": tabs(request, "chart"),
        "day": day,
        "picture": drawing(roots, tenant.name) if roots else None,
        "empty": Empty(
            gettext_noop("还没有单位"),
            gettext_noop("导入单位后，这里会画出机构图，可以打印和下载。"),
            icon="sitemap",
        ),
    }
    return render(request, "web/organisation/chart.html", context)


@requires("unit.view")
@require_safe
def chart_picture(request: HttpRequest) -> HttpResponse:
    """The same drawing as an .svg file with colours of its own."""
    user: Any = request.user
    tenant: Any = getattr(request, "tenant", None)
    day = day_asked(request)
    picture = drawing(selectors.chart(user=user, on=day), tenant.name)
    name = _("组织机构图_{day}.svg").format(day=f"{day:%Y%m%d}")
    context = {"picture": picture, "title": f"{tenant.name} {show_date(day)}"}
    answer = render(request, "web/organisation/chart.svg", context, content_type="image/svg+xml")
    answer.headers["Content-Disposition"] = attachment(name)
    return answer


@requires("unit.view")
@require_safe
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: where it hangs, sections, posts with holders, names it bore, restructurings."""
    user: Any = request.user
    day = day_asked(request)
    unit = selectors.unit_for(user=user, code=code, on=day)
    posts: list[Any] = list(registers.posts_for(user=user, on=day, unit=unit))
    node = next(
        (n for root in selectors.chart(user=user, on=day) for n in root.walk() if n.pk == unit.pk), None
    )
    context = {
        "heading": node.name if node else unit.name,
        "crumbs": area_crumbs((node.name if node else unit.name, "")),
        "unit": unit,
        "node": node,
        "heads": selectors.heads_of(unit, day),
        "posts": posts,
        "seats": sum(post.seats for post in posts),
        "held": sum(post.held for post in posts),
        "sections": registers.sections_of(unit, day),
        "versions": registers.versions_of(unit),
        "changes": registers.changes_of(unit),
        "assessed": selectors.assessed_unit_of(unit, day),
        "see_people": user.can("person.view"),
    }
    return render(request, "web/organisation/unit.html", context)
