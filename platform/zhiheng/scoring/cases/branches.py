"""Cases of branches: blocks with missing items, deductions carried over, task registers."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhiheng.scoring.cases import convert
from zhiheng.scoring.cases.bench import Case, node_of, points_found, run, types_of
from zhiheng.scoring.cases.jiaozuo import BLOCKS
from zhiheng.scoring.cases.model import UNIT, CaseError, Found, Sheet
from zhiheng.scoring.cases.points import point_case, score, score_points
from zhiheng.scoring.scheme.model import Node, Scheme
from zhiheng.scoring.scheme.numbers import fraction

_MISSING = {"earned": 0, "applicable": 0}
_TARGET = {"functional": "F4", "teaching_units": "T3"}


def routine_total(case: Case) -> Found:
    """JZU-T3: blocks (or the two halves) added up, less what C14 could not bear."""
    edits = {"C14": _carrying(str(case.inputs.get("spill", 0)))}
    scheme = case.scheme(edits)
    sheet = _unit("teaching")
    sheet.give("C14", UNIT, 0)
    blocks = dict(case.inputs.get("blocks") or {})
    for code in dict.fromkeys(BLOCKS.values()):
        if code in scheme.nodes():
            sheet.give(
                code,
                UNIT,
                next(
                    (blocks[name] for name, known in BLOCKS.items() if known == code and name in blocks), None
                ),
            )
    sheet.facts[UNIT].update(
        {f"T3.{half}": case.inputs[half] for half in ("completion", "quality") if half in case.inputs}
    )
    return points_found(run(scheme, sheet, ["T3"]), "T3", UNIT)


def _carrying(amount: str) -> dict[str, Any]:
    return {"policies": [{"kind": "deduction_carryover.1", "params": {"target": _TARGET, "amount": amount}}]}


def _unit(kind: str) -> Sheet:
    sheet = Sheet()
    sheet.add(UNIT, kind)
    return sheet


def spill(case: Case) -> Found:
    """JZU-SPILL: bulletins of a unit, C14, what is carried, and the target afterwards."""
    scheme = case.scheme()
    kind = (
        "teaching"
        if str(case.inputs.get("group", "functional")) in ("teaching", "教学院部")
        else "functional"
    )
    target = "T3" if kind == "teaching" else "F4"
    sheet = _unit(kind)
    sheet.facts[UNIT].update(
        {f"C14.{name}": case.inputs.get(name, 0) for name in ("superior", "departmental", "proven_cases")}
    )
    sheet.give(target, UNIT, case.inputs["target_before"])
    result = run(scheme, sheet, [target, "C14"])
    found = points_found(result, target, UNIT)
    carried = result.nodes[target].carried[0][1].exact(0)
    return Found(found.score, {"C14": result.points("C14", UNIT), "spill": carried, **found.outcome})


def routine_reweighted(case: Case) -> Found:
    """JZU-RW-R: points earned and attainable of each assessor's block."""
    scheme = case.scheme()
    sheet = _unit("teaching")
    sheet.give("C14", UNIT, 0)
    named = {BLOCKS[str(block["assessor"])]: block for block in case.inputs["blocks"]}
    for code in dict.fromkeys(BLOCKS.values()):
        _partly(sheet, scheme, code, named.get(code, _MISSING))
    return points_found(run(scheme, sheet, ["T3"]), "T3", UNIT)


def talent_reweighted(case: Case) -> Found:
    """JZU-RW-D: points earned and attainable of all targets together, or of each."""
    scheme = case.scheme()
    sheet = _unit("teaching")
    targets = case.inputs.get("targets")
    if targets is None:
        _partly(sheet, scheme, "talent", case.inputs)
    else:
        named = {str(entry.get("target", entry.get("id", entry.get("code")))): entry for entry in targets}
        for child in scheme.nodes()["talent"].children:
            _partly(sheet, scheme, child.code, named.get(child.code, _MISSING))
    return points_found(run(scheme, sheet, ["talent"]), "talent", UNIT)


