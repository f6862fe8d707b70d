"""Store a reading as a new catalogue version; approve it and make it effective."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from catalog.models import (
    CatalogueState,
    CatalogueVersion,
    Department,
    Duty,
    DutyScope,
    Finding,
    PartyDuty,
    Procedure,
    ProcedureStandard,
    Standard,
    Step,
    WorkAssignment,
    WorkContent,
    WorkItem,
)
from tenants.organisation.models import Unit
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

Reading = Mapping[str, Any]
_BEFORE_SUB_ITEM = re.compile(r"[（(]\s*\d+\s*[）)]\s*$")


@transaction.atomic
def catalogue_store(
    *, reading: Reading, title: str, acting_user: Any, source_name: str = "", source_digest: str = ""
) -> CatalogueVersion:
    """Store a reading (departments or chapters, and warnings) as a new draft version, all or nothing.

    The reading has the shape that the readers give: ``departments`` of the duty family, ``chapters`` of the procedure
    family, ``warnings`` with code, place, raw and proposal.  Raises INVALID_INPUT for a reading without records.
    """
    if not reading.get("departments") and not reading.get("chapters"):
        raise Problem(
            Code.INVALID_INPUT,
            place=source_name or title,
            reason="没有读到职责或流程",
            advice="请核对文件的表格",
        )
    last = CatalogueVersion.objects.select_for_update().order_by("-number").first()
    version = CatalogueVersion.objects.create(
        number=last.number + 1 if last else 1,
        title=title,
        source_name=source_name,
        source_digest=source_digest,
        created_by=acting_user,
    )
    for order, department in enumerate(reading.get("departments", [])):
        _store_department(version, order, department)
    _store_procedures(version, reading.get("chapters", []))
    _store_findings(version, reading.get("warnings", []))
    audit.record(
        acting_user=acting_user,
        action="catalogue.store",
        target=version,
        data={"source": source_name, "digest": source_digest},
    )
    return version


def _store_department(version: CatalogueVersion, order: int, entry: Reading) -> None:
    department = Department.objects.create(
        version=version,
        name=entry["name"],
        aliases=entry.get("aliases", []),
        unit=Unit.objects.filter(name=entry["name"]).first(),
        order=order,
    )
    items: dict[str, WorkItem] = {}
    for place, duty in enumerate(entry.get("duties", [])):
        _store_duty(department, place, duty, items)
    _store_standards(department, entry.get("standards", []), items)


def _store_duty(department: Department, order: int, entry: Reading, items: dict[str, WorkItem]) -> None:
    duty = Duty.objects.create(
        department=department,
        no=entry.get("no") or "",
        text=entry["text"],
        scope=DutyScope.OUTSIDE if "外" in entry.get("scope", "") else DutyScope.INSIDE,
        order=order,
    )
    for work in entry.get("work_items", []):
        items.setdefault(work["no"], _store_work(department, duty, len(items), work))


def _store_work(department: Department, duty: Duty | None, order: int, entry: Reading) -> WorkItem:
    item = WorkItem.objects.create(
        department=department, duty=duty, no=entry["no"], text=entry.get("text") or "", order=order
    )
    posts = [(entry.get("section") or "", entry.get("post") or "")]
    posts += [(other.get("section") or "", other.get("post") or "") for other in entry.get("also", [])]
    WorkAssignment.objects.bulk_create(
        [
            WorkAssignment(work_item=item, section_name=section, post_name=post, leads=place == 0)
            for place, (section, post) in enumerate(posts)
            if section or post
        ]
    )
    return item


def _store_standards(department: Department, entries: Iterable[Reading], items: dict[str, WorkItem]) -> None:
    rows: list[Standard] = []
    children: list[tuple[Standard, Reading]] = []
    for entry in entries:
        key = entry.get("matches_work_no") or entry.get("work_no") or ""
        item = items.get(key)
        if item is None:
            work = {"no": entry.get("work_no") or "", "text": entry.get("work_text"), **_post_of(entry)}
            item = items[key] = _store_work(department, None, len(items), work)
        for one in entry.get("standards", []):
            text, subs = _text_and_subs(one)
            row = Standard(
                work_item=item,
                printed_no=one["no"],
                no=one.get("intended_no", one["no"]),
                text=text,
                place=place_of(one),
                order=len(rows),
            )
            rows.append(row)
            children += [(row, sub) for sub in subs]
    Standard.objects.bulk_create(rows)
    Standard.objects.bulk_create(
        [_sub_item(parent, order, sub) for order, (parent, sub) in enumerate(children)]
    )


def _text_and_subs(entry: Reading) -> tuple[str, list[Any]]:
    """The standard's own words and its sub-items; a reading may hold both in one text, with the pieces beside it."""
    text, subs = str(entry.get("text") or entry.get("starts") or ""), entry.get("sub_items", [])
    if isinstance(subs, list):
        return text, subs
    pieces = [str(piece) for piece in entry.get("sub_item_texts", [])]
    at = text.find(pieces[0]) if pieces else -1
    return (_BEFORE_SUB_ITEM.sub("", text[:at]) if at > 0 else text), pieces


