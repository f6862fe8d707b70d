"""The tree of units as it stood on a day (组织机构图)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from tenants.organisation.models import ClusterMember, Signboard, Unit, UnitKind, UnitVersion
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Code, Problem

Number = TypeVar("Number")


@dataclass
class UnitNode:
    """A unit as it stood on a day (机构), with what hung below it."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_pk: int | None
    children: list["UnitNode"] = field(default_factory=list)
    signboards: list[str] = field(default_factory=list)
    cluster: str = ""
    cluster_partners: list[str] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        """Chinese word for the kind."""
        return str(UnitKind(self.kind).label)

    def walk(self) -> Iterator["UnitNode"]:
        """This unit and everything below it, superiors first."""
        yield self
        for child in self.children:
            yield from child.walk()


def units_as_of(on: date | None = None) -> QuerySet[UnitVersion]:
    """Versions of all units in force on a day (today), in pinyin order; ``version.unit`` is loaded."""
    day = on or timezone.localdate()
    return UnitVersion.objects.on(day).select_related("unit").order_by("sort_key", "unit__code")


def chart(*, user: User, on: date | None = None) -> list[UnitNode]:
    """The whole chart on a day (today): roots with children, signboards and clusters.  Three queries."""
    require(user, "unit.view")
    return build_chart(on or timezone.localdate())


def build_chart(day: date) -> list[UnitNode]:
    """``chart`` without asking who looks; a unit whose superior did not exist that day stands at the top."""
    nodes = {v.unit_id: _node(v) for v in units_as_of(day)}
    roots: list[UnitNode] = []
    for node in nodes.values():
        superior = nodes.get(node.parent_pk) if node.parent_pk else None
        (superior.children if superior else roots).append(node)
    _hang_signboards(nodes, day)
    _mark_clusters(nodes, day)
    return roots


def unit_for(*, user: User, code: str, on: date | None = None, permission: str = "unit.view") -> Unit:
    """The unit with that code on a day (today), for someone who may see it.

    Raises NOT_FOUND when there is none or the user may not view units, PERMISSION_DENIED when ``permission`` is
    missing for this unit.
    """
    unit = Unit.objects.on(on or timezone.localdate()).filter(code=code).first()
    if unit is None or not user.can("unit.view"):
        raise Problem(Code.NOT_FOUND)
    if permission != "unit.view":
        require(user, permission, unit=superior_codes(unit, on))
    return unit


def superior_codes(unit: Unit, on: date | None = None) -> list[str]:
    """Codes of the unit and all its superiors on a day (today), nearest first: the units whose grants cover it."""
    rows = units_as_of(on).values_list("unit_id", "unit__code", "parent_id")
    known = {unit_id: (code, parent_id) for unit_id, code, parent_id in rows}
    chain, current = [unit.code], known.get(unit.pk, ("", None))[1]
    while current in known and known[current][0] not in chain:
        code, superior = known[current]
        chain.append(code)
        current = superior
    return chain


def roll_up(roots: list[UnitNode], own: Mapping[int, Number], zero: Number) -> dict[int, Number]:
    """Sum of each unit's own figure and those below it on this chart; ``own`` and the result are keyed by unit id.

    A unit without a figure adds nothing.  A unit below which nobody has a figure is left out: missing is not zero.
    """
    sums: dict[int, Number] = {}
    for root in roots:
        _sum_below(root, own, zero, sums)
    return sums


def _sum_below(node: UnitNode, own: Mapping[int, Number], zero: Number, sums: dict[int, Number]) -> None:
    for child in node.children:
        _sum_below(child, own, zero, sums)
    parts = [sums[child.pk] for child in node.children if child.pk in sums]
    if node.pk in own:
        parts.append(own[node.pk])
    if parts:
        sums[node.pk] = sum(parts, zero)  # type: ignore[call-overload]


def _node(version: UnitVersion) -> UnitNode:
    return UnitNode(
        pk=version.unit_id,
        code=version.unit.code,
        name=version.name,
        short_name=version.short_name,
        kind=version.kind,
        parent_pk=version.parent_id,
    )


def _hang_signboards(nodes: dict[int, UnitNode], day: date) -> None:
    for unit_id, name in Signboard.objects.on(day).order_by("sort_key").values_list("unit_id", "name"):
        if unit_id in nodes:
            nodes[unit_id].signboards.append(name)


def _mark_clusters(nodes: dict[int, UnitNode], day: date) -> None:
    members: dict[int, list[UnitNode]] = {}
    rows = (
        ClusterMember.objects.on(day)
        .select_related("cluster")
        .order_by("cluster", "-is_lead", "unit__sort_key")
    )
    for row in rows:
        if row.unit_id in nodes:
            nodes[row.unit_id].cluster = row.cluster.name
            members.setdefault(row.cluster_id, []).append(nodes[row.unit_id])
    for together in members.values():
        for node in together:
            node.cluster_partners = [other.name for other in together if other is not node]
