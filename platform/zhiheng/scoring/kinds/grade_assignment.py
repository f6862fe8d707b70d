"""grade_assignment.1 评定等次: ordered tests, quotas with ties, forced distributions, decisions (LYG-G1..G4, JZU-G1..G3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Account, Issue, Params, Points, Reader, Use
from zhiheng.scoring.exact import State
from zhiheng.scoring.ordering import refined_rank
from zhiheng.scoring.outcome_contract import Grading, OutcomeContext
from zhiheng.scoring.parameters import number, text, tie_uses
from zhiheng.scoring.quotas import largest_remainder, rounded_share
from zhiheng.scoring.schema import kind_schema


@dataclass(slots=True)
class _State:
    """Grades given so far."""

    grades: list[str]
    reasons: list[str]
    pending: list[bool]
    places: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


class GradeAssignment:
    """评定等次: the first test that holds gives the grade; a quota goes by rank."""

    stage = "grades"
    title = "评定等次"
    schema = kind_schema("grade_assignment.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Conditions, quota adjustments and chains."""
        uses = [Use("score", text(params["score"]))] if "score" in params else []
        for place, test in enumerate(params.get("tests", ())):
            if "when" in test:
                uses.append(Use(f"tests[{place}].when", text(test["when"]), "condition"))
            quota = test.get("quota") or {}
            if "adjust" in quota:
                uses.append(Use(f"tests[{place}].quota.adjust", text(quota["adjust"])))
            uses += tie_uses(f"tests[{place}].quota.tie_break", quota.get("tie_break"))
        return uses

    def evaluate(self, context: OutcomeContext, params: Params) -> Grading:
        """Grades of all units."""
        state = _State([""] * context.size, [""] * context.size, [False] * context.size)
        if params.get("forced"):
            _forced(context, params, state)
        for place, test in _ordered(params):
            _test(context, params, state, place, test)
        for unit in range(context.size):
            if not state.grades[unit] and not state.pending[unit]:
                state.grades[unit] = params.get("default", params["grades"][-1]["code"])
                state.reasons[unit] = state.reasons[unit] or "其他单位"
        _gates(context, params, state)
        if params["decisions"] == "override":
            for unit, grade in context.decided_grades().items():
                state.grades[unit], state.pending[unit], state.reasons[unit] = grade, False, "集体决定"
        return Grading(
            tuple(state.grades), np.array(state.pending, dtype=bool), tuple(state.reasons), dict(state.places)
        )

    def explain(self, reader: Reader, _params: Params, /) -> Account:
        """The grade and the rule behind it."""
        return Account(f"{reader.text('grade')}", (reader.text("reason"),))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Unknown grades, intervals that overlap or leave a hole, shares that do not add up."""
        from zhiheng.scoring.bands import grade_issues

        return grade_issues(params)


def _ordered(params: Params) -> list[tuple[int, Params]]:
    tests = list(enumerate(params.get("tests", ())))
    order = params.get("order")
    if order:
        tests.sort(
            key=lambda pair: order.index(pair[1]["grade"]) if pair[1]["grade"] in order else len(order)
        )
    return tests


def _test(context: OutcomeContext, params: Params, state: _State, place: int, test: Params) -> None:
    """Gives a test's grade to the units still open for which it holds, within its quota."""
    grade, why = test["grade"], test.get("title") or f"符合{test['grade']}的条件"
    holds, barred = _holds(context, params, test, place), _barred(context, params, grade)
    live = [unit for unit in range(context.size) if not state.grades[unit] and not state.pending[unit]]
    candidates = [unit for unit in live if holds[unit]]
    for unit in candidates:
        if barred[unit]:
            state.reasons[unit] = f"{why}，但因否决不得评为{grade}"
    if "quota" in test:
        for group in dict.fromkeys(context.group_codes):
            _Places(context, test, group, candidates, barred).fill(state, why)
        return
    for unit in candidates:
        if not barred[unit]:
            state.grades[unit], state.reasons[unit] = grade, why


