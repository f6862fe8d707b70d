"""Rows of the sheets 单位 and 合署."""

from datetime import timedelta
from functools import partial
from typing import Any

from tenants.organisation.models import (
    Cluster,
    ClusterMember,
    Signboard,
    Unit,
    UnitAlias,
    UnitChange,
    UnitVersion,
)
from tenants.organisation.selectors.export import names_of
from tenants.organisation.services.imports.plan import Known, RowPlan, changed, diffs
from tenants.organisation.services.steps import Plan, plan_apply
from tenants.organisation.services.units import refreshed
from tenants.organisation.spreadsheets import Row
from zhiheng.accounts.models import User
from zhiheng.kernel.dated import Dated

_ALIAS_KINDS = {"aliases": UnitAlias.Kind.ALIAS, "former": UnitAlias.Kind.FORMER}
_NAMES = ("signboards", *_ALIAS_KINDS)


def plan_units(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Units: new ones with version and names; changed ones get a new version from the day of the import."""
    existing = dict(known.units)
    for row in rows:
        if row.values["code"] and row.values["code"] not in existing:
            values = {f: row.values[f] for f in ("code", "name", "short_name")}
            unit = Unit(
                **values, kind=row.values["kind"] or "", valid_from=row.values["valid_from"] or known.on
            )
            known.units[unit.code] = unit
    signboards, aliases = names_of(known.on)
    plans = []
    for row in rows:
        parent = known.find(row, "parent", known.units, "单位")
        code = row.values["code"]
        if code in existing:
            unit = existing[code]
            names = {
                "signboards": tuple(signboards[unit.pk]),
                "aliases": tuple(aliases[unit.pk, UnitAlias.Kind.ALIAS]),
                "former": tuple(aliases[unit.pk, UnitAlias.Kind.FORMER]),
            }
            plans.append(_changed_unit(known, row, unit, names))
        elif code:
            plans.append(_new_unit(known, row, parent))
    _refuse_circles(known, rows)
    return plans


def _new_unit(known: Known, row: Row, parent: Unit | None) -> RowPlan:
    unit = known.units[row.values["code"]]
    known.code_is_free(row, Unit, unit.valid_from)
    known.begins(row, [("parent", parent)])
    unit.parent = parent
    version = UnitVersion(unit=unit, parent=parent, valid_from=unit.valid_from)
    version.name, version.short_name, version.kind = unit.name, unit.short_name, unit.kind
    plan = RowPlan(row.form.title, row.number, f"{unit.code} {unit.name}", new=[unit, version])
    plan.new += [Signboard(unit=unit, name=n, valid_from=unit.valid_from) for n in row.values["signboards"]]
    for name, kind in _ALIAS_KINDS.items():
        plan.new += [
            UnitAlias(unit=unit, name=n, kind=kind, valid_from=unit.valid_from) for n in row.values[name]
        ]
    _refuse_double_names(known, row)
    return plan


def _changed_unit(known: Known, row: Row, unit: Unit, names: dict[str, tuple[str, ...]]) -> RowPlan:
    version = known.versions[unit.pk]
    known.keeps_start(row, unit)
    current = {
        "name": version.name,
        "short_name": version.short_name,
        "kind": version.kind,
        "parent": version.parent.code if version.parent else "",
    }
    for name in _NAMES:
        row.values[name] = tuple(sorted(row.values[name])) if row.states(name) else names[name]
    stored_names = {name: tuple(sorted(names[name])) for name in _NAMES}
    plan = RowPlan(row.form.title, row.number, f"{unit.code} {version.name}")
    plan.diffs = diffs(row, current) + diffs(row, stored_names)
    changes = changed(row, current)
    if changes:
        if unit.versions.filter(valid_from__gt=known.on).exists():
            known.errors.append(
                row.error("code", f"{known.on}之后已有调整", "请选更晚的生效日期，或在页面上撤回调整。")
            )
        plan.todo.append(partial(_revise, known, version, changes))
    for name in changed(row, stored_names):
        wanted = set(row.values[name])
        plan.first.append(partial(_end_names, known, unit, name, wanted))
        plan.todo.append(partial(_begin_names, known, unit, name, wanted))
    _refuse_double_names(known, row)
    return plan


def _revise(known: Known, version: UnitVersion, changes: dict[str, Any], acting_user: User | None) -> None:
    """A new version from the day of the import; on its own first day the version is corrected instead."""
    values = {**changes}
    if "parent" in values:
        values["parent"] = known.units.get(values["parent"])
    if version.valid_from == known.on:
        for name, value in values.items():
            setattr(version, name, value)
        version.save()
        refreshed([version.unit], known.on)
        return
    kind = UnitChange.Kind.MOVE if set(changes) == {"parent"} else UnitChange.Kind.RENAME
    plan = Plan(
        kind, known.on, f"导入：“{version.name}”的{'、'.join(_LABELS[c] for c in changes)}", [version.unit]
    )
    plan.replace(version, **values)
    plan_apply(plan=plan, acting_user=acting_user)


_LABELS = {"name": "名称", "short_name": "简称", "kind": "类别", "parent": "上级"}


def _end_names(known: Known, unit: Unit, name: str, wanted: set[str], _: User | None) -> None:
    """End the signboards or aliases that the file does not name."""
    for row in _named(known, unit, name).exclude(name__in=wanted):
        end_or_delete(row, known)


def _begin_names(known: Known, unit: Unit, name: str, wanted: set[str], _: User | None) -> None:
    """Begin those that only the file names."""
    for text in sorted(wanted - set(_named(known, unit, name).values_list("name", flat=True))):
        if name == "signboards":
            Signboard.objects.create(unit=unit, name=text, valid_from=known.on)
        else:
            UnitAlias.objects.create(
                unit=unit, name=text, kind=_ALIAS_KINDS[name], valid_from=unit.valid_from
            )


def _named(known: Known, unit: Unit, name: str) -> Any:
    if name == "signboards":
        return Signboard.objects.on(known.on).filter(unit=unit)
    return UnitAlias.objects.on(known.on).filter(unit=unit, kind=_ALIAS_KINDS[name])


def end_or_delete(row: Dated, known: Known) -> None:
    """End a row the day before the import; what would begin only then never was, and an alias needs no history."""
    if row.valid_from >= known.on or isinstance(row, UnitAlias):
        row.delete()
    else:
        row.valid_to = known.on - timedelta(days=1)
        row.save()


def _refuse_double_names(known: Known, row: Row) -> None:
    """A name is an alias or a former name, not both."""
    if both := set(row.values["aliases"]) & set(row.values["former"]):
        known.errors.append(row.error("former", f"“{'、'.join(sorted(both))}”又写成别名", "请只留一处。"))


def _refuse_circles(known: Known, rows: list[Row]) -> None:
    """An error for each row of the file whose superiors lead back to itself."""
    above = {v.unit.code: v.parent.code if v.parent else "" for v in known.versions.values()}
    above |= {r.values["code"]: r.values["parent"] for r in rows if r.states("parent")}
    for row in rows:
        code, seen = row.values["code"], set()
        current = above.get(code, "")
        while current and current not in seen and current != code:
            seen.add(current)
            current = above.get(current, "")
        if code and current == code:
            known.errors.append(row.error("parent", "上级一层层往上又回到自己", "请改正上级单位代码。"))


def plan_clusters(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Clusters: new ones with members; for known ones members may come and go, the lead may not change."""
    stored = ClusterMember.objects.on(known.on).select_related("cluster", "unit")
    taken = {member.unit.code: member for member in stored}
    return [_cluster(known, row, taken) for row in rows if row.values["code"]]


def _cluster(known: Known, row: Row, taken: dict[str, ClusterMember]) -> RowPlan:
    code, lead = row.values["code"], known.find(row, "lead", known.units, "单位")
    others = [known.find(row, "members", known.units, "单位", c) for c in row.values["members"] or ()]
    units = [u for u in (lead, *others) if u is not None]
    plan = RowPlan(row.form.title, row.number, f"{code} {row.values['name']}")
    cluster = known.clusters.get(code)
    for unit in units:
        member = taken.get(unit.code)
        if member is not None and member.cluster.code != code:
            known.errors.append(
                row.error("members", f"“{unit}”已在“{member.cluster}”合署", "一个机构同时只能在一处合署。")
            )
    if lead is not None and lead in others:
        known.errors.append(row.error("members", f"牵头单位“{lead}”又写成成员", "成员里不要写牵头单位。"))
    if cluster is None:
        cluster = Cluster(code=code, name=row.values["name"] or "")
        cluster.valid_from = known.begins(row, [("members", u) for u in units])
        known.code_is_free(row, Cluster, cluster.valid_from)
        known.clusters[code] = cluster
        members = [ClusterMember(cluster=cluster, unit=u, is_lead=u is lead) for u in units]
        for member in members:
            member.valid_from = cluster.valid_from
            taken.setdefault(member.unit.code, member)
        plan.new = [cluster, *members]
    else:
        known.keeps_start(row, cluster)
        _changed_cluster(known, row, cluster, [m for m in taken.values() if m.cluster_id == cluster.pk], plan)
    return plan


def _changed_cluster(
    known: Known, row: Row, cluster: Cluster, members: list[ClusterMember], plan: RowPlan
) -> None:
    row.values["members"] = tuple(sorted(row.values["members"] or ()))
    current = {
        "name": cluster.name,
        "lead": next((m.unit.code for m in members if m.is_lead), ""),
        "members": tuple(sorted(m.unit.code for m in members if not m.is_lead)),
    }
    plan.diffs = diffs(row, current)
    changes = changed(row, current)
    if "lead" in changes:
        known.errors.append(row.error("lead", "已有合署不能换牵头单位", "请在页面上解散后另建。"))
    for member in members if "members" in changes else ():
        if not member.is_lead and member.unit.code not in changes["members"]:
            plan.first.append(partial(_end, known, member))
    if changes:
        plan.todo.append(partial(_revise_cluster, known, cluster, members, changes))


def _revise_cluster(
    known: Known, cluster: Cluster, members: list[ClusterMember], changes: dict[str, Any], _: User | None
) -> None:
    cluster.name = changes.get("name", cluster.name)
    cluster.save()
    for code in sorted(set(changes.get("members", ())) - {m.unit.code for m in members}):
        ClusterMember.objects.create(cluster=cluster, unit=known.units[code], valid_from=known.on)


def _end(known: Known, row: Dated, _: User | None) -> None:
    end_or_delete(row, known)
