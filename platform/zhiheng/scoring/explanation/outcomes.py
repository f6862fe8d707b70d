"""Explanation of ranks, grades, awards and consequences of one unit."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from zhiheng.scoring.contract import Account, Gate
from zhiheng.scoring.engine.outcomes import OutcomeResult
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State
from zhiheng.scoring.explanation.model import Explanation, ReadingUsed
from zhiheng.scoring.explanation.reader import UnitReader, shown
from zhiheng.scoring.outcome_contract import Effect, Grading, Ranking, Selection
from zhiheng.scoring.registry import kind as kind_of


def explain_outcomes(run: Run, unit: str) -> list[Explanation]:
    """One explanation per outcome rule, in the order of evaluation. Raises KeyError for an unknown unit."""
    if unit not in run.codes:
        raise KeyError(unit)
    place = run.codes.index(unit)
    ordered = [run.outcomes[item.code] for item in run.scheme.outcomes if item.code in run.outcomes]
    return [_outcome(run, item, place) for item in ordered]


def _outcome(run: Run, item: OutcomeResult, unit: int) -> Explanation:
    outcome = item.outcome
    account, value = _account(item, unit)
    blank = Explanation(
        code=outcome.code, title=outcome.title, unit=run.codes[unit], kind=kind_of(outcome.kind).title, clause=outcome.clause,
        points=value, exact="", state="VALUE", full="", applicable="", raw="", formula=account.formula, lines=account.lines,
    )  # fmt: skip
    return replace(blank, readings=tuple(_readings(run, outcome.readings)), extra=_extra(item.answer, unit))


def _account(item: OutcomeResult, unit: int) -> tuple[Account, str]:
    answer, params = item.answer, item.outcome.params
    notes: dict[str, Any] = dict(item.notes)
    value = ""
    if isinstance(answer, Ranking):
        value = shown(answer.rank.exact(unit))
        if "rank" not in notes:
            return Account("给定名次"), value
    elif isinstance(answer, Grading):
        value = answer.grades[unit] or "待定"
        notes |= {"grade": value, "reason": answer.reasons[unit]}
    elif isinstance(answer, Selection):
        value, reason = _selection(answer, unit)
        notes |= {"result": value, "reason": reason}
    elif isinstance(answer, Effect):
        value, reason = _effect(answer, unit)
        notes |= {"result": value, "reason": reason}
    elif isinstance(answer, Gate):
        value = "触发" if answer.hit.truth[unit] else "未触发"
    return kind_of(item.outcome.kind).explain(UnitReader(notes, item.view, unit), params), value


def _selection(answer: Selection, unit: int) -> tuple[str, str]:
    won = [winner for winner in answer.winners if winner.unit == unit]
    if won:
        names = "、".join(
            f"{winner.subject}（{shown(winner.score)}）" if winner.score is not None else winner.subject
            for winner in won
        )
        return "入选", names + (f"；{answer.recommend}" if answer.recommend else "")
    if any(winner.unit == unit for winner in answer.pending):
        return "待定", "末位并列，待集体决定"
    if any(winner.unit == unit for winner in answer.barred):
        return "未入选", "符合条件，但被否决，不得参评"
    return "未入选", "不符合条件或未进入名额"


def _effect(answer: Effect, unit: int) -> tuple[str, str]:
    touched = "触发" if answer.triggered[unit] else "未触发"
    if unit in answer.amounts:
        return shown(answer.amounts[unit]), touched
    if unit in answer.texts:
        return answer.texts[unit], touched
    if unit in answer.cases:
        case = answer.cases[unit]
        return f"{case['case']}，期限 {case.get('due', '待定')}", touched
    return "无", touched


def _extra(answer: Any, unit: int) -> dict[str, Any]:
    if isinstance(answer, Effect):
        return {name: _plain(value) for name, value in answer.figures.items()}
    if isinstance(answer, Grading):
        return {
            "pending": bool(answer.pending[unit]),
            "places": {group: dict(row) for group, row in answer.places.items()},
        }
    return {}


def _plain(value: Any) -> Any:
    return shown(value) if isinstance(value, Fraction | State) else value


def _readings(run: Run, codes: tuple[str, ...]) -> list[ReadingUsed]:
    found = []
    for code in codes:
        reading = run.scheme.readings[code]
        others: Mapping[str, str] = {
            option: text for option, text in reading.options.items() if text != reading.meaning
        }
        found.append(
            ReadingUsed(
                code, reading.title, reading.clause, reading.meaning, tuple(others.values()), reading.chosen
            )
        )
    return found
