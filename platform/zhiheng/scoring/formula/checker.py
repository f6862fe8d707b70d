"""Type checker: finds every mismatch before anything is computed, with position, reason and advice."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula.constants import assign, refusal
from zhiheng.scoring.formula.formula import Formula, function_of
from zhiheng.scoring.formula.parser import problem
from zhiheng.scoring.formula.registry import Function, Kind, Parameter
from zhiheng.scoring.formula.syntax import (
    Call,
    Chain,
    Literal,
    Name,
    Number,
    Power,
    Prefix,
    Relation,
    Tree,
)
from zhiheng.scoring.formula.types import BOOLEAN, DATE, NUMBER, TEXT, Base, Type

_ORDERED = (Base.NUMBER, Base.DATE)


def check(formula: Formula, types: Mapping[str, Type]) -> Type:
    """Type of the formula's value given the types of measures; raises ScoringErrors with all findings."""
    checker = _Checker(formula.text, types)
    found = checker.infer(formula.tree)
    if checker.faults:
        raise ScoringErrors(checker.faults)
    return found or NUMBER


class _Checker:
    """Infers types; None stands for a part whose error is reported already."""

    def __init__(self, text: str, types: Mapping[str, Type]) -> None:
        self.text = text
        self.types = types
        self.faults: list[ScoringError] = []

    def infer(self, tree: Tree) -> Type | None:
        """Type of a part, reporting faults on the way."""
        match tree:
            case Number():
                return NUMBER
            case Literal():
                return BOOLEAN if isinstance(tree.value, bool) else TEXT
            case Name():
                return self._name(tree)
            case Prefix() | Power():
                return self._prefix(tree)
            case Chain():
                return self._chain(tree)
            case Relation():
                return self._relation(tree)
            case Call():
                return self._call(tree)

    def _report(self, code: str, tree: Tree, reason: str, advice: str) -> None:
        self.faults.append(problem(code, self.text, tree.span, reason, advice))

    def _name(self, tree: Name) -> Type | None:
        found = self.types.get(tree.name)
        if found is None:
            reason = f"没有名为「{tree.name}」的指标或公式。"
            self._report("formula.unknown_name", tree, reason, _did_you_mean(tree.name, self.types))
        return found

    def _prefix(self, tree: Prefix | Power) -> Type | None:
        operand = tree.base if isinstance(tree, Power) else tree.operand
        wanted = Base.BOOLEAN if isinstance(tree, Prefix) and tree.operator == "非" else Base.NUMBER
        found = self.infer(operand)
        return found if found is None or self._demand(operand, found, wanted) else None

    def _chain(self, tree: Chain) -> Type | None:
        result = self.infer(tree.first)
        for operator, operand in tree.rest:
            right = self.infer(operand)
            if result is None or right is None:
                result = None
                continue
            result = self._joined(tree, operator, (tree.first, result), (operand, right))
        return result

    def _joined(
        self, tree: Chain, operator: str, left: tuple[Tree, Type], right: tuple[Tree, Type]
    ) -> Type | None:
        if operator in "且或":
            sides = [self._demand(part, found, Base.BOOLEAN) for part, found in (left, right)]
            base: Base | None = Base.BOOLEAN if all(sides) else None
        else:
            base = _sum_of_dates(operator, left[1].base, right[1].base)
            if base is None and left[1].base is right[1].base is Base.DATE:
                advice = "例如 [结束]-[开始] 得到天数，[开始]+30 得到日期。"
                self._report("formula.type", tree, "日期只能相减，或加减一个天数。", advice)
            elif base is None:
                sides = [self._demand(part, found, Base.NUMBER) for part, found in (left, right)]
                base = Base.NUMBER if all(sides) else None
        return self._together(tree, [left[1], right[1]], base)

    def _relation(self, tree: Relation) -> Type | None:
        left, right = self.infer(tree.left), self.infer(tree.right)
        if left is None or right is None:
            return None
        if left.base is not right.base:
            reason = f"不能拿{left.label}与{right.label}比较。"
            advice = "文字请用引号；是否类的指标直接作条件，或写「=是」。"
            self._report("formula.type", tree, reason, advice)
            return None
        if left.base not in _ORDERED and tree.operator not in "=≠":
            self._report("formula.type", tree, f"{left.label}只能用 = 或 ≠ 比较。", "请换成 = 或 ≠。")
            return None
        return self._together(tree, [left, right], Base.BOOLEAN)

    def _demand(self, tree: Tree, found: Type, wanted: Base) -> bool:
        if found.base is wanted:
            return True
        advice = (
            "请写成条件，例如 [甲]>0。" if wanted is Base.BOOLEAN else f"请换成类型为{wanted}的指标或算式。"
        )
        self._report("formula.type", tree, f"这里需要{wanted}，得到的是{found.label}。", advice)
        return False

    def _together(self, tree: Tree, parts: Sequence[Type], base: Base | None) -> Type | None:
        registers = {part.register for part in parts if part.is_list}
        if len(registers) > 1:
            names = "」与「".join(sorted(str(name) for name in registers))
            reason = f"「{names}」是不同登记表的列表，不能逐项对应。"
            self._report("formula.register", tree, reason, "请先用 合计、平均 等函数把每个列表化成一个数。")
            return None
        return None if base is None else Type(base, next(iter(registers), None))

    def _call(self, tree: Call) -> Type | None:
        function = function_of(tree.function)
        if not self._count_fits(tree, function):
            return None
        found: list[Type | None] = []
        for parameter, argument in zip(assign(function, tree.arguments), tree.arguments, strict=True):
            found.append(self._argument(function, parameter, argument) if parameter else None)
        known = [part for part in found if part is not None]
        if len(known) < len(found):
            return None
        if function.name in ("如果", "缺省") and not self._same(tree, function, known):
            return None
        base = function.returns if isinstance(function.returns, Base) else known[function.returns].base
        combined = self._together(tree, known, base)
        single = function.kind in (Kind.LIST, Kind.GROUP)
        return combined.single() if combined and single else combined

    def _count_fits(self, tree: Call, function: Function) -> bool:
        count, most = len(tree.arguments), len(function.parameters)
        surplus = (count - most) % function.repeats == 0 if function.repeats else count <= most
        if count >= function.least and (count <= most or surplus):
            return True
        reason = f"「{function.name}」的参数个数不对，写了 {count} 个。"
        self._report(
            "formula.arguments", tree, reason, f"写法：{function.signature}，例如 {function.example}。"
        )
        return False

    def _argument(self, function: Function, parameter: Parameter, tree: Tree) -> Type | None:
        if parameter.constant:
            reason = refusal(tree, parameter)
            if reason:
                self._report("formula.constant", tree, reason, f"例如 {function.example}。")
                return None
            return Type(parameter.accepts[0])
        found = self.infer(tree)
        if found is None:
            return None
        if parameter.accepts and found.base not in parameter.accepts:
            reason = (
                f"「{function.name}」的「{parameter.name}」需要{parameter.label}，得到的是{found.label}。"
            )
            self._report("formula.type", tree, reason, f"例如 {function.example}。")
            return None
        if function.kind is Kind.LIST and not found.is_list:
            reason = f"「{function.name}」的「{parameter.name}」需要列表，得到的是单个{found.label}。"
            self._report("formula.type", tree, reason, "几个数之间请用 + 或 最大、最小。")
            return None
        if function.kind is Kind.GROUP and found.is_list:
            reason = f"「{function.name}」对每个单位只要一个数，得到的是{found.label}。"
            self._report("formula.type", tree, reason, "请先用 合计、平均 等函数化成一个数。")
            return None
        return found

    def _same(self, tree: Call, function: Function, known: list[Type]) -> bool:
        values = known if function.name == "缺省" else [*known[1:-1:2], known[-1]]
        conditions = [] if function.name == "缺省" else known[0:-1:2]
        if any(condition.base is not Base.BOOLEAN for condition in conditions):
            self._report("formula.type", tree, "「如果」的条件需要是否。", f"写法：{function.example}。")
            return False
        if len({value.base for value in values}) == 1:
            return True
        labels = "、".join(dict.fromkeys(value.label for value in values))
        reason = f"「{function.name}」的各个取值类型不同：{labels}。"
        self._report("formula.type", tree, reason, "请让各个取值都是同一类型。")
        return False


def _sum_of_dates(operator: str, left: Base, right: Base) -> Base | None:
    if left is Base.DATE and right is Base.DATE and operator == "-":
        return Base.NUMBER
    if left is Base.DATE and right is Base.NUMBER and operator in "+-":
        return Base.DATE
    return DATE.base if (operator, left, right) == ("+", Base.NUMBER, Base.DATE) else None


def _did_you_mean(name: str, names: Mapping[str, Type]) -> str:
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    return f"是不是「{close[0]}」？" if close else "请检查名称，或先登记这个指标。"
