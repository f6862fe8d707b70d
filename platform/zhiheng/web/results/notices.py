"""Public notice of a result (公示): points and grades for everybody of the college while it runs and afterwards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import Cycle, PublicNotice
from assessment.selectors import results
from assessment.selectors.cycles import cycle_for
from tenants.organisation.selectors.calendar import working_days_between
from zhiheng.web.crumbs import crumbs
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.results.scope import grade_looks, tabs
from zhiheng.web.show import show_date, show_period


@requires("cycle.view")
@require_safe
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The notice with ranking, how long it runs and what one can do; empty before it began."""
    cycle = cycle_for(code=code)
    run = results.published_run(cycle)
    notices = list(cycle.notices.all())
    context = {
        "heading": _("{title}公示").format(title=cycle.title),
        "lead": _lead(cycle, notices[0] if notices else None) if run else "",
        "crumbs": crumbs((cycle.title, ""), (_("公示"), "")),
        "tabs": tabs(request, cycle, "notice"),
        "cycle": cycle,
        "run": run,
        "notices": notices,
        "seal": cycle.seals.first() if run else None,
        "groups": results.rankings(run) if run else [],
        "looks": grade_looks(cycle.version),
        "empty": Empty(
            gettext_noop("公示还没开始，所以没有结果可看"),
            gettext_noop("质量办审核完得分后开始公示，全校都能在这里看到得分和等次，也能提出异议。"),
            icon="speakerphone",
        ),
    }
    return render(request, "web/results/notice.html", context)


def _lead(cycle: Cycle, notice: PublicNotice | None) -> str:
    if notice is None:
        return cycle.get_state_display()
    today = timezone.localdate()
    period = _("{period}公示，{n}个工作日。").format(
        period=show_period(notice.starts_on, notice.ends_on), n=notice.working_days
    )
    if notice.closed_at is None and today <= notice.ends_on and cycle.state == "notice":
        left = working_days_between(today, notice.ends_on)
        return period + _("还剩{n}个工作日，{day}止。").format(n=left, day=show_date(notice.ends_on))
    return period + _("现在是“{state}”。").format(state=cycle.get_state_display())
