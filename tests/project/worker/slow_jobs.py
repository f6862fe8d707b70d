"""The product's Celery application with one slow job and a short patience, for tests with real workers."""

import time
from datetime import timedelta
from typing import Any

import django

django.setup()

from zhiheng.kernel import jobs  # noqa: E402
from zhiheng.project.celery import app  # noqa: E402

jobs.STALE_AFTER = timedelta(seconds=2)


@jobs.handler("test.count")
def count(progress: jobs.Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Count, slowly the first time and at once in later attempts; tells which attempt came to the end."""
    for number in range(1, params["steps"] + 1):
        progress.report(number, params["steps"])
        time.sleep(params["pause"] if progress.job.attempt == 1 else 0)
    return {"counted": params["steps"], "attempt": progress.job.attempt}


__all__ = ["app"]
