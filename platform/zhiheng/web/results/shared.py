"""What ranking and comparison of components share (结果共用): the chosen group, the page before the first run."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.models import Cycle
from assessment.selectors import results
from zhiheng.web.listing import Empty
from zhiheng.web.results.scope import (
    area_crumbs,
    tabs,
)


def chosen_group(request: HttpRequest, groups: Sequence[results.GroupRanking]) -> results.GroupRanking | None:
    """The group in the address (?group=), else the first."""
    wanted = request.GET.get("group")
    return next((g for g in groups if g.code == wanted), groups[0] if groups else None)


def no_run(request: HttpRequest, cycle: Cycle, tab: str) -> HttpResponse:
    """A page that says that nothing was scored yet, and what to do first."""
    user: Any = request.user
    may_start = user.can("run.start")
    context = {
        "heading": _("{title}结果").format(title=cycle.title),
        "crumbs": area_crumbs(cycle),
        "tabs": tabs(request, cycle, tab),
        "empty": Empty(
            gettext_noop("这一年还没有计过分"),
            gettext_noop("可以先用现有数据试算，看看缺什么、谁会在哪一档；试算不影响任何人。"),
            icon="award",
            action_label=gettext_noop("去试算") if may_start else gettext_noop("看考核进度"),
            action_href=reverse("results:runs" if may_start else "cycles:cycle", args=[cycle.code]),
        ),
    }
    return render(request, "web/results/none.html", context)
