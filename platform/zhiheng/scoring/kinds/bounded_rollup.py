"""bounded_rollup.1 汇总与封顶: what a branch makes of its children (rules.md part 4); bounds are the node's own."""

from collections.abc import Callable, Mapping, Sequence

from zhiheng.scoring.contract import Account, BranchContext, Child, Issue, Params, Points, Reader, Scored, Use
from zhiheng.scoring.exact import State, Vec, fill, maximum, minimum, total, where
from zhiheng.scoring.parameters import text
from zhiheng.scoring.schema import kind_schema

_FAR = 10**15
"""Stands for "absent" when the best or worst children are picked; no score comes near it."""


class BoundedRollup:
    """汇总与封顶: sum, mean, weighted mean or the best children; exempt points travel beside."""

    stage = "rollup"
    title = "汇总与封顶"
    schema = kind_schema("bounded_rollup.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of the deduction and of the scale."""
        return [Use(part, text(params[part])) for part in ("deduct", "rescale") if part in params]

    def evaluate(self, context: BranchContext, params: Params) -> Scored:
        """Points before bounds, exempt points, and points attainable."""
        weights = {child.code: _weight(context, params, child.code) for child in context.children}
        points = _COMBINE[params["combine"]](context, params, weights)
        applicable = _applicable(context, params, weights)
        if "rescale" in params:
            points, applicable = _rescaled(context, params, points)
        context.note("combined", points)
        if "deduct" in params:
            deduct = context.number(text(params["deduct"]))
            context.note("deduct", deduct)
            points = points - deduct
        extra = [
            fill(child.exempt, State.NOT_APPLICABLE, 0)
            for child in context.children
            if child.exempt is not None
        ]
        return Scored(_or_absent(context, points), total(extra) if extra else None, applicable)

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """`17.2 + 131.5 + 26.4`."""
        names = {"sum": "合计", "mean": "平均", "weighted_mean": "加权平均"}
        words = names.get(
            params["combine"], f"取最{'高' if params['combine'] == 'best' else '低'} {params['take']} 项"
        )
        terms = reader.text("children")
        formula = terms if params["combine"] == "sum" else f"{words}（{terms}）"
        if "rescale" in params:
            formula = f"（{formula}） × {reader.text('scale')} ÷ {reader.text('full')}"
        if reader.has("deduct") and reader.value("deduct") != 0:
            formula += f" - {reader.text('deduct')}（另扣）"
        return Account(formula)

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Weights without effect."""
        if params.get("weights") and params["combine"] in ("best", "worst"):
            return [
                Issue(
                    "rollup.weights",
                    "weights",
                    "取最高或最低若干项时权重不起作用。",
                    "请改用 sum 或 weighted_mean。",
                )
            ]
        return []


def _weight(context: BranchContext, params: Params, code: str) -> Vec | None:
    weights = params.get("weights") or {}
    return context.by_type(weights[code]) if code in weights else None


def _present(child: Child) -> Vec:
    """The child's points, 0 where it is not applicable."""
    return fill(child.main, State.NOT_APPLICABLE, 0)


def _weighted(value: Vec, weight: Vec | None) -> Vec:
    return value if weight is None else value * weight


def _sum(context: BranchContext, _params: Params, weights: Mapping[str, Vec | None]) -> Vec:
    return total([_weighted(_present(child), weights[child.code]) for child in context.children])


def _mean(context: BranchContext, params: Params, weights: Mapping[str, Vec | None]) -> Vec:
    used = weights if params["combine"] == "weighted_mean" else dict.fromkeys(weights)
    earned = total([_weighted(_present(child), used[child.code]) for child in context.children])
    shares = [where(child.applicable > 0, _one(context, used[child.code]), 0) for child in context.children]
    divisor = total(shares)
    return earned / where(divisor.eq(0), 1, divisor)


def _one(context: BranchContext, weight: Vec | None) -> Vec:
    return Vec.constant(1, context.size) if weight is None else weight


def _best(context: BranchContext, params: Params, _weights: Mapping[str, Vec | None]) -> Vec:
    return _picked(context, params["take"], maximum, minimum, -_FAR)


def _worst(context: BranchContext, params: Params, _weights: Mapping[str, Vec | None]) -> Vec:
    return _picked(context, params["take"], minimum, maximum, _FAR)


def _picked(
    context: BranchContext, take: int, first: Callable[..., Vec], second: Callable[..., Vec], absent: int
) -> Vec:
    """Sum of the `take` foremost children, by as many passes of a bubble sort over vectors."""
    rest = [fill(child.main, State.NOT_APPLICABLE, absent) for child in context.children]
    result = Vec.constant(0, context.size)
    for _ in range(min(take, len(rest))):
        foremost, behind = rest[0], []
        for item in rest[1:]:
            behind.append(second(foremost, item))
            foremost = first(foremost, item)
        result = result + where(abs(foremost) < _FAR, foremost, 0)
        rest = behind
    return result


def _applicable(context: BranchContext, params: Params, weights: Mapping[str, Vec | None]) -> Vec:
    sums = total([_weighted(child.applicable, weights[child.code]) for child in context.children])
    if params["combine"] == "sum":
        return sums
    return where(sums > 0, context.points, 0)


def _rescaled(context: BranchContext, params: Params, points: Vec) -> tuple[Vec, Vec]:
    scale = context.number(text(params["rescale"]))
    full = total([child.full for child in context.children])
    applicable = total([child.applicable for child in context.children])
    context.note("scale", scale)
    context.note("full", full)
    safe = where(full.eq(0), 1, full)
    return points * scale / safe, applicable * scale / safe


def _or_absent(context: BranchContext, points: Vec) -> Vec:
    """Not applicable where every child is."""
    some = total([child.applicable for child in context.children]) > 0
    live = some | total([child.full for child in context.children]).eq(0)
    return where(live, points, Vec.unavailable(State.NOT_APPLICABLE, context.size))


_COMBINE: dict[str, Callable[[BranchContext, Params, Mapping[str, Vec | None]], Vec]] = {
    "sum": _sum, "mean": _mean, "weighted_mean": _mean, "best": _best, "worst": _worst,
}  # fmt: skip