def place_of(entry: Reading) -> str:
    """Where in the file a record stands, for people: line, or table and row; empty when unknown."""
    place = entry.get("place")
    if isinstance(place, str):
        return place
    parts = {**(place or {}), **({"line": entry["line"]} if entry.get("line") else {})}
    words = {
        "line": "第{}行",
        "page": "第{}页",
        "sheet": "工作表{}",
        "table": "表{}",
        "row": "第{}行",
        "cell": "{}格",
    }
    return "".join(words[name].format(parts[name]) for name in words if parts.get(name) is not None)[:120]


def _post_of(entry: Reading) -> dict[str, Any]:
    return {
        "section": entry.get("section_canonical") or entry.get("section"),
        "post": entry.get("post_canonical") or entry.get("post"),
    }


def _sub_item(parent: Standard, order: int, entry: Any) -> Standard:
    no, text = (
        (entry.get("no", ""), entry.get("text", "")) if isinstance(entry, Mapping) else ("", str(entry))
    )
    return Standard(
        work_item=parent.work_item,
        parent=parent,
        printed_no=no,
        no=no or f"({order + 1})",
        text=text,
        order=order,
    )


def _store_procedures(version: CatalogueVersion, chapters: Iterable[Reading]) -> None:
    order = 0
    for chapter in chapters:
        for entry in chapter.get("items", []):
            order += 1
            procedure = Procedure.objects.create(
                version=version,
                chapter_no=chapter.get("no", ""),
                chapter=chapter.get("title", ""),
                no=entry["no"],
                title=entry["title"],
                time_text=entry.get("time_text", ""),
                schedules=entry.get("schedule", []),
                place=place_of(entry),
                order=order,
            )
            _store_procedure_lists(procedure, entry)


def _store_procedure_lists(procedure: Procedure, entry: Reading) -> None:
    WorkContent.objects.bulk_create(
        [
            WorkContent(procedure=procedure, text=t, order=n)
            for n, t in enumerate(entry.get("work_content", []), 1)
        ]
    )
    duties = [(party, text) for party, texts in entry.get("duties", {}).items() for text in texts]
    PartyDuty.objects.bulk_create(
        [PartyDuty(procedure=procedure, party=p, text=t, order=n) for n, (p, t) in enumerate(duties, 1)]
    )
    Step.objects.bulk_create(
        [_step(procedure, order, step) for order, step in enumerate(entry.get("workflow", []), start=1)]
    )
    ProcedureStandard.objects.bulk_create(
        [
            ProcedureStandard(procedure=procedure, text=t, order=n)
            for n, t in enumerate(entry.get("standards", []), 1)
        ]
    )


def _step(procedure: Procedure, order: int, entry: Reading) -> Step:
    return Step(
        procedure=procedure,
        chain=entry.get("chain") or "",
        order=order,
        text=entry["step"],
        actors=entry.get("actors", []),
        inferred=bool(entry.get("inferred")) or entry.get("actor_text") in (None, ""),
    )


def _store_findings(version: CatalogueVersion, warnings: Iterable[Reading]) -> None:
    Finding.objects.bulk_create(
        [
            Finding(
                version=version,
                code=str(one.get("code", ""))[:60],
                message=str(one.get("message") or "")[:200],
                place=f"{one.get('about', '')} {place_of(one)}".strip()[:200],
                raw=str(one.get("raw") or ""),
                proposal=str(one.get("proposal") or ""),
            )
            for one in warnings
        ]
    )


@transaction.atomic
def catalogue_make_effective(
    *, version: CatalogueVersion, approved_by: str, effective_from: date, acting_user: Any
) -> CatalogueVersion:
    """Approve a version and make it the effective one; the former effective version is superseded."""
    locked = CatalogueVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state in {CatalogueState.EFFECTIVE, CatalogueState.SUPERSEDED}:
        raise Problem(
            Code.STATE,
            what=str(locked),
            state=locked.get_state_display(),
            action="生效",
            advice="请以它为底建立新版本。",
        )
    if not approved_by.strip():
        raise Problem(Code.INVALID_INPUT, place="批准机构", reason="没有填写", advice="例如“校长办公会”")
    CatalogueVersion.objects.filter(state=CatalogueState.EFFECTIVE).update(state=CatalogueState.SUPERSEDED)
    locked.state, locked.approved_by, locked.effective_from = (
        CatalogueState.EFFECTIVE,
        approved_by,
        effective_from,
    )
    locked.save()
    audit.record(acting_user=acting_user, action="catalogue.make_effective", target=locked)
    return locked
