"""Outcomes of a whole-year case by the names such cases use."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.cases.answers import pending_units, ranks_of, winners_of, with_grade
from zhiheng.scoring.cases.compare import UNKNOWN, shown
from zhiheng.scoring.cases.year import Year
from zhiheng.scoring.cases.year_answers import formula
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State

Answer = Callable[[Year, Run, Any], Any]


def outcome_answer(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    """The outcomes asked for, in the shape they are asked in."""
    table = OUTCOMES[year.college]
    return {
        name: table[name](year, run, item) if name in table else UNKNOWN for name, item in expected.items()
    }


def shaped(year: Year, values: Mapping[str, Any], expected: Any) -> Any:
    """Values by unit, or by group and unit where the case asks so."""
    if (
        isinstance(expected, Mapping)
        and expected
        and all(isinstance(item, Mapping) for item in expected.values())
    ):
        return {group: {code: values.get(code) for code in _members(year, str(group))} for group in expected}
    return dict(values)


def listed(year: Year, codes: list[str], expected: Any) -> Any:
    """A list of units, or lists by group."""
    if isinstance(expected, Mapping):
        return {group: [code for code in codes if code in _members(year, str(group))] for group in expected}
    return codes


def _members(year: Year, group: str) -> list[str]:
    return year.groups.get(group, [])


def _ranks(year: Year, run: Run, expected: Any) -> Any:
    return shaped(year, ranks_of(run), expected)


def _grades(year: Year, run: Run, expected: Any) -> Any:
    return shaped(year, run.grades(), expected)


def _grade(grade: str) -> Answer:
    return lambda year, run, expected: listed(year, with_grade(run, grade), expected)


def _pending(year: Year, run: Run, expected: Any) -> Any:
    return listed(year, pending_units(run), expected)


def _award(code: str, *, subjects: bool = False) -> Answer:
    return lambda year, run, expected: listed(year, winners_of(run, code, subjects=subjects), expected)


def _amounts(code: str) -> Answer:
    def answer(year: Year, run: Run, expected: Any) -> Any:
        return shaped(year, run.amounts(code), expected)

    return answer


_CHAINS: Mapping[str, Mapping[str, Callable[[Run, str], Any]]] = {
    "JZU": {
        "key_tasks": lambda run, unit: formula(run, "key.tasks", unit),
        "C14": lambda run, unit: run.points("C14", unit),
        "key_quality": lambda run, unit: next(
            value for code in ("F2", "T2") if not isinstance(value := run.points(code, unit), State)
        ),
    },
    "LYG": {node: lambda run, unit, node=node: run.points(node, unit) for node in ("T", "L", "D")},  # type: ignore[misc]
}  # fmt: skip


def _tie(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Units with equal published totals, and the figure that decided between them."""
    units = [str(unit) for unit in expected["units"]]
    totals = {shown(run.points("total", unit)) for unit in units}
    decided, values = None, {}
    for name, lookup in _CHAINS[year.college].items():
        values = {unit: lookup(run, unit) for unit in units}
        if len(set(values.values())) > 1:
            decided = name
            break
    return {
        "units": units,
        "total": totals.pop() if len(totals) == 1 else None,
        "decided_by": decided,
        "values": values,
    }


def _places(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Places for the best grade in each group, under the wording of the case when it names that number."""
    found: dict[str, Any] = {}
    for group, words in expected.items():
        unit = _members(year, str(group))[0]
        code = run.bench.group_codes()[run.codes.index(unit)]
        places = (run.grading.places.get(code, {}) if run.grading else {}).get("好")
        found[group] = words if str(places) in str(words).replace(",", " ").split() else places
    return found


def _jiaozuo_money(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    effect = run.effects["G8"]
    parts = {
        name: {run.codes[unit]: amount for unit, amount in part.items()}
        for name, part in effect.parts.items()
    }
    paid = {code: amount for code, amount in run.amounts("G8").items() if amount}
    found = {
        **effect.figures, "decided_per_head": effect.figures.get("per_head"), "per_unit": paid,
        "excellent": parts.get("per_head", {}), "innovation": parts.get("first", {}),
    }  # fmt: skip
    return {
        name: shaped(year, found[name], item) if isinstance(item, Mapping) else found.get(name, UNKNOWN)
        for name, item in expected.items()
    }


def _criticised(year: Year, run: Run, expected: Any) -> Any:
    hit = [code for code, is_hit in zip(run.codes, run.effects["G6"].triggered, strict=True) if is_hit]
    return listed(year, hit, expected)


def _barred(year: Year, run: Run, expected: Any) -> Any:
    gate = run.gates["G3"]
    return listed(year, [code for code, hit in zip(run.codes, gate.hit.truth, strict=True) if hit], expected)


def _pay(year: Year, run: Run, expected: Any) -> Any:
    if isinstance(expected, Mapping):
        return {**shaped(year, run.amounts("G5"), expected), "total": run.effects["G5"].figures.get("total")}
    return run.effects["G5"].figures.get("total")


def _contribution(year: Year, run: Run, expected: Any) -> Any:
    winners = winners_of(run, "G7")
    if isinstance(expected, Mapping) and "winners" in expected:
        bonus = run.selections["G7"].bonus
        return {"winners": winners, "bonus": sum(bonus, Fraction(0)), "total": sum(bonus, Fraction(0))}
    return listed(year, winners, expected)


def _totals(year: Year, run: Run, expected: Any) -> Any:
    return shaped(year, run.totals, expected)


def _rectification(_year: Year, run: Run, expected: Any) -> Any:
    cases = {run.codes[unit]: dict(case) for unit, case in run.effects["G8"].cases.items()}
    return cases if isinstance(expected, Mapping) else list(cases)


OUTCOMES: Mapping[str, Mapping[str, Answer]] = {
    "JZU": {
        "ranks": _ranks, "grades": _grades, "tie": _tie, "top_third": _places, "totals": _totals,
        **dict.fromkeys(("excellent_award", "award", "excellent"), _award("G5")),
        "innovation_winners": _award("G6", subjects=True), "money": _jiaozuo_money,
        "annual_excellent_quota": _amounts("G9"), "next_year_good_quota": _amounts("G10"), "honours_quota": _amounts("G11"),
        "why": lambda _year, _run, expected: expected,
    },
    "LYG": {
        "ranks": _ranks, "grades": _grades, "totals": _totals, "tie": _tie, "tie_pending": _pending, "pending": _pending,
        **dict.fromkeys(("excellent", "优秀"), _grade("优秀")),
        **dict.fromkeys(("qualified", "合格"), _grade("合格")),
        **dict.fromkeys(("failed", "unqualified", "不合格"), _grade("不合格")),
        **dict.fromkeys(("criticised", "circular", "two_years_last", "bottom_two_years"), _criticised),
        **dict.fromkeys(("barred",), _barred),
        **dict.fromkeys(("pay", "performance_pay", "pay_per_unit"), _pay),
        **dict.fromkeys(("contribution", "winners", "contribution_award", "outstanding_contribution", "awards"), _contribution),
        **dict.fromkeys(("rectification", "rectification_cases"), _rectification),
        **dict.fromkeys(("why", "notes"), lambda _year, _run, expected: expected),
    },
}  # fmt: skip
"""Names of outcomes by college, and how each is read from a run."""
