"""Jobs: one per key, progress, failure, cancellation, and a second worker after the first one died."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zhiheng.kernel import jobs
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import Job, JobState

pytestmark = pytest.mark.usefixtures("in_college")


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A registered kind ``test.count``; the list grows by one at each run."""
    runs: list[int] = []

    def work(progress: jobs.Progress, params: dict[str, Any]) -> dict[str, Any]:
        runs.append(progress.job.attempt)
        progress.report(1, 2, "一半")
        if params.get("fail"):
            raise Problem(Code.RUN_BLOCKED, count=3)
        return {"sum": params["a"] + 1}

    monkeypatch.setitem(jobs._handlers, "test.count", work)
    return runs


def _job(**params: Any) -> Job:
    return jobs.enqueue(kind="test.count", title="数数", params={"a": 1, **params}, acting_user=None)


def test_a_job_runs_once(kind: list[int]) -> None:
    job = _job()
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.percent, kind) == (JobState.SUCCEEDED, {"sum": 2}, 100, [1])


def test_the_same_key_gives_the_same_job(kind: list[int]) -> None:
    first = jobs.enqueue(
        kind="test.count", title="数", params={"a": 1}, acting_user=None, idempotency_key="k"
    )
    second = jobs.enqueue(
        kind="test.count", title="数", params={"a": 9}, acting_user=None, idempotency_key="k"
    )
    assert first == second
    assert Job.objects.count() == 1


def test_an_expected_failure_is_told_with_its_data(kind: list[int]) -> None:
    job = _job(fail=True)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error["code"] == "RUN_BLOCKED"
    assert "还缺3项" in job.error["text"]


def test_cancellation_stops_at_the_next_report(kind: list[int]) -> None:
    job = _job()
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert job.result is None


def test_a_dead_workers_job_is_found_and_taken_over(kind: list[int]) -> None:
    job = _job()
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=1, heartbeat_at=long_ago)
    assert jobs.stale() == [str(job.pk)]
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, kind) == (JobState.SUCCEEDED, [2])
    assert jobs.stale() == []


def test_a_living_workers_job_is_left_alone(kind: list[int]) -> None:
    job = _job()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=1, heartbeat_at=timezone.now())
    jobs.run(job.pk)
    assert kind == []


def test_a_job_that_failed_its_worker_five_times_is_given_up(kind: list[int]) -> None:
    job = _job()
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=5, heartbeat_at=long_ago)
    assert jobs.reap() == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "5次都没有做完" in job.error["text"]


def test_a_waiting_job_is_sent_again_once_in_a_while(kind: list[int]) -> None:
    job = _job()
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert jobs.reap() == [str(job.pk)]
    assert jobs.reap() == []
    jobs.run(job.pk)
    assert kind == [1]
