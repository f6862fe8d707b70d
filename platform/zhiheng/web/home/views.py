"""Workbench (工作台): where we are in the year, what waits for this person, first steps of a new college."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.web.guards import SIGNED_IN, requires
from zhiheng.web.home.cards import cards_for
from zhiheng.web.show import show_date, show_weekday


@requires(SIGNED_IN)
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """First page after signing in."""
    board = cards_for(request)
    context: dict[str, Any] = {
        "heading": board.heading or greeting(request),
        "lead": board.lead or today_text(),
        "board": board,
        "crumbs": [],
    }
    return render(request, "web/home/workbench.html", context)


def greeting(request: HttpRequest) -> str:
    """Heading while there is no finding to state."""
    user: Any = request.user
    hour = timezone.localtime().hour
    parts = ((5, _("夜深了")), (11, _("早上好")), (13, _("中午好")), (18, _("下午好")), (24, _("晚上好")))
    part = next(text for end, text in parts if hour < end)
    return _("{name}，{part}").format(name=user.get_full_name(), part=part)


def today_text() -> str:
    """2026年11月20日，星期五."""
    today = timezone.localdate()
    return _("{day}，{weekday}").format(day=show_date(today), weekday=show_weekday(today))
