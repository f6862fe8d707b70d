"""A reading kept between the steps of the wizard (读取结果): counts, kinds of doubts, records with their doubts beside them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.services.catalogue import place_of

FAMILIES = {
    "duty_catalogue": gettext_noop("部门职责与岗位标准表"),
    "procedure_handbook": gettext_noop("工作流程手册"),
}
SHOWN_DOUBTS, SHOWN_RECORDS = 200, 400


@dataclass(frozen=True)
class Doubt:
    """One finding of the reading, ready to show; ``kept`` is empty where the reader refused to guess."""

    code: str
    message: str
    place: str
    about: str
    raw: str
    kept: str


@dataclass
class Record:
    """One record as it was read, with its doubts."""

    no: str
    text: str
    detail: str
    level: int
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def remarks(self) -> list[tuple[str, int]]:
        """What is in doubt, each sort once with its number."""
        return list(Counter(one.message for one in self.doubts).items())


def family_of(reading: Mapping[str, Any]) -> str:
    """What kind of file it is, in words."""
    return _(FAMILIES.get(str(reading.get("family")), gettext_noop("职责目录")))


def counts(reading: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How much was read."""
    departments, chapters = reading.get("departments", []), reading.get("chapters", [])
    duties = [duty for one in departments for duty in one.get("duties", [])]
    standards = sum(
        len(entry.get("standards", [])) for one in departments for entry in one.get("standards", [])
    )
    items = [item for chapter in chapters for item in chapter.get("items", [])]
    found = [
        (_("个部门"), len(departments)),
        (_("条职责"), len(duties)),
        (_("项具体工作"), sum(len(duty.get("work_items", [])) for duty in duties)),
        (_("条工作标准"), standards),
        (_("章"), len(chapters)),
        (_("项流程"), len(items)),
        (_("个流程步骤"), sum(len(item.get("workflow", [])) for item in items)),
    ]
    return [(label, number) for label, number in found if number]


def doubts(reading: Mapping[str, Any]) -> list[Doubt]:
    """All doubts in the order of the file."""
    return [
        Doubt(
            str(one.get("code", "")),
            str(one.get("message") or one.get("code", "")),
            place_of(one),
            str(one.get("about") or ""),
            str(one.get("raw") or ""),
            str(one.get("proposal") or ""),
        )
        for one in reading.get("warnings", [])
    ]


def kinds(found: Sequence[Doubt]) -> list[tuple[str, str, int]]:
    """(code, words, how many), most frequent first."""
    words = {one.code: one.message for one in found}
    return [(code, words[code], n) for code, n in Counter(one.code for one in found).most_common()]


def records(reading: Mapping[str, Any], found: Sequence[Doubt]) -> list[Record]:
    """What would be stored, in order, each record with the doubts that name it."""
    listed = [*_duties(reading), *_procedures(reading)]
    by_number: dict[str, list[Record]] = {}
    for record in listed:
        by_number.setdefault(record.no, []).append(record)
    for one in found:
        number = one.about.split(" ")[0] if one.about else ""
        for record in by_number.get(number, [])[:1]:
            record.doubts.append(one)
    return listed


def _duties(reading: Mapping[str, Any]) -> Iterator[Record]:
    for department in reading.get("departments", []):
        yield Record("", str(department["name"]), "", 0)
        counted = Counter(
            entry.get("matches_work_no") or entry.get("work_no")
            for entry in department.get("standards", [])
            for _one in entry.get("standards", [])
        )
        for duty in department.get("duties", []):
            yield Record(str(duty.get("no") or ""), str(duty["text"]), "", 1)
            for work in duty.get("work_items", []):
                post = _("／").join(filter(None, (work.get("section"), work.get("post")))) or _("岗位未写明")
                detail = _("{post}，{n}条标准").format(post=post, n=counted.get(work["no"], 0))
                yield Record(str(work["no"]), str(work.get("text") or ""), detail, 2)


def _procedures(reading: Mapping[str, Any]) -> Iterator[Record]:
    for chapter in reading.get("chapters", []):
        yield Record(str(chapter.get("no") or ""), str(chapter.get("title") or ""), "", 0)
        for item in chapter.get("items", []):
            detail = _("{n}步，{k}条标准").format(
                n=len(item.get("workflow", [])), k=len(item.get("standards", []))
            )
            when = str(item.get("time_text") or "")
            yield Record(str(item["no"]), str(item["title"]), f"{when}　{detail}" if when else detail, 1)
