"""The voter's pages (投票): open with the code alone, no sign-in, no session; paper, check, receipt.

Nothing about the voter is logged or kept here.  The first submission is only checked and shown again; the second, from
the page of confirmation, casts it.  After casting, the same address shows the receipt: also after a lost connection.
"""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessment.ballot_rules import TOKEN_SIGNS, ChoiceError, check_choices, clean_token, receipt_of
from assessment.models import BallotCampaign
from assessment.selectors.ballots import Admission, Standing, admission
from assessment.services.voting import ballot_cast
from zhiheng.kernel.errors import Problem
from zhiheng.web.guards import open_to_all

LIMIT, MINUTES = 300, 10
"""Unknown codes per address and minutes; a whole hall may share one address, so codes that exist always pass."""
SECONDS_PER_UNIT = 10
PREFIX = "u-"

NOTICES: Mapping[Standing, tuple[str, str, str, int]] = {
    Standing.UNKNOWN: (
        "zoom-question",
        gettext_noop("没有这个投票码"),
        gettext_noop("可能抄错了一位。请对着卡片再输一次，或重新扫码。"),
        404,
    ),
    Standing.REVOKED: (
        "ban",
        gettext_noop("这个投票码已换新"),
        gettext_noop("您手里的是旧码。请用新发的那一个，找不到就向组织测评的部门要一张。"),
        410,
    ),
    Standing.EARLY: (
        "clock",
        gettext_noop("投票还没开始"),
        gettext_noop("到时间再打开这个页面就行，投票码一直有效。"),
        200,
    ),
    Standing.OVER: (
        "archive",
        gettext_noop("投票已经截止"),
        gettext_noop("这场测评不再收票。有疑问请联系组织测评的部门。"),
        410,
    ),
}


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """For people without a camera: type the code from the card."""
    typed = request.POST.get("code", "")
    code = clean_token(typed)
    if request.method == "POST" and len(code) == TOKEN_SIGNS:
        return HttpResponseRedirect(reverse("vote:ballot", args=[code]))
    error = (
        _("投票码是{n}位字母和数字，您输了{m}位。").format(n=TOKEN_SIGNS, m=len(code))
        if request.method == "POST"
        else ""
    )
    context = {"typed": typed, "error": error}
    return render(request, "web/ballots/enter.html", context, status=422 if error else 200)


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, token: str) -> HttpResponse:
    """One code's page: paper, confirmation, receipt, or why there is none."""
    code = clean_token(token)
    choices = {
        key.removeprefix(PREFIX): str(value) for key, value in request.POST.items() if key.startswith(PREFIX)
    }
    step = request.POST.get("step")
    if step == "cast" and _cast(code, choices):
        return HttpResponseRedirect(reverse("vote:ballot", args=[code]))
    found = admission(code)
    if found.standing == Standing.USED:
        return _receipt(request, code, found)
    if found.standing != Standing.OPEN:
        return _notice(request, found)
    if request.method != "POST":
        return _paper(request, found.campaign, {})
    errors = check_choices(found.campaign.units, found.campaign.grades, choices)
    if errors or step == "edit":
        return _paper(request, found.campaign, choices, errors)
    return _confirm(request, found.campaign, choices)


def _cast(code: str, choices: Mapping[str, str]) -> bool:
    """Whether this code has voted now; when it has not, the page that follows says why."""
    try:
        ballot_cast(token=code, choices=choices)
    except Problem:
        return False
    return True


def _paper(
    request: HttpRequest,
    campaign: BallotCampaign,
    choices: Mapping[str, str],
    errors: list[ChoiceError] | None = None,
) -> HttpResponse:
    wrong = {error.unit: error.text for error in reversed(errors or [])}
    lines = [
        {**unit, "id": f"u{number}", "field": PREFIX + unit["code"], "chosen": choices.get(unit["code"], ""),
         "error": wrong.get(unit["code"], "")}
        for number, unit in enumerate(campaign.units, start=1)
    ]  # fmt: skip
    missing = [line for line in lines if errors and not line["chosen"]]
    context = {
        "campaign": campaign,
        "lines": lines,
        "missing": missing,
        "others": [line for line in lines if line["error"] and line["chosen"]],
        "general": wrong.get("", ""),
        "quotas": [grade for grade in campaign.grades if grade["at_most"]],
        "minutes": -(-len(lines) * SECONDS_PER_UNIT // 60),
    }
    return render(request, "web/ballots/paper.html", context, status=422 if errors else 200)


def _confirm(request: HttpRequest, campaign: BallotCampaign, choices: Mapping[str, str]) -> HttpResponse:
    names = {unit["code"]: unit["name"] for unit in campaign.units}
    grades = [
        (grade["label"], [names[code] for code in names if choices[code] == grade["label"]])
        for grade in campaign.grades
    ]
    context = {
        "campaign": campaign,
        "grades": grades,
        "fields": [(PREFIX + code, label) for code, label in choices.items()],
    }
    return render(request, "web/ballots/confirm.html", context)


def _receipt(request: HttpRequest, code: str, found: Admission) -> HttpResponse:
    context = {"campaign": found.campaign, "rater_class": found.rater_class, "number": receipt_of(code)}
    return render(request, "web/ballots/receipt.html", context)


def _notice(request: HttpRequest, found: Admission) -> HttpResponse:
    if found.standing == Standing.UNKNOWN and _too_often(request):
        wait = {"icon": "clock", "heading": _("请等{n}分钟再试").format(n=MINUTES)}
        context: dict[str, Any] = {**wait, "text": _("这里输错投票码的次数太多了。")}
        return render(request, "web/ballots/notice.html", context, status=429)
    icon, heading, text, status = NOTICES[found.standing]
    context = {"icon": icon, "heading": _(heading), "text": _(text)}
    if found.standing == Standing.UNKNOWN:
        context["typing"] = True
    else:
        context["campaign"] = found.campaign
        context["opens"] = found.standing == Standing.EARLY and found.campaign.opens_at > timezone.now()
    return render(request, "web/ballots/notice.html", context, status=status)


def _too_often(request: HttpRequest) -> bool:
    key = f"unknown-codes:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, MINUTES * 60):
        return False
    return bool(cache.incr(key) > LIMIT)
