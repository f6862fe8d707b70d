"""Jobs: enqueue, run, report progress, cancel, find again after a crash.

Delivery is at least once, so a handler must be idempotent: it is told its attempt and may find its own traces.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import Job, JobState
from zhiheng.kernel.numbers import jsonable

logger = logging.getLogger(__name__)
Handler = Callable[["Progress", dict[str, Any]], dict[str, Any]]
_handlers: dict[str, Handler] = {}
STALE_AFTER = timedelta(minutes=3)
MAX_ATTEMPTS = 5


class Cancelled(Exception):
    """Raised inside a handler at the next progress report after somebody asked to cancel."""


class Progress:
    """What a handler sees of its job: parameters come separately, progress goes through ``report``."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def report(self, done: int, total: int, message: str = "") -> None:
        """Store progress (shown on the job page) and stop when cancellation was asked for."""
        now = timezone.now()
        Job.objects.filter(pk=self.job.pk).update(
            done=done, total=total, message=message[:200], heartbeat_at=now
        )
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of jobs of this kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


@transaction.atomic
def enqueue(
    *, kind: str, title: str, params: dict[str, Any], acting_user: Any, idempotency_key: str | None = None
) -> Job:
    """Create a job and send it to a worker after commit; with a known key the first job is returned instead."""
    from zhiheng.kernel.tasks import dispatch_after_commit

    if kind not in _handlers:
        raise Problem(Code.NOT_FOUND)
    fields = {"kind": kind, "title": title, "params": jsonable(params), "created_by": acting_user}
    if idempotency_key is None:
        job, created = Job.objects.create(**fields), True
    else:
        job, created = Job.objects.get_or_create(idempotency_key=idempotency_key, defaults=fields)
    if created:
        audit.record(acting_user=acting_user, action="job.enqueue", target=job, data={"kind": kind})
        dispatch_after_commit(str(job.pk))
    return job


def run(job_id: str | UUID) -> None:
    """Do the job unless it is final or another worker is alive on it."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        result = _handlers[job.kind](Progress(job), job.params)
    except Cancelled:
        _finish(job, JobState.CANCELLED, error=None)
    except Problem as problem:
        _finish(
            job,
            JobState.FAILED,
            error={"code": problem.code.name, "text": str(problem), "data": problem.data},
        )
    except Exception:
        logger.exception("job failed", extra={"job": str(job.pk), "kind": job.kind})
        _finish(
            job,
            JobState.FAILED,
            error={"code": "UNEXPECTED", "text": "任务出错，没有写入结果。请把任务编号告诉平台运营。"},
        )
    else:
        _finish(job, JobState.SUCCEEDED, result=result)


def cancel(*, job: Job, acting_user: Any) -> None:
    """Ask a job to stop; a queued one stops at once, a running one at its next progress report."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )
        audit.record(acting_user=acting_user, action="job.cancel", target=job)


def stale() -> list[str]:
    """Ids of jobs that nobody works on any more: queued or running without a sign of life, tried less than five times."""
    return [str(pk) for pk in _without_life().filter(attempt__lt=MAX_ATTEMPTS).values_list("pk", flat=True)]


def reap() -> list[str]:
    """Ids of the jobs to send again, each noted so that it is not sent twice while it waits; hopeless ones are failed."""
    given_up = {
        "code": "UNEXPECTED",
        "text": f"任务{MAX_ATTEMPTS}次都没有做完，已停止。请把任务编号告诉平台运营。",
    }
    now = timezone.now()
    _without_life().filter(attempt__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, error=given_up, finished_at=now
    )
    found = stale()
    Job.objects.filter(pk__in=found, state=JobState.QUEUED).update(heartbeat_at=now)
    return found


def _without_life() -> QuerySet[Job]:
    limit = timezone.now() - STALE_AFTER
    silent = Q(heartbeat_at__lt=limit) | Q(heartbeat_at=None, created_at__lt=limit)
    return Job.objects.filter(silent, state__in=[JobState.RUNNING, JobState.QUEUED])


def jobs_for(*, user: Any) -> QuerySet[Job]:
    """Jobs this user may see, newest first: all for those who may read the audit trail, else the own ones."""
    found = Job.objects.select_related("created_by")
    return found if user.can("audit.view") else found.filter(created_by=user)


def job_for(*, user: Any, job_id: str | UUID) -> Job:
    """The job if this user started it or may see all jobs; otherwise not found."""
    job = jobs_for(user=user).filter(pk=job_id).first()
    if job is None:
        raise Problem(Code.NOT_FOUND)
    return job


def _claim(job_id: str | UUID) -> Job | None:
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, heartbeat_at=now, attempt=F("attempt") + 1
    )
    return Job.objects.get(pk=job_id) if claimed else None


def _finish(
    job: Job, state: JobState, *, result: dict[str, Any] | None = None, error: dict[str, Any] | None = None
) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, result=jsonable(result), error=jsonable(error), finished_at=timezone.now()
    )
