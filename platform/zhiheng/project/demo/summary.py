"""What the demo made, told in the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from assessment.models import Cycle, NodeScore, UnitResult
from catalog.models import CatalogueVersion
from tenants.organisation.models import Person, Post, Unit
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User


@dataclass(frozen=True)
class CollegeSummary:
    """One college in figures; ``best`` is (group, unit, published total, grade) of the last year."""

    code: str
    name: str
    style: str
    domain: str
    tenant: Tenant
    quality_user: User
    units: int
    posts: int
    people: int
    catalogue: str
    facts: int
    scores: int
    seals: int
    best: list[tuple[str, str, str, str]]


def summarise(
    college: Mapping[str, Any],
    tenant: Tenant,
    catalogue: CatalogueVersion | None,
    cycles: list[Cycle],
    users: Mapping[str, User],
) -> CollegeSummary:
    """Count what is stored; call it inside the college."""
    last = cycles[-1].runs.latest("number")
    groups = {g["code"]: g["title"] for g in cycles[-1].version.document["groups"]}
    top = UnitResult.objects.filter(run=last, rank=1).select_related("unit")
    return CollegeSummary(
        code=college["code"],
        name=college["name"],
        style=college["style"],
        domain=college["domain"],
        tenant=tenant,
        quality_user=users["quality"],
        units=Unit.objects.count(),
        posts=Post.objects.count(),
        people=Person.objects.count(),
        catalogue=_catalogue(catalogue),
        facts=sum(cycle.facts.count() for cycle in cycles),
        scores=NodeScore.objects.count(),
        seals=sum(cycle.seals.count() for cycle in cycles),
        best=[(groups[r.group], r.unit.name, f"{r.published}", r.grade) for r in top],
    )


def _catalogue(version: CatalogueVersion | None) -> str:
    if version is None:
        return "—"
    procedures = version.procedures.count()
    departments = version.departments.count()
    return f"{procedures}项流程" if procedures else f"{departments}个部门"


def print_summary(console: Console, built: list[CollegeSummary], files: list[Path], seconds: float) -> None:
    """A table per what was asked, the files written, the time it took."""
    table = Table(title="四所学校，三个年度，全部封存", title_justify="left")
    for head in ("学校", "机构", "岗位", "人员", "职责目录", "数据", "得分", "封存"):
        table.add_column(head, justify="left" if head in {"学校", "职责目录"} else "right")
    for one in built:
        figures = (one.units, one.posts, one.people)
        table.add_row(
            one.name, *map(str, figures), one.catalogue, f"{one.facts:,}", f"{one.scores:,}", str(one.seals)
        )
    console.print(table)
    best = Table(title="最近一年各组第一", title_justify="left")
    for head in ("学校", "分组", "单位", "总分", "等次"):
        best.add_column(head, justify="right" if head == "总分" else "left")
    for one in built:
        for group, unit, total, grade in one.best:
            best.add_row(one.name, group, unit, total, grade)
    console.print(best)
    for path in files:
        console.print(f"省级报告：{path}")
    console.print(f"用时{seconds:.1f}秒")
