"""Schemes (考核方案): list, and one version as a tree with the rule of every leaf."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import Scheme, SchemeVersion, VersionState
from assessment.selectors import schemes as reads
from zhiheng.kernel.errors import Code, Problem
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.model import Scheme as Model
from zhiheng.web import xlsx
from zhiheng.web.cycles.lines import supplier_name
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.schemes.scope import STATE_LOOK, area_crumbs, frame, opened
from zhiheng.web.schemes.tree import branches, by_type, points_text
from zhiheng.web.schemes.words import kind_title, kind_words, param_lines


@requires("scheme.view")
@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    """All schemes with their versions."""
    user: Any = request.user
    rows = [(scheme, _versions(scheme)) for scheme in reads.schemes()]
    if request.GET.get("format") == "xlsx":
        return _list_workbook(rows)
    may_adopt = user.can("library.adopt")
    context = {
        "heading": _("考核方案"),
        "lead": _("{n}个方案。发布过的版本不再改，要改就另出一版。").format(n=len(rows)) if rows else "",
        "crumbs": area_crumbs(),
        "rows": rows,
        "may_adopt": may_adopt,
        "empty": Empty(
            gettext_noop("还没有考核方案"),
            gettext_noop("从模板库采用一个接近的，指标、分值、计分规则和条款都带过来，再改成自己的。"),
            icon="binary-tree",
            action_label=gettext_noop("从模板库选"),
            action_href=reverse("schemes:templates") if may_adopt else "",
        ),
    }
    return render(request, "web/schemes/list.html", context)


def _versions(scheme: Scheme) -> list[tuple[SchemeVersion, str, str]]:
    return [(v, *STATE_LOOK[VersionState(v.state)]) for v in scheme.versions.all()]


def _list_workbook(rows: Sequence[tuple[Scheme, Sequence[tuple[SchemeVersion, str, str]]]]) -> HttpResponse:
    return xlsx.table_response(
        filename=_("考核方案.xlsx"),
        title=_("考核方案"),
        headers=[
            _("代码"),
            _("方案"),
            _("版本"),
            _("状态"),
            _("批准机构"),
            _("批准日期"),
            _("依据文件"),
            _("指纹"),
        ],
        rows=(
            (
                s.code,
                s.title,
                v.number,
                v.get_state_display(),
                v.approved_by,
                v.approved_on,
                v.basis,
                v.fingerprint,
            )
            for s, versions in rows
            for v, _meaning, _icon in versions
        ),
    )


@requires("scheme.view")
@require_safe
def version_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Tree and the chosen node; ?type= is the type of unit, ?node= the node."""
    version = opened(code, number)
    context = frame(request, version, "version")
    try:
        model = reads.model_of(version)
    except Problem:
        return render(request, "web/schemes/broken.html", context)
    chosen = request.GET.get("type", "")
    unit_type = chosen if chosen in model.unit_types else next(iter(model.unit_types))
    leaves = [leaf for leaf in model.leaves() if unit_type in leaf.points]
    wanted = request.GET.get("node", "") or (leaves[0].code if leaves else model.tree.code)
    node = model.nodes().get(wanted)
    if node is None:
        raise Problem(Code.NOT_FOUND)
    context |= {
        "types": [(key, title) for key, title in model.unit_types.items()],
        "unit_type": unit_type,
        "nodes": branches(model.tree, unit_type, f"{request.path}?type={unit_type}&node=", wanted),
        "total": points_text(model.tree.points.get(unit_type)),
        "leaf_count": len(leaves),
        "node": node_context(model, node),
        "shown_findings": _findings_of(context["findings"], node)[:12],
    }
    return render(request, "web/schemes/version.html", context)


def _findings_of(findings: Sequence[Mapping[str, str]], node: Node) -> list[Mapping[str, str]]:
    """Findings about the node first, then the rest without those that only say a reading is open."""
    mine = [one for one in findings if one["place"].startswith(node.place)]
    rest = [one for one in findings if one not in mine and one["code"] != "reading.open"]
    return [*mine, *rest]


def node_context(model: Model, node: Node) -> dict[str, Any]:
    """Everything a page says about one node."""
    parent = model.parents().get(node.code)
    nodes = model.nodes()
    return {
        "code": node.code,
        "title": node.title,
        "parent": nodes[parent].title if parent else "",
        "clause": node.clause,
        "note": node.note,
        "standard": node.extra.get("standard", ""),
        "points": by_type(node, dict(model.unit_types)),
        "kind": kind_title(node.kind) if node.kind else _("下级合计"),
        "kind_words": kind_words(node.kind) if node.kind else "",
        "params": param_lines(node.kind, node.params) if node.kind else [],
        "applies_when": node.applies_when,
        "bounds": _bounds(node),
        "policies": [
            {"title": kind_title(p.kind), "clause": p.clause, "params": param_lines(p.kind, p.params)}
            for p in node.policies
        ],
        "assessors": node.assessors,
        "evidence": node.evidence,
        "readings": [model.readings[name] for name in node.readings if name in model.readings],
        "measures": _measures_of(model, node),
        "children": [(child.title, by_type(child, dict(model.unit_types))) for child in node.children],
    }


def _bounds(node: Node) -> str:
    floor = (
        _("可以为负")
        if node.bounds.floor is None
        else _("最低{n}分").format(n=points_text(node.bounds.floor))
    )
    return floor if node.bounds.cap is None else floor + _("，不超过满分")


def _measures_of(model: Model, node: Node) -> list[tuple[str, str]]:
    found = [m for code, m in model.measures.items() if code.startswith(f"{node.code}.")]
    return [(m.title, supplier_name(m.supplier)) for m in found]
