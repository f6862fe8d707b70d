"""Settle what a reading left to be looked at (核对)."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from catalog.models import CatalogueVersion, Finding
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem


@transaction.atomic
def findings_accept(
    *, version: CatalogueVersion, acting_user: Any, finding_ids: Collection[int] = (), code: str = ""
) -> int:
    """Mark findings of a version as looked at: the named ones, or all open ones of one code; returns how many.

    Raises INVALID_INPUT when neither is given or nothing of it is open.
    """
    chosen = Finding.objects.filter(version=version, accepted=False)
    if not finding_ids and not code:
        raise Problem(Code.INVALID_INPUT, place="待核对", reason="没有选中", advice="请勾选要确认的条目")
    chosen = chosen.filter(code=code) if code else chosen.filter(pk__in=finding_ids)
    ids = list(chosen.select_for_update().values_list("pk", flat=True))
    if not ids:
        raise Problem(Code.INVALID_INPUT, place="待核对", reason="选中的都已核对过", advice="请刷新后再看")
    Finding.objects.filter(pk__in=ids).update(accepted=True)
    audit.record(
        acting_user=acting_user,
        action="catalogue.findings_accept",
        target=version,
        data={"code": code, "findings": ids},
    )
    return len(ids)
