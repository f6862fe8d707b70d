"""Celery tasks that carry their tenant.

A task without tenant does not run.  How a tenant is entered is told by the tenants package at start-up
(``enter_with``), because the kernel knows nothing above itself.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from celery import Task, current_app, shared_task
from django.db import connection, transaction

from zhiheng.kernel import audit, jobs
from zhiheng.kernel.errors import Code, Problem

Enter = Callable[[str], AbstractContextManager[Any]]
_enter: list[Enter] = []
Listing = Callable[[str | None], list[str]]
_every_tenant: list[Listing] = []


def enter_with(enter: Enter, every_tenant: Listing) -> None:
    """Register how to enter a tenant by schema name, and how to list the active tenants' schema names of a kind (or all)."""
    _enter[:] = [enter]
    _every_tenant[:] = [every_tenant]


class TenantTask(Task):
    """Base of all tasks: takes ``tenant`` (schema name) as a keyword and runs the body inside it."""

    abstract = True
    typing = False
    """Celery would miss ``tenant`` in the signatures of the bodies."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tenant = kwargs.pop("tenant", None)
        if not tenant or not _enter:
            raise Problem(Code.TENANT_REQUIRED)
        with _enter[0](tenant):
            return super().__call__(*args, **kwargs)


def current_tenant() -> str:
    """Schema name of the tenant of this connection."""
    return str(connection.schema_name)  # type: ignore[attr-defined]


def dispatch_after_commit(job_id: str) -> None:
    """Send the job to a worker once the surrounding transaction has committed."""
    tenant = current_tenant()
    transaction.on_commit(lambda: run_job.apply_async(kwargs={"job_id": job_id, "tenant": tenant}))


@shared_task(base=TenantTask, name="kernel.run_job")
def run_job(job_id: str) -> None:
    """Run one job's handler."""
    jobs.run(job_id)


@shared_task(base=TenantTask, name="kernel.seal_audit")
def seal_audit() -> None:
    """Seal the new audit entries of one tenant."""
    audit.seal()


@shared_task(base=TenantTask, name="kernel.reap_jobs")
def reap_jobs() -> None:
    """Send again the jobs of one tenant whose worker died or whose message was lost."""
    for job_id in jobs.reap():
        run_job.apply_async(kwargs={"job_id": job_id, "tenant": current_tenant()})


@shared_task(name="kernel.each_tenant")
def each_tenant(task_name: str, kind: str | None = None) -> int:
    """Beat's entry: send the named task once for every active tenant (of a kind); returns how many."""
    names = _every_tenant[0](kind)
    for name in names:
        current_app.tasks[task_name].apply_async(kwargs={"tenant": name})
    return len(names)
