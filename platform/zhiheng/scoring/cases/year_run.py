"""A whole-year case from inputs to verdict: decisions and figures in, one run, everything expected looked up."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.scoring.cases.bench import Bench, run
from zhiheng.scoring.cases.compare import UNKNOWN, Difference, differences
from zhiheng.scoring.cases.jiaozuo_outcomes import enter_projects
from zhiheng.scoring.cases.lianyungang_outcomes import last_again
from zhiheng.scoring.cases.model import CaseError
from zhiheng.scoring.cases.year import Year
from zhiheng.scoring.cases.year_answers import units_answer
from zhiheng.scoring.cases.year_outcomes import outcome_answer, shaped
from zhiheng.scoring.cases.year_statistics import statistics_answer


def judge_year(bench: Bench, case: Mapping[str, Any]) -> tuple[Any, list[Difference], list[str]]:
    """What is expected, the differences, and the labels that nothing here is called by (not compared)."""
    college = str(case.get("college") or str(case["id"]).rpartition("-")[2])
    year = Year(bench, college, case["inputs"], case.get("reading", "default"))
    year.add_units()
    _PREPARE[college](year)
    result = run(year.scheme(), year.sheet, wanted(year))
    if result.problems:
        raise CaseError("；".join(str(problem) for problem in result.problems[:20]))
    expected = {
        "units": case.get("expected_units") or {}, "totals": case.get("expected_score") or {},
        "statistics": case.get("peer_statistics") or {}, "outcome": case.get("expected_outcome") or {},
    }  # fmt: skip
    found = {
        "units": units_answer(year, result, expected["units"]),
        "totals": shaped(year, result.totals, expected["totals"]),
        "statistics": statistics_answer(year, result, expected["statistics"]),
        "outcome": outcome_answer(year, result, expected["outcome"]),
    }
    unknown: list[str] = []
    expected = {name: without_unknown(item, found[name], name, unknown) for name, item in expected.items()}
    return expected, differences(expected, found), unknown


def wanted(year: Year) -> list[str]:
    """All nodes and outcomes, but nothing below nodes whose points are stated."""
    scheme = year.scheme()
    stated = {part.code for code in year.sheet.given for part in scheme.nodes()[code].walk()} - set(
        year.sheet.given
    )
    return [code for code in scheme.nodes() if code not in stated] + [item.code for item in scheme.outcomes]


def without_unknown(expected: Any, found: Any, place: str, unknown: list[str]) -> Any:
    """What is expected without the labels that could not be resolved; those are gathered."""
    if not isinstance(expected, Mapping) or not isinstance(found, Mapping):
        return expected
    kept = {}
    for name, item in expected.items():
        if found.get(name) is UNKNOWN:
            unknown.append(f"{place}.{name}")
        else:
            kept[name] = without_unknown(item, found.get(name), f"{place}.{name}", unknown)
    return kept


def _jiaozuo(year: Year) -> None:
    inputs, sheet = year.inputs, year.sheet
    sheet.vetoes.setdefault("G7", []).extend(map(str, _listed(inputs.get("veto", inputs.get("vetoed")))))
    innovation = inputs.get("innovation") or {}
    enter_projects(sheet, innovation.get("entries", ()))
    if "limit" in innovation:
        year.edits["G6"] = {"limit": str(innovation["limit"])}
    money = inputs.get("money") or {}
    for name, measure in (
        ("pool", "G8.pool"),
        ("per_project", "G8.per_project"),
        ("decided_per_head", "G8.per_head"),
    ):
        if name in money:
            sheet.college[measure] = money[name]
    quotas = inputs.get("quotas") or {}
    for name, measure in (
        ("annual_excellent", "G9.quota"),
        ("good", "G10.good_quota"),
        ("honours", "G11.honours_quota"),
    ):
        for unit, count in (quotas.get(name) or {}).items():
            sheet.facts[str(unit)][measure] = count


def _lianyungang(year: Year) -> None:
    inputs, sheet = year.inputs, year.sheet
    sheet.vetoes.setdefault("G3", []).extend(map(str, _listed(inputs.get("barred", inputs.get("veto")))))
    for name in ("applied", "innovation", "breakthrough"):
        listed = inputs.get(name, inputs.get(f"{name}_units"))
        for unit in sheet.units:
            chosen = sheet.facts[unit].get(name)
            sheet.facts[unit][name] = bool(chosen) if listed is None else unit in _listed(listed)
    for unit in sheet.units:
        sheet.facts[unit].setdefault("awards.applications", [])
    _figures(year)
    _history(year)


def _figures(year: Year) -> None:
    inputs, sheet = year.inputs, year.sheet
    pay = inputs.get("pay") or inputs.get("money") or {}
    for name in ("rate_per_head", "per_head", "rate"):
        if name in pay:
            sheet.college["pay.rate_per_head"] = pay[name]
    for unit, heads in (pay.get("heads") or inputs.get("heads") or {}).items():
        sheet.facts[str(unit)]["pay.heads"] = heads
    awards = (
        inputs.get("awards") or inputs.get("contribution") or inputs.get("outstanding_contribution") or {}
    )
    entries = awards if isinstance(awards, list) else awards.get("applications", awards.get("entries", ()))
    for entry in entries:
        row = {"项目": str(entry.get("project", entry["unit"])), "入选": bool(entry.get("selected", False))}
        sheet.add(str(entry["unit"]), sheet.units[str(entry["unit"])], {"awards.applications": [row]})
    bonus = inputs.get(
        "bonus_per_award",
        awards.get("bonus_per_award", awards.get("bonus")) if isinstance(awards, Mapping) else None,
    )
    if bonus is not None:
        sheet.college["awards.bonus"] = bonus
    decisions = inputs.get("decisions") or inputs.get("decision") or {}
    if isinstance(decisions, Mapping):
        sheet.grades.update(
            {str(unit): str(grade) for unit, grade in decisions.items() if str(unit) in sheet.units and grade}
        )


def _history(year: Year) -> None:
    """Last year's ranks, by group or flat, or simply the units that were last."""
    inputs = year.inputs
    before = inputs.get("previous", inputs.get("previous_ranks", inputs.get("last_year")))
    last = {str(unit) for unit in _listed(inputs.get("previous_last"))}
    if isinstance(before, Mapping):
        tables = (
            list(before.values()) if all(isinstance(item, Mapping) for item in before.values()) else [before]
        )
        for table in tables:
            last |= set(last_again(year.case, table, {str(unit): {"last": True} for unit in table}))
    elif before:
        last |= {str(unit) for unit in _listed(before)}
    if last:
        year.sheet.history = [{unit: {"last": unit in last} for unit in year.sheet.units}]


def _listed(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return [item for entry in value.values() for item in (entry if isinstance(entry, list) else [entry])]
    return value if isinstance(value, list) else [value]


_PREPARE = {"JZU": _jiaozuo, "LYG": _lianyungang}
