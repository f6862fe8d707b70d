"""Planning a campaign (新建测评) and its classes of voters."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from assessment.models import BallotCampaign, Cycle, CycleState
from assessment.models.ballots import MINIMUM
from assessment.selectors import ballots as reads
from assessment.selectors import cycles as cycle_reads
from assessment.services.ballots import campaign_create, class_add, class_change, class_remove
from zhiheng.web.ballots.views import area_crumbs, campaign_href
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires

GRADE_LINE = re.compile(r"^(\S+?)(?:[\s,，:：]+(?:最多)?(\d+)个?)?$")
FALLBACK_GRADES = ("优秀", "合格", "不合格")


class MomentField(forms.DateTimeField):
    """Day and minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class CampaignForm(forms.Form):
    """A campaign."""

    cycle = forms.ChoiceField(
        label=gettext_lazy("考核年度"), help_text=gettext_lazy("票数计入这个年度的考核数据。")
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("测评哪些单位"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一组单位。")},
    )
    grades = forms.CharField(
        label=gettext_lazy("等次"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "从好到差一行一档。后面写数字表示一张票上最多选几个，如“优秀 4”。弃权也写成一档。"
        ),
    )
    classes = forms.CharField(
        label=gettext_lazy("投票人类别"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("一行一类，分开计票。名称和方案里的一样，票数会自动对应到数据项。"),
    )
    opens_at = MomentField(label=gettext_lazy("开始时间"))
    closes_at = MomentField(label=gettext_lazy("截止时间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = cycles_to_vote_in()
        groups = {code: title for cycle in found for code, title in reads.groups_of(cycle)}
        self.fields["cycle"].choices = [(cycle.code, cycle.title) for cycle in found]  # type: ignore[attr-defined]
        self.fields["groups"].choices = list(groups.items())  # type: ignore[attr-defined]

    def clean_grades(self) -> list[dict[str, Any]]:
        """Lines as label and quota."""
        lines = [line.strip() for line in self.cleaned_data["grades"].splitlines() if line.strip()]
        found = [GRADE_LINE.match(line) for line in lines]
        if wrong := [line for line, match in zip(lines, found, strict=True) if match is None]:
            raise forms.ValidationError(_("“{line}”看不懂。请写成“优秀”或“优秀 4”。").format(line=wrong[0]))
        return [{"label": m[1], "at_most": int(m[2]) if m[2] else None} for m in found if m]

    def clean_classes(self) -> list[str]:
        """Lines as titles, each once."""
        return list(
            dict.fromkeys(line.strip() for line in self.cleaned_data["classes"].splitlines() if line.strip())
        )


def cycles_to_vote_in() -> list[Cycle]:
    """Years that still take figures, newest first."""
    states = [CycleState.COLLECTING, CycleState.PLANNED]
    return list(Cycle.objects.select_related("version").filter(state__in=states))


@requires("ballot.manage")
class CreateCampaign(FormPage):
    """New campaign; grades and classes start as the scheme counts them."""

    form_class = CampaignForm
    heading: ClassVar[str] = gettext_noop("新建测评")
    lead: ClassVar[str] = gettext_noop(
        "建好后发投票码，再开始投票。开始以后，票样、类别和匿名方式都不能再变。"
    )
    submit_label: ClassVar[str] = gettext_noop("新建测评")
    done_message: ClassVar[str] = gettext_noop("测评已建好。核对类别和票样，然后发投票码。")

    @property
    def cancel_href(self) -> str:  # type: ignore[override]
        """Back to the list."""
        return reverse("ballots:list")

    def initial(self) -> dict[str, Any]:
        """From the newest year's scheme: the first panel that counts ballots, its grades and classes."""
        found = cycles_to_vote_in()
        if not found:
            return {"grades": "\n".join(FALLBACK_GRADES)}
        cycle, plans = found[0], reads.class_plans(found[0])
        labels = list(plans[0].measures) if plans else list(FALLBACK_GRADES)
        start = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        return {
            "cycle": cycle.code,
            "title": _("{year}年度民主测评").format(year=cycle.year),
            "groups": [code for code, _title in reads.groups_of(cycle)],
            "grades": "\n".join(labels),
            "classes": "\n".join(plan.title for plan in plans if list(plan.measures) == labels),
            "opens_at": start,
            "closes_at": start + timedelta(days=1),
        }

    def save(self, form: Any) -> str:
        """Create it."""
        data = form.cleaned_data
        cycle = cycle_reads.cycle_for(code=data.pop("cycle"))
        return campaign_href(campaign_create(cycle=cycle, acting_user=self.request.user, **data))

    def context(self) -> dict[str, Any]:
        """Crumbs; without a year there is nothing to vote on."""
        lead = (
            {} if cycles_to_vote_in() else {"lead": _("现在没有可以测评的年度。请先在“考核进度”里新建年度。")}
        )
        return {"crumbs": area_crumbs((_("新建测评"), "")), **lead}


class ClassForm(forms.Form):
    """A class of voters; one select per grade says where its ballots go."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    weight = forms.DecimalField(
        label=gettext_lazy("权重"),
        max_digits=7,
        decimal_places=4,
        help_text=gettext_lazy("只用于结果页的加权参考；得分按方案里的权重算。"),
    )
    minimum = forms.IntegerField(
        label=gettext_lazy("最少票数"),
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("不满这么多张就不计票、不显示，免得认出是谁投的。不能少于5。"),
    )

    def __init__(self, *args: Any, campaign: BallotCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("不计入考核数据")), *reads.count_measures(campaign.cycle)]
        for number, grade in enumerate(campaign.grades):
            label = _("“{label}”票计入").format(label=grade["label"])
            field = forms.ChoiceField(label=label, choices=choices, required=False)
            self.fields[f"measure-{number}"] = field

    def values(self, campaign: BallotCampaign) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        measures = {g["label"]: data.get(f"measure-{n}", "") for n, g in enumerate(campaign.grades)}
        return {key: data[key] for key in ("title", "weight", "minimum")} | {"measures": measures}


class _ClassPage(FormPage):
    """What adding and changing share."""

    form_class = ClassForm

    @property
    def campaign(self) -> BallotCampaign:
        """The campaign of the address."""
        return reads.campaign_for(pk=self.kwargs["pk"])

    def build_form(self, *args: Any, **kwargs: Any) -> Any:
        """With one select per grade."""
        return ClassForm(*args, campaign=self.campaign, **kwargs)

    def context(self) -> dict[str, Any]:
        """Crumbs and the way back."""
        here = campaign_href(self.campaign)
        return {
            "crumbs": area_crumbs((self.campaign.title, here), (_(self.heading), "")),
            "cancel_href": here,
        }


@requires("ballot.manage")
class AddClass(_ClassPage):
    """New class of voters."""

    heading: ClassVar[str] = gettext_noop("加投票人类别")
    submit_label: ClassVar[str] = gettext_noop("加上")

    def initial(self) -> dict[str, Any]:
        """Weight 1, minimum 5."""
        return {"weight": Decimal(1), "minimum": MINIMUM}

    def save(self, form: Any) -> str:
        """Add it."""
        class_add(campaign=self.campaign, acting_user=self.request.user, **form.values(self.campaign))
        return campaign_href(self.campaign)


@requires("ballot.manage")
class ChangeClass(_ClassPage):
    """Change a class before opening."""

    heading: ClassVar[str] = gettext_noop("改投票人类别")
    submit_label: ClassVar[str] = gettext_noop("保存")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])
        labels: Mapping[int, str] = {n: g["label"] for n, g in enumerate(one.campaign.grades)}
        measures = {f"measure-{n}": one.measures.get(label, "") for n, label in labels.items()}
        return {"title": one.title, "weight": one.weight.normalize(), "minimum": one.minimum, **measures}

    def save(self, form: Any) -> str:
        """Store it."""
        one = reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])
        class_change(rater_class=one, acting_user=self.request.user, **form.values(self.campaign))
        return campaign_href(self.campaign)


@requires("ballot.manage")
@require_POST
def remove_class(request: HttpRequest, pk: int, rater_class: int) -> HttpResponse:
    """Remove a class before opening."""
    one = reads.class_for(campaign=pk, pk=rater_class)
    class_remove(rater_class=one, acting_user=request.user)
    return HttpResponseRedirect(campaign_href(one.campaign))
