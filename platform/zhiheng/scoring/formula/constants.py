"""Arguments that must be written as constants."""

from collections.abc import Sequence
from fractions import Fraction

from zhiheng.scoring.formula.registry import Function, Parameter
from zhiheng.scoring.formula.syntax import Literal, Number, Prefix, Tree
from zhiheng.scoring.formula.types import Base


def assign(function: Function, arguments: Sequence[Tree]) -> list[Parameter | None]:
    """The parameter each argument stands for, None for a surplus one. Options are told apart by their words."""
    fixed = len(function.parameters) - len(function.options)
    if not function.options:
        return [function.parameter(place) for place in range(len(arguments))]
    found: list[Parameter | None] = list(function.parameters[: min(fixed, len(arguments))])
    free = list(function.options)
    for argument in arguments[fixed:]:
        fitting = [option for option in free if constant_of(argument, option) is not None]
        chosen = next(iter(fitting or free), None)
        if chosen is not None:
            free.remove(chosen)
        found.append(chosen)
    return found


def constant_of(tree: Tree, parameter: Parameter) -> Fraction | str | None:
    """The value of a constant argument as its function gets it; None if it is no constant or no choice."""
    if Base.TEXT in parameter.accepts:
        if not isinstance(tree, Literal) or not isinstance(tree.value, str):
            return None
        return parameter.choices.get(tree.value) if parameter.choices else tree.value
    if isinstance(tree, Prefix) and tree.operator == "-" and isinstance(tree.operand, Number):
        return -tree.operand.value
    return tree.value if isinstance(tree, Number) else None


def refusal(tree: Tree, parameter: Parameter) -> str | None:
    """Chinese reason why an argument is not acceptable as this constant, None if it is."""
    value = constant_of(tree, parameter)
    if value is not None:
        return parameter.refuse(value)
    if parameter.choices:
        chinese = [word for word in parameter.choices if not word.isascii()]
        return f"「{parameter.name}」只能是 {'、'.join(chinese)} 之一，写在引号里。"
    kind = "引号里的文字" if Base.TEXT in parameter.accepts else "直接写出的数"
    return f"「{parameter.name}」必须是{kind}，不能用指标或算式。"
