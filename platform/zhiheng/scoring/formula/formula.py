"""A parsed formula: names and functions it uses, limits it keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula.library import REGISTRY
from zhiheng.scoring.formula.parser import parse_tree, problem
from zhiheng.scoring.formula.registry import Function, Kind
from zhiheng.scoring.formula.syntax import Call, Name, Number, Power, Tree, children, walk

MAX_DEPTH = 40
MAX_PARTS = 600
MAX_GROUP_FUNCTIONS = 20
MAX_EXPONENT = 20
MAX_DIGITS = 30


@dataclass(frozen=True)
class Formula:
    """公式: text and syntax tree of a formula that keeps the limits and calls known functions only."""

    text: str
    tree: Tree

    @cached_property
    def references(self) -> frozenset[tuple[str, int]]:
        """Names used, each with how many years back it is looked up (0: the same year)."""
        return frozenset(_references(self.tree))

    def names(self) -> frozenset[str]:
        """Names of all measures and formulas used, in any year."""
        return frozenset(name for name, _ in self.references)

    def functions(self) -> frozenset[str]:
        """Chinese names of the functions used."""
        return frozenset(part.function for part, _ in walk(self.tree) if isinstance(part, Call))

    def group_functions(self) -> frozenset[str]:
        """Chinese names of the statistics of the peer group used."""
        return frozenset(name for name in self.functions() if function_of(name).kind is Kind.GROUP)


def parse(text: str) -> Formula:
    """Formula from its text; raises ScoringError (syntax) or ScoringErrors (limits, unknown functions)."""
    tree = parse_tree(text)
    parts = list(walk(tree))
    faults = list(_oversize(parts)) or list(_faults(text, parts))
    if faults:
        raise ScoringErrors(faults)
    return Formula(text, tree)


def function_of(name: str) -> Function:
    """The function of a name that the parser accepted."""
    found = REGISTRY.find(name)
    if found is None:
        raise KeyError(name)
    return found


def years_back(call: Call) -> int:
    """How many years a time function goes back."""
    fixed = {"上年": 1, "前年": 2}.get(call.function)
    if fixed is not None:
        return fixed
    years = call.arguments[1] if len(call.arguments) > 1 else None
    return int(years.value) if isinstance(years, Number) else 0


def _references(tree: Tree) -> Iterator[tuple[str, int]]:
    stack = [(tree, 0)]
    while stack:
        part, back = stack.pop()
        if isinstance(part, Name):
            yield part.name, back
        elif isinstance(part, Call) and function_of(part.function).kind is Kind.TIME:
            stack.append((part.arguments[0], back + years_back(part)))
        else:
            stack.extend((child, back) for child in children(part))


def _oversize(parts: list[tuple[Tree, int]]) -> Iterator[ScoringError]:
    deepest = max(depth for _, depth in parts)
    groups = sum(_is_group(part) for part, _ in parts)
    advice = "请把公式拆成几个有名字的指标，再引用它们。"
    for code, amount, limit, what in (
        ("formula.too_deep", deepest, MAX_DEPTH, "层嵌套"),
        ("formula.too_large", len(parts), MAX_PARTS, "个部分"),
        ("formula.too_many_groups", groups, MAX_GROUP_FUNCTIONS, "个组内统计函数"),
    ):
        if amount > limit:
            yield ScoringError(code, "", f"公式有 {amount} {what}，上限是 {limit}。", advice)


def _is_group(part: Tree) -> bool:
    function = REGISTRY.find(part.function) if isinstance(part, Call) else None
    return function is not None and function.kind is Kind.GROUP


def _faults(text: str, parts: list[tuple[Tree, int]]) -> Iterator[ScoringError]:
    for part, _ in parts:
        if isinstance(part, Call) and REGISTRY.find(part.function) is None:
            close = REGISTRY.similar(part.function)
            advice = f"是不是「{close}」？" if close else "可用的函数见公式说明。"
            yield problem(
                "formula.unknown_function", text, part.span, f"没有函数「{part.function}」。", advice
            )
        elif isinstance(part, Power) and abs(part.exponent) > MAX_EXPONENT:
            reason = f"乘方的指数只能是 -{MAX_EXPONENT} 到 {MAX_EXPONENT} 的整数。"
            yield problem("formula.exponent", text, part.span, reason, "请改写指数。")
        elif isinstance(part, Number) and len(part.digits) > MAX_DIGITS:
            reason = f"数字超过 {MAX_DIGITS} 位。"
            yield problem("formula.number", text, part.span, reason, "请减少位数，或换用更大的单位。")