def _holds(context: OutcomeContext, params: Params, test: Params, place: int) -> list[bool]:
    holds = np.ones(context.size, dtype=bool)
    if "when" in test:
        mask = context.condition(text(test["when"]))
        context.note(f"test{place}", mask)
        holds &= mask.truth
    if "interval" in test:
        score = context.number(text(params["score"])) if "score" in params else context.score("published")
        limits = test["interval"]
        for name, compare in _COMPARE.items():
            if name in limits:
                holds &= compare(score, number(limits[name])).truth
    found: list[bool] = holds.tolist()
    return found


_COMPARE: dict[str, Any] = {
    "at_least": lambda score, limit: score >= limit, "above": lambda score, limit: score > limit,
    "at_most": lambda score, limit: score <= limit, "below": lambda score, limit: score < limit,
}  # fmt: skip


def _barred(context: OutcomeContext, params: Params, grade: str) -> list[bool]:
    """Units that a gate keeps from a grade, by name or because their best grade is worse."""
    order = [item["code"] for item in params["grades"]]
    barred = np.zeros(context.size, dtype=bool)
    for gate in context.gates.values():
        cap = gate.effects.get("grade_cap")
        above = cap in order and grade in order and order.index(grade) < order.index(cap)
        if above or grade in gate.effects.get("bar_grade", ()):
            barred |= gate.hit.truth
    found: list[bool] = barred.tolist()
    return found


class _Places:
    """名额: the places of one grade in one group, and who gets them."""

    def __init__(
        self, context: OutcomeContext, test: Params, group: str, candidates: list[int], barred: list[bool]
    ) -> None:
        self.context = context
        self.grade = test["grade"]
        self.quota = test["quota"]
        self.group = group
        self.members = [unit for unit, code in enumerate(context.group_codes) if code == group]
        self.candidates = [unit for unit in candidates if context.group_codes[unit] == group]
        self.eligible = [unit for unit in self.candidates if not barred[unit]]

    def fill(self, state: _State, why: str) -> None:
        """Hands the places out and notes ties for the last one."""
        places = self.count()
        state.places[self.group][self.grade] = places
        chosen, tie = self._by_rank(places) if self.quota["by_rank"] else self._in_order(places)
        for unit in chosen:
            state.grades[unit], state.reasons[unit] = self.grade, f"{why}，名额 {places} 个"
        for unit in tie:
            state.pending[unit] = True
            state.reasons[unit] = f"{self.grade}名额 {places} 个，末位并列，待集体决定"

    def count(self) -> int:
        """Number of places: a number, a share of the group, plus adjustments, within the limits."""
        quota, first = self.quota, self.members[0]
        everybody = self.context.group_sizes.get(self.group, len(self.members))
        base = everybody if quota["count"] == "all" else len(self.eligible)
        stated = self.context.by_group(quota.get("number", 0))[first] or Fraction(0)
        share = self.context.by_group(quota.get("share", 0))[first] or Fraction(0)
        places = int(stated) + rounded_share(base, share, quota["rounding"]) + self._adjusted(first)
        places = max(places, int(quota["min"]), 0)
        return min(places, int(quota["max"])) if "max" in quota else places

    def _adjusted(self, first: int) -> int:
        if "adjust" not in self.quota:
            return 0
        change = self.context.number(text(self.quota["adjust"])).exact(first)
        return 0 if isinstance(change, State) else int(change)

    def _by_rank(self, places: int) -> tuple[list[int], list[int]]:
        """Those whose rank in the whole group is within the places; places of others stay empty."""
        ranks = self.context.ranking.rank.to_list() if self.context.ranking else []
        within = [unit for unit in self.eligible if ranks and _at_most(ranks[unit], places)]
        return within, []

    def _in_order(self, places: int) -> tuple[list[int], list[int]]:
        """The foremost of the eligible; without pass-on the barred keep their places empty."""
        pool = self.eligible if self.quota["pass_on"] else self.candidates
        ranks = _ranks(self.context, self.quota, pool)
        chosen, tie = _take(pool, ranks, places, self.quota["ties"])
        return [unit for unit in chosen if unit in self.eligible], [
            unit for unit in tie if unit in self.eligible
        ]


