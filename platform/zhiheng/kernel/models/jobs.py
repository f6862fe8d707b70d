"""Jobs (后台任务): long work with a state that survives the loss of broker and worker."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """States of a job; the last three are final."""

    QUEUED = "queued", _("排队")
    RUNNING = "running", _("进行中")
    SUCCEEDED = "succeeded", _("完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """One piece of long work (后台任务).

    ``idempotency_key`` makes a repeated request find the first job.  ``heartbeat_at`` lets the reaper tell a job that
    is being worked on from one whose worker died.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=60)
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    params = models.JSONField("参数", default=dict)
    result = models.JSONField("结果", null=True)
    error = models.JSONField("错误", null=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总量", default=0)
    message = models.CharField("正在做", max_length=200, blank=True)
    attempt = models.PositiveSmallIntegerField("第几次", default=0)
    cancel_requested = models.BooleanField("请求取消", default=False)
    idempotency_key = models.CharField("幂等键", max_length=120, null=True, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    heartbeat_at = models.DateTimeField("最近活动", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "后台任务"
        ordering: ClassVar[list[str]] = ["-created_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "heartbeat_at"], name="job_state")
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def is_final(self) -> bool:
        """True when nothing will change any more."""
        return self.state in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        if self.state == JobState.SUCCEEDED:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
