"""Rows of a mapped table as a catalogue reading (成稿): the same shape as the readers of the two families give."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from integrations.importers.errors import CellProblem
from integrations.importers.folding import squeeze, tidy
from integrations.importers.tables.fields import DUTY_FIELDS, PROCEDURE_FIELDS, Fields
from integrations.importers.tables.records import Record, Records

NUMBER = re.compile(r"^\s*[(（]?(?P<no>\d{1,3}(?:[.．]\d{1,3}){0,3})[)）]?\s*[.．、,，]?\s*(?=\D|$)")
HEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|\d{1,2}[.．]\d{1,2}[.．、]?|表\s*[\d-]+)\s*"
)
UNIT = re.compile(r".{1,14}?(?:处|部|室|院|中心|所|科|馆|办|委)(?=部门|岗位|工作|职责|职能|标准|一览|$)")
OUTSIDE = re.compile(r"系统外|其他|外")
FAMILIES: dict[str, tuple[Fields, Callable[[Records, str], dict[str, Any]]]] = {}


def numbered(text: str) -> tuple[str | None, str]:
    """(number, rest) of "1.2 text"; the number is None when there is none or nothing else."""
    found = NUMBER.match(text)
    rest = text[found.end() :].strip() if found else ""
    return (found["no"].replace("．", "."), rest) if found and rest else (None, text.strip())


def duty_reading(records: Records, source: str) -> dict[str, Any]:
    """Departments with duties, work items and standards; numbers that the table does not print are counted."""
    departments: dict[str, dict[str, Any]] = {}
    for record in records.rows:
        name = squeeze(_text(record, "department")) or _unit(record) or re.sub(r"\.\w+$", "", source)
        if _text(record, "work"):
            _add_work(departments.setdefault(name, _department(name)), record)
    return {
        "family": "duty_catalogue",
        "source": source,
        "departments": list(departments.values()),
    } | _report(records)


def _text(record: Record, code: str) -> str:
    return tidy(str(record.values.get(code) or "").replace("\n", ""))


def _unit(record: Record) -> str:
    """The unit that the heading above the table names."""
    heading = HEADING.sub("", squeeze(record.caption.text)) if record.caption else ""
    found = UNIT.match(heading)
    return found[0] if found else ""


def _department(name: str) -> dict[str, Any]:
    return {"name": name, "aliases": [], "duties": [], "standards": []}


def _add_work(department: dict[str, Any], record: Record) -> None:
    scope = "系统外" if OUTSIDE.search(_text(record, "scope")) else "系统内"
    duty = _duty(department, _text(record, "duty"), scope, record)
    no, text = numbered(_text(record, "work"))
    post, section = (_text(record, code) or None for code in ("post", "section"))
    work = next((one for one in duty["work_items"] if one["text"] == text), None)
    if work is None:
        work = {
            "no": no or _counted(duty),
            "text": text,
            "post": post,
            "section": section,
        }
        work |= {"place": record.place.to_json()} | (
            {"time_text": _text(record, "time")} if _text(record, "time") else {}
        )
        duty["work_items"].append(work)
    elif post and (post, section) not in [
        (one["post"], one["section"]) for one in (work, *work.get("also", []))
    ]:
        work.setdefault("also", []).append({"section": section, "post": post})
    _add_standards(department, work, record)


def _counted(duty: dict[str, Any]) -> str:
    """The next number of a work item that prints none; a duty without words gives no part of it."""
    position = len(duty["work_items"]) + 1
    return f"{duty['no']}.{position}" if duty["no"] else str(position)


def _add_standards(department: dict[str, Any], work: dict[str, Any], record: Record) -> None:
    pieces = list(_pieces(record, "standard"))
    entry = next((one for one in department["standards"] if one["work_no"] == work["no"]), None)
    if not pieces:
        return
    if entry is None:
        entry = {key: work[key] for key in ("section", "post")} | {
            "work_no": work["no"],
            "work_text": work["text"],
        }
        entry |= {"matches_work_no": work["no"], "standards": []}
        department["standards"].append(entry)
    for printed, words in pieces:
        if words not in {one["text"] for one in entry["standards"]}:
            # "(1)" counts within the cell and says nothing about the work item.
            no = printed if printed and "." in printed else f"{work['no']}.{len(entry['standards']) + 1}"
            place = record.places["standard"].to_json()
            entry["standards"].append({"no": no, "text": words, "place": place})


def _duty(department: dict[str, Any], cell: str, scope: str, record: Record) -> dict[str, Any]:
    no, text = numbered(cell)
    found = next((one for one in department["duties"] if one["text"] == text and one["scope"] == scope), None)
    if found is None:
        counted = str(len(department["duties"]) + 1) if text else None
        found = {"no": no or counted, "text": text, "scope": scope}
        found |= {"place": record.place.to_json(), "work_items": []}
        department["duties"].append(found)
    return found


def _pieces(record: Record, code: str) -> Iterator[tuple[str | None, str]]:
    """(printed number, text) of each entry of a cell: a line that begins with a number begins an entry."""
    found: list[tuple[str | None, str]] = []
    for line in record.lines.get(code, ()):
        no, text = numbered(tidy(line.text))
        if no or not found:
            found.append((no, text))
        else:
            found[-1] = (found[-1][0], found[-1][1] + text)
    yield from ((no, text) for no, text in found if text)


def procedure_reading(records: Records, source: str) -> dict[str, Any]:
    """Chapters with items: time, content, steps with actors, standards; an item without a name has its table's heading."""
    chapters: dict[str, dict[str, Any]] = {}
    items: dict[tuple[str, str], dict[str, Any]] = {}
    for record in records.rows:
        name, title, no = (_text(record, code) for code in ("chapter", "title", "no"))
        if not title and record.caption is not None:
            # The numbers of such rows are those of the steps.
            title, no = HEADING.sub("", tidy(record.caption.text)), ""
        if not title:
            continue
        fresh = {"no": str(len(chapters) + 1), "title": name or re.sub(r"\.\w+$", "", source), "items": []}
        chapter = chapters.setdefault(name, fresh)
        if (name, title) not in items:
            items[name, title] = _item(no or f"{chapter['no']}.{len(chapter['items']) + 1}", title, record)
            chapter["items"].append(items[name, title])
        _add_step(items[name, title], record)
    for item in items.values():
        _settle_times(item)
    listed = list(chapters.values())
    return {"family": "procedure_handbook", "source": source, "chapters": listed} | _report(records)


