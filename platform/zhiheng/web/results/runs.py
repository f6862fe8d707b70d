"""Runs of a year (计分记录): start a preview or an official run, follow it, see what was missing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.models import CycleState, Run, RunKind, RunState
from assessment.selectors import results
from assessment.selectors.cycles import cycle_for
from assessment.services.runs import run_start
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.results.scope import area_crumbs, tabs

MEANINGS = {
    RunState.QUEUED: "none",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "danger",
}
SHOWN_GAPS = 200


@requires("result.view")
@require_safe
def run_list(request: HttpRequest, code: str) -> HttpResponse:
    """All runs of a cycle with state and fingerprint; the newest failed one says what is missing."""
    cycle = cycle_for(code=code)
    user: Any = request.user
    rows = list(results.runs(cycle))
    if request.GET.get("format") == "xlsx":
        return _workbook(cycle.title, rows)
    failed = rows[0] if rows and rows[0].state == RunState.FAILED else None
    gaps: Sequence[Mapping[str, str]] = failed.error or [] if failed else []
    context = {
        "heading": _heading(rows),
        "lead": _("试算随时可做，不影响任何人；正式计分的结果用于公示和封存。"),
        "crumbs": area_crumbs(cycle, (_("计分记录"), "")),
        "tabs": tabs(request, cycle, "runs"),
        "cycle": cycle,
        "runs": [(run, MEANINGS[RunState(run.state)], getattr(run, "seal", None)) for run in rows],
        "gaps": gaps[:SHOWN_GAPS],
        "gap_count": len(gaps),
        "may_start": user.can("run.start"),
        "may_official": user.can("run.start") and cycle.state == CycleState.SCORING,
        "key": uuid4(),
    }
    return render(request, "web/results/runs.html", context)


def _heading(rows: Sequence[Run]) -> str:
    if not rows:
        return _("还没有计过分")
    last = rows[0]
    if last.state == RunState.FAILED:
        return _("最近一次没有算出，还缺{n}项").format(n=len(last.error or []))
    if last.state == RunState.DONE:
        return _("最近一次{kind}已算出").format(kind=last.get_kind_display())
    return _("正在计分")


def _workbook(title: str, rows: Sequence[Run]) -> HttpResponse:
    return xlsx.table_response(
        filename=_("{title}_计分记录.xlsx").format(title=title),
        title=_("计分记录"),
        headers=[_("次数"), _("类型"), _("状态"), _("发起人"), _("发起时间"), _("完成时间"), _("指纹"), _("数据指纹")],
        rows=(
            (
                r.number, r.get_kind_display(), r.get_state_display(), str(r.started_by or ""), r.started_at,
                r.finished_at, r.fingerprint, r.facts_digest,
            )
            for r in rows
        ),
    )  # fmt: skip


@requires("run.start")
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start a run and go to its job; the same form sent twice starts one."""
    cycle = cycle_for(code=code)
    kind = RunKind.OFFICIAL if request.POST.get("kind") == RunKind.OFFICIAL else RunKind.PREVIEW
    key = request.POST.get("key", "")[:60]
    run = run_start(
        cycle=cycle,
        kind=kind,
        acting_user=request.user,
        idempotency_key=f"run:{cycle.pk}:{key}" if key else None,
    )
    return HttpResponseRedirect(reverse("jobs:job", args=[run.job_id]))
