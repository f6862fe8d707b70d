"""Steps that change a year (流转与提交): transitions, ticking off, handing in, approving, returning."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from assessment.models import Cycle, Submission
from assessment.selectors import cycles as reads
from assessment.services.cycles import cycle_move, step_finish
from assessment.services.facts import submission_move
from assessment.transitions import transition_for
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web.cycles.lines import supplier_name
from zhiheng.web.cycles.views import area_crumbs, cycle_href
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires


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
