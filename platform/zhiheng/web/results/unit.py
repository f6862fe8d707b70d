"""Result of one unit (单位结果): where the points come from, the explain drawer for any node, years, papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.documents.results import UnitPaper, unit_docx
from assessment.models import Cycle, Run, UnitResult
from assessment.selectors import results, trends
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.numbers import plain
from zhiheng.web import charts, explain, explained
from zhiheng.web.guards import requires
from zhiheng.web.results.ranking import DOCX
from zhiheng.web.results.scope import area_crumbs, cycle_and_run, grade_looks, run_words, state_look
from zhiheng.web.show import show, show_date
from zhiheng.web.xlsx import attachment

MOST_LOSSES = 6
QUIET = {"无", "未触发", "未入选", "—", ""}
"""Values of outcomes that did not happen."""
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Loss:
    """A leaf where points were lost (丢分项): how many of how many, and why."""

    code: str
    title: str
    lost: Decimal
    points: str
    full: str
    formula: str


def _found(request: HttpRequest, code: str, unit: str) -> tuple[Cycle, Run, UnitResult]:
    cycle, run = cycle_and_run(request, code)
    if run is None:
        raise Problem(Code.NOT_FOUND)
    return cycle, run, results.unit_result_for(run, unit=unit, user=request.user)


@requires("result.view_own")
@require_safe
def unit_page(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """One unit's result with its components, losses, outcomes and years."""
    cycle, run, result = _found(request, code, unit)
    document = results.explanation_of(result).document
    tree = pruned(document)["tree"]
    words, meaning, icon = state_look(cycle, run)
    years = trends.trend(result.unit, cycle, run)
    user: Any = request.user
    context = {
        "heading": _("{name} {points}分").format(name=result.unit.name, points=show(result.published)),
        "lead": standing_words(run, result),
        "crumbs": area_crumbs(cycle, (result.unit.name, ""))
        if user.can("result.view")
        else area_crumbs(cycle)[:1],
        "cycle": cycle,
        "run": run,
        "result": result,
        "state": {"words": words, "meaning": meaning, "icon": icon},
        "look": grade_looks(run.version).get(result.grade),
        "parts": component_rows(tree),
        "losses": losses(tree),
        "outcomes": outcome_rows(document, result.unit.code),
        "years": years,
        "chart": _trend_chart(result, years),
        "see_all": user.can("result.view"),
    }
    return render(request, "web/results/unit.html", context)


def standing_words(run: Run, result: UnitResult) -> str:
    """11家中第2名，优秀。比第1名少1.48分。"""
    group = next((g for g in results.rankings(run) if g.code == result.group), None)
    if group is None or result.rank is None:
        return _("没有参加排名。")
    ranked = [s.result for s in group.standings if s.result.rank is not None]
    text = _("{group}{n}家中第{rank}名，{grade}。").format(
        group=group.title, n=len(ranked), rank=result.rank, grade=result.grade or _("等次未定")
    )
    better = [r for r in ranked if (r.rank or 0) < (result.rank or 0)]
    if better and better[-1].published is not None and result.published is not None:
        gap = better[-1].published - result.published
        text += _("比第{rank}名少{gap}分。").format(rank=better[-1].rank, gap=plain(gap))
    return text


def component_rows(tree: Document) -> list[Document]:
    """Nodes of the first two levels below the total, with their level, for the table of components."""
    rows: list[Document] = []
    for child in tree.get("children", ()):
        rows.append({**child, "level": 0, "text": explained.score_text(child)})
        rows += [
            {**below, "level": 1, "text": explained.score_text(below)} for below in child.get("children", ())
        ]
    return rows


def losses(tree: Document) -> list[Loss]:
    """Leaves with the most points lost, the largest first."""
    found = [loss for node in _leaves(tree) if (loss := _loss(node)) is not None]
    return sorted(found, key=lambda loss: -loss.lost)[:MOST_LOSSES]


def _leaves(node: Document) -> list[Document]:
    children = node.get("children", ())
    return [leaf for child in children for leaf in _leaves(child)] if children else [node]


def _loss(node: Document) -> Loss | None:
    try:
        points, full = Decimal(str(node["points"])), Decimal(str(node.get("applicable") or node["full"]))
    except ArithmeticError:
        return None
    if full <= points:
        return None
    return Loss(node["code"], node["title"], full - points, plain(points), plain(full), str(node["formula"]))


def happened(document: Document) -> list[Document]:
    """Outcomes that mean something for the unit; those that did not happen are left out."""
    return [node for node in document.get("outcomes", ()) if str(node.get("points", "")) not in QUIET]


def outcome_rows(document: Document, unit: str) -> list[dict[str, str]]:
    """Outcomes that happened to this unit: title, what, why."""
    titles = {str(node["code"]): str(node["title"]) for node in document.get("outcomes", ())}
    rows = []
    for node in happened(document):
        value = str(node.get("points", ""))
        lines = [str(line).removeprefix(f"{unit}；") for line in node.get("lines", ())]
        note = _("；").join(_named(line, titles) for line in lines if line not in {"触发", "未触发", unit})
        rows.append({"title": node["title"], "value": value, "note": note, "clause": node.get("clause", "")})
    return rows


