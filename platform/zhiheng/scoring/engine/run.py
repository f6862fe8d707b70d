"""`evaluate`: one scheme, one table of facts, all units at once (rules.md part 4, order of evaluation)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Gate
from zhiheng.scoring.engine.bench import Bench
from zhiheng.scoring.engine.context import Flag, Given
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.outcomes import OutcomeResult, OutcomeRun
from zhiheng.scoring.engine.problems import missing_facts
from zhiheng.scoring.engine.results import NodeResult
from zhiheng.scoring.engine.tree import TreeRun
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State, rounded
from zhiheng.scoring.facts import FactTable, Unit
from zhiheng.scoring.outcome_contract import Effect, Grading, Ranking, Selection
from zhiheng.scoring.parameters import number
from zhiheng.scoring.scheme.documents import canonical
from zhiheng.scoring.scheme.model import Scheme
from zhiheng.scoring.scheme.names import names_of


@dataclass
class Run:
    """计算结果: results of every node and outcome for every unit, with all that is needed to explain them."""

    scheme: Scheme
    facts: FactTable
    bench: Bench
    nodes: Mapping[str, NodeResult]
    outcomes: Mapping[str, OutcomeResult]
    flags: Sequence[Flag]
    decisions: Decisions
    given: Given
    earlier: Sequence[FactTable] = ()
    problems: Sequence[ScoringError] = field(default_factory=tuple)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Units in the order of all vectors."""
        return self.facts.units

    @property
    def codes(self) -> list[str]:
        """Unit codes in the order of all vectors."""
        return self.bench.codes

    def points(self, node: str, unit: str) -> Fraction | State:
        """Exact points of one node and unit, or the state that stands there instead."""
        return self.nodes[node].points.exact(self.codes.index(unit))

    def applicable(self, node: str, unit: str) -> Fraction | State:
        """Points attainable by the unit at the node."""
        return self.nodes[node].applicable.exact(self.codes.index(unit))

    def stored(self, node: str) -> list[Decimal | State]:
        """Points of all units rounded half up to the digits of storing."""
        return rounded(self.nodes[node].points, self.scheme.rounding.store)

    def published(self, node: str) -> list[Decimal | State]:
        """Points of all units rounded half up to the digits of publishing."""
        return rounded(self.nodes[node].points, self.scheme.rounding.publish)

    @property
    def totals(self) -> dict[str, Fraction | State]:
        """Exact total of every unit."""
        return dict(zip(self.codes, self.nodes[self.scheme.tree.code].points.to_list(), strict=True))

    def _answer(self, role: str) -> Any:
        return next((item.answer for item in self.outcomes.values() if item.outcome.role == role), None)

    @property
    def ranking(self) -> Ranking | None:
        """The ranking, if the scheme has one."""
        found: Ranking | None = self._answer("ranking")
        return found

    def ranks(self) -> dict[str, Fraction | State]:
        """Rank of every unit."""
        return dict(zip(self.codes, self.ranking.rank.to_list(), strict=True)) if self.ranking else {}

    @property
    def grading(self) -> Grading | None:
        """The grades, if the scheme has them."""
        found: Grading | None = self._answer("grades")
        return found

    def grades(self) -> dict[str, str]:
        """Grade of every unit, "" where a tie waits for a decision."""
        return dict(zip(self.codes, self.grading.grades, strict=True)) if self.grading else {}

    def _of_role(self, role: str) -> dict[str, Any]:
        return {code: item.answer for code, item in self.outcomes.items() if item.outcome.role == role}

    @property
    def selections(self) -> dict[str, Selection]:
        """Winners by award."""
        return self._of_role("award")

    @property
    def effects(self) -> dict[str, Effect]:
        """Consequences by code."""
        return self._of_role("consequence")

    def amounts(self, consequence: str) -> dict[str, Fraction]:
        """Money or quotas of a consequence by unit code."""
        return {self.codes[unit]: amount for unit, amount in self.effects[consequence].amounts.items()}

    @property
    def gates(self) -> dict[str, Gate]:
        """Gates of the outcomes by code."""
        return self._of_role("gate")

    def proposals(self) -> list[tuple[str, str, str]]:
        """Vetoes that a node's gate asks to start: (gate to start, unit, node)."""
        found = []
        for node in self.nodes.values():
            for item in node.policies:
                if item.gate is not None and "propose" in item.gate.effects:
                    hit = np.flatnonzero(item.gate.hit.truth).tolist()
                    found += [
                        (str(item.gate.effects["propose"]), self.codes[unit], node.code) for unit in hit
                    ]
        return found

    @cached_property
    def fingerprint(self) -> str:
        """指纹: SHA-256 over scheme, readings, kinds with versions, facts, earlier facts, decisions and given values."""
        return fingerprint(self.scheme, self.facts, self.earlier, self.decisions, self.given)


