"""Plain data of a department (输出): the shape of the hand-made catalogue reading, standards with their whole text."""

import re
from itertools import pairwise
from typing import Any

from integrations.importers.duties.blocks import Standard
from integrations.importers.duties.cleaning import close_gaps
from integrations.importers.duties.cutting import DUTIES, STANDARDS, WORKS, Department
from integrations.importers.duties.doubts import tell_doubts
from integrations.importers.duties.duty_table import DutyList
from integrations.importers.duties.entries import Entry
from integrations.importers.duties.numbers import item_text
from integrations.importers.duties.posts import caption_names
from integrations.importers.duties.works import WorkItem, WorkList
from integrations.importers.findings import Report
from integrations.importers.folding import fold, squeeze
from integrations.importers.grid import Line

SUB_ITEM = re.compile(r"[(（]\s*(\d{1,2})\s*[)）]\s*")
TABLES = {DUTIES: "t12", WORKS: "t13", STANDARDS: "t14"}


def department_json(
    department: Department, duties: list[DutyList], works: WorkList, entries: list[Entry], report: Report
) -> dict[str, Any]:
    """All records of a department."""
    captions = caption_names(entries, works.items)
    tell_doubts(department, entries, captions, report)
    by_item = {work.item: work for work in works.items}
    for entry in entries:
        if entry.link and fold(by_item[entry.link].text) != fold(entry.text):
            entry.flags.append("work_text_differs_from_1_3")
    standards = [_entry(entry, captions, report) for entry in _ordered(entries)]
    duty_data = _duties(duties, works, report)
    return {
        "name": squeeze(department.name),
        "chapter": department.chapter,
        "aliases": _aliases(department),
        "outside_duty_cell": "".join(found.outside_cell for found in duties),
        "lines": _lines(department),
        "posts": _posts(works, standards),
        "sections": sorted({place.split("/")[0] for place in _posts(works, standards)}),
        "duties": duty_data,
        "standards": standards,
        "sign_offs": [row.text for row in department.sign_offs],
    }


def _aliases(department: Department) -> list[str]:
    name = squeeze(department.name)
    others = dict.fromkeys(squeeze(other) for other in [*department.names, department.caption_name] if other)
    return [other for other in others if other and other != name]


def _lines(department: Department) -> dict[str, list[int]]:
    """First and last source line of each table (text only)."""
    found: dict[str, list[int]] = {}
    for kind, key in TABLES.items():
        sheets = department.of_kind(kind)
        if sheets and sheets[0].first and sheets[0].first.place.line is not None:
            last = next((sheet.last for sheet in reversed(sheets) if sheet.last), sheets[0].first)
            found[key] = [sheets[0].first.place.line, last.place.line or 0]
    return found


def place_json(line: Line) -> dict[str, Any]:
    """``line`` for text, ``place`` for formats without lines."""
    if line.place.line is not None and line.place.page is None:
        return {"line": line.place.line}
    return {"place": line.place.to_json()}


