"""Rows of the sheet 被考核单位."""

from functools import partial
from typing import Any

from tenants.organisation.models import AssessedMembership, AssessedUnit, Cluster, Unit
from tenants.organisation.services.assessed import assessed_unit_revise
from tenants.organisation.services.imports.plan import Known, RowPlan, changed, diffs
from tenants.organisation.services.imports.units import end_or_delete
from tenants.organisation.spreadsheets import Row
from zhiheng.accounts.models import User

_FIELDS = ("name", "short_name", "unit_type", "group", "participation", "position", "attributes")


def plan_assessed(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Assessed units: new ones with members; other type, group or attributes count from the day of the import."""
    stored = list(AssessedMembership.objects.on(known.on).select_related("assessed_unit", "unit", "cluster"))
    leaving = _leaving(rows, stored)
    return [_assessed(known, row, stored, leaving) for row in rows if row.values["code"]]


def _leaving(rows: list[Row], stored: list[AssessedMembership]) -> set[int]:
    """Memberships that the file ends, so that the member may join another assessed unit in the same file."""
    wanted = {r.values["code"]: r for r in rows}
    gone = set()
    for membership in stored:
        row = wanted.get(membership.assessed_unit.code)
        name, code = _key(membership)
        if row is not None and name and row.states(name) and code not in row.values[name]:
            gone.add(membership.pk)
    return gone


def _key(membership: AssessedMembership) -> tuple[str, str]:
    """Column and code of a member; empty for a signboard, which the workbook does not show."""
    if membership.unit is not None:
        return "units", membership.unit.code
    return ("clusters", membership.cluster.code) if membership.cluster is not None else ("", "")


def _assessed(known: Known, row: Row, stored: list[AssessedMembership], leaving: set[int]) -> RowPlan:
    code = row.values["code"]
    members: list[Unit | Cluster | None] = [
        known.find(row, "units", known.units, "单位", c) for c in row.values["units"]
    ]
    members += [known.find(row, "clusters", known.clusters, "合署", c) for c in row.values["clusters"]]
    _refuse_taken(known, row, [m for m in stored if m.pk not in leaving and m.assessed_unit.code != code])
    plan = RowPlan(row.form.title, row.number, f"{code} {row.values['name']}")
    target = known.assessed.get(code)
    if target is not None:
        known.keeps_start(row, target, AssessedUnit.objects.filter(code=code))
        _changed(known, row, target, [m for m in stored if m.assessed_unit_id == target.pk], plan)
        return plan
    target = AssessedUnit(code=code, **{f: row.values[f] for f in _FIELDS})
    target.valid_from = known.begins(row, [("units", m) for m in members])
    known.code_is_free(row, AssessedUnit, target.valid_from)
    plan.new = [target, *(_membership(target, m, target.valid_from) for m in members if m is not None)]
    return plan


def _refuse_taken(known: Known, row: Row, others: list[AssessedMembership]) -> None:
    for membership in others:
        name, code = _key(membership)
        if name and code in row.values[name]:
            reason = f"“{membership.target}”已计入“{membership.assessed_unit}”"
            known.errors.append(row.error(name, reason, "一个机构同时只能算在一处。"))


def _changed(
    known: Known, row: Row, target: AssessedUnit, members: list[AssessedMembership], plan: RowPlan
) -> None:
    current = {f: getattr(target, f) for f in _FIELDS}
    belongs = {
        name: tuple(sorted(c for n, c in map(_key, members) if n == name)) for name in ("units", "clusters")
    }
    for name in belongs:
        row.values[name] = tuple(sorted(row.values[name]))
    plan.diffs = diffs(row, current) + diffs(row, belongs)
    fields, joined = changed(row, current), changed(row, belongs)
    for membership in members:
        name, code = _key(membership)
        if name in joined and code not in joined[name]:
            plan.first.append(partial(_end, known, membership))
    if fields or joined:
        plan.todo.append(partial(_revise, known, target, fields, joined))


def _end(known: Known, membership: AssessedMembership, _: User | None) -> None:
    end_or_delete(membership, known)


def _revise(
    known: Known,
    target: AssessedUnit,
    fields: dict[str, Any],
    joined: dict[str, Any],
    acting_user: User | None,
) -> None:
    if fields and target.valid_from < known.on:
        target = assessed_unit_revise(
            assessed_unit=target, on=known.on, changes=fields, acting_user=acting_user
        )
    elif fields:
        for name, value in fields.items():
            setattr(target, name, value)
        target.save()
    for name, codes in joined.items():
        among: dict[str, Any] = known.units if name == "units" else known.clusters
        present = {code for kind, code in map(_key, target.memberships.on(known.on)) if kind == name}
        for code in sorted(set(codes) - present):
            _membership(target, among[code], known.on).save()


def _membership(target: AssessedUnit, member: Unit | Cluster, begin: Any) -> AssessedMembership:
    kind = "unit" if isinstance(member, Unit) else "cluster"
    return AssessedMembership(assessed_unit=target, valid_from=begin, **{kind: member})
