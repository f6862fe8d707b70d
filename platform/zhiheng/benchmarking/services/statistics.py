"""Peer groups and frozen statistics: written by the platform's operators only."""

from typing import Any

from django.db import connection, transaction

from zhiheng.benchmarking.models import PeerGroup
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

CRITERIA = frozenset({"province_name", "ownership", "discipline", "tier", "students_from", "students_below"})


@transaction.atomic
def peer_group_define(*, code: str, title: str, criteria: dict[str, Any], acting_user: Any) -> PeerGroup:
    """Create or change a peer group by criteria over the colleges' public profiles."""
    unknown = set(criteria) - CRITERIA
    if unknown:
        raise Problem(
            Code.INVALID_INPUT,
            place="同类组条件",
            reason="不认识" + "、".join(sorted(unknown)),
            advice="请从列表里选条件",
        )
    group, _ = PeerGroup.objects.update_or_create(code=code, defaults={"title": title, "criteria": criteria})
    audit.record(
        acting_user=acting_user, action="peer_group.define", target=group, data={"criteria": criteria}
    )
    return group


@transaction.atomic
def statistics_freeze(*, year: int) -> int:
    """Freeze members and statistics of all groups for one year; returns the number of statistics rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT zh_freeze_statistics(%s)", [year])
        return int(cursor.fetchone()[0])
