"""Cases about the results of the Jiaozuo scheme: what is given goes in, what the outcome says comes out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zhiheng.scoring.cases.answers import number, ranks_of, winners_of
from zhiheng.scoring.cases.bench import Case, run
from zhiheng.scoring.cases.model import UNIT, Found, Sheet

Inputs = Mapping[str, Any]
_JZU_TYPES = {
    "functional": "functional",
    "职能部门": "functional",
    "teaching": "teaching",
    "教学院部": "teaching",
}


_JZU_NODES = ("C14", "F2", "T2")


def _sheet(units: Sequence[Inputs], vetoed: Sequence[str] = (), kind: str = "functional") -> Sheet:
    """Units with stated total, key completion, tasks and tie-break figures."""
    sheet = Sheet()
    for entry in units:
        code = str(entry["unit"])
        done = entry.get("rho", entry.get("key_completion", 1))
        planned, completed = (entry["key_tasks"], entry["key_tasks"]) if "key_tasks" in entry else (1, done)
        sheet.add(code, _JZU_TYPES.get(str(entry.get("group", kind)), kind))
        sheet.facts[code].update(
            {
                "key.planned": entry.get("planned", planned),
                "key.supplementary": entry.get("supplementary", 0),
                "key.excused": entry.get("excused", 0),
                "key.completed": completed,
                "key.completion_sum": completed,
            }
        )
        sheet.give("total", code, entry.get("total", 0))
        for node, name in zip(_JZU_NODES, ("C14", "key_quality", "key_quality"), strict=True):
            sheet.give(node, code, entry.get(name, 0))
        if "grade" in entry:
            sheet.grades[code] = str(entry["grade"])
        if entry.get("vetoed"):
            sheet.vetoes.setdefault("G7", []).append(code)
    sheet.vetoes.setdefault("G7", []).extend(str(code) for code in vetoed)
    return sheet


def grade(case: Case) -> Found:
    """JZU-G1, G2, G3: one unit with stated rank among a stated number."""
    kind = _JZU_TYPES.get(str(case.inputs.get("group", "functional")), "functional")
    sheet = _sheet([{"unit": UNIT, **case.inputs}], [UNIT] if case.inputs.get("vetoed") else [], kind)
    scheme = case.scheme()
    sheet.ranking[UNIT] = case.inputs["rank"]
    group = scheme.group_of(kind)
    sheet.sizes[group.code if group else ""] = int(case.inputs["n"])
    result = case.run(sheet, [*_JZU_NODES, "R", "G7", "G"])
    return Found(number(result.points("total", UNIT)), {"grade": result.grades()[UNIT]})


def ranking(case: Case) -> Found:
    """JZU-G4."""
    sheet = _sheet(case.inputs["units"])
    result = case.run(sheet, [*_JZU_NODES, "R"])
    return Found(None, {"ranks": ranks_of(result)})


def award(case: Case) -> Found:
    """JZU-G5."""
    result = case.run(
        _sheet(case.inputs["units"]),
        [*_JZU_NODES, "R", "G7", "G", "G5"],
    )
    return Found(None, {"award": winners_of(result, "G5"), "winners": winners_of(result, "G5")})


def innovation(case: Case) -> Found:
    """JZU-G6."""
    codes = list(dict.fromkeys(str(entry["unit"]) for entry in case.inputs["entries"]))
    sheet = _sheet([{"unit": code, "grade": "中"} for code in codes], case.inputs.get("vetoed", ()))
    enter_projects(sheet, case.inputs["entries"])
    edits = {"G6": {"limit": str(case.inputs["limit"])}} if "limit" in case.inputs else {}
    result = run(case.scheme(edits), sheet, ["total", *_JZU_NODES, "R", "G7", "G", "G6"])
    selection = result.selections["G6"]
    pending = [winner.subject for winner in selection.pending]
    return Found(
        None,
        {
            "winners": winners_of(result, "G6", subjects=True),
            "tie_pending": pending,
            "pending": pending,
            "panel_decides": pending,
            **dict.fromkeys(("tie_at_limit", "tied", "tie", "decided_by_panel", "undecided"), pending),
        },
    )


def enter_projects(sheet: Sheet, entries: Sequence[Inputs]) -> None:
    """Innovation entries as rows of their units' register."""
    for entry in entries:
        code = str(entry["unit"])
        row = {"项目": str(entry["project"]), "评审分": entry.get("score", 0)}
        sheet.add(code, sheet.units.get(code, "functional"), {"G6.entries": [row]})


