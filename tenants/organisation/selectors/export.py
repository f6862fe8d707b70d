"""The organisation of a day as rows of the workbook (组织机构导出)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from tenants.organisation.models import (
    AssessedUnit,
    Cluster,
    Holding,
    Person,
    Post,
    Section,
    Signboard,
    UnitAlias,
)
from tenants.organisation.selectors.tree import units_as_of
from tenants.organisation.spreadsheets import write_workbook
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User

Rows = dict[str, list[Mapping[str, Any]]]


def organisation_workbook(*, user: User, on: date | None = None) -> bytes:
    """Everything in force on a day (today) as .xlsx, in the shape that the import reads."""
    require(user, "unit.view")
    require(user, "person.view")
    return write_workbook(organisation_rows(on or timezone.localdate()))


def template_workbook() -> bytes:
    """The empty workbook with explanations."""
    return write_workbook({})


def organisation_rows(day: date) -> Rows:
    """Rows by sheet, with values as the forms of the workbook name them."""
    return {
        "units": _units(day),
        "clusters": _clusters(day),
        "sections": _sections(day),
        "posts": _posts(day),
        "people": _people(day),
        "holdings": _holdings(day),
        "assessed": _assessed(day),
    }


def _units(day: date) -> list[Mapping[str, Any]]:
    signboards, aliases = names_of(day)
    return [
        {
            "code": v.unit.code,
            "name": v.name,
            "short_name": v.short_name,
            "kind": v.kind,
            "parent": v.parent.code if v.parent else "",
            "signboards": tuple(signboards[v.unit_id]),
            "aliases": tuple(aliases[v.unit_id, UnitAlias.Kind.ALIAS]),
            "former": tuple(aliases[v.unit_id, UnitAlias.Kind.FORMER]),
            "valid_from": v.unit.valid_from,
        }
        for v in units_as_of(day).select_related("unit", "parent").order_by("unit__code")
    ]


def names_of(day: date) -> tuple[dict[int, list[str]], dict[tuple[int, str], list[str]]]:
    """Signboards by unit id, and aliases by unit id and kind, on a day."""
    signboards: dict[int, list[str]] = defaultdict(list)
    for unit_id, name in Signboard.objects.on(day).order_by("sort_key").values_list("unit_id", "name"):
        signboards[unit_id].append(name)
    aliases: dict[tuple[int, str], list[str]] = defaultdict(list)
    for unit_id, kind, name in (
        UnitAlias.objects.on(day).order_by("name").values_list("unit_id", "kind", "name")
    ):
        aliases[unit_id, kind].append(name)
    return signboards, aliases


def _clusters(day: date) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for cluster in Cluster.objects.on(day).order_by("code"):
        members = list(cluster.members.on(day).select_related("unit").order_by("unit__code"))
        rows.append(
            {
                "code": cluster.code,
                "name": cluster.name,
                "lead": next((m.unit.code for m in members if m.is_lead), ""),
                "members": tuple(m.unit.code for m in members if not m.is_lead),
                "valid_from": cluster.valid_from,
            }
        )
    return rows


def _sections(day: date) -> list[Mapping[str, Any]]:
    found = Section.objects.on(day).select_related("unit").order_by("unit__code", "code")
    return [{"code": s.code, "name": s.name, "unit": s.unit.code, "valid_from": s.valid_from} for s in found]


def _posts(day: date) -> list[Mapping[str, Any]]:
    found = Post.objects.on(day).select_related("unit", "section").order_by("unit__code", "code")
    return [
        {
            "code": p.code,
            "name": p.name,
            "unit": p.unit.code,
            "section": p.section.code if p.section else "",
            "category": p.category,
            "is_head": p.is_head,
            "seats": p.seats,
            "valid_from": p.valid_from,
        }
        for p in found
    ]


def _people(day: date) -> list[Mapping[str, Any]]:
    fields = ("staff_number", "name", "gender", "valid_from", "valid_to")
    return [dict(row) for row in Person.objects.on(day).order_by("staff_number").values(*fields)]


def _holdings(day: date) -> list[Mapping[str, Any]]:
    found = (
        Holding.objects.on(day)
        .select_related("person", "post")
        .order_by("person__staff_number", "post__code")
    )
    return [
        {
            "staff_number": h.person.staff_number,
            "post": h.post.code,
            "share": h.share,
            "valid_from": h.valid_from,
            "valid_to": h.valid_to,
        }
        for h in found
    ]


def _assessed(day: date) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for unit in AssessedUnit.objects.on(day).order_by("code"):
        members = list(unit.memberships.on(day).select_related("unit", "cluster"))
        rows.append(
            {
                **{f: getattr(unit, f) for f in ("code", "name", "short_name", "unit_type", "group")},
                "participation": unit.participation,
                "units": tuple(sorted(m.unit.code for m in members if m.unit)),
                "clusters": tuple(sorted(m.cluster.code for m in members if m.cluster)),
                "position": unit.position,
                "attributes": unit.attributes,
                "valid_from": unit.valid_from,
            }
        )
    return rows
