"""A run as plain data: what `zhiheng try --json`, exports and tests read."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State
from zhiheng.scoring.lint.model import Finding
from zhiheng.scoring.scheme.numbers import half_up, plain


def report(run: Run) -> dict[str, Any]:
    """Scores of every node, ranks, grades, awards and consequences; exact numbers as text beside rounded ones."""
    return {
        "scheme": run.scheme.code, "version": run.scheme.version, "title": run.scheme.title, "fingerprint": run.fingerprint,
        "readings": {code: {"value": str(item.value), "meaning": item.meaning, "chosen": item.chosen} for code, item in run.scheme.readings.items()},
        "units": {unit.code: _unit(run, place) for place, unit in enumerate(run.units)},
        "awards": {code: _selection(run, code) for code in run.selections},
        "consequences": {code: _effect(run, code) for code in run.effects},
        "gates": {code: [run.codes[unit] for unit in gate.hit.truth.nonzero()[0].tolist()] for code, gate in run.gates.items()},
        "proposals": [{"gate": gate, "unit": unit, "node": node} for gate, unit, node in run.proposals()],
        "flags": [{"place": flag.place, "unit": flag.unit, "code": flag.code, "text": flag.text} for flag in run.flags],
        "problems": [{"code": item.code, "place": item.place, "reason": item.reason, "advice": item.advice} for item in run.problems],
    }  # fmt: skip


def findings_data(findings: list[Finding]) -> list[dict[str, str]]:
    """Lint findings as plain data."""
    return [
        {
            "level": item.level,
            "code": item.code,
            "place": item.place,
            "text": item.text,
            "proposal": item.proposal,
        }
        for item in findings
    ]


def _unit(run: Run, place: int) -> dict[str, Any]:
    unit, group = run.units[place], run.bench.group_codes()[place]
    nodes = {
        code: _score(run, result.points.exact(place), result.applicable.exact(place))
        for code, result in run.nodes.items()
    }
    total = nodes.get(run.scheme.tree.code, {})
    return {
        "title": unit.title or unit.code, "type": unit.type, "group": group, "total": total.get("published"),
        "rank": _number(run.ranks().get(unit.code)), "tie_pending": bool(run.ranking.pending[place]) if run.ranking else False,
        "grade": run.grades().get(unit.code), "grade_pending": bool(run.grading.pending[place]) if run.grading else False,
        "grade_reason": run.grading.reasons[place] if run.grading else "", "nodes": nodes,
    }  # fmt: skip


def _score(run: Run, points: Fraction | State, applicable: Fraction | State) -> dict[str, Any]:
    limit = None if isinstance(applicable, State) else plain(applicable)
    if isinstance(points, State):
        return {"state": points.name.lower(), "applicable": limit}
    digits = run.scheme.rounding
    return {
        "exact": str(points),
        "stored": f"{half_up(points, digits.store):f}",
        "published": f"{half_up(points, digits.publish):f}",
        "applicable": limit,
    }


def _number(value: Fraction | State | None) -> str | None:
    return None if value is None or isinstance(value, State) else plain(value)


def _selection(run: Run, code: str) -> dict[str, Any]:
    found = run.selections[code]
    bonus: list[Fraction | None] = [*found.bonus] or [None] * len(found.winners)

    def shown(winner: Any, amount: Fraction | None = None) -> dict[str, Any]:
        plainly = {"subject": winner.subject, "unit": run.codes[winner.unit], "score": _number(winner.score)}
        return plainly if amount is None else {**plainly, "bonus": plain(amount)}

    return {
        "title": run.outcomes[code].outcome.title,
        "winners": [shown(winner, amount) for winner, amount in zip(found.winners, bonus, strict=True)],
        "pending": [shown(winner) for winner in found.pending],
        "barred": [shown(winner) for winner in found.barred],
        "recommend": found.recommend,
    }


def _effect(run: Run, code: str) -> dict[str, Any]:
    found = run.effects[code]
    return {
        "title": run.outcomes[code].outcome.title,
        "kind": found.kind,
        "units": [run.codes[unit] for unit in found.triggered.nonzero()[0].tolist()],
        "amounts": {run.codes[unit]: plain(amount) for unit, amount in found.amounts.items()},
        "figures": {name: _figure(value) for name, value in found.figures.items()},
        "texts": {run.codes[unit]: words for unit, words in found.texts.items()},
        "cases": {run.codes[unit]: _case(case) for unit, case in found.cases.items()},
    }


def _figure(value: Any) -> Any:
    return plain(value) if isinstance(value, Fraction) else value


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    return dict(case)
