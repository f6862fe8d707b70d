"""deduction_carryover.1 超额扣分转移: what a floor absorbed is taken from another node (JZU-SPILL)."""

from collections.abc import Sequence

from zhiheng.scoring.contract import Account, CarryContext, Params, Reader, Transfer, Use
from zhiheng.scoring.exact import State, fill, maximum
from zhiheng.scoring.parameters import number, text
from zhiheng.scoring.schema import kind_schema


class DeductionCarryover:
    """超额扣分转移: after re-weighting of the target and before its bounds; what the target cannot bear lapses."""

    stage = "carryover"
    title = "超额扣分转移"
    schema = kind_schema("deduction_carryover.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """The formula of the amount, if it is not the excess."""
        return [Use("amount", text(params["amount"]))] if "amount" in params else []

    def evaluate(self, context: CarryContext, params: Params) -> Transfer:
        """Amount and target of every unit."""
        amount = context.number(text(params["amount"])) if "amount" in params else context.excess
        amount = maximum(fill(amount, State.NOT_APPLICABLE, 0), 0)
        context.note("carried", amount)
        return Transfer(amount, context.target_codes(params["target"]), number(params["floor"]))

    def explain(self, reader: Reader, _params: Params, /) -> Account:
        """How much went where."""
        if reader.value("carried") == 0:
            return Account("没有超额扣分")
        return Account(f"超额扣分 {reader.text('carried')} 转入 {reader.text('target')}")
