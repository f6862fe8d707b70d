"""The one door to the audit trail: record a write, seal what is new, verify the chain."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import override

from zhiheng.kernel.models import AuditEntry, AuditSeal, AuditSealItem
from zhiheng.kernel.numbers import jsonable

_FIELDS = ("at", "actor_id", "actor_name", "action", "target_type", "target_id", "target_label", "data")


@override(settings.LANGUAGE_CODE)
def record(
    *, acting_user: Any, action: str, target: models.Model, data: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Write one entry inside the caller's transaction.

    ``acting_user`` is a user, or None for the platform itself; ``data`` holds what changed, JSON-able after
    Decimal, date and Fraction became text.  Raises RuntimeError outside a transaction: a write and its entry stand
    or fall together.  Names of things are kept in Chinese, whatever language the page speaks.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the write it describes")
    entry = AuditEntry(
        at=timezone.now(),
        actor_id=getattr(acting_user, "pk", None),
        actor_name=str(acting_user or "系统")[:150],
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:300],
        data=jsonable(data or {}),
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content in canonical JSON (hex, 64 characters)."""
    content = {name: getattr(entry, name) for name in _FIELDS}
    content["at"] = entry.at.isoformat()
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def seal() -> AuditSeal | None:
    """Chain all entries without a seal; None when there are none.  Entries may commit late: they join the next seal.

    Two sealers at once cannot fork the chain: a seal follows its predecessor once (unique), the later one fails.
    """
    with transaction.atomic():
        previous = AuditSeal.objects.order_by("-id").first()
        entries = list(AuditEntry.objects.filter(seal_item__isnull=True).order_by("id"))
        if not entries:
            return None
        new = AuditSeal.objects.create(
            at=timezone.now(), previous=previous, count=len(entries), digest=_chain(previous, entries)
        )
        AuditSealItem.objects.bulk_create([AuditSealItem(seal=new, entry=entry) for entry in entries])
        return new


def verify() -> list[str]:
    """Recompute the whole chain; Chinese sentences about every break, empty when all is well."""
    faults: list[str] = []
    previous: AuditSeal | None = None
    for one in AuditSeal.objects.order_by("id"):
        entries = list(AuditEntry.objects.filter(seal_item__seal=one).order_by("id"))
        faults += [f"审计记录{e.pk}的内容与摘要不符" for e in entries if digest_of(e) != e.digest]
        if one.previous_id != (previous.pk if previous else None):
            faults.append(f"封签{one.pk}没有接在上一封签之后")
        if len(entries) != one.count or _chain(previous, entries) != one.digest:
            faults.append(f"封签{one.pk}覆盖的记录被增删或改动")
        previous = one
    faults += [
        f"审计记录{e.pk}的内容与摘要不符"
        for e in AuditEntry.objects.filter(seal_item__isnull=True)
        if digest_of(e) != e.digest
    ]
    return faults


def _chain(previous: AuditSeal | None, entries: Iterable[AuditEntry]) -> str:
    text = "\n".join([previous.digest if previous else "", *(f"{e.pk}:{e.digest}" for e in entries)])
    return hashlib.sha256(text.encode()).hexdigest()
