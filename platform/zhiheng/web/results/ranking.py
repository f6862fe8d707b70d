"""Ranking of a year (名次): one table per group with grade and change on last year; heat map of components."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.documents.results import RankingTable, ResultPaper, result_docx
from assessment.models import Cycle, CycleState, NodeScore, Run
from assessment.selectors import cycles as cycle_reads
from assessment.selectors import results
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.numbers import plain
from zhiheng.scoring.scheme.model import Node
from zhiheng.web import sources, xlsx
from zhiheng.web.crumbs import crumbs
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.results.scope import (
    area_crumbs,
    cycle_and_run,
    grade_looks,
    grade_rules,
    run_words,
    state_look,
    tabs,
)
from zhiheng.web.shell import chosen_year
from zhiheng.web.show import show_date
from zhiheng.web.xlsx import attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEVELS = 5


@requires("result.view_own")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the ranking, or to the own unit's result, of the newest year up to the chosen one that has any."""
    user: Any = request.user
    year = chosen_year(request, sources.years("college"))
    for cycle in cycle_reads.cycles().filter(year__lte=year):
        run = results.shown_run(cycle, user)
        if run is None:
            continue
        own = results.own_units(user, cycle)
        if own is None:
            return HttpResponseRedirect(reverse("results:ranking", args=[cycle.code]))
        mine = run.results.select_related("unit").filter(unit__in=own).first()
        if mine is not None:
            return HttpResponseRedirect(reverse("results:unit", args=[cycle.code, mine.unit.code]))
    context = {
        "heading": _("结果与公示"),
        "crumbs": crumbs((_("结果与公示"), "")),
        "empty": Empty(
            gettext_noop("还没有结果"),
            gettext_noop("填报结束、正式计分之后，名次、等次和每一分的由来会列在这里。"),
            icon="award",
            action_label=gettext_noop("看考核进度"),
            action_href=reverse("cycles:list"),
        ),
    }
    return render(request, "web/results/none.html", context)


@requires("result.view")
@require_safe
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    """The ranking of one group; ?group= chooses, ?format=xlsx downloads all groups."""
    cycle, run = cycle_and_run(request, code)
    if run is None:
        return _no_run(request, cycle, "ranking")
    groups = results.rankings(run)
    if request.GET.get("format") == "xlsx":
        return _workbook(cycle, groups)
    group = _chosen(request, groups)
    words, meaning, icon = state_look(cycle, run)
    context = {
        "heading": _("{title}结果").format(title=cycle.title),
        "lead": _("{how}，{n}家全部算出。").format(
            how=run_words(run), n=sum(len(g.standings) for g in groups)
        ),
        "crumbs": area_crumbs(cycle),
        "tabs": tabs(request, cycle, "ranking"),
        "cycle": cycle,
        "run": run,
        "state": {"words": words, "meaning": meaning, "icon": icon},
        "groups": groups,
        "group": group,
        "looks": grade_looks(run.version),
        "rules": rule_lines(run, group),
        "grade_rules": grade_rules(run.version),
        "still_open": cycle.state == CycleState.SCORING,
        "findings": run.findings[:6],
    }
    return render(request, "web/results/ranking.html", context)


def _chosen(request: HttpRequest, groups: Sequence[results.GroupRanking]) -> results.GroupRanking | None:
    wanted = request.GET.get("group")
    return next((g for g in groups if g.code == wanted), groups[0] if groups else None)


def rule_lines(run: Run, group: results.GroupRanking | None) -> list[str]:
    """What decided the grades of a group, in words: quotas, ties, grades with their numbers."""
    if group is None:
        return []
    lines = [
        _("{grade}{n}家").format(grade=grade or _("未定等次"), n=n) for grade, n in group.grades().items()
    ]
    found = [_("、").join(lines)]
    size = len([s for s in group.standings if s.result.rank is not None])
    for node in results.outcome_rules(run).get(group.code, ()):
        for grade, places in (node.get("extra", {}).get("places") or {}).get(group.code, {}).items():
            found.append(
                _("“{grade}”名额{n}个（{size}家参加排名，{clause}）").format(
                    grade=grade, n=places, size=size, clause=node.get("clause") or node["title"]
                )
            )
    for tie in group.ties:
        names = _("、").join(r.unit.name for r in tie)
        found.append(_("{names}并列第{rank}名").format(names=names, rank=tie[0].rank))
    return found


