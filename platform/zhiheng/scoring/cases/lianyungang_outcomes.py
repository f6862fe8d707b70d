"""Cases about the results of the Lianyungang scheme: what is given goes in, what the outcome says comes out."""

import copy
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.cases.answers import number, pending_units, ranks_of, winners_of, with_grade
from zhiheng.scoring.cases.bench import Case
from zhiheng.scoring.cases.model import UNIT, Found, Sheet

Inputs = Mapping[str, Any]
_LYG_TYPES = {"院部": "SC", "faculty": "SC", "部门": "DEP", "department": "DEP"}


def _sheet(inputs: Inputs) -> Sheet:
    """Units with stated total, components and applications."""
    sheet = Sheet()
    kind = _LYG_TYPES.get(str(inputs.get("group", "院部")), "SC")
    for entry in inputs["units"]:
        code = str(entry["unit"])
        sheet.add(code, str(entry.get("unit_type", kind)))
        for node in ("total", "T", "L", "D"):
            sheet.give(node, code, entry.get(node, 0))
        for name in ("applied", "innovation", "breakthrough"):
            sheet.facts[code][name] = bool(entry.get(name, name != "breakthrough"))
        if entry.get("barred"):
            sheet.vetoes.setdefault("G3", []).append(code)
    return sheet


def excellent(case: Case) -> Found:
    """LYG-G1: quota for 优秀 among those who applied and may have it."""
    result = case.run(_sheet(case.inputs), ["T", "L", "D", "G3", "R", "G"], _quota(case))
    found: dict[str, Any] = {
        "excellent": with_grade(result, "优秀"),
        "ranks": ranks_of(result),
        "grades": result.grades(),
    }
    pending = pending_units(result)
    return Found(None, {**found, "tie_pending": pending})


def _quota(case: Case) -> dict[str, dict[str, Any]]:
    """The template's tests with the quota of the case, where it states another."""
    if "quota" not in case.inputs:
        return {}
    tests = copy.deepcopy(case.bench.template("LYG")["outcomes"]["grades"]["params"]["tests"])
    for test in tests:
        if "quota" in test:
            test["quota"]["number"] = str(case.inputs["quota"])
    return {"G": {"tests": tests}}


def may_apply(case: Case) -> Found:
    """LYG-G2: seen from the grade of a lone unit that applied."""
    units = [
        {
            "unit": UNIT,
            "applied": True,
            **{name: bool(case.inputs.get(name)) for name in ("innovation", "breakthrough")},
        }
    ]
    result = case.run(
        _sheet({"units": units}),
        ["T", "L", "D", "G3", "R", "G"],
    )
    return Found(None, {"may_apply": result.grades()[UNIT] == "优秀"})


def barred(case: Case) -> Found:
    """LYG-G3: facts that cap the grade, points untouched."""
    units = [
        {
            "unit": UNIT,
            "total": case.inputs.get("total", 0),
            "applied": True,
            "innovation": True,
            "barred": bool(case.inputs.get("facts")),
        }
    ]
    result = case.run(
        _sheet({"units": units}),
        ["T", "L", "D", "G3", "R", "G"],
    )
    gate = result.gates["G3"]
    best = gate.effects.get("grade_cap") if gate.hit.truth[0] else "优秀"
    grade = result.grades()[UNIT]
    return Found(
        number(result.points("total", UNIT)),
        {"max_grade": best, "grade": grade, "barred": bool(gate.hit.truth[0])},
    )


def grade(case: Case) -> Found:
    """LYG-G4: 合格 or 不合格 by decision or threshold."""
    entry = {
        "unit": UNIT,
        "total": case.inputs.get("total", 0),
        "T": case.inputs.get("T", 0),
        "applied": False,
    }
    sheet = _sheet(
        {
            "units": [{**entry, "barred": bool(case.inputs.get("facts"))}],
            "group": case.inputs.get("group", "院部"),
        }
    )
    if "fail_below" in case.inputs:
        sheet.college["fail_below"] = case.inputs["fail_below"]
    if case.inputs.get("decision"):
        sheet.grades[UNIT] = str(case.inputs["decision"])
    result = case.run(sheet, ["T", "L", "D", "G3", "R", "G"])
    return Found(None, {"grade": result.grades()[UNIT]})


