"""Cases about ranks, grades, gates, awards and consequences: what is given goes in, what the outcome says comes out."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from zhiheng.scoring.cases.bench import Bench, run
from zhiheng.scoring.cases.model import CaseError, Found, Sheet
from zhiheng.scoring.cases.points import UNIT
from zhiheng.scoring.cases.readings import Choice, choose
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State
from zhiheng.scoring.scheme.numbers import fraction

Inputs = Mapping[str, Any]
_LYG_TYPES = {"院部": "SC", "faculty": "SC", "部门": "DEP", "department": "DEP"}
_JZU_TYPES = {
    "functional": "functional",
    "职能部门": "functional",
    "teaching": "teaching",
    "教学院部": "teaching",
}


def _choice(bench: Bench, rule: str, reading: Any) -> Choice:
    choice = choose(bench.template(rule.partition("-")[0]), rule, reading)
    if choice.extra:
        raise CaseError(f"规则 {rule} 没有理解“{'、'.join(name for name in choice.extra if name != 'rule')}”")
    return choice


def _answer(
    bench: Bench, rule: str, choice: Choice, sheet: Sheet, wanted: Sequence[str], **edits: Any
) -> Run:
    sheet.college.update(choice.college)
    scheme = bench.scheme(rule.partition("-")[0], choice.readings, edits or None)
    return run(scheme, sheet, ["total", *wanted])


def ranks_of(result: Run) -> dict[str, Any]:
    """Rank of every ranked unit."""
    return {code: rank for code, rank in result.ranks().items() if not isinstance(rank, State)}


def with_grade(result: Run, grade: str) -> list[str]:
    """Units with a grade, in order of rank."""
    ranks = ranks_of(result)
    chosen = [code for code, given in result.grades().items() if given == grade]
    return sorted(chosen, key=lambda code: ranks.get(code, 0))


def pending_units(result: Run) -> list[str]:
    """Units whose grade waits for a decision."""
    return (
        [code for code, open_ in zip(result.codes, result.grading.pending, strict=True) if open_]
        if result.grading
        else []
    )


def winners_of(result: Run, award: str, *, subjects: bool = False) -> list[str]:
    """Winning units (or entries) of an award in order."""
    won = result.selections[award].winners
    return [winner.subject if subjects else result.codes[winner.unit] for winner in won]


# Lianyungang


def _lyg_sheet(inputs: Inputs) -> Sheet:
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


def lyg_excellent(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G1: quota for 优秀 among those who applied and may have it."""
    choice = _choice(bench, rule, reading)
    result = _answer(bench, rule, choice, _lyg_sheet(inputs), ["T", "L", "D", "G3", "R", "G"])
    found: dict[str, Any] = {
        "excellent": with_grade(result, "优秀"),
        "ranks": ranks_of(result),
        "grades": result.grades(),
    }
    pending = pending_units(result)
    return Found(None, {**found, "tie_pending": pending})


