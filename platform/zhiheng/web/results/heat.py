"""Units by components (分项对比): the share of points lost as colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.models import Cycle, NodeScore, Run
from assessment.selectors import results
from zhiheng.kernel.numbers import plain
from zhiheng.scoring.scheme.model import Node
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.results.scope import (
    area_crumbs,
    cycle_and_run,
    tabs,
)
from zhiheng.web.results.shared import chosen_group, no_run


@dataclass(frozen=True)
class HeatCell:
    """One unit at one component: level 0 to 5 by share of the points attainable, and both figures."""

    level: int
    text: str
    full: str
    node: str

    @property
    def applies(self) -> bool:
        """False when the unit does not have this component."""
        return bool(self.text)


@requires("result.view")
@require_safe
def heat(request: HttpRequest, code: str) -> HttpResponse:
    """Units down, components across, the share of the points lost as colour."""
    cycle, run = cycle_and_run(request, code)
    if run is None:
        return no_run(request, cycle, "heat")
    groups = results.rankings(run)
    group = chosen_group(request, groups)
    nodes = _columns(run, group)
    scores = results.scores(run, [node.code for node in nodes])
    rows = [
        (one, [_cell(node, scores.get((one.result.unit_id, node.code))) for node in nodes])
        for one in (group.standings if group else [])
    ]
    if request.GET.get("format") == "xlsx":
        return _heat_workbook(cycle, nodes, rows, scores)
    context = {
        "heading": _heat_heading(nodes, rows),
        "lead": _("每格是得分，颜色越醒目丢分越多；点一格看怎么算的。"),
        "crumbs": area_crumbs(cycle, (_("分项对比"), "")),
        "tabs": tabs(request, cycle, "heat"),
        "cycle": cycle,
        "run": run,
        "groups": groups,
        "group": group,
        "nodes": nodes,
        "rows": rows,
    }
    return render(request, "web/results/heat.html", context)


def _columns(run: Run, group: results.GroupRanking | None) -> list[Node]:
    types = {s.result.unit.unit_type for s in group.standings} if group else set()
    return [node for node in results.components(run.version) if node.types & types]


def _cell(node: Node, score: NodeScore | None) -> HeatCell:
    if score is None or score.points is None or not score.applicable:
        return HeatCell(0, "", "", node.code)
    lost = 1 - score.points / score.applicable
    level = 0 if lost <= Decimal("0.005") else min(4, 1 + int(max(Decimal(0), lost) * 8))
    return HeatCell(level, plain(score.points.quantize(Decimal("0.01"))), plain(score.applicable), node.code)


def _heat_heading(nodes: Sequence[Node], rows: Sequence[tuple[Any, Sequence[HeatCell]]]) -> str:
    lost: dict[str, Decimal] = {}
    for _standing, cells in rows:
        for node, cell in zip(nodes, cells, strict=True):
            if cell.applies:
                lost[node.title] = lost.get(node.title, Decimal(0)) + Decimal(cell.full) - Decimal(cell.text)
    most = sorted(lost, key=lambda title: -lost[title])[:3]
    if not most or lost[most[0]] <= 0:
        return _("各项都没有明显丢分")
    return _("丢分主要在{names}").format(names=_("、").join(title for title in most if lost[title] > 0))


def _heat_workbook(
    cycle: Cycle,
    nodes: Sequence[Node],
    rows: Sequence[tuple[Any, Any]],
    scores: dict[tuple[int, str], NodeScore],
) -> HttpResponse:
    def line(one: results.Standing) -> list[Any]:
        found = (scores.get((one.result.unit_id, node.code)) for node in nodes)
        return [
            one.result.rank,
            one.result.unit.name,
            one.result.published,
            *(s.points if s else None for s in found),
        ]

    return xlsx.table_response(
        filename=_("{title}_分项_{day}.xlsx").format(title=cycle.title, day=f"{timezone.localdate():%Y%m%d}"),
        title=_("分项得分"),
        headers=[_("名次"), _("单位"), _("总分"), *(node.title for node in nodes)],
        rows=(line(one) for one, _cells in rows),
    )
