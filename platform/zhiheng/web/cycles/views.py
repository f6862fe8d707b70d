"""A year of assessment (考核进度): where it stands, who still owes figures, the next move, what happened."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import Cycle, CycleState
from assessment.selectors import cycles as reads
from assessment.selectors.facts import Completeness, completeness, completeness_matrix
from assessment.transitions import TRANSITIONS
from tenants.organisation.selectors.calendar import working_days_between
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import xlsx
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.cycles.lines import supplier_name, year_line
from zhiheng.web.cycles.matrix import matrix, supplier_heading
from zhiheng.web.guards import requires
from zhiheng.web.listing import Column, Empty, ListPage, Rows
from zhiheng.web.show import show_date

STATE_MEANING = {
    CycleState.PLANNED: "none",
    CycleState.COLLECTING: "info",
    CycleState.SCORING: "info",
    CycleState.NOTICE: "warn",
    CycleState.DECIDED: "info",
    CycleState.SEALED: "ok",
}
SUBMISSION_MEANING = {"open": "none", "submitted": "info", "returned": "returned", "approved": "ok"}


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 进度与催办."""
    return crumbs((_("考核进度"), reverse("cycles:list")), *steps)


def cycle_href(cycle: Cycle) -> str:
    """Page of a cycle."""
    return reverse("cycles:cycle", args=[cycle.code])


@requires("cycle.view")
class CycleList(ListPage):
    """All years."""

    heading: ClassVar[str] = gettext_noop("考核进度")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("考核"), "title", href=cycle_href, head=True, sort="year"),
        Column("scheme", gettext_noop("方案"), "version.scheme.title", on_phone=False),
        Column("state", gettext_noop("状态"), "get_state_display", cell="web/cycles/state_cell.html"),
        Column("approved", gettext_noop("已复核"), lambda c: f"{c.approved}/{c.suppliers}", align="r"),
        Column("starts", gettext_noop("开始"), "starts_on", sort="starts_on", on_phone=False),
        Column("ends", gettext_noop("结束"), "ends_on", sort="ends_on", on_phone=False),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有考核年度"),
        gettext_noop("方案发布后新建一个年度：填报、计分、公示、封存的每一步都在它的页面上。"),
        icon="calendar-event",
    )

    def rows(self) -> Rows:
        """All cycles."""
        return reads.cycles()

    def context(self) -> dict[str, Any]:
        """Crumbs and the first action."""
        user: Any = self.request.user
        new = {"label": _("新建年度"), "href": reverse("cycles:create"), "icon": "plus", "primary": True}
        return {"crumbs": area_crumbs(), "actions": [new] if user.can("cycle.run") else []}


@requires("cycle.view")
@require_safe
def cycle_page(request: HttpRequest, code: str) -> HttpResponse:
    """One year: line, moves, suppliers, matrix, steps of the process, history."""
    cycle = reads.cycle_for(code=code)
    user: Any = request.user
    suppliers = completeness(cycle)
    sees_facts = user.can("fact.view") and user.units_where("fact.view") is None
    context = {
        "heading": _heading(cycle, suppliers),
        "lead": _lead(cycle),
        "crumbs": area_crumbs((cycle.title, "")),
        "cycle": cycle,
        "meaning": STATE_MEANING[CycleState(cycle.state)],
        "line": year_line(cycle, suppliers, link=False),
        "moves": reads.moves(cycle, user),
        "suppliers": [
            _supplier(request, cycle, one) for one in _by_need(suppliers) if one.expected or one.submission
        ],
        "suppliers_heading": supplier_heading(suppliers),
        "matrix": matrix(cycle, request.GET.get("type", "")) if sees_facts else None,
        "sees_facts": sees_facts,
        "steps": cycle.steps.all(),
        "due": {
            s["code"]: s.get("due", "") for s in cycle.version.document.get("process", []) if "code" in s
        },
        "may_run": user.can("cycle.run"),
        "history": history_lines(cycle) if user.can("fact.view") else [],
        "notice": cycle.notices.first(),
    }
    return render(request, "web/cycles/cycle.html", context)


def _heading(cycle: Cycle, suppliers: Sequence[Completeness]) -> str:
    if cycle.state != CycleState.COLLECTING:
        return _("{title}：{state}").format(title=cycle.title, state=cycle.get_state_display())
    late = sum(s.filled < s.expected for s in suppliers)
    if late:
        return _("{title}：{n}个部门没填完").format(title=cycle.title, n=late)
    return _("{title}：数据都填完了").format(title=cycle.title)


def _lead(cycle: Cycle) -> str:
    today = timezone.localdate()
    text = _("考核期{a}—{b}。").format(a=show_date(cycle.starts_on), b=show_date(cycle.ends_on))
    if cycle.state == CycleState.COLLECTING and today <= cycle.ends_on:
        text += _("离结束还有{n}个工作日。").format(n=working_days_between(today, cycle.ends_on))
    return text


def _by_need(suppliers: Sequence[Completeness]) -> list[Completeness]:
    """Those with the largest gaps first, the finished ones last."""
    return sorted(suppliers, key=lambda s: (s.filled - s.expected, s.supplier))


def _supplier(request: HttpRequest, cycle: Cycle, one: Completeness) -> dict[str, Any]:
    user: Any = request.user
    state = one.submission.state if one.submission else "open"
    percent = 100 * one.filled // one.expected if one.expected else 100
    return {
        "name": supplier_name(one.supplier),
        "code": one.supplier,
        "filled": one.filled,
        "expected": one.expected,
        "percent": percent,
        "submission": one.submission,
        "state": one.submission.get_state_display() if one.submission else _("填报中"),
        "meaning": SUBMISSION_MEANING[state],
        "may_approve": user.can("fact.approve") and state == "submitted",
        "may_return": user.can("fact.approve")
        and state in {"submitted", "approved"}
        and cycle.state == CycleState.COLLECTING,
    }


ACTIONS = {f"cycle.{one.action}": one.title for one in TRANSITIONS} | {
    "cycle.create": gettext_noop("新建年度"),
    "cycle.step_done": gettext_noop("完成步骤"),
}


def history_lines(cycle: Cycle) -> list[dict[str, Any]]:
    """What happened, in words."""
    return [
        {
            "at": entry.at,
            "who": entry.actor_name,
            "what": _(ACTIONS.get(entry.action, entry.action)),
            "reason": entry.data.get("reason", ""),
        }
        for entry in reads.history(cycle)[:20]
    ]


@requires("fact.view")
@require_safe
def matrix_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """Completeness of every unit at every supplier as .xlsx."""
    user: Any = request.user
    cycle = reads.cycle_for(code=code)
    if user.units_where("fact.view") is not None:
        raise Problem(Code.PERMISSION_DENIED)
    names, rows = completeness_matrix(cycle)
    return xlsx.table_response(
        filename=_("{title}_完整性.xlsx").format(title=cycle.title),
        title=_("完整性"),
        headers=[_("单位"), *(supplier_name(name) for name in names)],
        rows=([unit.name, *(f"{a}/{b}" if b else "—" for a, b in cells)] for unit, cells in rows),
    )
