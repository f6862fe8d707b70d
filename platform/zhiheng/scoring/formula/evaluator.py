"""Evaluation of a checked formula for all units at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Mask, Ragged, Text, Vec
from zhiheng.scoring.exact.states import worst
from zhiheng.scoring.formula.constants import assign, constant_of
from zhiheng.scoring.formula.formula import Formula, function_of, years_back
from zhiheng.scoring.formula.registry import Function, Kind
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
from zhiheng.scoring.formula.types import Column, Environment, Rows, Value, mismatch


def evaluate(formula: Formula, env: Environment) -> Value:
    """Value of the formula for every unit: Vec, Mask or Text (or Rows, if the formula's type is a list)."""
    return Evaluation(env).value(formula.tree)


@dataclass(slots=True)
class Evaluation:
    """求值: one evaluation; equal parts of a formula are computed once."""

    env: Environment
    known: dict[tuple[Tree, int], Value] = field(default_factory=dict)

    def value(self, tree: Tree, back: int = 0) -> Value:
        """Value of a part, with measures of `back` years ago."""
        key = (tree, back)
        if key not in self.known:
            self.known[key] = self._computed(tree, back)
        return self.known[key]

    def _computed(self, tree: Tree, back: int) -> Value:
        match tree:
            case Number():
                return Vec.constant(tree.value, self.env.size)
            case Literal():
                return _literal(tree.value, self.env.size)
            case Name():
                return self._measure(tree.name, back)
            case Prefix():
                return _by_element(_PREFIXES[tree.operator], [self.value(tree.operand, back)])
            case Power():
                return _by_element(_power(tree.exponent), [self.value(tree.base, back)])
            case Relation():
                operands = [self.value(tree.left, back), self.value(tree.right, back)]
                return _by_element(_relation(tree.operator), operands)
            case Chain():
                result = self.value(tree.first, back)
                for operator, operand in tree.rest:
                    result = _by_element(_OPERATIONS[operator], [result, self.value(operand, back)])
                return result
            case Call():
                return self._call(tree, back)

    def _measure(self, name: str, back: int) -> Value:
        found = self.env.previous(name, back) if back else self.env.column(name)
        return Rows.of(found) if isinstance(found, Ragged) else found

    def _call(self, tree: Call, back: int) -> Value:
        function = function_of(tree.function)
        if function.kind is Kind.TIME:
            return self.value(tree.arguments[0], back + years_back(tree))
        arguments: list[_Argument] = []
        chosen: dict[str, object] = {}
        for parameter, part in zip(assign(function, tree.arguments), tree.arguments, strict=True):
            if parameter is None or not parameter.constant:
                arguments.append(_Argument(value=self.value(part, back)))
            elif parameter.is_option:
                chosen[parameter.name] = constant_of(part, parameter)
            else:
                arguments.append(_Argument(constant=constant_of(part, parameter)))
        options = [chosen.get(option.name, option.default) for option in function.options]
        return self._applied(function, arguments, options)

    def _applied(self, function: Function, arguments: "list[_Argument]", options: list[object]) -> Value:
        def body(*values: Any) -> Any:
            rest = iter(values)
            given = [next(rest) if part.value is not None else part.constant for part in arguments]
            first = [self.env] if function.kind is Kind.GROUP else []
            return function.body(*first, *given, *options)

        values = [part.value for part in arguments if part.value is not None]
        if function.kind in (Kind.GROUP, Kind.LIST):
            reduced: Value = body(*values)
            return reduced
        return _by_element(body, values) if values else Vec.constant(body(), self.env.size)


@dataclass(frozen=True, slots=True)
class _Argument:
    """A computed argument, or a constant one."""

    value: Value | None = None
    constant: object = None


def _by_element(function: Callable[..., Any], values: list[Value]) -> Value:
    """The function of columns, element by element if there are lists among them."""
    lists = [value for value in values if isinstance(value, Rows)]
    if not lists:
        result: Value = function(*values)
        return result
    rows = lists[0].rows
    if any(other.rows.size != rows.size or other.rows.count != rows.count for other in lists):
        raise mismatch("同一登记表的列表")
    items = [value.items if isinstance(value, Rows) else _repeated(value, rows.ids) for value in values]
    return Rows(function(*items), rows, worst(*(value.states for value in lists)))


def _repeated(value: Column, ids: Any) -> Column:
    if isinstance(value, Vec):
        return exact.take(value, ids)
    states = None if value.states is None else value.states[ids]
    return Mask(value.truth[ids], states) if isinstance(value, Mask) else Text(value.values[ids], states)


def _literal(value: str | bool, size: int) -> Column:
    return Mask(np.full(size, value)) if isinstance(value, bool) else Text.constant(value, size)


def _relation(operator: str) -> Callable[[Any, Any], Mask]:
    if operator == "≠":
        return lambda a, b: ~_equal(a, b)
    if operator == "=":
        return _equal
    return _COMPARISONS[operator]


def _equal(a: Column, b: Column) -> Mask:
    if isinstance(a, Vec) and isinstance(b, Vec):
        return a.eq(b)
    if isinstance(a, Text) and isinstance(b, Text):
        return a.eq(b)
    if isinstance(a, Mask) and isinstance(b, Mask):
        states = worst(a.states, b.states)
        truth = a.truth == b.truth
        return Mask(truth if states is None else truth & (states == 0), states)
    raise mismatch("相同类型的两项")


def _power(exponent: int) -> Callable[[Vec], Vec]:
    return lambda base: exact.power(base, exponent)


_COMPARISONS: dict[str, Callable[[Any, Any], Mask]] = {
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
}
_PREFIXES: dict[str, Callable[[Any], Any]] = {"-": lambda a: -a, "非": lambda a: ~a}
_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
    "且": lambda a, b: a & b,
    "或": lambda a, b: a | b,
}
