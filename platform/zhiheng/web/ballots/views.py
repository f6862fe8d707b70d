"""The organiser's pages (组织测评): all campaigns, one campaign with live turnout, the moves, who has voted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import BallotCampaign, BallotParticipation, BallotState
from assessment.selectors import ballots as reads
from assessment.services.ballots import campaign_close, campaign_open, campaign_prolong
from assessment.services.counting import ballots_count
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web.ballots.figures import result_tables
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.listing import Column, Empty, Filter, ListPage, Rows
from zhiheng.web.show import show_date

STATE_MEANING = {
    BallotState.DRAFT: "none",
    BallotState.OPEN: "info",
    BallotState.CLOSED: "warn",
    BallotState.COUNTED: "ok",
}


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 民主测评."""
    return crumbs((_("民主测评"), reverse("ballots:list")), *steps)


def campaign_href(campaign: BallotCampaign) -> str:
    """Address of a campaign."""
    return reverse("ballots:campaign", args=[campaign.pk])


@requires("ballot.manage")
class CampaignList(ListPage):
    """All campaigns, newest first."""

    heading: ClassVar[str] = gettext_noop("民主测评")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("测评"), "title", href=campaign_href, head=True),
        Column("cycle", gettext_noop("考核年度"), "cycle.title", on_phone=False),
        Column("state", gettext_noop("状态"), "get_state_display", cell="web/ballots/state_cell.html"),
        Column("used", gettext_noop("已投/发出"), lambda c: f"{c.used}/{c.issued}", align="r"),
        Column("opens", gettext_noop("开始"), "opens_at", sort="opens_at", on_phone=False),
        Column("closes", gettext_noop("截止"), "closes_at", sort="closes_at", on_phone=False),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有测评"),
        gettext_noop("新建一场测评，把投票码发给投票人，他们用手机匿名投票；截止后票数自动计入考核数据。"),
        icon="checkbox",
        action_label=gettext_noop("新建测评"),
        action_href="new/",
    )

    def rows(self) -> Rows:
        """All campaigns."""
        return reads.campaigns()

    def context(self) -> dict[str, Any]:
        """Crumbs and the first action."""
        new = {"label": _("新建测评"), "href": reverse("ballots:create"), "icon": "plus", "primary": True}
        return {"crumbs": area_crumbs(), "actions": [new]}


@requires("ballot.manage")
@require_safe
def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: what to do next, turnout, paper ballots, results once they may be seen, the ballot itself."""
    campaign = reads.campaign_for(pk=pk)
    counted = campaign.state == BallotState.COUNTED
    context = {
        **_turnout(campaign),
        "heading": _("{title}：{state}").format(title=campaign.title, state=campaign.get_state_display()),
        "lead": _lead(campaign),
        "crumbs": area_crumbs((campaign.title, "")),
        "units": reads.units_of(campaign),
        "moves": [MOVES[name] for name in NEXT[BallotState(campaign.state)]],
        "papers": reads.papers_of(campaign),
        "may_enter_paper": campaign.state in {BallotState.OPEN, BallotState.CLOSED},
        "results": result_tables(campaign) if counted else [],
        "invited": reads.participations(campaign).count(),
    }
    return render(request, "web/ballots/campaign.html", context)


def _lead(campaign: BallotCampaign) -> str:
    a, b = (
        f"{show_date(localtime(t).date())}{localtime(t):%H:%M}"
        for t in (campaign.opens_at, campaign.closes_at)
    )
    return _("{cycle}，{a}至{b}。").format(cycle=campaign.cycle.title, a=a, b=b)


@requires("ballot.manage")
@require_safe
def turnout_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part; htmx asks for it every five seconds while voting goes on."""
    return render(request, "web/ballots/turnout.html", _turnout(reads.campaign_for(pk=pk)))


def _turnout(campaign: BallotCampaign) -> dict[str, Any]:
    lines = reads.turnout(campaign)
    return {
        "campaign": campaign,
        "lines": lines,
        "used": sum(line.used for line in lines),
        "issued": sum(line.issued for line in lines),
        "live": campaign.state == BallotState.OPEN,
        "draft": campaign.state == BallotState.DRAFT,
        "may_issue": campaign.state in {BallotState.DRAFT, BallotState.OPEN},
    }


# Who has voted ----------------------------------------------------------------------------------------------------------


def _hour(entry: BallotParticipation) -> str | None:
    at = entry.voted_hour
    return (
        _("{day}{hour}时").format(day=show_date(localtime(at).date()), hour=localtime(at).hour)
        if at
        else None
    )


