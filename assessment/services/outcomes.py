"""What the outcomes of a run mean for one unit, as data for pages and files."""

from typing import Any

from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.scoring.public import Run as Evaluation


def unit_outcomes(evaluation: Evaluation, index: int) -> dict[str, Any]:
    """Ties that wait, awards, money and quotas, notices and cases of the unit at ``index``."""
    grading = evaluation.grading
    found: dict[str, Any] = {
        "pending": bool(grading is not None and grading.pending[index]),
        "reason": grading.reasons[index] if grading is not None else "",
        "awards": _awards(evaluation, index),
        "effects": _effects(evaluation, index),
        "vetoes": [code for code, gate in evaluation.gates.items() if bool(gate.hit.truth[index])],
    }
    return found


def _awards(evaluation: Evaluation, index: int) -> list[dict[str, Any]]:
    titles = {outcome.code: outcome.title for outcome in evaluation.scheme.outcomes}
    return [
        {"code": code, "title": titles[code], "subject": winner.subject, "recommend": selection.recommend}
        for code, selection in evaluation.selections.items()
        for winner in selection.winners
        if winner.unit == index
    ]


def _effects(evaluation: Evaluation, index: int) -> list[dict[str, Any]]:
    titles = {outcome.code: outcome.title for outcome in evaluation.scheme.outcomes}
    found = []
    for code, effect in evaluation.effects.items():
        entry: dict[str, Any] = {"code": code, "title": titles[code], "kind": effect.kind}
        if index in effect.amounts:
            entry["amount"] = plain(round_half_up(effect.amounts[index], 2))
        if index in effect.texts:
            entry["text"] = effect.texts[index]
        if index in effect.cases:
            entry["case"] = {name: str(value) for name, value in effect.cases[index].items()}
        if len(entry) > 3:
            found.append(entry)
    return found
