"""Reading of a catalogue file (读取): the right reader, schedules for every time it found, measures of every standard.

The readers under ``integrations.importers`` know no domain; the meaning of times and figures belongs to
``catalog.schedule`` and ``catalog.measurables``.  This module puts them together for the command and the import wizard.
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.measurables.reader import read_all as read_measures
from catalog.schedule.embedded import EmbeddedTime, before_item, find_times, relative
from catalog.schedule.kinds import QUESTIONS, Schedule
from catalog.schedule.parser import parse
from integrations.importers.errors import ReaderError
from integrations.importers.identify import identify
from integrations.importers.procedures import reader as procedures
from integrations.importers.sources.opening import open_document
from integrations.importers.tables.families import FAMILIES
from integrations.importers.tables.mapping import Mapping, propose
from integrations.importers.tables.records import read_tables

ASKED = {"dates", "notice", "expected_only", "first_or_before", "which_term", "month_end", "floating_week", "base_year",
         "first_or_two_before", "no_period", "unread", "restart", "holiday_months", "days_in_month"}  # fmt: skip


def read_catalogue(data: bytes, name: str, *, family: str | None = None) -> dict[str, Any]:
    """The reading of a duty catalogue or procedure handbook as plain data.

    ``warnings`` are doubts for a person, ``repairs`` what was mended without doubt, ``left_out`` the source text that is
    in no record.  Raises ReaderError for a file that cannot be read.
    """
    reader, document = identify(data, name, family=family)
    return _enriched(reader.read(document))


def propose_columns(data: bytes, name: str, *, family: str) -> list[Mapping]:
    """For a table that no reader knows: which column may hold which field of the family; one proposal per table."""
    return propose(open_document(data, name), FAMILIES[family][0])


def read_columns(
    data: bytes, name: str, *, family: str, choices: dict[int, dict[int, str | None]] | None = None
) -> dict[str, Any]:
    """The reading of such a table by the proposed columns, or by those a person chose.

    ``choices``: table (from 1) → column (from 1) → field or None; tables that are not named keep their proposal, those
    without a needed column are left out.  ReaderError ``no_columns`` when no table has the needed columns.
    """
    document = open_document(data, name)
    fields, shape = FAMILIES[family]
    mappings = []
    for mapping in propose(document, fields):
        chosen = (choices or {}).get(mapping.table + 1, {})
        mappings.append(mapping.changed({column - 1: field for column, field in chosen.items()}, fields))
    usable = [mapping for mapping in mappings if not mapping.missing]
    if not usable:
        raise ReaderError("no_columns", detail="、".join(field.title for field in fields if field.required))
    reading = shape(read_tables(document, usable, fields), document.name)
    return _enriched(reading)


def _enriched(reading: dict[str, Any]) -> dict[str, Any]:
    if reading["family"] == procedures.FAMILY:
        add_schedules(reading)
    else:
        add_measures(reading)
    return reading


def add_measures(reading: dict[str, Any]) -> None:
    """Gives every standard that can be measured its ``measures``: deadlines, intervals, frequencies, limits."""
    for department in reading["departments"]:
        for entry in department["standards"]:
            texts = [standard["text"] for standard in entry["standards"]]
            for standard, found in zip(entry["standards"], read_measures(texts), strict=True):
                if found.measures:
                    standard["measures"] = [measure.to_json() for measure in found.measures]


def add_schedules(reading: dict[str, Any]) -> None:
    """Gives every item its ``schedule`` and ``embedded_times``; what is to be asked becomes a warning."""
    items = [item for chapter in reading["chapters"] for item in chapter["items"]]
    titles = {name: item["no"] for item in items for name in (item["title"], item.get("project")) if name}
    for item in items:
        if item.get("refused"):
            continue
        place = item.pop("time_place", None) or {}
        schedules = parse(item["time_text"], events=tuple(re.split("[、，,]", item["title"])))
        item["schedule"] = [schedule.to_json() for schedule in schedules]
        for schedule in schedules:
            reading["warnings"].extend(_questions(schedule, item, place))
        item["embedded_times"] = list(_embedded(item, titles))
        for time in item["embedded_times"]:
            if time["schedule"] is None:
                where = {"line": time["line"]} if "line" in time else time.get("place", {})
                reading["warnings"].append(_warning("no_period", time["text"], None, where, item))
        if not item["embedded_times"]:
            del item["embedded_times"]


def _questions(schedule: Schedule, item: dict[str, Any], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    data = schedule.to_json()
    for question in schedule.questions:
        if question in ASKED:
            yield _warning(
                question, item["time_text"], str(data.get("start") or data.get("text") or ""), place, item
            )


def _warning(
    code: str, raw: str, proposal: str | None, place: dict[str, Any], item: dict[str, Any]
) -> dict[str, Any]:
    return {
        "code": f"time_{code}",
        "message": QUESTIONS[code],
        "place": place,
        "raw": raw,
        "proposal": proposal or None,
        "about": f"{item['no']} {item['title']}",
    }


def _sentences(item: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(where, text, place) of every sentence that may hold a time."""
    places = item.get("entry_places", {})
    for name in ("work_content", "standards"):
        for index, text in enumerate(item[name]):
            yield f"{name}[{index}]", text, places.get(name, [{}] * (index + 1))[index]
    for party, texts in item["duties"].items():
        for index, text in enumerate(texts):
            yield f"duties.{party}[{index}]", text, places.get(f"duties.{party}", [{}] * (index + 1))[index]


def _embedded(item: dict[str, Any], titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    own = {item["title"], item.get("project")}
    others = [title for title in titles if title not in own and len(title) >= 3]
    for where, text, place in _sentences(item):
        if found := before_item(text, others):
            yield {
                "where": where,
                "text": found[0],
                "schedule": relative(titles[found[1]]).to_json(),
            } | _spot(place)
        for time in find_times(text):
            yield {
                "where": where,
                "text": time.text,
                "schedule": time.schedule and time.schedule.to_json(),
            } | _spot(place)
    for index, step in enumerate(item["workflow"]):
        spot = {key: step[key] for key in ("line", "place") if key in step}
        for time in _times_of(step):
            schedule = time.schedule and time.schedule.to_json()
            yield {"where": f"workflow[{index}]", "text": time.text, "schedule": schedule} | spot


def _times_of(step: dict[str, Any]) -> list[EmbeddedTime]:
    """The times in a step's words, after the one that its own column gives; the first becomes ``when``."""
    times = find_times(step["step"])
    if "when" in step:
        return [EmbeddedTime(step["when"], next(iter(parse(step["when"])), None)), *times]
    if times:
        step["when"] = times[0].text
    return times


def _spot(place: dict[str, Any]) -> dict[str, Any]:
    if set(place) <= {"line", "cell"} and "line" in place:
        return {"line": place["line"]}
    return {"place": place} if place else {}