def fingerprint(
    scheme: Scheme,
    facts: FactTable,
    earlier: Sequence[FactTable] = (),
    decisions: Decisions | None = None,
    given: Given | None = None,
) -> str:
    """The same content gives the same text on any machine and in any year."""
    decisions, given = decisions or Decisions(), given or Given()
    kinds = sorted(
        {node.kind for node in scheme.leaves()}
        | {item.kind for item in scheme.outcomes}
        | _policy_kinds(scheme)
    )
    parts = {
        "scheme": scheme.resolved,
        "readings": {code: str(item.value) for code, item in scheme.readings.items()},
        "kinds": kinds,
        "facts": facts.content(),
        "earlier": [table.content() for table in earlier],
        "vetoes": {code: sorted(units) for code, units in decisions.vetoes.items() if units},
        "grades": dict(decisions.grades),
        "winners": {code: sorted(names) for code, names in decisions.winners.items()},
        "history": [dict(year) for year in decisions.history],
        "given": {name: value for name in given.__dataclass_fields__ if (value := getattr(given, name))},
    }
    return hashlib.sha256(
        canonical({name: part for name, part in parts.items() if part}).encode()
    ).hexdigest()


def _policy_kinds(scheme: Scheme) -> set[str]:
    return {policy.kind for node in scheme.tree.walk() for policy in node.policies}


def evaluate(
    scheme: Scheme,
    facts: FactTable,
    *,
    given: Given | None = None,
    only: Collection[str] | None = None,
    previous: FactTable | Sequence[FactTable] = (),
    decisions: Decisions | None = None,
    missing: str = "block",
) -> Run:
    """Scores of all nodes and all outcomes for all units.

    `only` names the nodes and outcomes wanted (what they need is computed too). `previous` are earlier years' facts,
    latest first. `missing="pending"` leaves scores that lack facts open instead of refusing.
    Raises ScoringErrors that name every missing measure and unit, every fact that cannot be read, every division by 0.
    """
    given, decisions = given or Given(), decisions or Decisions()
    earlier = (previous,) if isinstance(previous, FactTable) else tuple(previous)
    _check_units(scheme, facts)
    names = names_of(scheme)
    bench = Bench(scheme, names, facts, earlier)
    vetoes = _vetoes(bench, decisions)
    vetoed = np.zeros(bench.size, dtype=bool)
    for hit in vetoes.values():
        vetoed |= hit
    tree = TreeRun(bench, given, vetoes, vetoed)
    nodes = [code for code in tree.nodes if only is None or code in only]
    for code in nodes:
        tree.result(code)
    problems = [*bench.errors, *missing_facts(tree, nodes)]
    if problems and missing == "block":
        raise ScoringErrors(problems)
    outcomes = OutcomeRun(tree, decisions, given)
    if not problems:
        for outcome in scheme.outcomes:
            if only is None or outcome.code in only:
                outcomes.result(outcome.code)
    if bench.errors and missing == "block":
        raise ScoringErrors(bench.errors)
    flags = (*tree.flags, *outcomes.flags)
    return Run(
        scheme, facts, bench, tree.results, outcomes.results, flags, decisions, given, earlier, problems
    )


def _check_units(scheme: Scheme, facts: FactTable) -> None:
    known = "、".join(scheme.unit_types)
    errors = [
        ScoringError(
            "facts.unit_type", f"units.{unit.code}", f"方案没有单位类型“{unit.type}”。", f"可用：{known}。"
        )
        for unit in facts.units
        if unit.type not in scheme.unit_types
    ]
    names = {name for measure in scheme.measures.values() for name in (measure.code, measure.title)}
    errors += [
        ScoringError("facts.measure", name, f"方案没有名为“{name}”的数据项。", "请核对名称，或从数据中删去。")
        for name in (*facts.facts, *facts.college)
        if name not in names
    ]
    if len({unit.code for unit in facts.units}) != len(facts.units):
        errors.append(ScoringError("facts.unit", "units", "有单位代码重复。", "每个单位的代码必须不同。"))
    if errors:
        raise ScoringErrors(errors)


def _vetoes(bench: Bench, decisions: Decisions) -> dict[str, Any]:
    return {
        code: np.array([unit in units for unit in bench.codes], dtype=bool)
        for code, units in decisions.vetoes.items()
    }


__all__ = ["Run", "evaluate", "fingerprint", "number"]
