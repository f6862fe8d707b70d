"""Plain data of procedure sheets (输出): the shape of the hand-made handbook reading."""

from typing import Any

from integrations.importers.grid import Line
from integrations.importers.procedures import labels as kinds
from integrations.importers.procedures.cutting import RawCell, RawItem
from integrations.importers.procedures.entries import Group
from integrations.importers.procedures.workflow import Chain, Step

Values = list[tuple[kinds.Label, RawCell]]


def place_json(line: Line | None) -> dict[str, Any]:
    """``line`` for text, ``place`` for formats without lines, nothing for nothing."""
    if line is None:
        return {}
    if line.place.line is not None and line.place.page is None:
        return {"line": line.place.line}
    return {"place": line.place.to_json()}


def texts(groups: list[Group]) -> list[str]:
    """Entries of all groups in order."""
    return [entry.text for group in groups for entry in group.entries]


def places(groups: list[Group]) -> list[dict[str, Any]]:
    """Where each entry begins."""
    return [entry.lines[0].place.to_json() for group in groups for entry in group.entries]


def spans(groups: list[Group]) -> list[dict[str, Any]]:
    """Group names with the half-open range of the entries below them (B8)."""
    found: list[dict[str, Any]] = []
    start = 0
    for group in groups:
        end = start + len(group.entries)
        if group.name is not None:
            found.append({"name": group.name} | place_json(group.line) | {"start": start, "end": end})
        start = end
    return found


def step_json(step: Step, chain: Chain) -> dict[str, Any]:
    """One step with its actors and how they were found."""
    actors = step.actors
    data: dict[str, Any] = {
        "no": step.no,
        "step": step.text,
        "actors": list(actors.names),
        "actor_text": actors.text,
    }
    if actors.source:
        data |= {"actor_inferred": True, "actor_source": actors.source, "actor_why": actors.why}
    if actors.recipients:
        data["recipients"] = list(actors.recipients)
    if chain.name:
        data["chain"] = chain.name
    return data | place_json(step.line)


def line_ranges(raw: RawItem, values: Values) -> dict[str, Any]:
    """First and last source line of each cell (text only)."""
    ranges: dict[str, Any] = {}
    if raw.title is not None and raw.title.place.line is not None:
        ranges["title"] = raw.title.place.line
    names = {
        kinds.PROJECT: "project",
        kinds.TIME: "time",
        kinds.CONTENT: "work_content",
        kinds.FLOW: "workflow",
        kinds.STANDARD: "standards",
    }
    for label, cell in values:
        key = f"duties_{label.party}" if label.kind == kinds.DUTY else names.get(label.kind, label.text)
        if cell.lines and cell.lines[0].place.line is not None:
            ranges[key] = [cell.lines[0].place.line, cell.lines[-1].place.line]
    return ranges


def item_counts(item: dict[str, Any]) -> dict[str, int]:
    """Numbers of entries per list."""
    per_party = {f"duties_{party}": len(listed) for party, listed in item["duties"].items()}
    return {
        "work_content": len(item["work_content"]),
        **per_party,
        "duties": sum(per_party.values()),
        "workflow_steps": len(item["workflow"]),
        "standards": len(item["standards"]),
    }
