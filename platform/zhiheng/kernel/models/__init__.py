"""Tables that every tenant has: the audit trail and the jobs."""

from zhiheng.kernel.models.audit import AuditEntry, AuditSeal, AuditSealItem
from zhiheng.kernel.models.idempotency import IdempotentAnswer
from zhiheng.kernel.models.jobs import Job, JobState

__all__ = ["AuditEntry", "AuditSeal", "AuditSealItem", "IdempotentAnswer", "Job", "JobState"]