def _workbook(cycle: Cycle, groups: Sequence[results.GroupRanking]) -> HttpResponse:
    def rows() -> Iterator[Sequence[Any]]:
        for group in groups:
            for one in group.standings:
                r = one.result
                yield (
                    group.title, r.rank, r.unit.code, r.unit.name, r.published, r.total, r.grade,
                    one.last_rank, one.last_grade, one.change,
                )  # fmt: skip

    return xlsx.table_response(
        filename=_("{title}_名次_{day}.xlsx").format(title=cycle.title, day=f"{timezone.localdate():%Y%m%d}"),
        title=_("名次"),
        headers=[
            _("组"), _("名次"), _("代码"), _("单位"), _("公布分"), _("精确分（四位）"), _("等次"), _("上年名次"),
            _("上年等次"), _("名次变化"),
        ],
        rows=rows(),
    )  # fmt: skip


@requires("result.view")
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The result as an office paper."""
    cycle, run = cycle_and_run(request, code)
    if run is None:
        raise Problem(Code.NOT_FOUND)
    tenant: Any = getattr(request, "tenant", None)
    words, _meaning, _icon = state_look(cycle, run)
    basis = run.version.basis or run.version.scheme.title
    content = result_docx(
        ResultPaper(
            title=_("{title}结果").format(title=cycle.title),
            college=tenant.name,
            state=words,
            basis=_("依据《{basis}》，{how}，结果如下。").format(
                basis=basis.strip("《》"), how=run_words(run)
            ),
            office=_organiser(cycle),
            day=show_date(timezone.localdate()),
            fingerprint=run.fingerprint[:16].upper(),
            groups=[_table(run, group) for group in results.rankings(run)],
        )
    )
    name = _("{title}结果.docx").format(title=cycle.title)
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": attachment(name)})


def _organiser(cycle: Cycle) -> str:
    organiser = cycle.version.document.get("organiser") or {}
    return str(organiser.get("title") or _("质量管理办公室"))


def _table(run: Run, group: results.GroupRanking) -> RankingTable:
    rows = [
        (
            str(one.result.rank or "—"),
            one.result.unit.name,
            f"{one.result.published:f}" if one.result.published is not None else "—",
            one.result.grade or "—",
            change_words(one.change),
        )
        for one in group.standings
    ]
    return RankingTable(group.title, rows, rule_lines(run, group))


def change_words(change: int | None) -> str:
    """升2、降1、持平, or — without last year."""
    if change is None:
        return "—"
    if change == 0:
        return _("持平")
    return _("升{n}").format(n=change) if change > 0 else _("降{n}").format(n=-change)


def _no_run(request: HttpRequest, cycle: Cycle, tab: str) -> HttpResponse:
    user: Any = request.user
    may_start = user.can("run.start")
    context = {
        "heading": _("{title}结果").format(title=cycle.title),
        "crumbs": area_crumbs(cycle),
        "tabs": tabs(request, cycle, tab),
        "empty": Empty(
            gettext_noop("这一年还没有计过分"),
            gettext_noop("可以先用现有数据试算，看看缺什么、谁会在哪一档；试算不影响任何人。"),
            icon="award",
            action_label=gettext_noop("去试算") if may_start else gettext_noop("看考核进度"),
            action_href=reverse("results:runs" if may_start else "cycles:cycle", args=[cycle.code]),
        ),
    }
    return render(request, "web/results/none.html", context)


# Heat map -----------------------------------------------------------------------------------------------------------


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
        return _no_run(request, cycle, "heat")
    groups = results.rankings(run)
    group = _chosen(request, groups)
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