def veto(case: Case) -> Found:
    """JZU-G7."""
    sheet = _sheet(case.inputs["units"], case.inputs.get("vetoed", ()))
    result = case.run(sheet, [*_JZU_NODES, "R", "G7", "G", "G5"])
    return Found(
        None, {"ranks": ranks_of(result), "grades": result.grades(), "award": winners_of(result, "G5")}
    )


def money(case: Case) -> Found:
    """JZU-G8: pool, innovation prizes, heads of the excellent units."""
    heads = {str(code): count for code, count in case.inputs["heads"].items()}
    sheet = _sheet([{"unit": code, "grade": "好"} for code in heads])
    for code, count in heads.items():
        sheet.facts[code]["G8.heads"] = count
    first = next(iter(heads), UNIT)
    projects = [
        {"unit": first, "project": f"p{number}"}
        for number in range(int(case.inputs.get("innovation_projects", 0)))
    ]
    enter_projects(sheet, projects)
    sheet.college["G8.pool"] = case.inputs["pool"]
    if "per_project" in case.inputs:
        sheet.college["G8.per_project"] = case.inputs["per_project"]
    result = case.run(sheet, [*_JZU_NODES, "R", "G7", "G", "G5", "G6", "G8"])
    figures = result.effects["G8"].figures
    feasible = figures.get("feasible")
    return Found(
        figures.get("max_per_head"),
        {"feasible": feasible, "warning": feasible is False, "decision_needed": feasible is False},
    )


_QUOTAS = {
    "JZU-G9": ("G9", "G9.quota"),
    "JZU-G10": ("G10", "G10.good_quota"),
    "JZU-G11": ("G11", "G11.honours_quota"),
}


_COLLECTIVE = ("advanced_collective_eligible", "collective_eligible", "may_be_advanced_collective")
"""先进集体 are drawn from the units with the award (JZU-G11)."""


def quota(case: Case) -> Found:
    """JZU-G9, G10, G11: a quota after the grade's consequences."""
    code, measure = _QUOTAS[case.rule]
    grade = case.inputs.get("grade") or ("好" if case.inputs.get("award") else "中")
    quota = next(
        case.inputs[name]
        for name in (measure.partition(".")[2], "quota", "good_quota", "honours_quota")
        if name in case.inputs
    )
    sheet = _sheet([{"unit": UNIT, "grade": grade, "vetoed": case.inputs.get("vetoed", False)}])
    sheet.facts[UNIT][measure] = quota
    result = case.run(
        sheet,
        [*_JZU_NODES, "R", "G7", "G", "G5", code, "G10-head"],
    )
    barred = bool(result.effects["G10-head"].triggered[0])
    collective = dict.fromkeys(_COLLECTIVE, bool(winners_of(result, "G5")))
    return Found(result.amounts(code)[UNIT], {"head_may_be_good": not barred, **collective})


def head(case: Case) -> Found:
    """JZU-G12: a recommendation, never a decision."""
    grade = case.inputs.get("grade") or ("好" if case.inputs.get("award") else "中")
    sheet = _sheet([{"unit": UNIT, "grade": grade, "vetoed": case.inputs.get("vetoed", False)}])
    result = case.run(sheet, [*_JZU_NODES, "R", "G7", "G", "G5", "G12"])
    return Found(None, {"head_recommended_excellent": bool(np.any(result.effects["G12"].triggered))})


HANDLERS: Mapping[str, Callable[[Case], Found]] = {
    "JZU-G1": grade, "JZU-G2": grade, "JZU-G3": grade, "JZU-G4": ranking, "JZU-G5": award,
    "JZU-G6": innovation, "JZU-G7": veto, "JZU-G8": money, "JZU-G9": quota, "JZU-G10": quota,
    "JZU-G11": quota, "JZU-G12": head,
}  # fmt: skip
