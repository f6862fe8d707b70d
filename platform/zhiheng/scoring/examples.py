"""Worked examples inside a scheme (方案自带算例): facts and the scores a person expects; all must agree before publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.errors import ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.model import Scheme
from zhiheng.scoring.scheme.names import GRADE, RANK
from zhiheng.scoring.scheme.numbers import fraction, half_up, is_number, plain

_STATES = {state.label: state for state in State} | {state.name.lower(): state for state in State}


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """算例结果: one expected value beside what the engine found."""

    title: str
    unit: str
    what: str
    expected: str
    found: str
    agrees: bool


def run_examples(scheme: Scheme) -> list[ExampleResult]:
    """Every expected value of every example of the scheme, with what was found."""
    results: list[ExampleResult] = []
    for example in scheme.resolved.get("examples") or ():
        results += _run(scheme, example)
    return results


def _run(scheme: Scheme, example: Mapping[str, Any]) -> list[ExampleResult]:
    title = str(example["title"])
    wanted = {str(what) for row in example["expect"].values() for what in row}
    only = None if wanted & {GRADE, RANK} else set(example.get("only") or wanted)
    try:
        facts = FactTable.of({"units": example["units"], "college": example.get("college") or {}})
        run = evaluate(scheme, facts, only=only)
    except ScoringErrors as error:
        return [ExampleResult(title, "", "", "", str(error), agrees=False)]
    return [
        _compared(run, title, str(unit), str(what), expected)
        for unit, row in example["expect"].items()
        for what, expected in row.items()
    ]


def _compared(run: Run, title: str, unit: str, what: str, expected: Any) -> ExampleResult:
    found = _found(run, unit, what)
    if isinstance(found, Fraction) and is_number(expected):
        digits = run.scheme.rounding.store
        agrees = half_up(found, digits) == half_up(fraction(expected), digits)
        return ExampleResult(title, unit, what, str(expected), plain(found), agrees=agrees)
    if isinstance(found, State):
        return ExampleResult(
            title, unit, what, str(expected), found.label, agrees=_STATES.get(str(expected)) is found
        )
    return ExampleResult(title, unit, what, str(expected), str(found), agrees=str(found) == str(expected))


def _found(run: Run, unit: str, what: str) -> Fraction | State | str:
    if unit not in run.codes:
        return "没有这个单位"
    if what == RANK:
        return run.ranks().get(unit, "没有排名")
    if what == GRADE:
        return run.grades().get(unit, "没有等次")
    return run.points(what, unit) if what in run.nodes else "没有这个指标"
