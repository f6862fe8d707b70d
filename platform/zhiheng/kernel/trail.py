"""Reads of the audit trail (审计记录): entries, who and what is in it, the state of the chain of seals."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from zhiheng.kernel.models import AuditEntry, AuditSeal


@dataclass(frozen=True)
class ChainState:
    """How far the chain reaches: entries, those without a seal yet, seals, the last one."""

    entries: int
    unsealed: int
    seals: int
    last_at: datetime | None
    last_digest: str


def entries() -> QuerySet[AuditEntry]:
    """All entries of this tenant, newest first."""
    return AuditEntry.objects.select_related("seal_item__seal").order_by("-id")


def actions() -> list[str]:
    """Codes of all actions that occur."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def chain_state() -> ChainState:
    """Figures of the chain; whether it holds is told by ``audit.verify``."""
    last = AuditSeal.objects.order_by("-id").first()
    return ChainState(
        entries=AuditEntry.objects.count(),
        unsealed=AuditEntry.objects.filter(seal_item__isnull=True).count(),
        seals=AuditSeal.objects.count(),
        last_at=last.at if last else None,
        last_digest=last.digest if last else "",
    )
