"""A year of assessment (考核进度): where it stands, who still owes figures, the next move, what happened."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from assessment.models import Cycle, CycleState, Submission
from assessment.selectors import cycles as reads
from assessment.selectors.facts import Completeness, completeness, completeness_matrix
from assessment.services.cycles import cycle_move, step_finish
from assessment.services.facts import submission_move
from assessment.transitions import TRANSITIONS, transition_for
from tenants.organisation.selectors.calendar import working_days_between
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import xlsx
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.cycles.lines import supplier_name, year_line
from zhiheng.web.cycles.matrix import matrix, supplier_heading
from zhiheng.web.formpage import FormPage
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


# Moves --------------------------------------------------------------------------------------------------------------


class ReasonForm(forms.Form):
    """One sentence that is kept in the history."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": gettext_lazy("请写一句话说明理由。")},
    )


CONSEQUENCES = {
    "open": gettext_noop("启动后各部门就能填数据。"),
    "close": gettext_noop("结束后不能再改数据，要改得先退回填报并写明理由。"),
    "reopen": gettext_noop("退回后各部门又能改数据，已有的计分结果不再是最后结果。"),
    "notice": gettext_noop("开始后全校都能看到最近一次正式计分的得分和等次。"),
    "withdraw": gettext_noop("撤回后全校看不到结果，再公示要重新计天数。"),
    "decide": gettext_noop("审定后结果不再接受异议，等待封存。"),
    "seal": gettext_noop("封存后结果不能改，更正只能另出一版并写明理由。"),
    "correct": gettext_noop("更正会回到计分审核，重新计分、公示后封存新的一版，旧版保留。"),
}


@requires("cycle.view")
class MoveCycle(FormPage):
    """One transition: says what it does, asks for a reason where one is needed."""

    template_name = "web/cycles/move.html"

    @property
    def cycle(self) -> Cycle:
        """The cycle in the address."""
        return reads.cycle_for(code=self.kwargs["code"])

    def build_form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """With or without reason."""
        step = transition_for(self.cycle.state, self.kwargs["action"], what=self.cycle.title)
        return ReasonForm(*args, **kwargs) if step.needs_reason else forms.Form(*args, **kwargs)

    def save(self, form: Any) -> str:
        """Do it."""
        reason = form.cleaned_data.get("reason", "")
        moved = cycle_move(
            cycle=self.cycle, action=self.kwargs["action"], acting_user=self.request.user, reason=reason
        )
        messages.success(
            self.request,
            _("{title}现在是“{state}”。").format(title=moved.title, state=moved.get_state_display()),
        )
        return cycle_href(moved)

    def context(self) -> dict[str, Any]:
        """What will happen, and what is still missing."""
        cycle, user = self.cycle, self.request.user
        step = transition_for(cycle.state, self.kwargs["action"], what=cycle.title)
        if not user.can(step.permission):  # type: ignore[union-attr]
            raise Problem(Code.PERMISSION_DENIED)
        blocked = next((m.blocked for m in reads.moves(cycle, user) if m.transition == step), "")
        return {
            "heading": _("{action}：{title}").format(action=_(step.title), title=cycle.title),
            "lead": _(CONSEQUENCES.get(step.action, "")),
            "submit_label": _(step.title),
            "cancel_href": cycle_href(cycle),
            "blocked": blocked,
            "crumbs": area_crumbs((cycle.title, cycle_href(cycle)), (_(step.title), "")),
        }


@requires("cycle.run")
@require_POST
def step_done(request: HttpRequest, code: str, step: int) -> HttpResponse:
    """Tick off one step of the process."""
    cycle = reads.cycle_for(code=code)
    found = cycle.steps.filter(pk=step).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    step_finish(step=found, acting_user=request.user)
    messages.success(request, _("已记下：{title}完成。").format(title=found.title))
    return HttpResponseRedirect(f"{cycle_href(cycle)}#steps")


def submission_for(code: str, pk: int) -> Submission:
    """One supplier's submission of a cycle, or NOT_FOUND."""
    found = reads.cycle_for(code=code).submissions.filter(pk=pk).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


@requires("fact.view")
@require_POST
def submission_go(request: HttpRequest, code: str, pk: int, to: str) -> HttpResponse:
    """Hand in or approve one supplier's figures; back to where the button stood."""
    found = submission_for(code, pk)
    if to not in {"submitted", "approved"}:
        raise Problem(Code.NOT_FOUND)
    moved = submission_move(submission=found, to=to, acting_user=request.user)
    messages.success(
        request,
        _("{name}的数据{state}。").format(
            name=supplier_name(moved.supplier), state=moved.get_state_display()
        ),
    )
    grid = request.POST.get("back") == "grid"
    target = (
        reverse("facts:grid", args=[code]) + f"?supplier={moved.supplier}"
        if grid
        else reverse("cycles:cycle", args=[code])
    )
    return HttpResponseRedirect(target)


@requires("fact.approve")
class ReturnSubmission(FormPage):
    """Give figures back to their supplier with a reason."""

    form_class = ReasonForm
    heading: ClassVar[str] = gettext_noop("退回数据")
    lead: ClassVar[str] = gettext_noop("退回后对方可以改，改完再提交；理由会显示在对方的填报页上。")
    submit_label: ClassVar[str] = gettext_noop("退回并通知")

    def save(self, form: Any) -> str:
        """Return it."""
        found = submission_for(self.kwargs["code"], self.kwargs["pk"])
        submission_move(
            submission=found, to="returned", acting_user=self.request.user, reason=form.cleaned_data["reason"]
        )
        messages.success(self.request, _("已退回{name}的数据。").format(name=supplier_name(found.supplier)))
        return reverse("cycles:cycle", args=[self.kwargs["code"]])

    def context(self) -> dict[str, Any]:
        """Whose figures."""
        found = submission_for(self.kwargs["code"], self.kwargs["pk"])
        name = supplier_name(found.supplier)
        here = reverse("cycles:cycle", args=[self.kwargs["code"]])
        return {
            "heading": _("退回{name}的数据").format(name=name),
            "cancel_href": here,
            "crumbs": area_crumbs((found.cycle.title, here), (_("退回"), "")),
        }
