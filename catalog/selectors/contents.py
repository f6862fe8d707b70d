"""What stands in a version (目录内容): posts with their work, standards, gaps, procedures by actor, the whole as plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import override

from catalog.models import (
    CatalogueVersion,
    Department,
    Duty,
    Procedure,
    Standard,
    Step,
    WorkAssignment,
    WorkItem,
)
from zhiheng.kernel.errors import Code, Problem

TOP = Q(parent=None)


@dataclass(frozen=True)
class PostRow:
    """A post as the catalogue names it, with how much it does; ``handle`` is any one of its assignments."""

    handle: int
    department_id: int
    department: str
    section: str
    post: str
    works: int
    standards: int


@dataclass(frozen=True)
class PostSheet:
    """Everything one post does (岗位职责单): work items with standards, in the order of the catalogue."""

    department: Department
    section: str
    post: str
    works: tuple[WorkItem, ...]

    @property
    def name(self) -> str:
        """The post, or its section when the paper names none."""
        return self.post or self.section


@dataclass(frozen=True)
class Gap:
    """Something that is missing: what, how many, and for whom."""

    code: str
    count: int
    examples: tuple[str, ...]


def duty_for(*, duty_id: int) -> Duty:
    """One duty with its work items, posts and standards, or NOT_FOUND."""
    found = (
        Duty.objects.select_related("department__version")
        .prefetch_related(_works())
        .filter(pk=duty_id)
        .first()
    )
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def duties_of(department: Department) -> QuerySet[Duty]:
    """Duties of a department with their work items and the number of standards of each item."""
    works = WorkItem.objects.annotate(standard_count=Count("standards", filter=Q(standards__parent=None)))
    lean = Prefetch("work_items", queryset=works.prefetch_related("assignments").order_by("order"))
    return department.duties.prefetch_related(lean).order_by("order")


def loose_works(department: Department) -> list[WorkItem]:
    """Work items that the paper's standards name but no duty holds."""
    works = department.work_items.filter(duty=None).prefetch_related("assignments", _standards())
    return list(works)


def post_rows(version: CatalogueVersion) -> list[PostRow]:
    """All posts of a version with counts of work items and standards."""
    rows = (
        WorkAssignment.objects.filter(work_item__department__version=version)
        .values("work_item__department_id", "work_item__department__name", "section_name", "post_name")
        .annotate(
            handle=Min("pk"),
            works=Count("work_item", distinct=True),
            standards=Count(
                "work_item__standards", filter=Q(work_item__standards__parent=None), distinct=True
            ),
        )
        .order_by("work_item__department__order", "section_name", "post_name")
    )
    return [
        PostRow(
            row["handle"],
            row["work_item__department_id"],
            row["work_item__department__name"],
            row["section_name"],
            row["post_name"],
            row["works"],
            row["standards"],
        )
        for row in rows
    ]


def post_sheet(*, assignment_id: int) -> PostSheet:
    """All work of the post that this assignment names, or NOT_FOUND."""
    one = (
        WorkAssignment.objects.select_related("work_item__department__version")
        .filter(pk=assignment_id)
        .first()
    )
    if one is None:
        raise Problem(Code.NOT_FOUND)
    department = one.work_item.department
    same = WorkAssignment.objects.filter(
        work_item__department=department, section_name=one.section_name, post_name=one.post_name
    )
    works = WorkItem.objects.filter(pk__in=same.values("work_item")).select_related("duty")
    found = tuple(works.prefetch_related("assignments", _standards()).order_by("order"))
    return PostSheet(department, one.section_name, one.post_name, found)


def standards(version: CatalogueVersion) -> QuerySet[Standard]:
    """Standards of a version (sub-items left out) with work item, department and posts."""
    found = Standard.objects.filter(TOP, work_item__department__version=version)
    return (
        found.select_related("work_item__department", "work_item__duty")
        .prefetch_related("work_item__assignments")
        .order_by("work_item__department__order", "work_item__order", "order")
    )


