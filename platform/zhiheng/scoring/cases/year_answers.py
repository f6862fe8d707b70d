"""What a whole-year case expects, looked up in the run: leaves, components, statistics, ranks, grades, money, quotas."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.cases.answers import number
from zhiheng.scoring.cases.compare import UNKNOWN, same
from zhiheng.scoring.cases.year import Year
from zhiheng.scoring.cases.year_names import NODES
from zhiheng.scoring.engine.results import NodeResult
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State, Vec
from zhiheng.scoring.scheme.numbers import is_number

Lookup = Callable[[Run, str], Any]


def at(run: Run, vector: Vec, unit: str) -> Fraction | State:
    """A vector's value for a unit."""
    return vector.exact(run.codes.index(unit))


def formula(run: Run, code: str, unit: str) -> Any:
    """A derived quantity of a unit."""
    column = run.bench.column(code)
    return at(run, column, unit) if isinstance(column, Vec) else None


def earned_before(run: Run, code: str, unit: str) -> Any:
    """What the parts of a node add up to before missing items are re-weighted and bounds applied."""
    return _reweight_note(run.nodes[code], "earned", run, unit, at(run, run.nodes[code].raw, unit))


def attainable(run: Run, code: str, unit: str) -> Any:
    """Points attainable in the parts of a node that apply to the unit."""
    return _reweight_note(run.nodes[code], "attainable", run, unit, run.applicable(code, unit))


def _reweight_note(result: NodeResult, name: str, run: Run, unit: str, otherwise: Any) -> Any:
    for item in result.policies:
        if name in item.notes:
            return at(run, item.notes[name], unit)
    return otherwise


def carried_into(run: Run, unit: str, *codes: str) -> Any:
    """Deductions of other nodes that reached the node the unit has."""
    for code in codes:
        if code in run.nodes and not isinstance(run.points(code, unit), State):
            return sum(
                (number(at(run, amount, unit)) or Fraction(0) for _, amount in run.nodes[code].carried),
                Fraction(0),
            )
    return Fraction(0)


def _raw(code: str) -> Lookup:
    return lambda run, unit: at(run, run.nodes[code].raw, unit)


def _points(code: str) -> Lookup:
    return lambda run, unit: run.points(code, unit)


UNIT_FIGURES: Mapping[str, Mapping[str, tuple[Lookup, ...]]] = {
    "JZU": {
        "key_completion": (lambda run, unit: formula(run, "key.completion", unit),),
        "key_tasks": (lambda run, unit: formula(run, "key.tasks", unit),),
        "routine_before_spill": (_raw("T3"), _raw("F4")),
        "spill": (lambda run, unit: carried_into(run, unit, "T3", "F4"),),
        "talent_raw": (lambda run, unit: earned_before(run, "talent", unit),),
        "talent_applicable_max": (lambda run, unit: attainable(run, "talent", unit),),
        "routine_applicable_max": (lambda run, unit: attainable(run, "T3", unit),),
    },
    "LYG": {
        **dict.fromkeys(("B", "base_sum", "base_raw", "base_earned"), (_points("B"),)),
        **dict.fromkeys(("K", "key_sum", "key_raw", "key_earned"), (_points("K"),)),
        **dict.fromkeys(("Bm", "base_max", "base_applicable", "base_applicable_max"), (lambda run, unit: attainable(run, "base", unit),)),
        **dict.fromkeys(("Km", "key_max", "key_applicable", "key_applicable_max"), (lambda run, unit: attainable(run, "key", unit),)),
        **dict.fromkeys(("base_converted", "base_points", "base55", "T_base", "base_T", "base_part", "base_scaled", "base_reweighted"), (_points("base"),)),
        **dict.fromkeys(("key_converted", "key_points", "key95", "T_key", "key_T", "key_part", "key_scaled", "key_reweighted"), (_points("key"),)),
        "base": (_points("B"), _points("base")),
        "key": (_points("K"), _points("key")),
        **dict.fromkeys(("style", "style40", "style_sum", "four_leaves"), (_points("departmental_style"), _points("style"))),
        **dict.fromkeys(("main_work", "work60", "tasks"), (_points("work"),)),
        **dict.fromkeys(("target", "target_assessment"), (_points("T"),)),
        **dict.fromkeys(("democratic", "democratic_appraisal"), (_points("D"),)),
        **dict.fromkeys(("leadership", "leadership_evaluation"), (_points("L"),)),
        **dict.fromkeys(("K7.1_weight", "weight", "K71_weight"), (lambda run, unit: formula(run, "K7.1.weight", unit),)),
    },
}  # fmt: skip
"""Figures of a unit that are not simply the points of a node of that name; several where a name has several senses."""


def units_answer(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of all units asked for, flat or by group."""
    return {
        name: unit_answer(year, run, str(name), item)
        if str(name) in run.codes
        else units_answer(year, run, item)
        for name, item in expected.items()
    }


def unit_answer(year: Year, run: Run, unit: str, expected: Mapping[str, Any]) -> dict[str, Any]:
    """The same structure as expected, filled from the run."""
    found: dict[str, Any] = {}
    for name, item in expected.items():
        if isinstance(item, Mapping) and "value" in item:
            found[name] = {"value": figure(year, run, unit, str(name), item["value"])}
        elif isinstance(item, Mapping):
            found[name] = unit_answer(year, run, unit, item)
        elif name not in ("calc", "value"):
            found[name] = figure(year, run, unit, str(name), item)
    return found


def figure(year: Year, run: Run, unit: str, name: str, expected: Any) -> Any:
    """One figure by name; a name with several senses means the one expected, if it is among them."""
    lookups = UNIT_FIGURES[year.college].get(name) or _by_code_or_title(year, run, name)
    if not lookups:
        outcomes: Mapping[str, Callable[[], Mapping[str, Any]]] = {"rank": run.ranks, "grade": run.grades}
        return outcomes[name]().get(unit) if name in outcomes else UNKNOWN
    values = [shown_state(lookup(run, unit), expected) for lookup in lookups]
    return next((value for value in values if same(expected, value)), values[0])


def _by_code_or_title(year: Year, run: Run, name: str) -> tuple[Lookup, ...]:
    code = NODES[year.college].get(name, name)
    titled = [node.code for node in run.scheme.tree.walk() if node.title == name and node.code in run.nodes]
    return tuple(_points(item) for item in ([code] if code in run.nodes else titled))


def shown_state(value: Any, expected: Any) -> Any:
    """A missing item under the word the case uses for it; a number expected there stays unmet."""
    if not isinstance(value, State):
        return value
    if value not in (State.NOT_APPLICABLE, State.EXCUSED):
        return "blocked"
    return (
        expected if expected is None or (isinstance(expected, str) and not is_number(expected)) else "missing"
    )
