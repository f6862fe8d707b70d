"""A second, slow interpreter of formulas: one cell at a time, fractions only, no vectors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

from tests.scoring.exact import reference as exact
from zhiheng.scoring.exact import State
from zhiheng.scoring.formula.syntax import Call, Chain, Literal, Name, Number, Power, Prefix, Relation, Tree

Cells: TypeAlias = list[Any]
"""One number, truth value, text or state per unit."""


@dataclass(frozen=True)
class Facts:
    """Measures per unit, earlier years, lists, groups and peers."""

    columns: Mapping[str, Cells]
    earlier: Mapping[tuple[str, int], Cells] = field(default_factory=dict)
    lists: Mapping[str, list[Cells]] = field(default_factory=dict)
    groups: Sequence[int] = ()
    peers: Sequence[bool] = ()


def interpret(tree: Tree, facts: Facts, back: int = 0) -> Cells:
    """Value of a formula for every unit."""
    size = len(facts.groups)
    match tree:
        case Number() | Literal():
            return [tree.value] * size
        case Name():
            return list(facts.earlier[tree.name, back] if back else facts.columns[tree.name])
        case Prefix("-", operand):
            return exact.each(lambda x: -x, interpret(operand, facts, back))
        case Prefix(_, operand):
            return exact.each(lambda x: not x, interpret(operand, facts, back))
        case Power():
            return exact.each(lambda x: power(x, tree.exponent), interpret(tree.base, facts, back))
        case Relation():
            sides = interpret(tree.left, facts, back), interpret(tree.right, facts, back)
            return exact.each(RELATIONS[tree.operator], *sides)
        case Chain():
            result = interpret(tree.first, facts, back)
            for operator, operand in tree.rest:
                result = joined(operator, result, interpret(operand, facts, back))
            return result
        case Call():
            return call(tree, facts, back)


def joined(operator: str, left: Cells, right: Cells) -> Cells:
    """Two columns joined by an operator; 且 and 或 by the logic of three values."""
    if operator == "且":
        return [logic(pair, settles=False) for pair in zip(left, right, strict=True)]
    if operator == "或":
        return [logic(pair, settles=True) for pair in zip(left, right, strict=True)]
    return exact.each(ARITHMETIC[operator], left, right)


def logic(pair: tuple[Any, Any], *, settles: bool) -> Any:
    """The value that settles the matter, else the worst state, else the other value."""
    if settles in [x for x in pair if isinstance(x, bool)]:
        return settles
    return exact.worst(*pair) or (not settles)


def power(base: Fraction, exponent: int) -> Any:
    """Whole power."""
    return State.UNDEFINED if exponent < 0 and not base else base**exponent


def call(tree: Call, facts: Facts, back: int) -> Cells:
    """Value of a function."""
    name = tree.function
    if name == "上年":
        return interpret(tree.arguments[0], facts, back + 1)
    if name == "如果":
        return conditional([interpret(part, facts, back) for part in tree.arguments])
    if name in REDUCTIONS:
        assert isinstance(tree.arguments[0], Name)
        return [reduced(REDUCTIONS[name], row) for row in facts.lists[tree.arguments[0].name]]
    if name in GROUPED:
        return grouped(tree, facts, back)
    if name in STATE_TESTS:
        tested = interpret(tree.arguments[0], facts, back)
        return [(x if isinstance(x, State) else State.VALUE) is STATE_TESTS[name] for x in tested]
    if name == "缺省":
        pairs = zip(*(interpret(part, facts, back) for part in tree.arguments), strict=True)
        return [other if isinstance(x, State) else x for x, other in pairs]
    return exact.each(PLAIN[name], *(interpret(part, facts, back) for part in tree.arguments))


def conditional(parts: list[Cells]) -> Cells:
    """Cells of 如果 with any number of conditions."""
    result: Cells = []
    for row in zip(*parts, strict=True):
        rest = list(row)
        while len(rest) > 1 and rest[0] is False:
            rest = rest[2:]
        result.append(rest[0] if len(rest) == 1 or isinstance(rest[0], State) else rest[1])
    return result


def reduced(function: Callable[[list[Fraction]], Any], row: Cells) -> Any:
    """A list's statistic: missing elements block, other states stay out."""
    blocked = exact.worst(*(x for x in row if x in (State.MISSING, State.UNDEFINED)))
    return blocked or function([x for x in row if isinstance(x, Fraction)])


