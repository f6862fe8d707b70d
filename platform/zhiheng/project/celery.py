"""The Celery application (后台任务): at least once, never lost; work itself is recorded in the job table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.project.settings.dev")

LONGEST_TASK_SECONDS = 3600

app = Celery("zhiheng")
app.conf.update(
    broker_url=os.environ.get("CELERY_BROKER_URL", "memory://"),
    broker_connection_retry_on_startup=True,
    # Redis returns a dead worker's messages after this time; the sweep that finds them otherwise runs every 100 s.
    broker_transport_options={
        "visibility_timeout": LONGEST_TASK_SECONDS + 300,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=LONGEST_TASK_SECONDS,
    task_default_queue="default",
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    # A child forgets the catalogue caches of the tenants it has visited (about 1.5 MB each) when it is replaced.
    worker_max_tasks_per_child=50,
    worker_hijack_root_logger=False,
    enable_utc=True,
    timezone="Asia/Shanghai",
    beat_schedule={
        "reap-jobs": {"task": "kernel.each_tenant", "schedule": 60.0, "args": ["kernel.reap_jobs"]},
        "seal-audit": {"task": "kernel.each_tenant", "schedule": 300.0, "args": ["kernel.seal_audit"]},
    },
)
app.autodiscover_tasks()