def gaps(version: CatalogueVersion) -> list[Gap]:
    """Duties without work, work without post, work without standard; only what is missing."""
    duties = Duty.objects.filter(department__version=version, work_items=None).select_related("department")
    works = WorkItem.objects.filter(department__version=version).select_related("department")
    posted = WorkAssignment.objects.filter(work_item=OuterRef("pk")).exclude(post_name="")
    measured = Standard.objects.filter(work_item=OuterRef("pk"))
    found = (
        ("duty_without_work", duties),
        ("work_without_post", works.exclude(Exists(posted))),
        ("work_without_standard", works.exclude(Exists(measured))),
    )
    return [gap for code, rows in found if (gap := _gap(code, rows)).count]


def _gap(code: str, rows: Iterable[Any]) -> Gap:
    listed = [f"{one.department.name} {one.no} {one.text[:24]}" for one in rows]
    return Gap(code, len(listed), tuple(listed[:5]))


def procedures_with_steps(version: CatalogueVersion) -> list[Procedure]:
    """All procedures in order, with their steps and counts of standards."""
    counted = version.procedures.annotate(standard_count=Count("standards"))
    return list(counted.prefetch_related("steps").order_by("order"))


def actors_of(procedure: Procedure) -> list[str]:
    """Who takes part, in the order of the first step."""
    return list(dict.fromkeys(actor for step in procedure.steps.all() for actor in step.actors))


def actors(version: CatalogueVersion) -> list[str]:
    """Everybody who does a step in some procedure, most frequent first."""
    counts: dict[str, int] = {}
    for named in Step.objects.filter(procedure__version=version).values_list("actors", flat=True):
        for actor in named:
            counts[actor] = counts.get(actor, 0) + 1
    return sorted(counts, key=lambda actor: (-counts[actor], actor))


def _standards() -> "Prefetch[Any]":
    return Prefetch(
        "standards", queryset=Standard.objects.filter(TOP).prefetch_related("children").order_by("order")
    )


def _works() -> "Prefetch[Any]":
    works = WorkItem.objects.prefetch_related("assignments", _standards()).order_by("order")
    return Prefetch("work_items", queryset=works)


@override(settings.LANGUAGE_CODE)
def whole(version: CatalogueVersion) -> dict[str, Any]:
    """The whole version as plain data for the printed handbook and the tables."""
    duties = Duty.objects.prefetch_related(_works())
    departments = version.departments.prefetch_related(Prefetch("duties", queryset=duties))
    procedures = version.procedures.prefetch_related("contents", "party_duties", "steps", "standards")
    return {
        "title": version.title,
        "number": version.number,
        "state": version.get_state_display(),
        "approved_by": version.approved_by,
        "effective_from": version.effective_from,
        "departments": [_department(one) for one in departments.order_by("order")],
        "procedures": [_procedure(one) for one in procedures.order_by("order")],
    }


def _department(one: Department) -> dict[str, Any]:
    duties = [
        {
            "no": duty.no,
            "text": duty.text,
            "scope": duty.get_scope_display(),
            "works": [_work(w) for w in duty.work_items.all()],
        }
        for duty in one.duties.all()
    ]
    return {"name": one.name, "duties": duties, "loose": [_work(work) for work in loose_works(one)]}


def _work(work: WorkItem) -> dict[str, Any]:
    return {
        "no": work.no,
        "text": work.text,
        "posts": [(a.section_name, a.post_name, a.leads) for a in work.assignments.all()],
        "standards": [
            {"no": s.no, "text": s.text, "place": s.place, "sub_items": [c.text for c in s.children.all()]}
            for s in work.standards.all()
        ],
    }


def _procedure(one: Procedure) -> dict[str, Any]:
    parties: dict[str, list[str]] = {}
    for duty in one.party_duties.all():
        parties.setdefault(duty.party, []).append(duty.text)
    return {
        "chapter_no": one.chapter_no,
        "chapter": one.chapter,
        "no": one.no,
        "title": one.title,
        "time": one.time_text,
        "contents": [c.text for c in one.contents.all()],
        "parties": parties,
        "steps": [(s.chain, s.text, list(s.actors), s.inferred) for s in one.steps.all()],
        "standards": [s.text for s in one.standards.all()],
        "place": one.place,
    }
