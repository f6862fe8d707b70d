"""Reader of procedure sheets (工作流程表, family of the Chongqing handbook): grid in, plain records and a report out."""

import re
from typing import Any

from integrations.importers.findings import Report
from integrations.importers.folding import fold, squeeze
from integrations.importers.grid import Document, Line
from integrations.importers.procedures import labels as kinds
from integrations.importers.procedures.actors import Cast
from integrations.importers.procedures.crosschecks import cross_check
from integrations.importers.procedures.cutting import (
    CHAPTER,
    CHINESE,
    ITEM,
    PLAIN,
    Cut,
    RawChapter,
    RawItem,
    cut,
)
from integrations.importers.procedures.entries import groups_of, ordinal
from integrations.importers.procedures.shape import (
    Values,
    item_counts,
    line_ranges,
    place_json,
    places,
    spans,
    step_json,
    texts,
)
from integrations.importers.procedures.sharing_out import share_out
from integrations.importers.procedures.times import join_time_lines
from integrations.importers.procedures.workflow import chains_of

FAMILY = "procedure_handbook"


def claims(document: Document) -> bool:
    """Does the file hold at least one sheet with a workflow or duties of parties among four known labels?"""
    for chapter in cut(document).chapters:
        for item in chapter.items:
            found = {label.kind for label in item.labels}
            if (
                len(found) >= 4
                and found & {kinds.FLOW, kinds.DUTY}
                and kinds.PROJECT in found | {kinds.PROJECT}
            ):
                return True
    return False


def read(document: Document) -> dict[str, Any]:
    """Chapters with items, the cast of actors, and the report, in the shape of the hand-made handbook reading."""
    report = Report()
    found = cut(document)
    share_out(found, report)
    cast = _cast(found)
    chapters = [_chapter(chapter, index, cast, report) for index, chapter in enumerate(found.chapters)]
    data: dict[str, Any] = {"family": FAMILY, "source": document.name} | _cover(found, report)
    data["actors"] = {
        "canonical": _canonical(cast),
        "bracket_counts": dict(cast.written),
        "step_counts": _counts(chapters),
    }
    data["chapters"] = chapters
    report.close(document)
    return data | report.to_json()


def _cast(found: Cut) -> Cast:
    """Parties from the duty columns; brackets as written, with their counts."""
    cast = Cast()
    items = [item for chapter in found.chapters for item in chapter.items]
    for item in items:
        for label in item.labels:
            if label.kind == kinds.DUTY:
                cast.add_party(label.party)
    for item in items:
        for label, value in zip(item.labels, item.values, strict=False):
            if label.kind == kinds.FLOW:
                for bracket in re.findall(
                    r"[（(]([^（()）]{2,20})[)）]+\s*(?:$|→|[-—]+>)",
                    value.text.replace("\n", ""),
                    re.MULTILINE,
                ):
                    cast.written[bracket] = cast.written.get(bracket, 0) + 1
    return cast


def _canonical(cast: Cast) -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for written in cast.written:
        actors = cast.read(written)
        if actors is not None and len(actors.names) == 1 and not actors.recipients:
            forms.setdefault(actors.names[0], []).append(written)
    return forms


