"""Syntax tree of a formula. Equal formulas have equal trees, wherever they stand in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """位置: line and column of the first character (from 1), and the range of characters."""

    line: int = 1
    column: int = 1
    start: int = 0
    end: int = 0

    @property
    def place(self) -> str:
        """Chinese words for the position."""
        return f"第 {self.line} 行第 {self.column} 列"


@dataclass(frozen=True, slots=True)
class Number:
    """数: a literal; `suffix` is %, ‰, 万, 亿 or empty, and `digits` what stands before it."""

    value: Fraction
    digits: str
    suffix: str = ""
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """文字或是否: a literal text or truth value."""

    value: str | bool
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """指标: a measure or another formula, by its Chinese name."""

    name: str
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """前缀: "-" or "非" before an operand."""

    operator: str
    operand: "Tree"
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """连算: operands joined from left to right by operators of one strength (+ -, × ÷, 且, 或)."""

    first: "Tree"
    rest: "tuple[tuple[str, Tree], ...]"
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """比较: =, ≠, <, ≤, > or ≥ between two operands."""

    operator: str
    left: "Tree"
    right: "Tree"
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Power:
    """乘方: a base and a whole exponent."""

    base: "Tree"
    exponent: int
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """函数: a function by its Chinese name, with arguments."""

    function: str
    arguments: "tuple[Tree, ...]"
    span: Span = field(default=Span(), compare=False)


STRENGTH = {"或": 1, "且": 2, "非": 3, "+": 5, "-": 5, "×": 6, "÷": 6}
"""How strongly operators bind; relations stand at 4, a sign at 7, powers at 8."""

Tree: TypeAlias = Number | Literal | Name | Prefix | Chain | Relation | Power | Call


def children(tree: Tree) -> tuple[Tree, ...]:
    """Direct parts of a tree."""
    match tree:
        case Prefix():
            return (tree.operand,)
        case Chain():
            return (tree.first, *(operand for _, operand in tree.rest))
        case Relation():
            return (tree.left, tree.right)
        case Power():
            return (tree.base,)
        case Call():
            return tree.arguments
        case _:
            return ()


def walk(tree: Tree) -> Iterator[tuple[Tree, int]]:
    """Every part of a tree with its depth (from 1), without recursion."""
    stack = [(tree, 1)]
    while stack:
        part, depth = stack.pop()
        yield part, depth
        stack.extend((child, depth + 1) for child in children(part))
