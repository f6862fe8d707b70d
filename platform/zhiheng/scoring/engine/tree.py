"""Scores of all nodes for all units, each node once, in the order at the end of rules.md part 4."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Gate, Scored, Transfer
from zhiheng.scoring.engine.bench import Bench
from zhiheng.scoring.engine.columns import recoded, state_at
from zhiheng.scoring.engine.context import (
    BranchNodeContext,
    CarryNodeContext,
    Flag,
    GateNodeContext,
    Given,
    NodeContext,
)
from zhiheng.scoring.engine.results import NodeResult, PolicyResult
from zhiheng.scoring.engine.vectors import by_type
from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, State, Vec, fill, maximum, minimum, round_half_up, where
from zhiheng.scoring.parameters import number
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.defaults import with_defaults
from zhiheng.scoring.scheme.model import ByType, Node, Policy
from zhiheng.scoring.scheme.names import RATE, SCORE

Bools = npt.NDArray[np.bool_]
ROLLUP = "bounded_rollup.1"


class TreeRun:
    """指标树计算: results by node code, computed on demand so that nodes may use one another's scores."""

    def __init__(self, bench: Bench, given: Given, vetoes: Mapping[str, Bools], vetoed: Bools) -> None:
        self.bench = bench
        self.scheme = bench.scheme
        self.nodes = bench.scheme.nodes()
        self.parents = bench.scheme.parents()
        self.given = given
        self.vetoes = vetoes
        self.vetoed = vetoed
        self.results: dict[str, NodeResult] = {}
        self.flags: list[Flag] = []
        self._open: list[str] = []
        self._sources = self._carriers()
        self._spread: dict[tuple[tuple[str, Fraction], ...], tuple[Vec, Vec]] = {}
        bench.scores = self._score_column

    def result(self, code: str) -> NodeResult:
        """Result of a node, computed once. A node that needs its own score is an error that names the circle."""
        if code in self.results:
            return self.results[code]
        if code in self._open:
            circle = " → ".join([*self._open[self._open.index(code) :], code])
            raise ScoringError(
                "node.circle", self.nodes[code].place, f"得分循环引用：{circle}。", "请去掉其中一处引用。"
            )
        self._open.append(code)
        node = self.nodes[code]
        found = (
            self._given(node)
            if code in self.given.points
            else self._leaf(node)
            if node.is_leaf
            else self._branch(node)
        )
        self._open.pop()
        self.results[code] = found
        return found

    def _score_column(self, name: str) -> Vec:
        if name.startswith(RATE):
            result = self.result(name.removeprefix(RATE))
            return result.points / where(result.applicable.eq(0), 1, result.applicable)
        return self.result(name.removeprefix(SCORE)).points

    # parts every node has

    def _carriers(self) -> dict[str, list[tuple[Node, Policy]]]:
        """Nodes whose excess deductions may reach a node."""
        found: dict[str, list[tuple[Node, Policy]]] = {}
        for node in self.scheme.tree.walk():
            for policy in node.policies:
                if kind_of(policy.kind).stage == "carryover":
                    target = policy.params["target"]
                    for code in dict.fromkeys(target.values() if isinstance(target, Mapping) else [target]):
                        found.setdefault(code, []).append((node, policy))
        return found

    def spread(self, values: ByType) -> tuple[Vec, Vec]:
        """Numbers by unit type for every unit: not applicable where the type has none, and 0 there instead."""
        key = tuple(values.items())
        if key not in self._spread:
            plain = by_type(values, self.bench.unit_types)
            self._spread[key] = plain, fill(plain, State.NOT_APPLICABLE, 0)
        return self._spread[key]

    def applies(self, node: Node) -> Bools:
        """Units that have the node, by type and by condition, here and above."""
        types = node.types
        found = np.array([kind in types for kind in self.bench.unit_types], dtype=bool)
        chain: list[Node] = [node]
        while chain[-1].code in self.parents:
            chain.append(self.nodes[self.parents[chain[-1].code]])
        for item in chain:
            if item.applies_when:
                context = self._context(NodeContext, item, found)
                found = found & context.condition(item.applies_when).truth
        return found

    def _context(self, kind: type[NodeContext], node: Node, applies: Bools) -> Any:
        points = self.spread(node.points)[0]
        return kind(self.bench, node, points, applies=applies, vetoed=self.vetoed, given=self.given)

    def _given(self, node: Node) -> NodeResult:
        values = self.given.points[node.code]
        cells = [values.get(code, State.MISSING) for code in self.bench.codes]
        points = Vec.of([cell if isinstance(cell, State) else number(cell) for cell in cells])
        full = self.spread(node.points)[1]
        limits = self.given.applicable.get(node.code, {})
        applicable = where(Mask(state_at(points, State.NOT_APPLICABLE)), 0, full)
        if limits:
            stated = Vec.of(
                [number(limits[code]) if code in limits else State.MISSING for code in self.bench.codes]
            )
            applicable = where(Mask(stated.known()), stated, applicable)
        applies = np.ones(self.bench.size, dtype=bool)
        result = NodeResult(
            node.code, node, points, points, None, applicable, full, points, applies, given=True
        )
        return self._finished(result, node)

    # leaves

    def _leaf(self, node: Node) -> NodeResult:
        applies = self.applies(node)
        context = self._context(NodeContext, node, applies)
        scored: Scored = kind_of(node.kind).evaluate(context, node.params)
        self.flags += [flag for flag in context.flags if applies[self.bench.codes.index(flag.unit)]]
        raw = self._only(scored.points, applies)
        rejected = state_at(raw, State.REJECTED)
        raw = recoded(raw, {State.EXCUSED: State.NOT_APPLICABLE})
        if rejected.any():
            raw = fill(raw, State.REJECTED, 0)
        exempt = None if scored.exempt is None else self._only(scored.exempt, applies)
        main, exempt = self._bounded(node, raw, exempt)
        full = self.spread(node.points)[1]
        absent = Mask(state_at(main, State.NOT_APPLICABLE))
        result = NodeResult(
            node.code, node, main, main, exempt, where(absent, 0, full), full, raw, applies,
            excess=self._excess(node, raw), notes=context.notes, view=context.view, rejected=rejected if rejected.any() else None,
        )  # fmt: skip
        return self._finished(result, node)

    def _only(self, vector: Vec, applies: Bools) -> Vec:
        if applies.all():
            return vector
        return where(Mask(applies), vector, Vec.unavailable(State.NOT_APPLICABLE, vector.size))

    def _excess(self, node: Node, raw: Vec) -> Vec | None:
        return None if node.bounds.floor is None else maximum(node.bounds.floor - raw, 0)

    def _bounded(self, node: Node, raw: Vec, exempt: Vec | None) -> tuple[Vec, Vec | None]:
        """Clamped to the node's bounds; exempt points stay beside unless they stop here."""
        if exempt is not None and not node.bounds.exempt_pass:
            raw, exempt = raw + fill(exempt, State.NOT_APPLICABLE, 0), None
        main = raw if node.bounds.floor is None else maximum(raw, node.bounds.floor)
        if node.bounds.cap is not None:
            main = minimum(main, self.spread(node.bounds.cap)[1])
        return main, exempt

    # branches

    def _branch(self, node: Node) -> NodeResult:
        applies = self.applies(node)
        children = [self.result(child.code) for child in node.children]
        context: BranchNodeContext = self._context(BranchNodeContext, node, applies)
        context.children = children
        context.leaves = [self.result(leaf.code) for leaf in self._leaves_of(node)] if node.policies else ()
        if node.printed is not None:
            context.printed_points = self.spread(node.printed)[0]
        scored, policies = self._rolled(node, context)
        raw = self._only(scored.points, applies)
        full = self.spread(node.points)[1]
        attainable = scored.applicable if scored.applicable is not None else full
        if node.declared:
            attainable = minimum(attainable, full)
        attainable = where(Mask(applies), attainable, 0)
        result = NodeResult(
            node.code,
            node,
            raw,
            raw,
            scored.exempt,
            attainable,
            full,
            raw,
            applies,
            notes=context.notes,
            policies=policies,
            view=context.view,
        )
        result.carried = self._carried(node)
        for _, amount in result.carried:
            result.main = result.main - where(Mask(result.main.known()), amount, 0)
        result.excess = self._excess(node, result.main)
        result.main, result.exempt = self._bounded(node, result.main, scored.exempt)
        return self._finished(result, node, carried=True)

    def _leaves_of(self, node: Node) -> list[Node]:
        """Leaves below a node; a node whose points are given stands for everything below it."""
        found: list[Node] = []
        for child in node.children:
            found += [child] if child.is_leaf or child.code in self.given.points else self._leaves_of(child)
        return found

    def _rolled(self, node: Node, context: BranchNodeContext) -> tuple[Scored, list[PolicyResult]]:
        rollup = next((item for item in node.policies if kind_of(item.kind).stage == "rollup"), None)
        params = rollup.params if rollup else _default_rollup()
        scored: Scored = kind_of(rollup.kind if rollup else ROLLUP).evaluate(context, params)
        done = [PolicyResult(rollup, context.notes, context.view)] if rollup else []
        for policy in node.policies:
            if kind_of(policy.kind).stage == "reweight":
                inner: BranchNodeContext = self._context(BranchNodeContext, node, context.applies)
                inner.children, inner.leaves, inner.printed_points = (
                    context.children,
                    context.leaves,
                    context.printed_points,
                )
                inner.rolled = scored
                scored = kind_of(policy.kind).evaluate(inner, policy.params)
                inner.note("points", inner.points)
                done.append(PolicyResult(policy, inner.notes, inner.view))
        return scored, done

    # transfers, gates, rounding

    def _carried(self, node: Node) -> list[tuple[str, Vec]]:
        """Excess deductions of other nodes that land here (JZU-SPILL)."""
        if node.code in self.given.carried:
            stated = self.given.carried[node.code]
            return [("", Vec.of([number(stated.get(code, 0)) for code in self.bench.codes]))]
        found = []
        for source, policy in self._sources.get(node.code, ()):
            transfer = self._transfer(self.result(source.code), policy)
            here = Mask(np.array([code == node.code for code in transfer.targets], dtype=bool))
            found.append((source.code, where(here, transfer.amount, 0)))
        return found

    def _transfer(self, source: NodeResult, policy: Policy) -> Transfer:
        for done in source.policies:
            if done.policy is policy and done.transfer is not None:
                return done.transfer
        raise ScoringError("node.circle", policy.place, "转移的扣分尚未算出。", "请检查转入指标。")

    def _finished(self, result: NodeResult, node: Node, *, carried: bool = False) -> NodeResult:
        """Transfers in (leaves), transfers out, gates, early rounding, and the sum with exempt points."""
        if not carried:
            result.carried = self._carried(node)
            for _, amount in result.carried:
                known = Mask(result.main.known())
                reduced = result.main - amount
                unborne = where(known, maximum(_floor(node) - reduced, 0), 0)
                result.excess = unborne if result.excess is None else result.excess + unborne
                result.main = where(known, maximum(reduced, _floor(node)), result.main)
        self._transfers_out(result, node)
        result.before_gates = result.main
        self._gates(result, node)
        if node.decimals is not None:
            result.main = round_half_up(result.main, node.decimals)
        result.points = (
            result.main
            if result.exempt is None
            else result.main + fill(result.exempt, State.NOT_APPLICABLE, 0)
        )
        return result

    def _transfers_out(self, result: NodeResult, node: Node) -> None:
        for policy in node.policies:
            kind = kind_of(policy.kind)
            if kind.stage == "carryover":
                context: CarryNodeContext = self._context(CarryNodeContext, node, result.applies)
                context.excess = (
                    result.excess if result.excess is not None else Vec.constant(0, self.bench.size)
                )
                transfer: Transfer = kind.evaluate(context, policy.params)
                context.note("target", transfer.targets)
                result.policies.append(PolicyResult(policy, context.notes, context.view, transfer=transfer))

    def _gates(self, result: NodeResult, node: Node) -> None:
        for policy in node.policies:
            kind = kind_of(policy.kind)
            if kind.stage != "gate":
                continue
            context: GateNodeContext = self._context(GateNodeContext, node, result.applies)
            context.decisions = self.vetoes.get(
                policy.code or node.code, np.zeros(self.bench.size, dtype=bool)
            )
            gate: Gate = kind.evaluate(context, policy.params)
            hit = Mask(gate.hit.truth & result.applies & ~state_at(result.main, State.NOT_APPLICABLE))
            result.policies.append(
                PolicyResult(policy, context.notes, context.view, gate=Gate(hit, gate.effects))
            )
            self._apply(result, hit, gate.effects)

    def _apply(self, result: NodeResult, hit: Mask, effects: Mapping[str, Any]) -> None:
        if "score" in effects:
            limit = 0 if effects["score"] == "zero" else number(effects["score"])
            result.main = where(hit, minimum(result.main, limit) if limit else 0, result.main)
            if result.exempt is not None:
                result.exempt = where(hit, 0, result.exempt)
        if effects.get("not_applicable"):
            absent = Vec.unavailable(State.NOT_APPLICABLE, result.main.size)
            result.main = where(hit, absent, result.main)
            result.applicable = where(hit, 0, result.applicable)


def _floor(node: Node) -> Any:
    return 0 if node.bounds.floor is None else node.bounds.floor


def _default_rollup() -> Mapping[str, Any]:
    defaults: Mapping[str, Any] = with_defaults({}, kind_of(ROLLUP).schema)
    return defaults