def _counts(chapters: list[dict[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for chapter in chapters:
        for item in chapter["items"]:
            for step in item["workflow"]:
                for actor in step["actors"]:
                    counts[actor] = counts.get(actor, 0) + 1
    return counts


def _cover(found: Cut, report: Report) -> dict[str, Any]:
    """Document title and issuer from the cover, wherever it landed (A9); other lines are left out."""
    title, issuer = None, None
    for line in [*found.front, *found.back]:
        text = line.text.strip()
        if text.endswith("制") and 3 <= len(text) <= 20 and issuer is None:
            issuer = text.removesuffix("制").removesuffix("编")
            report.claim(line)
            report.warn("issuer_from_cover", "封面文字读作编制单位，请确认", line, issuer)
        elif title is None and len(squeeze(text)) <= 40 and not text.endswith(("。", "；")):
            title = text
            report.claim(line)
            report.warn("title_from_cover", "封面文字读作文件名称，请确认", line, title)
        else:
            report.drop("front_matter", line)
    return {"document_title": title, "issuer": issuer}


def _chapter(chapter: RawChapter, index: int, cast: Cast, report: Report) -> dict[str, Any]:
    no, title = str(index + 1), ""
    if chapter.heading is not None:
        match = CHAPTER.match(chapter.heading.text)
        no, title = (
            _chapter_no(match) if match else no,
            match["title"].strip() if match else chapter.heading.text.strip(),
        )
        report.claim(chapter.heading)
    elif (
        chapter.items
        and chapter.items[0].title is not None
        and (match := ITEM.match(chapter.items[0].title.text))
    ):
        no = re.split(r"[.．]", match["no"])[0].strip()
    items = [
        _item(item, f"{no}.{position}", cast, report) for position, item in enumerate(chapter.items, start=1)
    ]
    return {"no": no, "title": title} | place_json(chapter.heading) | {"items": items}


def _chapter_no(match: re.Match[str]) -> str:
    if match["no"]:
        return match["no"]
    figure = match["cn"] or match["part"]
    return figure if figure.isdigit() else str(_number(figure))


def _number(text: str) -> int:
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return CHINESE.index(text) + 1 if text in CHINESE else 0
    return (CHINESE.index(tens) + 1 if tens else 1) * 10 + (CHINESE.index(ones) + 1 if ones else 0)


def _item(raw: RawItem, fallback_no: str, cast: Cast, report: Report) -> dict[str, Any]:
    no, title = _title(raw, fallback_no)
    if raw.title is not None:
        report.claim(raw.title)
    report.drop("header", *raw.label_lines)
    item: dict[str, Any] = {"no": no, "title": title} | place_json(raw.title)
    if not raw.fits:
        return item | _refused(raw, report, f"{no} {title}")
    about = f"{no} {title}".strip()
    values = list(zip(raw.labels, raw.values, strict=True))
    item |= _project(values, report, about) if title else _project(values, report, about) | {"title": ""}
    item["title"] = title or item.get("project", "")
    about = f"{no} {item['title']}"
    item |= _time(values, report)
    item |= _lists(values, report, about)
    item |= _flow(values, item["duties"], cast, report, about)
    cross_check(item, _anchors(values), cast, report)
    item["lines"] = line_ranges(raw, values)
    item["counts"] = item_counts(item)
    return item


def _title(raw: RawItem, fallback_no: str) -> tuple[str, str]:
    if raw.title is None:
        return fallback_no, ""
    text = raw.title.text
    if match := ITEM.match(text):
        return squeeze(match["no"]).replace("．", "."), match["title"].strip()
    if match := PLAIN.match(text):
        return fallback_no, match["title"].strip()
    return fallback_no, text.strip()


def _refused(raw: RawItem, report: Report, about: str) -> dict[str, Any]:
    lines = [line for cell in raw.values for line in cell.lines]
    anchor = lines[0] if lines else (raw.title or (raw.label_lines[0] if raw.label_lines else None))
    if anchor is not None:
        report.warn(
            "cells_do_not_fit",
            f"有{len(raw.labels)}个栏目、{len(raw.values)}格内容，对不上，没有读取",
            anchor,
            about=about,
        )
    report.drop("shape", *lines)
    empty: dict[str, Any] = {"project": "", "time_text": "", "schedule": [], "work_content": [], "duties": {}}
    return empty | {"workflow": [], "standards": [], "refused": True}


def _of_kind(values: Values, kind: str) -> list[Line]:
    return [line for label, cell in values if label.kind == kind for line in cell.lines]


def _project(values: Values, report: Report, about: str) -> dict[str, Any]:
    """Name in the 项目 cell, joined without spaces (A7); numbered lines below it are sub-projects (A12)."""
    lines = _of_kind(values, kinds.PROJECT)
    report.claim(*lines)
    subs = [(line, ordinal(line.text)) for line in lines[1:]]
    if len(lines) > 1 and all(no is not None for _, (no, _) in subs):
        return {"project": lines[0].text.strip(), "sub_projects": [rest.strip() for _, (_, rest) in subs]}
    name = "".join(line.text.strip() for line in lines)
    name = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", name)
    title = about.partition(" ")[2]
    if title and name and fold(title) != fold(name):
        report.warn(
            "title_differs", "标题与“项目”一格不同，以标题为准，另一个作别名", lines[0], title, about=about
        )
        return {"project": name, "aliases": [name]}
    return {"project": name}


def _time(values: Values, report: Report) -> dict[str, Any]:
    lines = _of_kind(values, kinds.TIME)
    report.claim(*lines)
    return {"time_text": join_time_lines([line.text for line in lines])} | (
        {"time_place": lines[0].place.to_json()} if lines else {}
    )


def _lists(values: Values, report: Report, about: str) -> dict[str, Any]:
    content = groups_of(_of_kind(values, kinds.CONTENT), report, f"{about} 工作内容")
    standards = groups_of(_of_kind(values, kinds.STANDARD), report, f"{about} 工作标准")
    duties, groups = {}, {}
    spots = {"work_content": places(content), "standards": places(standards)}
    for label, cell in values:
        if label.kind == kinds.DUTY:
            found = groups_of(cell.lines, report, f"{about} {label.text}")
            duties[label.party] = texts(found)
            spots[f"duties.{label.party}"] = places(found)
            if any(group.name for group in found):
                groups[label.party] = spans(found)
    others = {
        label.text: texts(groups_of(cell.lines, report, about))
        for label, cell in values
        if label.kind == kinds.OTHER
    }
    data: dict[str, Any] = {"work_content": texts(content), "duties": duties, "standards": texts(standards)}
    data["entry_places"] = spots
    return data | {key: value for key, value in (("duty_groups", groups), ("other", others)) if value}


def _anchors(values: Values) -> dict[str, Line]:
    """First line of the workflow cell and of each party's duties, for warnings about the whole cell."""
    names = [f"duty:{label.party}" if label.kind == kinds.DUTY else label.kind for label, _ in values]
    return {name: cell.lines[0] for name, (_, cell) in zip(names, values, strict=True) if cell.lines}


def _flow(
    values: Values, duties: dict[str, list[str]], cast: Cast, report: Report, about: str
) -> dict[str, Any]:
    chains = chains_of(_of_kind(values, kinds.FLOW), cast, duties, report, f"{about} 工作流程")
    return {"workflow": [step_json(step, chain) for chain in chains for step in chain.steps]}