def lyg_may_apply(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G2: seen from the grade of a lone unit that applied."""
    units = [
        {
            "unit": UNIT,
            "applied": True,
            **{name: bool(inputs.get(name)) for name in ("innovation", "breakthrough")},
        }
    ]
    result = _answer(
        bench,
        rule,
        _choice(bench, rule, reading),
        _lyg_sheet({"units": units}),
        ["T", "L", "D", "G3", "R", "G"],
    )
    return Found(None, {"may_apply": result.grades()[UNIT] == "优秀"})


def lyg_barred(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G3: facts that cap the grade, points untouched."""
    units = [
        {
            "unit": UNIT,
            "total": inputs.get("total", 0),
            "applied": True,
            "innovation": True,
            "barred": bool(inputs.get("facts")),
        }
    ]
    result = _answer(
        bench,
        rule,
        _choice(bench, rule, reading),
        _lyg_sheet({"units": units}),
        ["T", "L", "D", "G3", "R", "G"],
    )
    gate = result.gates["G3"]
    best = gate.effects.get("grade_cap") if gate.hit.truth[0] else "优秀"
    grade = result.grades()[UNIT]
    return Found(
        _number(result.points("total", UNIT)),
        {"max_grade": best, "grade": grade, "barred": bool(gate.hit.truth[0])},
    )


def _number(value: Fraction | State) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def lyg_grade(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G4: 合格 or 不合格 by decision or threshold."""
    entry = {"unit": UNIT, "total": inputs.get("total", 0), "T": inputs.get("T", 0), "applied": False}
    sheet = _lyg_sheet(
        {"units": [{**entry, "barred": bool(inputs.get("facts"))}], "group": inputs.get("group", "院部")}
    )
    if inputs.get("decision"):
        sheet.grades[UNIT] = str(inputs["decision"])
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, ["T", "L", "D", "G3", "R", "G"])
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


def lyg_pay(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G5."""
    sheet = _idle(_decided(inputs, "SC", {**_LYG_IDLE, "pay.heads": inputs["heads"]}))
    sheet.college["pay.rate_per_head"] = inputs["rate_per_head"]
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, ["R", "G", "G5"])
    return Found(
        result.amounts("G5").get(UNIT, Fraction(0)), {"paid": bool(result.effects["G5"].triggered[0])}
    )


def lyg_last_twice(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G6: ranks of two years; who was last in the first comes from a run of that year."""
    choice = _choice(bench, rule, reading)
    anybody = {str(code): {"last": True} for code in inputs["previous"]}
    before = _last_again(bench, choice, inputs["previous"], anybody)
    history = {
        str(code): {"rank": rank, "last": str(code) in before} for code, rank in inputs["previous"].items()
    }
    return Found(None, {"criticised": _last_again(bench, choice, inputs["current"], history)})


def _last_again(
    bench: Bench, choice: Choice, ranks: Inputs, history: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Units that are last by these ranks and were last in the year before."""
    sheet = Sheet(history=[dict(history)])
    for code, rank in ranks.items():
        sheet.add(str(code), "SC", _LYG_IDLE)
        sheet.ranking[str(code)] = rank
        sheet.give("total", str(code), 0)
    result = run(bench.scheme("LYG", choice.readings), sheet, ["total", "R", "G6"])
    return [code for code, hit in zip(result.codes, result.effects["G6"].triggered, strict=True) if hit]


def lyg_contribution(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G7."""
    sheet = Sheet()
    for entry in inputs["applications"]:
        code = str(entry["unit"])
        row = {"项目": str(entry.get("project", code)), "入选": bool(entry["selected"])}
        sheet.add(code, "SC", {**_LYG_IDLE, "awards.applications": [row]})
        for node in ("total", "T", "L", "D"):
            sheet.give(node, code, 0)
    sheet.college["awards.bonus"] = inputs.get("bonus_per_award", 0)
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, ["R", "G", "G3", "G7"])
    selection = result.selections["G7"]
    return Found(sum(selection.bonus, Fraction(0)), {"winners": winners_of(result, "G7")})


def lyg_rectification(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """LYG-G8."""
    facts = {
        **_LYG_IDLE,
        "fail.decided_on": inputs.get("decided_on"),
        "fail.term_days": inputs.get("term_days"),
    }
    sheet = _idle(_decided(inputs, "SC", facts))
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, ["R", "G", "G8"])
    case = result.effects["G8"].cases.get(0)
    return Found(None, dict(case) if case else {"case": None, "due": None})


# Jiaozuo

_JZU_NODES = ("C14", "F2", "T2")


def _jzu_sheet(units: Sequence[Inputs], vetoed: Sequence[str] = (), kind: str = "functional") -> Sheet:
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


def jzu_grade(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G1, G2, G3: one unit with stated rank among a stated number."""
    kind = _JZU_TYPES.get(str(inputs.get("group", "functional")), "functional")
    sheet = _jzu_sheet([{"unit": UNIT, **inputs}], [UNIT] if inputs.get("vetoed") else [], kind)
    scheme = bench.scheme("JZU", {})
    sheet.ranking[UNIT] = inputs["rank"]
    group = scheme.group_of(kind)
    sheet.sizes[group.code if group else ""] = int(inputs["n"])
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, [*_JZU_NODES, "R", "G7", "G"])
    return Found(_number(result.points("total", UNIT)), {"grade": result.grades()[UNIT]})


def jzu_ranking(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G4."""
    sheet = _jzu_sheet(inputs["units"])
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, [*_JZU_NODES, "R"])
    return Found(None, {"ranks": ranks_of(result)})


def jzu_award(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G5."""
    result = _answer(
        bench,
        rule,
        _choice(bench, rule, reading),
        _jzu_sheet(inputs["units"]),
        [*_JZU_NODES, "R", "G7", "G", "G5"],
    )
    return Found(None, {"award": winners_of(result, "G5"), "winners": winners_of(result, "G5")})


def jzu_innovation(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G6."""
    choice = _choice(bench, rule, reading)
    codes = list(dict.fromkeys(str(entry["unit"]) for entry in inputs["entries"]))
    sheet = _jzu_sheet([{"unit": code, "grade": "中"} for code in codes], inputs.get("vetoed", ()))
    enter_projects(sheet, inputs["entries"])
    edits = {"G6": {"limit": str(inputs["limit"])}} if "limit" in inputs else {}
    result = run(
        bench.scheme("JZU", choice.readings, edits), sheet, ["total", *_JZU_NODES, "R", "G7", "G", "G6"]
    )
    selection = result.selections["G6"]
    pending = [winner.subject for winner in selection.pending]
    return Found(
        None, {"winners": winners_of(result, "G6", subjects=True), "tie_pending": pending, "pending": pending}
    )


def enter_projects(sheet: Sheet, entries: Sequence[Inputs]) -> None:
    """Innovation entries as rows of their units' register."""
    for entry in entries:
        code = str(entry["unit"])
        row = {"项目": str(entry["project"]), "评审分": entry.get("score", 0)}
        sheet.add(code, sheet.units.get(code, "functional"), {"G6.entries": [row]})


def jzu_veto(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G7."""
    sheet = _jzu_sheet(inputs["units"], inputs.get("vetoed", ()))
    result = _answer(bench, rule, _choice(bench, rule, reading), sheet, [*_JZU_NODES, "R", "G7", "G", "G5"])
    return Found(
        None, {"ranks": ranks_of(result), "grades": result.grades(), "award": winners_of(result, "G5")}
    )


def jzu_money(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G8: pool, innovation prizes, heads of the excellent units."""
    heads = {str(code): count for code, count in inputs["heads"].items()}
    sheet = _jzu_sheet([{"unit": code, "grade": "好"} for code in heads])
    for code, count in heads.items():
        sheet.facts[code]["G8.heads"] = count
    first = next(iter(heads), UNIT)
    projects = [
        {"unit": first, "project": f"p{number}"}
        for number in range(int(inputs.get("innovation_projects", 0)))
    ]
    enter_projects(sheet, projects)
    sheet.college["G8.pool"] = inputs["pool"]
    if "per_project" in inputs:
        sheet.college["G8.per_project"] = inputs["per_project"]
    result = _answer(
        bench, rule, _choice(bench, rule, reading), sheet, [*_JZU_NODES, "R", "G7", "G", "G5", "G6", "G8"]
    )
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


def jzu_quota(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G9, G10, G11: a quota after the grade's consequences."""
    code, measure = _QUOTAS[rule]
    grade = inputs.get("grade") or ("好" if inputs.get("award") else "中")
    quota = next(
        inputs[name]
        for name in (measure.partition(".")[2], "quota", "good_quota", "honours_quota")
        if name in inputs
    )
    sheet = _jzu_sheet([{"unit": UNIT, "grade": grade, "vetoed": inputs.get("vetoed", False)}])
    sheet.facts[UNIT][measure] = quota
    result = _answer(
        bench,
        rule,
        _choice(bench, rule, reading),
        sheet,
        [*_JZU_NODES, "R", "G7", "G", "G5", code, "G10-head"],
    )
    barred = bool(result.effects["G10-head"].triggered[0])
    return Found(result.amounts(code)[UNIT], {"head_may_be_good": not barred})


def jzu_head(bench: Bench, rule: str, inputs: Inputs, reading: Any) -> Found:
    """JZU-G12: a recommendation, never a decision."""
    grade = "好" if inputs.get("award") else "中"
    sheet = _jzu_sheet([{"unit": UNIT, "grade": grade}])
    result = _answer(
        bench, rule, _choice(bench, rule, reading), sheet, [*_JZU_NODES, "R", "G7", "G", "G5", "G12"]
    )
    return Found(None, {"head_recommended_excellent": bool(np.any(result.effects["G12"].triggered))})


HANDLERS: Mapping[str, Callable[[Bench, str, Inputs, Any], Found]] = {
    "LYG-G1": lyg_excellent, "LYG-G2": lyg_may_apply, "LYG-G3": lyg_barred, "LYG-G4": lyg_grade, "LYG-G5": lyg_pay,
    "LYG-G6": lyg_last_twice, "LYG-G7": lyg_contribution, "LYG-G8": lyg_rectification,
    "JZU-G1": jzu_grade, "JZU-G2": jzu_grade, "JZU-G3": jzu_grade, "JZU-G4": jzu_ranking, "JZU-G5": jzu_award,
    "JZU-G6": jzu_innovation, "JZU-G7": jzu_veto, "JZU-G8": jzu_money, "JZU-G9": jzu_quota, "JZU-G10": jzu_quota,
    "JZU-G11": jzu_quota, "JZU-G12": jzu_head,
}  # fmt: skip
