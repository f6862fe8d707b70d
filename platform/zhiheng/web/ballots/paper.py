"""Paper ballots (线下票): typed in by one person, confirmed by another, returned with a reason."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from assessment.models import RaterClass
from assessment.selectors import ballots as reads
from assessment.services.counting import paper_confirm, paper_enter, paper_return
from zhiheng.web.ballots.views import area_crumbs, campaign_href
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class PaperForm(forms.Form):
    """One box: its name, how many ballots, and a number for every unit and grade."""

    label = forms.CharField(label=gettext_lazy("票箱"), max_length=60, initial=gettext_lazy("一号票箱"))
    ballots = forms.IntegerField(
        label=gettext_lazy("有效票"), min_value=1, widget=forms.NumberInput(attrs=NUMBER)
    )
    invalid = forms.IntegerField(
        label=gettext_lazy("废票"), min_value=0, required=False, widget=forms.NumberInput(attrs=NUMBER)
    )

    def __init__(self, *args: Any, rater_class: RaterClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaign = rater_class.campaign
        self.labels = [grade["label"] for grade in campaign.grades]
        self.units = reads.units_of(campaign)
        for row, unit in enumerate(self.units):
            for column, grade in enumerate(self.labels):
                name = f"{unit['name']} {grade}"
                widget = forms.NumberInput(
                    attrs={**NUMBER, "aria-label": name, "class": "form-control zh-in-num"}
                )
                field = forms.IntegerField(label=name, min_value=0, required=False, widget=widget)
                self.fields[f"n-{row}-{column}"] = field

    @property
    def head(self) -> list[Any]:
        """The fields above the table."""
        return [self[name] for name in ("label", "ballots", "invalid")]

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """The table: name of the unit and its fields."""
        cells = range(len(self.labels))
        return [(u["name"], [self[f"n-{row}-{cell}"] for cell in cells]) for row, u in enumerate(self.units)]

    def counts(self) -> dict[str, dict[str, int]]:
        """What the service takes; an empty cell of a paper count is a nought."""
        data = self.cleaned_data
        return {
            unit["code"]: {label: data.get(f"n-{row}-{cell}") or 0 for cell, label in enumerate(self.labels)}
            for row, unit in enumerate(self.units)
        }


@requires("ballot.manage")
class EnterPaper(FormPage):
    """Type in one box of paper ballots."""

    template_name = "web/ballots/paper_form.html"
    form_class = PaperForm
    heading: ClassVar[str] = gettext_noop("录线下票")
    submit_label: ClassVar[str] = gettext_noop("存好，等人复核")
    done_message: ClassVar[str] = gettext_noop("已存好。请另一位同事对着原票复核，复核后才计入。")

    @property
    def rater_class(self) -> RaterClass:
        """The class of the address."""
        return reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])

    def initial(self) -> dict[str, Any]:
        """Nothing invalid."""
        return {"label": _("一号票箱"), "invalid": 0}

    def build_form(self, *args: Any, **kwargs: Any) -> Any:
        """With a number for every unit and grade."""
        return PaperForm(*args, rater_class=self.rater_class, **kwargs)

    def save(self, form: Any) -> str:
        """Store it."""
        data, one = form.cleaned_data, self.rater_class
        paper_enter(
            rater_class=one, label=data["label"], ballots=data["ballots"], invalid=data["invalid"] or 0,
            counts=form.counts(), acting_user=self.request.user,
        )  # fmt: skip
        return campaign_href(one.campaign)

    def context(self) -> dict[str, Any]:
        """Crumbs and the way back."""
        one = self.rater_class
        here = campaign_href(one.campaign)
        return {
            "heading": _("录“{name}”的线下票").format(name=one.title),
            "lead": _("每个单位各档加起来要等于有效票。已经领了投票码又投纸票的人，请先收回卡片。"),
            "cancel_href": here,
            "crumbs": area_crumbs((one.campaign.title, here), (_("录线下票"), "")),
        }


@requires("ballot.manage")
@require_POST
def confirm_paper(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """Second person: the numbers agree with the paper."""
    found = reads.paper_for(campaign=pk, pk=paper)
    paper_confirm(paper=found, acting_user=request.user)
    messages.success(request, _("已复核{name}，共{n}张票。").format(name=found.label, n=found.ballots))
    return HttpResponseRedirect(reverse("ballots:campaign", args=[pk]))


class ReturnForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("哪里不对"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


@requires("ballot.manage")
class ReturnPaper(FormPage):
    """Throw out a box that was typed in wrongly."""

    form_class = ReturnForm
    heading: ClassVar[str] = gettext_noop("退掉这一份")
    lead: ClassVar[str] = gettext_noop("退掉后重新录。理由记入审计记录。")
    submit_label: ClassVar[str] = gettext_noop("退掉")
    done_message: ClassVar[str] = gettext_noop("已退掉，可以重新录。")

    def save(self, form: Any) -> str:
        """Do it."""
        found = reads.paper_for(campaign=self.kwargs["pk"], pk=self.kwargs["paper"])
        paper_return(paper=found, reason=form.cleaned_data["reason"], acting_user=self.request.user)
        return campaign_href(found.rater_class.campaign)

    def context(self) -> dict[str, Any]:
        """Which box."""
        found = reads.paper_for(campaign=self.kwargs["pk"], pk=self.kwargs["paper"])
        campaign = found.rater_class.campaign
        here = campaign_href(campaign)
        return {
            "heading": _("退掉{name}").format(name=found),
            "cancel_href": here,
            "crumbs": area_crumbs((campaign.title, here), (_("退掉"), "")),
        }