@requires("ballot.manage")
class People(ListPage):
    """The ledger: who is invited and has voted, to the hour; for reminders."""

    heading: ClassVar[str] = gettext_noop("参与登记")
    columns: ClassVar[Sequence[Column]] = (
        Column("number", gettext_noop("工号"), "person.staff_number", sort="person__staff_number"),
        Column("name", gettext_noop("姓名"), "person.name", sort="person__sort_key", head=True),
        Column("class", gettext_noop("类别"), "credential.rater_class.title", on_phone=False),
        Column("voted", gettext_noop("投票的钟点"), _hour),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "voted",
            gettext_noop("参与情况"),
            lambda rows, value: rows.filter(voted_hour__isnull=value == "no"),
            choices=lambda _request: [("yes", _("已投")), ("no", _("未投"))],
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("没有按姓名发过投票码"),
        gettext_noop("发给个人的投票码会列在这里，可以看到谁还没投；现场卡片不记名，不在这里。"),
        icon="users",
    )

    def rows(self) -> Rows:
        """The ledger of this campaign."""
        return reads.participations(reads.campaign_for(pk=self.kwargs["pk"]))

    def context(self) -> dict[str, Any]:
        """Crumbs, and what this list cannot say."""
        campaign = reads.campaign_for(pk=self.kwargs["pk"])
        lead = _("只记谁投过票、在哪个钟点，不记投了什么；两边没有任何可以对上的编号或时间。")
        return {
            "lead": lead,
            "crumbs": area_crumbs((campaign.title, campaign_href(campaign)), (_("参与登记"), "")),
        }


# Moves --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One button of a campaign with the words of its page."""

    code: str
    title: str
    icon: str
    lead: str
    done: str
    run: Callable[..., Any]


MOVES = {
    move.code: move
    for move in (
        Move(
            "open", gettext_noop("开始投票"), "player-play",
            gettext_noop("开始以后，单位、等次、类别、最少票数和匿名方式都不能再变。"),
            gettext_noop("投票已开始。"), campaign_open,
        ),
        Move(
            "close", gettext_noop("截止投票"), "player-stop",
            gettext_noop("截止后不再收票；还没投的人打开页面会看到“投票已经截止”。计票前还可以延长。"),
            gettext_noop("已截止。线下票录完、复核完就可以计票。"), campaign_close,
        ),
        Move(
            "count", gettext_noop("计票"), "sort-descending",
            gettext_noop("计票只做一次。各类、各单位、各等次的票数计入考核数据，之后不能再延长或补录。"),
            gettext_noop("已计票，票数已计入考核数据。"), ballots_count,
        ),
    )
}  # fmt: skip
NEXT = {
    BallotState.DRAFT: ("open",),
    BallotState.OPEN: ("close",),
    BallotState.CLOSED: ("count",),
    BallotState.COUNTED: (),
}


@requires("ballot.manage")
class MoveCampaign(FormPage):
    """Open, close, count: says what will be fixed, then does it."""

    def context(self) -> dict[str, Any]:
        """Words of this move."""
        campaign, move = self._asked()
        here = campaign_href(campaign)
        return {
            "heading": f"{_(move.title)}：{campaign.title}",
            "lead": _(move.lead),
            "submit_label": _(move.title),
            "cancel_href": here,
            "crumbs": area_crumbs((campaign.title, here), (_(move.title), "")),
        }

    def save(self, form: Any) -> str:
        """Do it."""
        del form
        campaign, move = self._asked()
        move.run(campaign=campaign, acting_user=self.request.user)
        messages.success(self.request, _(move.done))
        return campaign_href(campaign)

    def _asked(self) -> tuple[BallotCampaign, Move]:
        campaign, move = reads.campaign_for(pk=self.kwargs["pk"]), MOVES.get(self.kwargs["action"])
        if move is None:
            raise Problem(Code.NOT_FOUND)
        return campaign, move


class ProlongForm(forms.Form):
    """New end and why."""

    closes_at = forms.DateTimeField(
        label=gettext_lazy("新的截止时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=gettext_lazy("记入审计记录。"),
    )  # fmt: skip


@requires("ballot.manage")
class Prolong(FormPage):
    """More time, also after closing."""

    form_class = ProlongForm
    heading: ClassVar[str] = gettext_noop("延长投票")
    submit_label: ClassVar[str] = gettext_noop("延长")
    done_message: ClassVar[str] = gettext_noop("已延长。没投的人用原来的投票码就能投。")

    def initial(self) -> dict[str, Any]:
        """The end as it is."""
        end: datetime = reads.campaign_for(pk=self.kwargs["pk"]).closes_at
        return {"closes_at": localtime(end)}

    def save(self, form: Any) -> str:
        """Prolong it."""
        campaign = reads.campaign_for(pk=self.kwargs["pk"])
        campaign_prolong(campaign=campaign, acting_user=self.request.user, **form.cleaned_data)
        return campaign_href(campaign)

    def context(self) -> dict[str, Any]:
        """Crumbs and the way back."""
        campaign = reads.campaign_for(pk=self.kwargs["pk"])
        here = campaign_href(campaign)
        return {"cancel_href": here, "crumbs": area_crumbs((campaign.title, here), (_("延长投票"), ""))}
