"""One person, and the academic calendar (人员、校历)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tenants.organisation import selectors
from tenants.organisation.selectors import calendar as calendar_selectors
from tenants.organisation.selectors import registers
from zhiheng.web.guards import SIGNED_IN, requires
from zhiheng.web.listing import Empty
from zhiheng.web.organisation.tabs import tabs
from zhiheng.web.organisation.views import area_crumbs


@requires(SIGNED_IN)
@require_safe
def person_page(request: HttpRequest, staff_number: str) -> HttpResponse:
    """One person with posts held now and before; everybody may see their own page."""
    user: Any = request.user
    person = selectors.person_for(user=user, staff_number=staff_number)
    context = {
        "heading": person.name,
        "crumbs": area_crumbs((_("人员"), reverse("organisation:people")), (person.name, "")),
        "person": person,
        "holdings": registers.holdings_of(person),
        "today": timezone.localdate(),
    }
    return render(request, "web/organisation/person.html", context)


@requires("calendar.view")
@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """School years with their terms and weeks, and where we are today."""
    today = timezone.localdate()
    week = selectors.teaching_week(today)
    lead = _("今天是{term}第{week}周。").format(term=week.term, week=week.number) if week else ""
    context = {
        "heading": _("校历"),
        "lead": lead,
        "crumbs": area_crumbs((_("校历"), "")),
        "tabs": tabs(request, "calendar"),
        "terms": calendar_selectors.terms().reverse(),
        "overrides": registers.day_overrides(),
        "today": today,
        "empty": Empty(
            gettext_noop("还没有学期"),
            gettext_noop("填好学期的第一周和周数，“第15—16周”这样的写法才能换算成日期。"),
            icon="calendar",
        ),
    }
    return render(request, "web/organisation/calendar.html", context)
