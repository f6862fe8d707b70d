"""Reading results: ranks, grades, open ties and winners by unit code."""

from fractions import Fraction
from typing import Any

from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State


def number(value: Fraction | State) -> Fraction | None:
    """A value, None where a state stands."""
    return value if isinstance(value, Fraction) else None


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
