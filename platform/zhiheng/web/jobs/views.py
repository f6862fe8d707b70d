"""Job page (后台任务): what is being done, how far it is, cancel, result; survives a reload because the job is a row."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from zhiheng.kernel import jobs
from zhiheng.kernel.models import Job, JobState
from zhiheng.web.crumbs import crumbs
from zhiheng.web.guards import SIGNED_IN, requires
from zhiheng.web.listing import Column, Empty, Filter, ListPage, Rows

MEANING = {
    JobState.QUEUED: "none",
    JobState.RUNNING: "info",
    JobState.SUCCEEDED: "ok",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "returned",
}


def job_href(job: Job) -> str:
    """Address of a job's page."""
    return reverse("jobs:job", args=[job.pk])


def job_meaning(job: Job) -> str:
    """Which of the five meanings the state has."""
    return MEANING[JobState(job.state)]


@requires("job.view")
class JobList(ListPage):
    """All jobs this user may see, newest first."""

    heading: ClassVar[str] = gettext_noop("后台任务")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("任务"), "title", href=job_href, head=True),
        Column("state", gettext_noop("状态"), "get_state_display", cell="web/jobs/state_cell.html"),
        Column("created_by", gettext_noop("发起人"), lambda job: job.created_by, on_phone=False),
        Column("created_at", gettext_noop("发起时间"), "created_at", sort="created_at", on_phone=False),
        Column("finished_at", gettext_noop("结束时间"), "finished_at", sort="finished_at", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "state",
            gettext_noop("状态"),
            lambda rows, value: rows.filter(state=value),
            choices=lambda _request: list(JobState.choices),
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有后台任务"),
        gettext_noop("导入、计分、出报告这些要花时间的事会列在这里，关掉页面也会做完。"),
        icon="progress",
    )

    def rows(self) -> Rows:
        """Own jobs, or all with the right to see all."""
        return jobs.jobs_for(user=self.request.user)

    def context(self) -> dict[str, Any]:
        """Breadcrumb."""
        return {"crumbs": crumbs((_("工作台"), "/"), (_("后台任务"), ""))}


@requires(SIGNED_IN)
@require_safe
def job_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The page of one job."""
    job = jobs.job_for(user=request.user, job_id=job_id)
    context = {
        **_context(job),
        "heading": job.title,
        "crumbs": crumbs((_("工作台"), "/"), (_("后台任务"), reverse("jobs:list")), (job.title, "")),
    }
    return render(request, "web/jobs/job.html", context)


@requires(SIGNED_IN)
@require_safe
def job_state(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The changing part; htmx asks for it every second until the job is final."""
    job = jobs.job_for(user=request.user, job_id=job_id)
    return render(request, "web/jobs/state.html", _context(job))


@requires(SIGNED_IN)
@require_POST
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask the job to stop."""
    job = jobs.job_for(user=request.user, job_id=job_id)
    jobs.cancel(job=job, acting_user=request.user)
    messages.success(request, _("已请求停止。正在做的这一步做完就停。"))
    return HttpResponseRedirect(job_href(job))


def _context(job: Job) -> dict[str, Any]:
    result = job.result or {}
    return {
        "job": job,
        "meaning": job_meaning(job),
        "result_href": result.get("href", ""),
        "result_text": result.get("text", ""),
        "error": job.error or {},
    }
