"""The Celery application (后台任务): at least once, never lost; work itself is recorded in the job table."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.project.settings.dev")

app = Celery("zhiheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_connection_retry_on_startup=True,
    task_default_queue="default",
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    # Shorter than the broker's visibility timeout, after which a running task would be handed out a second time.
    task_time_limit=3000,
    # A child forgets the catalogue caches of the tenants it has visited (about 1.5 MB each) when it is replaced.
    worker_max_tasks_per_child=50,
    beat_schedule={
        "reap-jobs": {"task": "kernel.each_tenant", "schedule": 60.0, "args": ["kernel.reap_jobs"]},
        "seal-audit": {"task": "kernel.each_tenant", "schedule": 300.0, "args": ["kernel.seal_audit"]},
        "refresh-units": {
            "task": "kernel.each_tenant",
            "schedule": crontab(hour=0, minute=10),
            "args": ["organisation.refresh_units", "college"],
        },
    },
)
app.autodiscover_tasks()
