"""grade_assignment.1 评定等次: ordered tests, quotas with ties, forced distributions, decisions (LYG-G1..G4, JZU-G1..G3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Account, Grading, Issue, OutcomeContext, Params, Reader, Use
from zhiheng.scoring.exact import State, Vec
from zhiheng.scoring.ordering import refined_rank
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

    def inputs(self, params: Params) -> Sequence[Use]:
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

    def explain(self, reader: Reader, params: Params) -> Account:
        """The grade and the rule behind it."""
        return Account(f"{reader.text('grade')}", (reader.text("reason"),))

    def check(self, params: Params, points: Mapping[str, Any]) -> Sequence[Issue]:
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
    grade, why = test["grade"], test.get("title") or f"符合{test['grade']}的条件"
    holds = _holds(context, params, test, place)
    barred = _barred(context, params, grade)
    open_units = [
        unit
        for unit in range(context.size)
        if not state.grades[unit] and not state.pending[unit] and holds[unit]
    ]
    if "quota" not in test:
        for unit in open_units:
            if not barred[unit]:
                state.grades[unit], state.reasons[unit] = grade, why
        return
    by_group: dict[str, list[int]] = defaultdict(list)
    for unit in open_units:
        by_group[context.group_codes[unit]].append(unit)
    for group in dict.fromkeys(context.group_codes):
        _fill(context, state, test, place, group, by_group[group], barred, why)


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


def _fill(
    context: OutcomeContext, state: _State, test: Params, place: int, group: str,
    candidates: list[int], barred: list[bool], why: str,
) -> None:  # fmt: skip
    quota = test["quota"]
    members = [
        unit
        for unit in range(context.size)
        if context.group_codes[unit] == group and context.ranking is not None
    ]
    eligible = [unit for unit in candidates if not barred[unit]]
    places = _places(context, test, group, members, eligible)
    state.places[group][test["grade"]] = places
    ranks = _ranks(context, quota, candidates)
    if quota["by_rank"]:
        overall = context.ranking.rank.to_list() if context.ranking else []
        chosen = [
            unit for unit in eligible if not isinstance(overall[unit], State) and overall[unit] <= places
        ]
        tie: list[int] = []
    else:
        pool = eligible if quota["pass_on"] else candidates
        chosen, tie = _take(pool, ranks, places, quota["ties"])
        chosen, tie = [u for u in chosen if not barred[u]], [u for u in tie if not barred[u]]
    for unit in chosen:
        state.grades[unit], state.reasons[unit] = test["grade"], f"{why}，名额 {places} 个"
    for unit in tie:
        state.pending[unit], state.reasons[unit] = (
            True,
            f"{test['grade']}名额 {places} 个，末位并列，待集体决定",
        )


def _places(
    context: OutcomeContext, test: Params, group: str, members: list[int], eligible: list[int]
) -> int:
    quota = test["quota"]
    base = context.group_sizes.get(group, len(members)) if quota["count"] == "all" else len(eligible)
    places = 0
    first = members[0] if members else 0
    if "number" in quota:
        stated = context.by_group(quota["number"])[first]
        places += int(stated) if stated is not None else 0
    if "share" in quota:
        share = context.by_group(quota["share"])[first]
        places += rounded_share(base, share or Fraction(0), quota["rounding"])
    if "adjust" in quota and members:
        change = context.number(text(quota["adjust"])).exact(first)
        places += 0 if isinstance(change, State) else int(change)
    places = max(places, int(quota["min"]), 0)
    return min(places, int(quota["max"])) if "max" in quota else places


def _ranks(context: OutcomeContext, quota: Params, candidates: list[int]) -> dict[int, Fraction]:
    """Order among the candidates: rank in the group, then the quota's own chain."""
    peers = np.zeros(context.size, dtype=bool)
    peers[candidates] = True
    base = context.ranking.rank if context.ranking else Vec.constant(1, context.size)
    chain = [
        (context.number(text(step["by"])), step.get("order", "higher") == "higher")
        for step in quota.get("tie_break", ())
    ]
    ranks = refined_rank([(base, False), *chain], context.partition("group"), peers).to_list()
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
                cap in order
                and state.grades[unit] in order
                and order.index(state.grades[unit]) < order.index(cap)
            ):
                state.grades[unit], state.reasons[unit] = cap, f"否决，等次不高于{cap}"
