"""Outcomes of a run: gates, ranks, grades, awards and consequences, each computed when first asked for."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Gate
from zhiheng.scoring.engine.bench import View
from zhiheng.scoring.engine.context import Flag, Given
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.outcome_context import OutcomeRunContext
from zhiheng.scoring.engine.results import NodeResult
from zhiheng.scoring.engine.tree import TreeRun
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, State, Text, Vec, round_half_up
from zhiheng.scoring.formula import Value
from zhiheng.scoring.outcome_contract import Grading, Ranking
from zhiheng.scoring.parameters import number
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Outcome
from zhiheng.scoring.scheme.names import AWARD, COUNT, GRADE, RANK, TOTAL, VETOED

Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class OutcomeResult:
    """结果: the answer of one outcome rule and what it noted."""

    outcome: Outcome
    answer: Any
    notes: dict[str, Any]
    view: View


class OutcomeRun:
    """结果计算: answers by outcome code; later rules use earlier ones through names such as [名次] and [等次]."""

    def __init__(self, tree: TreeRun, decisions: Decisions, given: Given) -> None:
        self.tree = tree
        self.bench = tree.bench
        self.scheme = tree.scheme
        self.decisions = decisions
        self.given = given
        self.vetoed = tree.vetoed
        self.sizes = given.sizes
        self.results: dict[str, OutcomeResult] = {}
        self.flags: list[Flag] = []
        self.rules = {outcome.code: outcome for outcome in self.scheme.outcomes}
        self._open: list[str] = []
        self._totals: dict[str, Vec] = {}

    def result(self, code: str) -> OutcomeResult:
        """Result of one rule, computed once."""
        if code in self.results:
            return self.results[code]
        outcome = self.rules[code]
        if code in self._open:
            raise ScoringError(
                "outcome.circle",
                outcome.place,
                f"结果规则循环引用：{' → '.join([*self._open, code])}。",
                "请去掉其中一处引用。",
            )
        self._open.append(code)
        context = OutcomeRunContext(self, outcome)
        answer = self._given_ranking() if outcome.role == "ranking" and self.given.ranking else None
        if answer is None:
            answer = kind_of(outcome.kind).evaluate(context, outcome.params)
        self._open.pop()
        self.flags += context.flags
        self.results[code] = OutcomeResult(outcome, answer, context.notes, context.view)
        return self.results[code]

    def first(self, role: str) -> Any:
        """Answer of the (only) rule of a role, None if the scheme has none."""
        rule = next((item for item in self.scheme.outcomes if item.role == role), None)
        return None if rule is None else self.result(rule.code).answer

    def gates(self) -> dict[str, Gate]:
        """All gates: those of the outcomes, and those on nodes that reach beyond the node."""
        found = {item.code: self.result(item.code).answer for item in self.scheme.by_role("gate")}
        for node in self.tree.results.values():
            for number_, gate in enumerate(node_gates(node)):
                found[f"{node.code}#{number_}"] = gate
        return found

    def total(self, rank_on: str) -> Vec:
        """Totals, exact or as published."""
        if rank_on not in self._totals:
            points = self.tree.result(self.scheme.tree.code).points
            published = rank_on == "published"
            self._totals[rank_on] = (
                round_half_up(points, self.scheme.rounding.publish) if published else points
            )
        return self._totals[rank_on]

    def column(self, name: str) -> Value | None:
        """A name that only outcomes know."""
        if name == TOTAL:
            return self.total(self.scheme.rounding.rank_on)
        if name in (RANK, COUNT):
            ranking: Ranking | None = self.first("ranking")
            if ranking is None:
                return Vec.unavailable(State.NOT_APPLICABLE, self.bench.size)
            return ranking.rank if name == RANK else ranking.count
        if name == GRADE:
            grading: Grading | None = self.first("grades")
            grades = grading.grades if grading else [""] * self.bench.size
            return Text.of([grade or State.MISSING for grade in grades])
        if name == VETOED:
            return Mask(self.tree.vetoed)
        if name.startswith(AWARD):
            winners = np.zeros(self.bench.size, dtype=bool)
            winners[[winner.unit for winner in self.result(name.removeprefix(AWARD)).answer.winners]] = True
            return Mask(winners)
        return None

    def _given_ranking(self) -> Ranking:
        codes = self.bench.codes
        ranks = Vec.of(
            [
                number(self.given.ranking[code]) if code in self.given.ranking else State.MISSING
                for code in codes
            ]
        )
        groups = self.bench.group_codes()
        sizes = [self.given.sizes.get(group, groups.count(group)) for group in groups]
        return Ranking(ranks, Vec.of([Fraction(size) for size in sizes]), np.zeros(len(codes), dtype=bool))


def node_gates(result: NodeResult) -> list[Gate]:
    """Gates on a node whose effects reach the outcomes."""
    far = ("grade_cap", "grade", "bar_awards", "bar_grade", "ranking")
    return [
        item.gate
        for item in result.policies
        if item.gate is not None and any(name in item.gate.effects for name in far)
    ]
