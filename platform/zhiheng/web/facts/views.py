"""Entry of figures (填报与评分): which grids are mine, the grid itself, saving cells, the workbook and back."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from assessment.models import Cycle, CycleState, Submission, SubmissionState
from assessment.selectors import cycles as reads
from assessment.selectors.entering import entry_rights
from assessment.selectors.facts import completeness
from assessment.services.entry import Answer, Entry, cells_enter
from assessment.spreadsheets.facts import CellKey, FactForm
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import sources
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.cycles.lines import SELF, UNNAMED, supplier_name
from zhiheng.web.facts.grid import Grid, grid, supplier_form
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.problems import render_problem
from zhiheng.web.shell import chosen_year
from zhiheng.web.show import show_date

MOST_CELLS = 2000
LOCKED = {SubmissionState.SUBMITTED, SubmissionState.APPROVED}


def area_crumbs(cycle: Cycle, *steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 填报与评分."""
    return crumbs((_("填报与评分"), reverse("facts:home")), (cycle.title, reverse("facts:home")), *steps)


def grid_href(cycle: Cycle, supplier: str) -> str:
    """Grid of one supplier."""
    return f"{reverse('facts:grid', args=[cycle.code])}?{urlencode({'supplier': supplier})}"


def visible_suppliers(user: Any, cycle: Cycle) -> frozenset[str] | None:
    """Suppliers whose grids this user may open: all with the right to all figures, else the own ones."""
    return None if user.units_where("fact.view") is None else entry_rights(user, cycle).opens


