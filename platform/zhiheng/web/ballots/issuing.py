"""Giving out codes (发投票码): to people by staff number or as cards for a hall; shown once, as cards or as a table."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache

from assessment.models import RaterClass
from assessment.selectors import ballots as reads
from assessment.services.ballots import IssuedCode, cards_void, credentials_issue
from tenants.organisation.models import Person
from zhiheng.kernel.errors import Problem
from zhiheng.web import xlsx
from zhiheng.web.ballots.views import area_crumbs, campaign_href
from zhiheng.web.formpage import FormPage, add_problem
from zhiheng.web.guards import requires


class IssueForm(forms.Form):
    """For whom, and in which form."""

    people = forms.CharField(
        label=gettext_lazy("发给个人：工号"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=gettext_lazy("一行一个，或从表格里整列粘贴。没用过的旧码会作废，已投过的人不再发。"),
    )
    cards = forms.IntegerField(
        label=gettext_lazy("现场卡片：张数"),
        min_value=1,
        max_value=3000,
        required=False,
        help_text=gettext_lazy("不记名，当场随机领取。发剩的可以作废。"),
    )
    output = forms.ChoiceField(
        label=gettext_lazy("要什么样的"),
        choices=[
            ("cards", gettext_lazy("可打印的二维码卡片")),
            ("table", gettext_lazy("带链接的表格（.xlsx），用来群发消息")),
        ],
        widget=forms.RadioSelect,
        initial="cards",
    )

    def clean_people(self) -> list[Person]:
        """Staff numbers as people, each once."""
        numbers = list(dict.fromkeys(re.findall(r"[^\s,，;；、]+", self.cleaned_data["people"])))
        found = {person.staff_number: person for person in Person.objects.filter(staff_number__in=numbers)}
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(
                _("没有这些工号：{names}。请核对后再发。").format(names="、".join(unknown[:10]))
            )
        return [found[number] for number in numbers]


@requires("ballot.manage")
@method_decorator(never_cache, name="dispatch")
class IssueCodes(FormPage):
    """Codes of one class; the answer to the form is the sheet itself, because the codes are kept nowhere."""

    form_class = IssueForm
    heading: ClassVar[str] = gettext_noop("发投票码")
    submit_label: ClassVar[str] = gettext_noop("生成投票码")

    @property
    def rater_class(self) -> RaterClass:
        """The class of the address."""
        return reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])

    def initial(self) -> dict[str, Any]:
        """Cards."""
        return {"output": "cards"}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Issue and show; errors as on every form."""
        del args, kwargs
        form = self.build_form(request.POST, initial=self.initial())
        if not form.is_valid():
            return self.show(request, form, status=422)
        one, data = self.rater_class, form.cleaned_data
        try:
            codes = credentials_issue(
                rater_class=one, people=data["people"], cards=data["cards"] or 0, acting_user=request.user
            )
        except Problem as problem:
            add_problem(form, problem)
            return self.show(request, form, status=problem.status)
        return (_table if data["output"] == "table" else _sheet)(request, one, codes)

    def context(self) -> dict[str, Any]:
        """Crumbs, and the one thing to know."""
        one = self.rater_class
        here = campaign_href(one.campaign)
        return {
            "heading": _("给“{name}”发投票码").format(name=one.title),
            "lead": _("投票码只在生成时出现这一次，系统只存它的指纹。请当场打印或下载，丢了就重发。"),
            "cancel_href": here,
            "crumbs": area_crumbs((one.campaign.title, here), (_("发投票码"), "")),
        }


def _address(request: HttpRequest, code: IssuedCode) -> str:
    return request.build_absolute_uri(reverse("vote:ballot", args=[code.token]))


def qr_code(text: str) -> SafeString:
    """The QR code as SVG, black on white with its quiet zone, sized by the style sheet."""
    drawing: str = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=2, light="white", svgclass=None, lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 - segno draws it from our own address


def _sheet(request: HttpRequest, one: RaterClass, codes: Sequence[IssuedCode]) -> HttpResponse:
    cards = [
        {
            "name": code.person.name if code.person else "",
            "qr": qr_code(_address(request, code)),
            "code": " ".join(code.token[place : place + 4] for place in range(0, len(code.token), 4)),
        }
        for code in codes
    ]
    context = {
        "campaign": one.campaign,
        "rater_class": one,
        "cards": cards,
        "enter": request.get_host() + reverse("vote:enter"),
    }
    return render(request, "web/ballots/sheet.html", context)


def _table(request: HttpRequest, one: RaterClass, codes: Sequence[IssuedCode]) -> HttpResponse:
    rows = [
        (
            code.person.staff_number if code.person else "",
            code.person.name if code.person else "",
            _address(request, code),
        )
        for code in codes
    ]
    return xlsx.table_response(
        filename=_("{title}_{name}_投票码.xlsx").format(title=one.campaign.title, name=one.title),
        title=_("投票码"),
        headers=[_("工号"), _("姓名"), _("投票链接")],
        rows=rows,
    )


@requires("ballot.manage")
class VoidCards(FormPage):
    """Kill the unused cards of a class, after saying what that means."""

    heading: ClassVar[str] = gettext_noop("作废剩下的卡片")
    lead: ClassVar[str] = gettext_noop(
        "没用过的现场卡片全部作废，拿着卡还没投的人不能再投。发给个人的投票码不受影响。"
    )
    submit_label: ClassVar[str] = gettext_noop("作废剩卡")

    def save(self, form: Any) -> str:
        """Do it."""
        del form
        one = reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])
        number = cards_void(rater_class=one, acting_user=self.request.user)
        messages.success(self.request, _("已作废{n}张没用过的卡片。").format(n=number))
        return campaign_href(one.campaign)

    def context(self) -> dict[str, Any]:
        """Crumbs and the way back."""
        one = reads.class_for(campaign=self.kwargs["pk"], pk=self.kwargs["rater_class"])
        here = campaign_href(one.campaign)
        return {"cancel_href": here, "crumbs": area_crumbs((one.campaign.title, here), (_(self.heading), ""))}