def _item(no: str, title: str, record: Record) -> dict[str, Any]:
    item: dict[str, Any] = {"no": no, "title": title, "time_text": _text(record, "time"), "work_content": []}
    return item | {"duties": {}, "workflow": [], "standards": [], "place": record.place.to_json()}


def _add_step(item: dict[str, Any], record: Record) -> None:
    for code, key in (("content", "work_content"), ("standard", "standards")):
        item[key] += [text for _, text in _pieces(record, code) if text not in item[key]]
    actor, time = _text(record, "actor"), _text(record, "time")
    actors = [name for name in re.split(r"[、，,/；;]", actor) if name]
    for _, text in _pieces(record, "step"):
        step = {"no": len(item["workflow"]) + 1, "step": text, "actors": actors, "actor_text": actor}
        item["workflow"].append(
            step | {"place": record.places["step"].to_json()} | ({"when": time} if time else {})
        )


def _settle_times(item: dict[str, Any]) -> None:
    """One time for all steps is the item's; different ones stay with their steps."""
    times = {step.get("when") for step in item["workflow"]}
    if len(times) > 1:
        item["time_text"] = ""
    else:
        for step in item["workflow"]:
            step.pop("when", None)


def _report(records: Records) -> dict[str, Any]:
    data = records.report.to_json()
    data["warnings"] = [_warning(problem) for problem in records.problems] + data["warnings"]
    return data


def _warning(problem: CellProblem) -> dict[str, Any]:
    data = {"code": f"cell_{problem.code}", "message": f"“{problem.column}”{problem.reason}"}
    return data | {
        "place": problem.place.to_json(),
        "raw": problem.raw,
        "proposal": None,
        "about": problem.column,
    }


FAMILIES["duty_catalogue"] = (DUTY_FIELDS, duty_reading)
FAMILIES["procedure_handbook"] = (PROCEDURE_FIELDS, procedure_reading)