@requires("fact.view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The grids one may open; straight to it when there is one."""
    user: Any = request.user
    cycle = reads.cycle_of_year(chosen_year(request, sources.years("college")))
    allowed = visible_suppliers(user, cycle) if cycle else None
    rows = (
        [
            one
            for one in completeness(cycle)
            if (one.expected or one.submission) and (allowed is None or one.supplier in allowed)
        ]
        if cycle
        else []
    )
    if cycle is not None and len(rows) == 1:
        return HttpResponseRedirect(grid_href(cycle, rows[0].supplier))
    late = sum(one.filled < one.expected for one in rows)
    context = {
        "heading": _("{n}个部门没填完").format(n=late) if late else _("填报与评分"),
        "lead": cycle.title if cycle else "",
        "crumbs": crumbs((_("填报与评分"), "")),
        "cycle": cycle,
        "rows": [(one, supplier_name(one.supplier), 100 * one.filled // (one.expected or 1)) for one in rows],
        "empty": Empty(
            gettext_noop("没有要您填的数据"),
            gettext_noop("方案指定您的部门提供数据、年度启动填报之后，这里是填报表。"),
            icon="table",
        ),
    }
    return render(request, "web/facts/home.html", context)


def opened(request: HttpRequest, code: str) -> tuple[Cycle, str]:
    """The cycle and the supplier in the address; PERMISSION_DENIED for a grid that is not the user's."""
    cycle = reads.cycle_for(code=code)
    supplier = request.GET.get("supplier", "").replace(UNNAMED, "")
    allowed = visible_suppliers(request.user, cycle)
    if allowed is not None:
        supplier = supplier or next(iter(sorted(allowed)), "")
        if supplier not in allowed:
            raise Problem(Code.PERMISSION_DENIED)
    names = {m.get("supplier") or "" for m in cycle.version.document.get("measures", [])}
    if supplier and supplier not in names:
        raise Problem(Code.NOT_FOUND)
    return cycle, supplier or next(iter(sorted(names)), "")


def may_change(user: Any, cycle: Cycle, supplier: str, submission: Submission | None) -> bool:
    """Whether this user may type into this grid now."""
    if cycle.state != CycleState.COLLECTING:
        return False
    rights = entry_rights(user, cycle)
    if rights.opens is None:
        return bool(user.can("fact.enter"))
    return supplier in rights.opens and (submission is None or submission.state not in LOCKED)


def shown_form(user: Any, cycle: Cycle, supplier: str) -> FactForm:
    """The form of a supplier as far as this user may see it."""
    form = supplier_form(cycle, supplier)
    if user.units_where("fact.view") is None:
        return form
    return entry_rights(user, cycle).narrowed(form, supplier)


@requires("fact.view")
@require_safe
def grid_page(request: HttpRequest, code: str) -> HttpResponse:
    """The grid of one supplier."""
    cycle, supplier = opened(request, code)
    user: Any = request.user
    submission = (
        cycle.submissions.filter(supplier=supplier).select_related("submitted_by", "approved_by").first()
    )
    editable = may_change(user, cycle, supplier, submission)
    rights = entry_rights(user, cycle)
    drawn = grid(cycle, shown_form(user, cycle, supplier), editable=editable)
    name = supplier_name(supplier)
    whole = rights.supplies(supplier)
    context = {
        "heading": _heading(supplier, drawn),
        "lead": _lead(cycle, drawn.missing),
        "crumbs": area_crumbs(cycle, (name, "")),
        "cycle": cycle,
        "supplier": supplier,
        "grid": drawn,
        "editable": editable,
        "submission": submission,
        "why_locked": "" if editable else _why_locked(cycle, submission),
        "may_submit": editable and whole and submission is not None and submission.state not in LOCKED,
        "may_approve": user.can("fact.approve")
        and submission is not None
        and submission.state == "submitted",
        "may_upload": editable and whole,
        "whole": whole or user.units_where("fact.view") is None,
        "query": urlencode({"supplier": supplier}),
    }
    return render(request, "web/facts/grid.html", context)


def _heading(supplier: str, drawn: Grid) -> str:
    units, measures = len(drawn.rows), len(drawn.columns)
    if supplier == SELF:
        return _("{n}个单位自报{m}项数据").format(n=units, m=measures)
    if not units:
        whole = len(drawn.college)
        return (
            _("{name}填{n}项全校数据").format(name=supplier_name(supplier), n=whole)
            if whole
            else supplier_name(supplier)
        )
    return _("{name}给{n}个单位填{m}项数据").format(name=supplier_name(supplier), n=units, m=measures)


def _lead(cycle: Cycle, missing: int) -> str:
    left = _("还差{n}格").format(n=missing) if missing else _("都填完了")
    if cycle.state != CycleState.COLLECTING:
        return _("{title}，{state}。").format(title=cycle.title, state=cycle.get_state_display())
    return _("{title}，{day}截止，{left}。").format(
        title=cycle.title, day=show_date(cycle.ends_on), left=left
    )


def _why_locked(cycle: Cycle, submission: Submission | None) -> str:
    if cycle.state != CycleState.COLLECTING:
        return _("现在是“{state}”，数据不能改。要改请质量办退回填报。").format(
            state=cycle.get_state_display()
        )
    if submission is not None and submission.state in LOCKED:
        return _("数据{state}，不能改。要改请质量办退回。").format(state=submission.get_state_display())
    return _("您只能看，不能改这张表。")


@requires("fact.view")
@require_POST
def store(request: HttpRequest, code: str) -> HttpResponse:
    """Save typed cells; answers JSON with what became of each."""
    cycle = reads.cycle_for(code=code)
    try:
        answer = cells_enter(cycle=cycle, entries=_entries(request), acting_user=request.user)
    except Problem as problem:
        if "json" not in request.headers.get("Accept", ""):
            return render_problem(request, problem)
        return JsonResponse({"problem": problem.text(_)}, status=problem.status)
    return JsonResponse(_answer(answer))


def _entries(request: HttpRequest) -> list[Entry]:
    try:
        rows = json.loads(request.body)["cells"]
        found = [Entry(str(r["m"]), str(r["u"]) or None, str(r["t"])[:500], int(r["r"])) for r in rows]
    except (ValueError, KeyError, TypeError):
        raise Problem(
            Code.INVALID_INPUT, place=_("填报表"), reason=_("读不懂送来的内容"), advice=_("请刷新页面")
        ) from None
    if len(found) > MOST_CELLS:
        raise Problem(
            Code.INVALID_INPUT, place=_("填报表"), reason=_("一次超过2000格"), advice=_("请用.xlsx上传")
        )
    return found


def _answer(answer: Answer) -> dict[str, Any]:
    def key(found: CellKey) -> dict[str, str]:
        return {"m": found[0], "u": found[1] or ""}

    return {
        "saved": [{**key(one.key), "t": one.text, "r": one.revision} for one in answer.saved],
        "refused": [
            {**key(one.key), "why": _(one.reason), "advice": _(one.advice)} for one in answer.refused
        ],
        "conflicts": [
            {**key(one.key), "t": one.text, "r": one.revision, "by": one.by} for one in answer.conflicts
        ],
        "at": f"{timezone.localtime():%H:%M:%S}",
    }