def _at_most(rank: Fraction | State, places: int) -> bool:
    return not isinstance(rank, State) and rank <= places


def _ranks(context: OutcomeContext, quota: Params, candidates: list[int]) -> dict[int, Fraction]:
    """Order among the candidates: rank in the group (or total, without ranking), then the quota's own chain."""
    peers = np.zeros(context.size, dtype=bool)
    peers[candidates] = True
    ranking = context.ranking
    first = (ranking.rank, False) if ranking else (context.score(context.rank_on), True)
    chain = [
        (context.number(text(step["by"])), step.get("order", "higher") == "higher")
        for step in quota.get("tie_break", ())
    ]
    ranks = refined_rank([first, *chain], context.partition("group"), peers).to_list()
    return {unit: value for unit in candidates if not isinstance(value := ranks[unit], State)}


def _take(
    pool: list[int], ranks: Mapping[int, Fraction], places: int, ties: str
) -> tuple[list[int], list[int]]:
    """The foremost units, and those that tie for the last place or places."""
    ordered = sorted((unit for unit in pool if unit in ranks), key=lambda unit: (ranks[unit], unit))
    if places <= 0 or len(ordered) <= places:
        return (ordered if places > 0 else []), []
    edge = ranks[ordered[places - 1]]
    if ranks[ordered[places]] != edge:
        return ordered[:places], []
    sure = [unit for unit in ordered if ranks[unit] < edge]
    even = [unit for unit in ordered if ranks[unit] == edge]
    if ties == "all":
        return sure + even, []
    return sure, even if ties == "pending" else []


def _forced(context: OutcomeContext, params: Params, state: _State) -> None:
    """Forced distribution: counts by largest remainder, handed out by rank."""
    shares = {grade: number(share) for grade, share in params["forced"].items()}
    for group in dict.fromkeys(context.group_codes):
        members = [unit for unit in range(context.size) if context.group_codes[unit] == group]
        ranks = _ranks(context, {}, members)
        ordered = sorted(ranks, key=lambda unit: (ranks[unit], unit))
        counts = largest_remainder(len(ordered), shares)
        position = 0
        for grade, count in counts.items():
            for unit in ordered[position : position + count]:
                state.grades[unit], state.reasons[unit] = grade, f"按名次分布，{grade} {count} 个"
            position += count
            state.places[group][grade] = count
        _forced_ties(ordered, ranks, state)


def _forced_ties(ordered: list[int], ranks: Mapping[int, Fraction], state: _State) -> None:
    tied_grades: dict[Fraction, set[str]] = defaultdict(set)
    for unit in ordered:
        tied_grades[ranks[unit]].add(state.grades[unit])
    for unit in ordered:
        if len(tied_grades[ranks[unit]]) > 1:
            state.grades[unit], state.pending[unit] = "", True
            state.reasons[unit] = "并列跨越两个等次，待集体决定"


def _gates(context: OutcomeContext, params: Params, state: _State) -> None:
    order = [item["code"] for item in params["grades"]]
    for gate in context.gates.values():
        cap, fixed = gate.effects.get("grade_cap"), gate.effects.get("grade")
        for unit in np.flatnonzero(gate.hit.truth).tolist():
            if fixed:
                state.grades[unit], state.reasons[unit] = fixed, f"否决，定为{fixed}"
            elif (
                cap is not None
                and cap in order
                and state.grades[unit] in order
                and order.index(state.grades[unit]) < order.index(cap)
            ):
                state.grades[unit], state.reasons[unit] = cap, f"否决，等次不高于{cap}"
