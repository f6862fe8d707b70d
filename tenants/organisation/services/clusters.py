"""Clusters (合署) and signboards (挂牌)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from tenants.organisation.models import Cluster, ClusterMember, Signboard, Unit
from tenants.organisation.services.checks import free_code, refuse, stored, valid_then
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit


@transaction.atomic
def cluster_create(
    *, code: str, name: str, units: Sequence[Unit], valid_from: date, acting_user: User | None
) -> Cluster:
    """Let units work as one office; the first leads (牵头).

    INVALID_INPUT for fewer than two units, or one that is in another cluster then.
    """
    require(acting_user, "unit.edit")
    if len({u.pk for u in units}) < 2:
        refuse("合署", "不足两个机构", "请至少选两个不同的机构，第一个是牵头机构。")
    free_code(Cluster.objects.all(), "合署", code, valid_from, None)
    cluster = stored(Cluster(code=code, name=name, valid_from=valid_from))
    for place, unit in enumerate(units):
        valid_then(unit, valid_from, "合署成员")
        stored(ClusterMember(cluster=cluster, unit=unit, is_lead=place == 0, valid_from=valid_from))
    data = {"units": [u.code for u in units], "valid_from": valid_from}
    audit.record(acting_user=acting_user, action="cluster.create", target=cluster, data=data)
    return cluster


@transaction.atomic
def cluster_dissolve(*, cluster: Cluster, on: date, acting_user: User | None) -> Cluster:
    """End a cluster: its last day is the day before ``on``.  INVALID_INPUT when it had not begun by then."""
    require(acting_user, "unit.edit")
    last_day = on - timedelta(days=1)
    valid_then(cluster, last_day, "合署")
    for member in cluster.members.open():
        member.valid_to = last_day
        stored(member)
    cluster.valid_to = last_day
    stored(cluster)
    audit.record(acting_user=acting_user, action="cluster.dissolve", target=cluster, data={"on": on})
    return cluster


@transaction.atomic
def signboard_put_up(*, unit: Unit, name: str, valid_from: date, acting_user: User | None) -> Signboard:
    """Give a unit a further official name.  INVALID_INPUT when it bears that one already."""
    require(acting_user, "unit.edit")
    valid_then(unit, valid_from, "挂牌机构")
    signboard = stored(Signboard(unit=unit, name=name, valid_from=valid_from))
    audit.record(acting_user=acting_user, action="signboard.put_up", target=unit, data={"name": name})
    return signboard


@transaction.atomic
def signboard_take_down(*, signboard: Signboard, on: date, acting_user: User | None) -> Signboard:
    """End a signboard: its last day is the day before ``on``."""
    require(acting_user, "unit.edit")
    valid_then(signboard, on - timedelta(days=1), "挂牌")
    signboard.valid_to = on - timedelta(days=1)
    stored(signboard)
    data = {"name": signboard.name, "on": on}
    audit.record(acting_user=acting_user, action="signboard.take_down", target=signboard.unit, data=data)
    return signboard
