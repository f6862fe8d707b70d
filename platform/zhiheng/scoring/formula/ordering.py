"""Order in which formulas that use one another are computed."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.formula.formula import Formula


def evaluation_order(formulas: Mapping[str, Formula]) -> list[str]:
    """Names of the formulas, each after those it uses; a circle is an error that names it.

    A formula may use its own value of an earlier year: that is a stored figure, not a circle.
    """
    graph = {
        name: [used for used, back in sorted(formula.references) if back == 0 and used in formulas]
        for name, formula in formulas.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(f"[{name}]" for name in reversed(error.args[1]))
        reason = f"公式循环引用：{circle}。"
        advice = "请让其中一个改用原始指标，或用 上年() 取往年的值。"
        raise ScoringError("formula.cycle", f"[{error.args[1][0]}]", reason, advice) from None
