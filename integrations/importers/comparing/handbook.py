"""Procedure handbooks compared (工作流程表对照): conventions and scoring hints of the hand-made reading (catalogue.md B 6)."""

from itertools import pairwise
from typing import Any

from integrations.importers.comparing.figures import Figure, Figures
from integrations.importers.folding import fold

NAMES = ("items", "projects", "times", "work_content", "duties", "steps", "actors", "hand_overs", "chains", "standards",
         "schedules")  # fmt: skip
SCHEDULE_FIELDS = ("start", "end", "weeks", "anchor", "months", "season", "every_weeks", "every_days", "every_months",
                   "every_years", "years", "crosses_year", "continuous")  # fmt: skip
INFERRED = 0.5
Record = dict[str, Any]


def compare_handbook(reading: Record, gold: Record) -> tuple[Figures, Record]:
    """Figures over the chapters that the gold covers."""
    figures: Figures = {name: Figure() for name in NAMES}
    warned = {
        fold(str(warning["about"])) for warning in reading["warnings"] if warning["code"].startswith("actor")
    }
    for chapter in gold["chapters"]:
        mine = {
            str(item["no"]): item
            for found in reading["chapters"]
            if _same(found, chapter)
            for item in found["items"]
        }
        for item in chapter["items"]:
            found = mine.pop(str(item["no"]), None)
            if found is None:
                figures["items"].missed(f"{item['no']} {item['title']}")
                found = _nothing()
            else:
                figures["items"].add(
                    right=fold(found["title"]) == fold(item["title"]), miss=f"{item['no']} {found['title']}"
                )
            _item(figures, found, item, warned)
        for surplus in mine.values():
            figures["items"].surplus(f"{surplus['no']} {surplus['title']}")
    return figures, {}


def _same(found: Record, chapter: Record) -> bool:
    return str(found["no"]) == str(chapter["no"]) or (
        bool(found["title"]) and fold(found["title"]) == fold(chapter["title"])
    )


def _nothing() -> Record:
    return {
        "title": "",
        "project": "",
        "time_text": "",
        "schedule": [],
        "work_content": [],
        "duties": {},
        "workflow": [],
        "standards": [],
    }


def _item(figures: Figures, found: Record, wanted: Record, warned: set[str]) -> None:
    where = str(wanted["no"])
    figures["projects"].add(
        right=fold(found["project"]) == fold(wanted["project"]), miss=f"{where} {found['project']}"
    )
    figures["times"].add(
        right=fold(found["time_text"]) == fold(wanted["time_text"]), miss=f"{where} {found['time_text']}"
    )
    for name in ("work_content", "standards"):
        _texts(figures[name], found[name], wanted[name], where)
    for party in {*wanted["duties"], *found["duties"]}:
        _texts(
            figures["duties"],
            found["duties"].get(party, []),
            wanted["duties"].get(party, []),
            f"{where} {party}",
        )
    _steps(figures, found["workflow"], wanted["workflow"], where, warned)
    _schedules(figures["schedules"], found["schedule"], wanted["schedule"], where)


def _texts(figure: Figure, found: list[str], wanted: list[str], where: str) -> None:
    left = [fold(text) for text in found]
    for text in wanted:
        if fold(text) in left:
            left.remove(fold(text))
            figure.add(right=True)
        else:
            figure.missed(f"{where} {text}")
    for text in left:
        figure.surplus(f"{where} {text}")


def _steps(figures: Figures, found: list[Record], wanted: list[Record], where: str, warned: set[str]) -> None:
    left = list(found)
    pairs: list[tuple[Record, Record]] = []
    for step in wanted:
        able = [one for one in left if fold(one["step"]) == fold(step["step"])]
        match = next((one for one in able if one["no"] == step["no"]), able[0] if able else None)
        if match is None:
            figures["steps"].missed(f"{where} {step['no']} {step['step']}")
            figures["actors"].missed(f"{where} {step['no']} {step['step']}")
            continue
        left.remove(match)
        pairs.append((match, step))
        same_place = match["no"] == step["no"] and fold(match.get("chain") or "") == fold(
            step.get("chain") or ""
        )
        figures["steps"].add(right=True)
        figures["chains"].add(
            right=same_place, miss=f"{where} {step['no']} {match.get('chain')} / {step.get('chain')}"
        )
        _actors(figures["actors"], match, step, where, warned)
    for step in left:
        figures["steps"].surplus(f"{where} {step['no']} {step['step']}")
    _hand_overs(figures["hand_overs"], pairs, where)


def _actors(figure: Figure, found: Record, wanted: Record, where: str, warned: set[str]) -> None:
    """A set; an inferred actor left empty with a warning counts half, without a warning nothing."""
    label = f"{where} {wanted['no']} {wanted['step']}"
    accepted = [set(wanted["actors"]), *(set(other) for other in wanted.get("accept_actors", []))]
    if not found["actors"] and wanted.get("actor_inferred"):
        told = any(fold(where) in place and f"{wanted['no']}" in place for place in warned)
        figure.expected += 1
        figure.found += INFERRED if told else 0.0
        figure.right += INFERRED if told else 0.0
        return
    figure.add(
        right=set(found["actors"]) in accepted, miss=f"{label}: {found['actors']} / {wanted['actors']}"
    )


def _hand_overs(figure: Figure, pairs: list[tuple[Record, Record]], where: str) -> None:
    """Neighbouring steps of one chain between which the actors change."""
    for (one, first), (other, second) in pairwise(pairs):
        if second["no"] == first["no"] + 1 and set(first["actors"]) != set(second["actors"]):
            figure.add(
                right=set(one["actors"]) != set(other["actors"]), miss=f"{where} {first['no']}→{second['no']}"
            )


def _schedules(figure: Figure, found: list[Record], wanted: list[Record], where: str) -> None:
    left = list(found)
    for schedule in wanted:
        match = next((one for one in left if _same_schedule(one, schedule)), None)
        if match is None:
            figure.missed(f"{where} {schedule}")
            continue
        left.remove(match)
        figure.add(right=True)
    for one in left:
        figure.surplus(f"{where} {one}")


def _same_schedule(one: Record, other: Record) -> bool:
    readings = [other, *({**other, **reading} for reading in other.get("accept", []))]
    return any(_equal(one, reading) for reading in readings)


def _equal(one: Record, other: Record) -> bool:
    if one["kind"] != other["kind"]:
        return False
    return all(
        (one.get(name) or None) == (other.get(name) or None) for name in SCHEDULE_FIELDS if name in other
    )