def _duties(duties: list[DutyList], works: WorkList, report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    numbers = set()
    for duty in (duty for listed in duties for duty in listed.duties):
        mine = [work for work in works.items if duty.no is not None and work.item[0] == int(duty.no)]
        record: dict[str, Any] = {"no": duty.no, "text": duty.text, "scope": duty.scope} | place_json(
            duty.line
        )
        if duty.no is not None:
            numbers.add(int(duty.no))
            record |= _spine(int(duty.no), duty.text, works)
        found.append(record | {"work_items": [_work(work) for work in mine]})
    for no in dict.fromkeys(work.item[0] for work in works.items if work.item[0] not in numbers):
        mine = [work for work in works.items if work.item[0] == no]
        text = works.duty_texts.get(no, "")
        report.warn(
            "duty_only_in_1_3", "职责表里没有这条职责，取自岗位工作表", mine[0].line, text, about=str(no)
        )
        found.append(
            {"no": str(no), "text": text, "scope": "系统内", "work_items": [_work(work) for work in mine]}
        )
    return found


def _spine(no: int, text: str, works: WorkList) -> dict[str, Any]:
    data: dict[str, Any] = {}
    other = works.duty_texts.get(no)
    if other and squeeze(other) != squeeze(text):
        data["text_in_table_1_3"] = other
    if works.duty_tags.get(no):
        data["functions"] = works.duty_tags[no]
    return data


def _work(work: WorkItem) -> dict[str, Any]:
    data: dict[str, Any] = {"no": work.no, "text": work.text, "post": work.post, "section": work.section}
    if work.post_canonical and work.post_canonical != work.post:
        data["post_canonical"] = work.post_canonical
    if work.section_canonical and work.section_canonical != work.section:
        data["section_canonical"] = work.section_canonical
    if work.also:
        data["also"] = work.also
    data |= place_json(work.line) | {"raw": work.row.text}
    return data | ({"flags": work.flags} if work.flags else {})


def _ordered(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.rows[0])


def _entry(entry: Entry, captions: dict[str, str], report: Report) -> dict[str, Any]:
    data: dict[str, Any] = {
        "section": entry.section,
        "post": entry.post,
        "work_no": entry.no,
        "work_text": entry.text,
    }
    canonical = captions.get(entry.section_caption or "")
    if canonical and canonical != entry.section:
        data["section_canonical"] = canonical
    if entry.occurrence is not None and fold(entry.occurrence.text) != fold(entry.text):
        data["work_text_raw"] = entry.occurrence.text
    data["matches_work_no"] = item_text(entry.link) if entry.link else None
    data["link_score"] = round(entry.link_score, 3)
    if entry.post_13 and entry.post and entry.post_13 != entry.post:
        data["post_in_table_1_3"] = entry.post_13
        _ask(entry, report, "post_differs", "两张表写的岗位不同，请确认", f"{entry.post} / {entry.post_13}")
    if entry.section_13 and entry.section and entry.section_13 != (canonical or entry.section):
        data["section_in_table_1_3"] = entry.section_13
        _ask(
            entry,
            report,
            "section_differs",
            "两张表写的科室不同，请确认",
            f"{entry.section} / {entry.section_13}",
        )
    standards = [_standard(standard) for standard in sorted(entry.standards, key=lambda standard: standard.c)]
    lines = [standard["line"] for standard in standards if "line" in standard]
    data["count"] = len(standards)
    if lines:
        data["lines"] = [min(lines), max(lines)]
    return data | ({"flags": entry.flags} if entry.flags else {}) | {"standards": standards}


def _ask(entry: Entry, report: Report, code: str, message: str, proposal: str) -> None:
    report.warn(code, message, entry.standards[0].fragment.line, proposal, about=f"{entry.no} {entry.text}")


def _standard(standard: Standard) -> dict[str, Any]:
    text = close_gaps(standard.text)
    data: dict[str, Any] = {"no": standard.printed, "text": text} | place_json(standard.fragment.line)
    if standard.printed != standard.intended:
        data["intended_no"] = standard.intended
    subs = [piece.strip() for piece in SUB_ITEM.split(text)[2::2]]
    if len(subs) >= 2 and _counts_up([int(figure) for figure in SUB_ITEM.findall(text)]):
        data |= {"sub_items": len(subs), "sub_item_texts": subs}
    return data | ({"flags": sorted(set(standard.flags))} if standard.flags else {})


def _counts_up(numbers: list[int]) -> bool:
    return numbers[0] == 1 and all(0 < after - before <= 2 for before, after in pairwise(numbers))


def _posts(works: WorkList, standards: list[dict[str, Any]]) -> list[str]:
    found = {
        f"{work.section_canonical}/{work.post_canonical}"
        for work in works.items
        if work.section_canonical and work.post_canonical
    }
    found |= {
        f"{entry.get('section_canonical') or entry['section']}/{entry['post']}"
        for entry in standards
        if entry["section"] and entry["post"]
    }
    return sorted(found)