def _named(line: str, titles: Mapping[str, str]) -> str:
    """The line with titles in place of codes that stand alone: 提请启动 G7 is 提请启动一票否决."""
    head, space, code = line.rpartition(" ")
    return f"{head}{titles[code]}" if space and code in titles else line


def _trend_chart(result: UnitResult, years: Sequence[trends.YearResult]) -> charts.Chart | None:
    if len(years) < 2:
        return None
    values = [y.result.published for y in years]
    line = charts.Line(result.unit.name, values, own=True)
    names = [str(y.cycle.year) for y in years]
    return charts.Chart(
        key="trend",
        label=_trend_words(years),
        option=charts.trend(names, [line], unit=_("分")),
        headers=[_("年度"), _("得分"), _("名次"), _("等次")],
        rows=[[y.cycle.title, y.result.published, y.result.rank, y.result.grade] for y in years],
        size="low",
    )


def _trend_words(years: Sequence[trends.YearResult]) -> str:
    first, last = years[0].result, years[-1].result
    if first.rank is None or last.rank is None:
        return _("{n}年的得分").format(n=len(years))
    return _("{n}年来从第{a}名到第{b}名").format(n=len(years), a=first.rank, b=last.rank)


# Explanation --------------------------------------------------------------------------------------------------------


def pruned(document: Document, unit: str = "") -> dict[str, Any]:
    """The document with the unit's name at every node and without parts that do not apply to the unit's type; how many fell away stands in ``left_out``."""
    gone: list[str] = []

    def kept(node: Document) -> dict[str, Any]:
        inside = []
        for child in node.get("children", ()):
            if child.get("state") == "NOT_APPLICABLE" and str(child.get("applicable")) in {"0", ""}:
                gone.append(str(child.get("title", "")))
            else:
                inside.append(kept(child))
        return {**node, "unit_title": unit, "children": inside}

    return {**document, "tree": kept(document["tree"]), "left_out": gone}


@requires("result.view_own")
@require_safe
def explanation(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """The explanation of all scores of one unit, opened at ?node=; a drawer for htmx, else a page."""
    cycle, run, result = _found(request, code, unit)
    stored = results.explanation_of(result).document
    node = request.GET.get("node", "")
    if node and results.node_of(stored["tree"], node) is None:
        raise Problem(Code.NOT_FOUND)
    document = pruned(stored, result.unit.name)
    notes = []
    if document["left_out"]:
        notes.append(_("另有{n}项不适用于本单位，没有列出。").format(n=len(document["left_out"])))
    drawer = explain.Drawer(
        title=_("{name} {points}分").format(name=result.unit.name, points=show(result.published)),
        subtitle=standing_words(run, result),
        parts=explained.parts_of(document, open_to=node),
        outcome_parts=explained.outcomes_of({"outcomes": happened(document)}),
        history=_history(cycle, run),
        fingerprint=explained.fingerprint_of(document),
        notes=notes,
        own_href=request.get_full_path(),
        base_href="",
    )
    context = {"crumbs": area_crumbs(cycle, (result.unit.name, _unit_href(cycle, unit)), (_("得分解释"), ""))}
    return explain.answer(request, drawer, context)


def _unit_href(cycle: Cycle, unit: str) -> str:
    return reverse("results:unit", args=[cycle.code, unit])


def _history(cycle: Cycle, run: Run) -> list[str]:
    lines = []
    seal = getattr(run, "seal", None) if cycle.seals.exists() else None
    if seal is not None:
        lines.append(_("{at} 封存第{n}版结果").format(at=show(seal.sealed_at), n=seal.number))
    lines.append(
        _("{how}（第{n}次，{kind}）").format(how=run_words(run), n=run.number, kind=run.get_kind_display())
    )
    return lines


@requires("result.view_own")
@require_safe
def unit_paper(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """The unit's explanation as an office paper."""
    cycle, run, result = _found(request, code, unit)
    tenant: Any = getattr(request, "tenant", None)
    organiser = cycle.version.document.get("organiser") or {}
    summary = _("{name}在{title}中得{points}分，{standing}{how}。").format(
        name=result.unit.name,
        title=cycle.title,
        points=show(result.published),
        standing=standing_words(run, result),
        how=run_words(run),
    )
    years = trends.trend(result.unit, cycle, run)
    content = unit_docx(
        UnitPaper(
            title=_("{name}{title}得分说明").format(name=result.unit.name, title=cycle.title),
            summary=summary,
            college=tenant.name,
            office=str(organiser.get("title") or _("质量管理办公室")),
            day=show_date(timezone.localdate()),
            fingerprint=run.fingerprint[:16].upper(),
            document=results.explanation_of(result).document,
            history=[
                (y.cycle.title, show(y.result.published), show(y.result.rank), y.result.grade) for y in years
            ],
        )
    )
    name = _("{title}_{name}_得分说明.docx").format(title=cycle.title, name=result.unit.name)
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": attachment(name)})
