"""Decisions of the leading group (领导小组决定): recorded beside the scores with reason and date, never typed over them."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import Cycle, CycleState, Decision, DecisionKind
from assessment.selectors import results
from assessment.selectors.cycles import cycle_for
from assessment.selectors.facts import assessed_units
from assessment.selectors.schemes import model_of
from assessment.services.facts import decision_record, decision_withdraw
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import xlsx
from zhiheng.web.cycles.moves import ReasonForm
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.results.scope import area_crumbs, grade_looks, tabs

Choices = list[tuple[str, str]]


def subjects(cycle: Cycle) -> Choices:
    """What can be decided under the scheme: each gate that takes a decision, each grade."""
    gates = [one for one in model_of(cycle.version).by_role("gate") if one.params.get("decision")]
    found = [(f"{DecisionKind.VETO}:{one.code}", one.title) for one in gates]
    found += [
        (f"{DecisionKind.GRADE}:{grade}", _("等次定为“{grade}”").format(grade=grade))
        for grade in grade_looks(cycle.version)
    ]
    return found


def subject_words(cycle: Cycle, decision: Decision) -> str:
    """What was decided, in words."""
    value = decision.data.get("gate") or decision.data.get("grade") or ""
    return dict(subjects(cycle)).get(f"{decision.kind}:{value}", f"{decision.get_kind_display()} {value}")


@requires("result.view")
@require_safe
def decision_list(request: HttpRequest, code: str) -> HttpResponse:
    """All decisions of a year."""
    cycle = cycle_for(code=code)
    user: Any = request.user
    rows = [(one, subject_words(cycle, one)) for one in results.decisions(cycle)]
    if request.GET.get("format") == "xlsx":
        return _workbook(cycle, rows)
    standing = sum(one.withdrawn_at is None for one, _words in rows)
    may_record = user.can("result.review") and cycle.state != CycleState.SEALED
    context = {
        "heading": _("{n}项决定在起作用").format(n=standing) if standing else _("还没有要执行的决定"),
        "lead": _("决定只记在得分旁边，下一次计分按它执行；得分本身谁也不能改。"),
        "crumbs": area_crumbs(cycle, (_("决定"), "")),
        "tabs": tabs(request, cycle, "decisions"),
        "cycle": cycle,
        "rows": rows,
        "may_record": may_record,
    }
    return render(request, "web/results/decisions.html", context)


def _workbook(cycle: Cycle, rows: list[tuple[Decision, str]]) -> HttpResponse:
    return xlsx.table_response(
        filename=_("{title}_决定.xlsx").format(title=cycle.title),
        title=_("决定"),
        headers=[_("单位"), _("决定"), _("理由"), _("决定机构"), _("日期"), _("记录人"), _("撤销时间")],
        rows=(
            (
                str(d.unit or _("全校")),
                words,
                d.reason,
                d.decided_by,
                d.decided_on,
                str(d.recorded_by or ""),
                d.withdrawn_at,
            )
            for d, words in rows
        ),
    )


class DecisionForm(forms.Form):
    """One decision about one unit."""

    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    subject = forms.ChoiceField(label=gettext_lazy("决定什么"))
    decided_by = forms.CharField(
        label=gettext_lazy("决定机构"), max_length=200, help_text=gettext_lazy("例如“考核领导小组”“党委会”。")
    )
    decided_on = forms.DateField(
        label=gettext_lazy("决定日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写明查实的事实和依据的条款，会出现在单位的得分说明里。"),
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(u.code, u.name) for u in assessed_units(cycle)]  # type: ignore[attr-defined]
        self.fields["subject"].choices = subjects(cycle)  # type: ignore[attr-defined]


def list_href(code: str) -> str:
    """The list of a year's decisions."""
    return reverse("results:decisions", args=[code])


@requires("result.review")
class RecordDecision(FormPage):
    """Record one."""

    heading: ClassVar[str] = gettext_noop("记录一项决定")
    lead: ClassVar[str] = gettext_noop("记下之后重新计分才会反映到等次上。")
    submit_label: ClassVar[str] = gettext_noop("记录这项决定")
    done_message: ClassVar[str] = gettext_noop("已记录。下一次计分按它执行。")

    def build_form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """With the units and rules of the cycle."""
        return DecisionForm(*args, cycle=cycle_for(code=self.kwargs["code"]), **kwargs)

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"decided_on": timezone.localdate()}

    def save(self, form: Any) -> str:
        """Record it."""
        cycle, data = cycle_for(code=self.kwargs["code"]), form.cleaned_data
        kind, _colon, value = data["subject"].partition(":")
        decision_record(
            cycle=cycle,
            kind=kind,
            unit=next(unit for unit in assessed_units(cycle) if unit.code == data["unit"]),
            data={"gate" if kind == DecisionKind.VETO else "grade": value},
            reason=data["reason"],
            decided_by=data["decided_by"],
            decided_on=data["decided_on"],
            acting_user=self.request.user,
        )
        return list_href(cycle.code)

    def context(self) -> dict[str, Any]:
        """Crumbs."""
        cycle = cycle_for(code=self.kwargs["code"])
        back = list_href(cycle.code)
        return {"cancel_href": back, "crumbs": area_crumbs(cycle, (_("决定"), back), (_("记录"), ""))}


@requires("result.review")
class WithdrawDecision(FormPage):
    """Take one back with a reason."""

    form_class = ReasonForm
    heading: ClassVar[str] = gettext_noop("撤销一项决定")
    lead: ClassVar[str] = gettext_noop("撤销后仍留有记录，下一次计分不再按它执行。")
    submit_label: ClassVar[str] = gettext_noop("撤销这项决定")
    done_message: ClassVar[str] = gettext_noop("已撤销。下一次计分不再按它执行。")

    @property
    def decision(self) -> Decision:
        """The decision in the address, or NOT_FOUND."""
        found = results.decisions(cycle_for(code=self.kwargs["code"])).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return found

    def save(self, form: Any) -> str:
        """Withdraw it."""
        decision_withdraw(
            decision=self.decision, reason=form.cleaned_data["reason"], acting_user=self.request.user
        )
        return list_href(self.kwargs["code"])

    def context(self) -> dict[str, Any]:
        """Which one."""
        decision, back = self.decision, list_href(self.kwargs["code"])
        words = subject_words(decision.cycle, decision)
        return {
            "heading": _("撤销：{unit}，{what}").format(unit=decision.unit or _("全校"), what=words),
            "cancel_href": back,
            "crumbs": area_crumbs(decision.cycle, (_("决定"), back), (_("撤销"), "")),
        }