def _partly(sheet: Sheet, scheme: Scheme, code: str, entry: Mapping[str, Any]) -> None:
    """What a branch earned, stated for its first part, and nothing applicable in its other parts."""
    node = scheme.nodes()[code]
    attainable = entry.get("applicable", entry.get("max"))
    parts: Sequence[Node] = [part for part in node.children if "teaching" in types_of(scheme, part.code)] or [
        node
    ]
    missing = attainable is None or fraction(attainable) == 0 or bool(entry.get("missing"))
    for place, part in enumerate(parts):
        sheet.give(part.code, UNIT, entry.get("earned") if place == 0 and not missing else None)
    if not missing:
        sheet.applicable.setdefault(parts[0].code, {})[UNIT] = attainable


# registers of tasks


def _group(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """Rule and measures of the completion rate that has these points."""
    routine = str(inputs.get("max", "30")) == "20" or str(inputs.get("kind", "")) == "routine"
    return ("JZU-F3", "routine") if routine else ("JZU-F1", "key")


def task_register(case: Case) -> Found:
    """JZU-X1, X2, X5: a task register filtered, then the completion rate of the template."""
    chosen = dict(case.reading) if isinstance(case.reading, Mapping) else {}
    counted = any(str(value) in ("counted", "counts", "count") for value in chosen.values())
    if chosen and not counted:
        raise CaseError(f"规则 {case.rule} 没有理解“{'、'.join(map(str, chosen))}”")
    points_rule, group = _group(case.inputs)
    facts = convert.task_facts(case.inputs, group, count_excused_done=counted)
    named = {name.partition(".")[2]: value for name, value in facts.items()}
    return score_points(Case(case.bench, points_rule, named))


_FAILURES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("0.3", "0.01"): ("JZU-R3.1", "missed"), ("0.2", "0.02"): ("JZU-R3.6", "missed"), ("1.5", "0.75"): ("JZU-R4", "missed"),
    ("1", "0.1"): ("JZU-R1.3", "late"), ("0.1", "0.01"): ("JZU-R2.2", "gaps"), ("20", "0.2"): ("JZU-F2", "bulletin_items"),
}  # fmt: skip


def excused_failures(case: Case) -> Found:
    """JZU-X6: failures still charged after signed statements, in the leaf with these points."""
    if "failures" not in case.inputs:
        return _excused_rate(case)
    key = (f"{float(case.inputs['max']):g}", f"{float(case.inputs['per_failure']):g}")
    points_rule, name = _FAILURES.get(key, ("JZU-R1.3", "late"))
    if key not in _FAILURES:
        leaf = point_case(
            Case(case.bench, points_rule, {name: convert.still_charged(case.inputs)}, case.reading)
        )
        leaf.edits["R1.3"] = _pot(case, key)
        return score(leaf)
    return score_points(
        Case(case.bench, points_rule, {name: convert.still_charged(case.inputs)}, case.reading)
    )


def _pot(case: Case, key: tuple[str, str]) -> dict[str, Any]:
    """A leaf like R1.3 with other full points and another deduction for each failure."""
    params = copy.deepcopy(node_of(case.bench.template("JZU"), "R1.3")["params"])
    params["entries"] = [{**params["entries"][0], "points": f"-{key[1]}"}]
    return {"points": key[0], "params": params}


def _excused_rate(case: Case) -> Found:
    """For a rate the excused part leaves the base on both sides."""
    base = case.inputs.get("planned", case.inputs.get("base", case.inputs.get("total")))
    done = case.inputs.get("done", case.inputs.get("completed"))
    tasks = [
        {"done": number < int(done or 0)}
        for number in range(int(base or 0) - int(case.inputs.get("excused_signed", 0)))
    ]
    met = sum(task["done"] for task in tasks)
    return score_points(Case(case.bench, "JZU-R3.2", {"rate": {"numerator": met, "denominator": len(tasks)}}))


HANDLERS: Mapping[str, Callable[[Case], Found]] = {
    "JZU-T3": routine_total, "JZU-SPILL": spill, "JZU-RW-R": routine_reweighted, "JZU-RW-D": talent_reweighted,
    "JZU-X1": task_register, "JZU-X2": task_register, "JZU-X5": task_register, "JZU-X6": excused_failures,
}  # fmt: skip
