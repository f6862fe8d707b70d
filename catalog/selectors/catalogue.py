"""Reads of the catalogue: the effective version, its departments, who does what, search."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import (
    CatalogueState,
    CatalogueVersion,
    Department,
    Duty,
    Finding,
    PartyDuty,
    Procedure,
    Standard,
    Step,
    WorkItem,
)
from zhiheng.kernel.errors import Code, Problem


def versions() -> QuerySet[CatalogueVersion]:
    """All versions, newest first, with counts of open findings."""
    counted = CatalogueVersion.objects.annotate(
        open_findings=Count("findings", filter=Q(findings__accepted=False))
    )
    return counted.order_by("-number")


def effective_version() -> CatalogueVersion | None:
    """The version in force, else the newest one, else None."""
    return (
        CatalogueVersion.objects.filter(state=CatalogueState.EFFECTIVE).first()
        or CatalogueVersion.objects.first()
    )


def version_for(*, number: int) -> CatalogueVersion:
    """The version of this number, or NOT_FOUND."""
    found = CatalogueVersion.objects.filter(number=number).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def departments(version: CatalogueVersion) -> QuerySet[Department]:
    """Departments with counts of duties, work items and standards (each counted by itself: joins would multiply)."""
    duties = Duty.objects.filter(department=OuterRef("pk"))
    works = WorkItem.objects.filter(department=OuterRef("pk"))
    standards = Standard.objects.filter(work_item__department=OuterRef("pk"), parent=None)
    return version.departments.annotate(
        duty_count=_number(duties, "department"),
        work_count=_number(works, "department"),
        standard_count=_number(standards, "work_item__department"),
    ).order_by("order")


def _number(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def department_names(version: CatalogueVersion) -> list[tuple[int, str]]:
    """(id, name) of the departments in their order."""
    return list(version.departments.order_by("order").values_list("pk", "name"))


def department_for(*, department_id: int) -> Department:
    """One department with its duties, work items, posts and standards, or NOT_FOUND."""
    work = WorkItem.objects.prefetch_related("assignments", "standards")
    duties = Duty.objects.prefetch_related(Prefetch("work_items", queryset=work))
    found = (
        Department.objects.select_related("version").prefetch_related(Prefetch("duties", queryset=duties))
        .filter(pk=department_id).first()
    )  # fmt: skip
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def department_of(*, department_id: int) -> Department:
    """One department without its contents, or NOT_FOUND."""
    found = Department.objects.select_related("version", "unit").filter(pk=department_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def open_findings(version: CatalogueVersion) -> int:
    """How many findings of a version nobody has looked at."""
    return version.findings.filter(accepted=False).count()


def procedures(version: CatalogueVersion) -> QuerySet[Procedure]:
    """Procedures with counts of steps and standards."""
    counted = version.procedures.annotate(
        step_count=Count("steps", distinct=True), standard_count=Count("standards", distinct=True)
    )
    return counted.order_by("order")


def procedure_for(*, procedure_id: int) -> Procedure:
    """One procedure with everything, or NOT_FOUND."""
    found = (
        Procedure.objects.select_related("version")
        .prefetch_related("contents", "party_duties", "steps", "standards")
        .filter(pk=procedure_id).first()
    )  # fmt: skip
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


@dataclass
class SearchResult:
    """Answer to “who is responsible for …” (归谁管): the best matches of each kind."""

    work_items: list[WorkItem] = field(default_factory=list)
    standards: list[Standard] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    party_duties: list[PartyDuty] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of matches shown."""
        duties = len(self.work_items) + len(self.standards)
        return duties + len(self.procedures) + len(self.steps) + len(self.party_duties)


def search(text: str, *, limit: int = 20) -> SearchResult:
    """All words of ``text`` (separated by blanks) must occur; at most ``limit`` matches of a kind."""
    version = effective_version()
    words = text.split()
    if version is None or not words:
        return SearchResult()
    work = WorkItem.objects.filter(_all(words, "text"), department__version=version)
    standards = Standard.objects.filter(_all(words, "text"), work_item__department__version=version)
    steps = Step.objects.filter(_all(words, "text"), procedure__version=version)
    duties = PartyDuty.objects.filter(_all(words, "text"), procedure__version=version)
    return SearchResult(
        work_items=list(work.select_related("department", "duty").prefetch_related("assignments")[:limit]),
        standards=list(
            standards.select_related("work_item__department").prefetch_related("work_item__assignments")[
                :limit
            ]
        ),
        procedures=list(version.procedures.filter(_all(words, "title"))[:limit]),
        steps=list(steps.select_related("procedure")[:limit]),
        party_duties=list(duties.select_related("procedure")[:limit]),
    )


def _all(words: list[str], name: str) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(**{f"{name}__icontains": word})
    return condition


def findings_of(version: CatalogueVersion) -> QuerySet[Finding]:
    """Findings of a version, open ones first, else in the order of the file."""
    return version.findings.order_by("accepted", "pk")


def finding_kinds(version: CatalogueVersion) -> list[tuple[str, str, int, int]]:
    """(code, words, open, all) of each kind of finding, most open first."""
    rows = version.findings.values("code").annotate(
        words=Max("message"), left=Count("pk", filter=Q(accepted=False)), total=Count("pk")
    )
    found = [
        (row["code"], row["words"] or row["code"], row["left"], row["total"]) for row in rows.order_by("code")
    ]
    return sorted(found, key=lambda one: -one[2])
