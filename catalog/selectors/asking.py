"""Search of the effective catalogue (归谁管): hits of every kind with a score, best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import (
    CatalogueVersion,
    Department,
    Duty,
    PartyDuty,
    Procedure,
    ProcedureStandard,
    Standard,
    WorkAssignment,
    WorkItem,
)
from catalog.selectors.catalogue import effective_version
from catalog.selectors.words import Term, pieces, terms_of

DUTY, WORK, STANDARD, PROCEDURE, PARTY, STEP, RULE = (
    "duty",
    "work",
    "standard",
    "procedure",
    "party",
    "step",
    "rule",
)
KINDS = {
    DUTY: "职责", WORK: "工作项", STANDARD: "工作标准", PROCEDURE: "流程", PARTY: "各方职责", STEP: "流程步骤", RULE: "流程标准",
}  # fmt: skip
BASE = {PROCEDURE: 1.0, WORK: 0.95, DUTY: 0.6, STANDARD: 0.5, PARTY: 0.5, STEP: 0.45, RULE: 0.35}
PER_KIND = 60


@dataclass(frozen=True)
class Hit:
    """One record that answers to the question; ``owner`` is the department or the party that does it."""

    kind: str
    text: str
    score: float
    owner: str
    no: str = ""
    work: WorkItem | None = None
    duty: Duty | None = None
    procedure: Procedure | None = None
    place: str = ""

    @property
    def kind_label(self) -> str:
        """职责, 工作项, ..."""
        return KINDS[self.kind]

    @property
    def lead(self) -> WorkAssignment | None:
        """The post that leads, when the record has one."""
        return next(iter(self.work.assignments.all()), None) if self.work else None


@dataclass(frozen=True)
class Found:
    """The outcome of a question; ``partial`` when only pieces of the words were found."""

    version: CatalogueVersion | None
    terms: tuple[Term, ...]
    hits: tuple[Hit, ...] = ()
    partial: bool = False
    marks: tuple[str, ...] = field(default=())
    departments: tuple[Department, ...] = ()

    @property
    def synonyms(self) -> list[str]:
        """Near synonyms that were looked for as well."""
        return [other for term in self.terms for other in term.also]

    @property
    def best(self) -> Hit | None:
        """The answer."""
        return self.hits[0] if self.hits else None


def ask(question: str, *, synonyms: bool = True) -> Found:
    """Every word (or a near synonym of it) must occur; else the records that hold most of its pieces."""
    version, terms = effective_version(), terms_of(question, synonyms=synonyms)
    if version is None or not terms:
        return Found(version, tuple(terms))
    base = _base(version)
    groups = [term.variants for term in terms]
    marks = tuple(variant for group in groups for variant in group)
    names = _names(base, terms[0].word)
    hits = _hits(base, _every(groups), groups)
    if hits:
        return Found(version, tuple(terms), tuple(hits), marks=marks, departments=names)
    bits = pieces(terms)
    near = _hits(base, _any(bits), [(bit,) for bit in bits]) if bits else []
    close = tuple(hit for hit in near if _enough(hit.text, bits))
    return Found(version, tuple(terms), close, partial=True, marks=tuple(bits), departments=names)


@dataclass(frozen=True)
class Base:
    """What every search of a version needs once: departments by id, procedures with their steps."""

    version: CatalogueVersion
    departments: dict[int, Department]
    procedures: dict[int, Procedure]


def _base(version: CatalogueVersion) -> Base:
    departments = {one.pk: one for one in version.departments.all()}
    procedures = {one.pk: one for one in version.procedures.prefetch_related("steps")}
    return Base(version, departments, procedures)


def _names(base: Base, word: str) -> tuple[Department, ...]:
    """Departments whose name or alias holds the word."""
    return tuple(
        one for one in base.departments.values() if any(word in name for name in (one.name, *one.aliases))
    )


def posts_named(version: CatalogueVersion, word: str, *, limit: int = 6) -> list[WorkAssignment]:
    """One assignment of each post whose name holds the word."""
    found = WorkAssignment.objects.filter(work_item__department__version=version, post_name__icontains=word)
    one_each = found.order_by("work_item__department_id", "section_name", "post_name", "pk").distinct(
        "work_item__department_id", "section_name", "post_name"
    )
    return list(one_each.select_related("work_item__department")[:limit])


def _every(groups: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    return {"groups": groups, "all": True}


def _any(bits: Sequence[str]) -> dict[str, Any]:
    return {"groups": [(bit,) for bit in bits], "all": False}


def _condition(wanted: dict[str, Any], name: str) -> Q:
    total = Q()
    for group in wanted["groups"]:
        one = Q()
        for variant in group:
            one |= Q(**{f"{name}__icontains": variant})
        total = total & one if wanted["all"] else total | one
    return total


def _hits(base: Base, wanted: dict[str, Any], groups: Sequence[tuple[str, ...]]) -> list[Hit]:
    found = [*_duty_hits(base, wanted, groups), *_procedure_hits(base, wanted, groups)]
    found.sort(key=lambda hit: -hit.score)
    seen: dict[tuple[int | None, str], Hit] = {}
    for hit in found:
        key = (hit.procedure.pk if hit.procedure else None, hit.text.strip("。；; "))
        seen.setdefault(key if hit.procedure else (id(hit), ""), hit)
    return list(seen.values())


def _duty_hits(base: Base, wanted: dict[str, Any], groups: Sequence[tuple[str, ...]]) -> Iterable[Hit]:
    version, names = base.version, {pk: one.name for pk, one in base.departments.items()}
    if not names:
        return
    duties = Duty.objects.filter(_condition(wanted, "text"), department__version=version)
    for duty in duties.prefetch_related("work_items__assignments")[:PER_KIND]:
        works = duty.work_items.all()
        work = works[0] if works else None
        score = _score(DUTY, duty.text, groups)
        yield Hit(DUTY, duty.text, score, names[duty.department_id], duty.no, work=work, duty=duty)
    works_found = WorkItem.objects.filter(_condition(wanted, "text"), department__version=version)
    for work in works_found.select_related("duty", "department__unit").prefetch_related(
        "assignments", "standards"
    )[:PER_KIND]:
        score = _score(WORK, work.text, groups)
        yield Hit(WORK, work.text, score, names[work.department_id], work.no, work=work, duty=work.duty)
    if not wanted["all"]:
        return
    standards = Standard.objects.filter(_condition(wanted, "text"), work_item__department__version=version)
    related = standards.select_related("work_item__duty", "work_item__department__unit").prefetch_related(
        "work_item__assignments"
    )
    for one in related[:PER_KIND]:
        item = one.work_item
        score = _score(STANDARD, one.text, groups)
        yield Hit(
            STANDARD, one.text, score, names[item.department_id], one.no, item, item.duty, place=one.place
        )


def _procedure_hits(base: Base, wanted: dict[str, Any], groups: Sequence[tuple[str, ...]]) -> Iterable[Hit]:
    version, procedures = base.version, base.procedures
    if not procedures:
        return
    owners = {pk: owner_of(one) for pk, one in procedures.items()}
    for pk, one in procedures.items():
        if _answers(wanted, one.title):
            score = _score(PROCEDURE, one.title, groups)
            yield Hit(PROCEDURE, one.title, score, owners[pk], one.no, procedure=one, place=one.place)
    for one in procedures.values():
        for step in one.steps.all():
            if _answers(wanted, step.text):
                owner, score = "、".join(step.actors) or owners[one.pk], _score(STEP, step.text, groups)
                yield Hit(STEP, step.text, score, owner, one.no, procedure=one, place=one.place)
    tables: list[tuple[str, QuerySet[Any]]] = [(PARTY, PartyDuty.objects.all())]
    tables += [(RULE, ProcedureStandard.objects.all())] if wanted["all"] else []
    for kind, rows in tables:
        for row in rows.filter(_condition(wanted, "text"), procedure__version=version)[:PER_KIND]:
            one = procedures[row.procedure_id]
            owner = row.party if kind == PARTY else owners[one.pk]
            yield Hit(
                kind, row.text, _score(kind, row.text, groups), owner, one.no, procedure=one, place=one.place
            )


def _answers(wanted: dict[str, Any], text: str) -> bool:
    met = [any(variant.lower() in text.lower() for variant in group) for group in wanted["groups"]]
    return all(met) if wanted["all"] else any(met)


def owner_of(procedure: Procedure) -> str:
    """The party that does most of a procedure's steps (the first one when they are equal); empty without steps."""
    counts: dict[str, int] = {}
    for step in procedure.steps.all():
        for actor in step.actors:
            counts[actor] = counts.get(actor, 0) + 1
    return max(counts, key=lambda actor: counts[actor], default="")


def _score(kind: str, text: str, groups: Sequence[tuple[str, ...]]) -> float:
    """Base of the kind, plus the share of the text that the words cover, plus a little for the exact word."""
    lowered = text.lower()
    covered, exact, met = 0, 0, 0
    for group in groups:
        hit = max((variant for variant in group if variant.lower() in lowered), key=len, default="")
        covered += len(hit)
        met += bool(hit)
        exact += bool(hit) and group[0].lower() in lowered
    share = min(1.0, covered / max(1, len(text)))
    return BASE[kind] * met / len(groups) + share + 0.1 * exact / len(groups)


def _enough(text: str, bits: Sequence[str]) -> bool:
    """At least two pieces, or half of them."""
    met = sum(bit.lower() in text.lower() for bit in bits)
    return met >= 2 or 2 * met >= len(bits)
