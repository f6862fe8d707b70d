"""What a reading types into one node: several assessors, points by rank, missing facts counted as zero."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.scoring.cases.bench import node_of
from zhiheng.scoring.cases.model import CaseError, Document
from zhiheng.scoring.cases.readings import AGGREGATES

Edits = dict[str, dict[str, Any]]
_COUNTABLE = frozenset({"integer", "number", "ratio"})


def assessors(document: Document, node: str, aggregate: Any) -> Edits:
    """A judged leaf whose entry is the list of the assessors' marks."""
    params = dict(node_of(document, node).get("params", {}))
    if "entered" not in params:
        raise CaseError(f"指标“{node}”不由考核人员评定")
    params["aggregate"] = aggregate or AGGREGATES["mean"]
    params.pop("step", None)
    return {node: {"params": params}, f"{node}.entered": {"type": "list", "min": None, "max": None}}


def marking_step(document: Document, node: str, step: str) -> Edits:
    """A judged leaf entered in other steps."""
    return {node: {"params": {**node_of(document, node).get("params", {}), "step": step}}}


def zero_if_missing(document: Document, prefixes: Sequence[str]) -> Edits:
    """Measures of a node that count as zero when nobody reported them (CV-10)."""
    return {
        measure["code"]: {"missing": "zero"}
        for measure in document["measures"]
        if measure["type"] in _COUNTABLE
        and measure["code"].startswith(tuple(f"{item}." for item in prefixes))
    }


def points_by_rank(document: Document, node: str, table: Any) -> Edits:
    """A leaf scored by a table of ranks; beyond the table nothing is earned."""
    if not table:
        raise CaseError(f"指标“{node}”按名次表计分，但没有名次表")
    params = node_of(document, node)["params"]
    linear = params["cases"]["linear"] if "$choose" in params else params
    bands = [band for band in linear.get("bands", ()) if band["when"] is not True]
    bands += [{"when": f"[名次]<={last}", "points": str(points)} for last, points in _rows(table)]
    changed = {"value": linear["value"], "rank": linear["rank"], "bands": bands}
    return {node: {"kind": "band_table.1", "params": changed}}


def _rows(table: Any) -> list[tuple[int, Any]]:
    """Last rank and points of each row, best rank first."""
    if isinstance(table, Mapping):
        rows = [(_last(ranks), points) for ranks, points in table.items()]
    else:
        rows = [_row(place, entry) for place, entry in enumerate(table, start=1)]
    return sorted(rows, key=lambda row: row[0])


def _row(place: int, entry: Any) -> tuple[int, Any]:
    if not isinstance(entry, Mapping):
        return place, entry
    names = ("to", "upto", "last", "max_rank", "rank", "ranks")
    ranks = next((entry[name] for name in names if name in entry), place)
    return _last(ranks), entry.get("points", entry.get("score"))


def _last(ranks: Any) -> int:
    numbers = [ranks[-1]] if isinstance(ranks, list) else re.findall(r"\d+", str(ranks))
    if not numbers:
        raise CaseError(f"名次“{ranks}”无法读取")
    return int(numbers[-1])


def cases_worth(inputs: Mapping[str, Any], amount: str) -> dict[str, Any]:
    """Proven cases (JZU-X4), each with the deduction that the reading names."""
    kept = {name: value for name, value in inputs.items() if name != "proven_cases"}
    return {**kept, "amounts": [amount] * int(inputs.get("proven_cases", 0))}
