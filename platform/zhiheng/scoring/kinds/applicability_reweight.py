"""applicability_reweight.1 缺项扩权: points earned scaled up to the node's points where items are missing."""

from collections.abc import Sequence

from zhiheng.scoring.contract import Account, BranchContext, Child, Params, Reader, Scored, Use
from zhiheng.scoring.exact import Mask, State, Vec, fill, total, where
from zhiheng.scoring.schema import kind_schema


class ApplicabilityReweight:
    """缺项扩权: points × earned ÷ attainable, over children or over leaves (LYG-03, JZU-RW-R, JZU-RW-D)."""

    stage = "reweight"
    title = "缺项扩权"
    schema = kind_schema("applicability_reweight.1")

    def inputs(self, _params: Params, /) -> Sequence[Use]:
        """No formulas."""
        return []

    def evaluate(self, context: BranchContext, params: Params) -> Scored:
        """Re-weighted points; the node then counts as fully applicable unless everything is missing."""
        combined = context.combined()
        if params["missing_item"] == "group_mean":
            earned, attainable = _with_means(context), context.points
        elif params["scope"] == "leaves":
            earned = total([fill(leaf.main, State.NOT_APPLICABLE, 0) for leaf in context.leaves])
            attainable = total([leaf.applicable for leaf in context.leaves])
        else:
            earned = fill(combined.points, State.NOT_APPLICABLE, 0)
            attainable = combined.applicable if combined.applicable is not None else context.points
        some = attainable > 0
        base = _denominator(context, params, attainable)
        context.note("earned", earned)
        context.note("attainable", base)
        scaled = context.points * earned / where(base > 0, base, 1)
        missing = _all_missing(context, params)
        points = where(some, scaled, missing)
        full = context.points if params["all_missing"] != "not_applicable" else where(some, context.points, 0)
        return Scored(points, combined.exempt, full)

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """`20 × 16.9 ÷ 18`."""
        if reader.value("attainable") == 0:
            return Account("全部缺项")
        if reader.value("attainable") == reader.value("points"):
            return Account(reader.text("earned"), ("没有缺项，不需扩权",))
        formula = f"{reader.text('points')} × {reader.text('earned')} ÷ {reader.text('attainable')}"
        names = {"leaf_sum": "分母为适用末级分值合计", "printed": "分母为文件所印分值"}
        return Account(formula, (f"缺项扩权：{names[params['denominator']]}",))


def _denominator(context: BranchContext, params: Params, attainable: Vec) -> Vec:
    if params["denominator"] == "leaf_sum":
        return attainable
    printed = context.by_type(params["printed"]) if "printed" in params else context.printed()
    if printed is None:
        return attainable
    return where(Mask(printed.known()), printed, attainable)


def _all_missing(context: BranchContext, params: Params) -> Vec:
    if params["all_missing"] == "full":
        return context.points
    if params["all_missing"] == "zero":
        return Vec.constant(0, context.size)
    return Vec.unavailable(State.NOT_APPLICABLE, context.size)


def _with_means(context: BranchContext) -> Vec:
    """Earned points in which a missing child earns the group's mean degree (group mean for a missing item)."""
    return total([_child_or_mean(context, child) for child in context.children])


def _child_or_mean(context: BranchContext, child: Child) -> Vec:
    safe = where(child.full > 0, child.full, 1)
    mean = context.benchmark({"statistic": "mean"}, child.main / safe, f"mean.{child.code}")
    absent = child.applicable.eq(0) & (child.full > 0)
    stand_in = where(absent, mean * child.full, 0)
    return where(absent, stand_in, fill(child.main, State.NOT_APPLICABLE, 0))
