"""Ranking of a year (名次): one table per group with grade and change on last year."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.documents.results import RankingTable, ResultPaper, result_docx
from assessment.models import Cycle, CycleState, Run
from assessment.selectors import cycles as cycle_reads
from assessment.selectors import results
from assessment.selectors.schemes import model_of
from zhiheng.kernel.errors import Code, Problem
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
from zhiheng.web.results.shared import chosen_group, no_run
from zhiheng.web.shell import chosen_year
from zhiheng.web.show import show_date
from zhiheng.web.xlsx import attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
        return no_run(request, cycle, "ranking")
    groups = results.rankings(run)
    if request.GET.get("format") == "xlsx":
        return _workbook(cycle, groups)
    group = chosen_group(request, groups)
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
        "findings": finding_lines(run, groups),
    }
    return render(request, "web/results/ranking.html", context)


def finding_lines(run: Run, groups: Sequence[results.GroupRanking]) -> list[tuple[str, str, str]]:
    """What scoring noticed, the same remark about several units told once: indicator, remark, units."""
    titles = {node.place: node.title for node in model_of(run.version).tree.walk()}
    names = {s.result.unit.code: s.result.unit.name for group in groups for s in group.standings}
    found: dict[tuple[str, str], list[str]] = {}
    for one in run.findings:
        unit = names.get(one.get("unit") or "", "")
        found.setdefault((titles.get(one["place"], one["place"]), one["text"]), []).append(unit)
    return [(title, text, told_units(units)) for (title, text), units in found.items()]


def told_units(units: Sequence[str]) -> str:
    """甲、乙、丙等5家."""
    known = [name for name in units if name]
    shown = _("、").join(known[:3])
    return _("{names}等{n}家").format(names=shown, n=len(known)) if len(known) > 3 else shown


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