def grouped(tree: Call, facts: Facts, back: int) -> Cells:
    """Value of a group statistic."""
    first = interpret(tree.arguments[0], facts, back)
    words = [part.value for part in tree.arguments[1:] if isinstance(part, Literal)]
    missing = {"跳过": "skip", "计零": "zero"}.get(str(words[-1]) if words else "", "block")
    if tree.function == "组排名":
        return exact.ranks(first, facts.groups, facts.peers, "升序" not in words, "competition")
    if tree.function == "组比":
        return pooled(first, interpret(tree.arguments[1], facts, back), facts)
    return exact.grouped(first, facts.groups, facts.peers, missing, GROUPED[tree.function])


def pooled(over: Cells, under: Cells, facts: Facts) -> Cells:
    """Sum over sum, of the peers that have both."""
    both = exact.each(lambda a, b: Fraction(0), over, under)
    kept = [x if isinstance(state, State) else None for x, state in zip(over, both, strict=True)]
    tops = [a if none is None else state for a, none, state in zip(over, kept, both, strict=True)]
    lows = [b if none is None else state for b, none, state in zip(under, kept, both, strict=True)]
    sums = [
        exact.grouped(part, facts.groups, facts.peers, "block", lambda n: sum(n, Fraction(0)))
        for part in (tops, lows)
    ]
    return exact.each(exact.quotient, *sums)


def steps(value: Fraction, step: Fraction, reading: str) -> Any:
    """Steps that fit."""
    if not step:
        return State.UNDEFINED
    quotient = value / step
    return {"足额": Fraction(floor(quotient)), "起算": Fraction(ceil(quotient)), "按比例": quotient}[reading]


RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": exact.quotient,
}
PLAIN: dict[str, Callable[..., Any]] = {
    "最小": min,
    "最大": max,
    "限制": lambda x, low, high: min(max(x, low), high),
    "四舍五入": lambda x, digits=Fraction(0): exact.half_up(x, int(digits)),
    "向下取整": lambda x: Fraction(floor(x)),
    "向上取整": lambda x: Fraction(ceil(x)),
    "绝对值": abs,
    "取整步数": steps,
    "属于": lambda text, *choices: text in choices,
}
STATE_TESTS = {
    "有值": State.VALUE,
    "缺项": State.NOT_APPLICABLE,
    "免责": State.EXCUSED,
    "不采信": State.REJECTED,
    "未报": State.MISSING,
    "无法计算": State.UNDEFINED,
}
REDUCTIONS: dict[str, Callable[[list[Fraction]], Any]] = {
    "合计": lambda n: sum(n, Fraction(0)),
    "平均": exact.mean,
    "最大值": lambda n: max(n, default=State.UNDEFINED),
    "最小值": lambda n: min(n, default=State.UNDEFINED),
    "中位数": lambda n: exact.quantile(n, Fraction(1, 2)),
}
GROUPED: dict[str, Callable[[list[Fraction]], Any]] = {
    "组合计": lambda n: sum(n, Fraction(0)),
    "组均值": exact.mean,
    "组最大": lambda n: max(n, default=State.UNDEFINED),
    "组最小": lambda n: min(n, default=State.UNDEFINED),
    "组中位数": lambda n: exact.quantile(n, Fraction(1, 2)),
    "组标准差": lambda n: exact.stddev(n, sample=False),
    "组排名": lambda n: None,
    "组比": lambda n: None,
}