def _decided(inputs: Inputs, kind: str, facts: Mapping[str, Any]) -> Sheet:
    """One unit whose grade is stated."""
    sheet = Sheet()
    sheet.add(UNIT, kind, facts)
    sheet.give("total", UNIT, 0)
    sheet.grades[UNIT] = str(inputs.get("grade", "合格"))
    return sheet


_LYG_IDLE = {"applied": False, "innovation": False, "breakthrough": False}


def _idle(sheet: Sheet) -> Sheet:
    for node in ("T", "L", "D"):
        sheet.give(node, UNIT, 0)
    return sheet


def pay(case: Case) -> Found:
    """LYG-G5."""
    sheet = _idle(_decided(case.inputs, "SC", {**_LYG_IDLE, "pay.heads": case.inputs["heads"]}))
    sheet.college["pay.rate_per_head"] = case.inputs["rate_per_head"]
    result = case.run(sheet, ["R", "G", "G5"])
    return Found(
        result.amounts("G5").get(UNIT, Fraction(0)), {"paid": bool(result.effects["G5"].triggered[0])}
    )


def last_twice(case: Case) -> Found:
    """LYG-G6: ranks of two years; who was last in the first comes from a run of that year."""
    anybody = {str(code): {"last": True} for code in case.inputs["previous"]}
    before = last_again(case, case.inputs["previous"], anybody)
    history = {
        str(code): {"rank": rank, "last": str(code) in before}
        for code, rank in case.inputs["previous"].items()
    }
    return Found(None, {"criticised": last_again(case, case.inputs["current"], history)})


def last_again(case: Case, ranks: Inputs, history: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Units that are last by these ranks and were last in the year before."""
    sheet = Sheet(history=[{code: dict(entry) for code, entry in history.items()}])
    for code, rank in ranks.items():
        sheet.add(str(code), "SC", _LYG_IDLE)
        sheet.ranking[str(code)] = rank
        sheet.give("total", str(code), 0)
    result = case.run(sheet, ["R", "G6"])
    return [code for code, hit in zip(result.codes, result.effects["G6"].triggered, strict=True) if hit]


def contribution(case: Case) -> Found:
    """LYG-G7."""
    sheet = Sheet()
    for entry in case.inputs["applications"]:
        code = str(entry["unit"])
        row = {"项目": str(entry.get("project", code)), "入选": bool(entry["selected"])}
        sheet.add(code, "SC", {**_LYG_IDLE, "awards.applications": [row]})
        for node in ("total", "T", "L", "D"):
            sheet.give(node, code, 0)
    sheet.college["awards.bonus"] = case.inputs.get("bonus_per_award", 0)
    result = case.run(sheet, ["R", "G", "G3", "G7"])
    selection = result.selections["G7"]
    return Found(sum(selection.bonus, Fraction(0)), {"winners": winners_of(result, "G7")})


def rectification(case: Case) -> Found:
    """LYG-G8."""
    facts = {
        **_LYG_IDLE,
        "fail.decided_on": case.inputs.get("decided_on"),
        "fail.term_days": case.inputs.get("term_days"),
    }
    sheet = _idle(_decided(case.inputs, "SC", facts))
    result = case.run(sheet, ["R", "G", "G8"])
    opened = result.effects["G8"].cases.get(0)
    return Found(None, dict(opened) if opened else {"case": None, "due": None})


HANDLERS: Mapping[str, Callable[[Case], Found]] = {
    "LYG-G1": excellent, "LYG-G2": may_apply, "LYG-G3": barred, "LYG-G4": grade, "LYG-G5": pay,
    "LYG-G6": last_twice, "LYG-G7": contribution, "LYG-G8": rectification,
}  # fmt: skip
