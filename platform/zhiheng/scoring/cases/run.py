"""One case or a whole file: find the rule's handler, calculate, compare."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiheng.scoring.cases import branches, jiaozuo_outcomes, lianyungang_outcomes, office, points
from zhiheng.scoring.cases.bench import Bench, Case
from zhiheng.scoring.cases.compare import Difference, differences, shown
from zhiheng.scoring.cases.model import CaseError, Found

Handler = Callable[[Case], Found]


@dataclass(frozen=True, slots=True)
class Verdict:
    """算例结论: a case with what was expected, what was found, and where the two differ."""

    id: str
    rule: str
    reading: Any
    expected: Any
    found: Any
    gaps: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything expected was found."""
        return not self.gaps


def handlers() -> Mapping[str, Handler]:
    """Handler of every rule that is not simply the points of a node."""
    return {
        **branches.HANDLERS,
        **lianyungang_outcomes.HANDLERS,
        **jiaozuo_outcomes.HANDLERS,
        **office.HANDLERS,
    }


def judge(bench: Bench, case: Mapping[str, Any]) -> Verdict:
    """A single case, calculated and compared; a case that cannot be calculated differs."""
    rule, reading = str(case["rule_id"]), case.get("reading", "default")
    expected: dict[str, Any] = {}
    if case.get("expected_score") is not None or not case.get("expected_outcome"):
        expected["score"] = case.get("expected_score")
    expected.update(case.get("expected_outcome") or {})
    try:
        found = calculate(Case(bench, rule, case.get("inputs") or {}, reading))
    except (CaseError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        gap = Difference("", shown(expected), _reason(error))
        return Verdict(str(case["id"]), rule, reading, expected, None, (gap,))
    everything = {"score": found.score, **found.outcome}
    return Verdict(
        str(case["id"]), rule, reading, expected, everything, tuple(differences(expected, everything))
    )


def _reason(error: Exception) -> str:
    """Why a case could not be calculated; a malformed case is told like any other, and the next one follows."""
    return (
        str(error)
        if isinstance(error, CaseError)
        else f"算例的写法无法读取（{type(error).__name__}：{error}）"
    )


def calculate(case: Case) -> Found:
    """What the engine makes of a case. Raises CaseError for an unknown rule, input or reading."""
    special = handlers().get(case.rule)
    if special is not None:
        return special(case)
    if case.rule in points.RULES:
        return points.score_points(case)
    raise CaseError(f"没有规则“{case.rule}”")


def judge_all(document: Mapping[str, Any], templates: Path) -> Iterable[Verdict]:
    """Every case of a file, one after the other."""
    bench = Bench(templates)
    for case in document.get("cases", ()):
        yield judge(bench, case)
