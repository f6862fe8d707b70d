"""Formulas as Chinese text: normalised, or with every measure replaced by its value for one unit."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from zhiheng.scoring.exact import Mask, State, Text, Vec
from zhiheng.scoring.formula.evaluator import Evaluation
from zhiheng.scoring.formula.formula import Formula, function_of, years_back
from zhiheng.scoring.formula.registry import Kind
from zhiheng.scoring.formula.syntax import (
    STRENGTH,
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
from zhiheng.scoring.formula.types import Base, Environment, Type, Value

_RELATION, _SIGN, _POWER, _ATOM = 4, 7, 8, 9
_SHOWN = 12


def render(formula: Formula) -> str:
    """The formula in normalised Chinese: Chinese function names, × ÷ ≥ ≤ ≠, no needless parentheses."""
    return _Renderer(_nothing).text(formula.tree)


def explain(formula: Formula, env: Environment, unit: int, types: Mapping[str, Type] | None = None) -> str:
    """The formula with every measure replaced by its value for one unit, as in 0.5×(1219÷1287).

    A group statistic or the reduction of a list keeps its text and carries its value: 组均值([经费])〔3.2〕.
    With `types`, dates are written as dates.
    """
    evaluation = Evaluation(env)

    def replaced(tree: Tree, back: int) -> str | None:
        if isinstance(tree, Name):
            declared = (types or {}).get(tree.name)
            is_date = declared is not None and declared.base is Base.DATE
            return cell_text(evaluation.value(tree, back), unit, is_date=is_date)
        if isinstance(tree, Call) and function_of(tree.function).kind in (Kind.GROUP, Kind.LIST):
            shown = _Renderer(_nothing).text(tree)
            return f"{shown}〔{cell_text(evaluation.value(tree, back), unit)}〕"
        return None

    return _Renderer(replaced).text(formula.tree)


def cell_text(value: Value, unit: int, *, is_date: bool = False) -> str:
    """A unit's value in Chinese: number, 是, 否, text, list, or the name of its state."""
    match value:
        case Vec():
            cell = value.exact(unit)
            if isinstance(cell, State):
                return cell.label
            return date.fromordinal(int(cell)).isoformat() if is_date else number_text(cell)
        case Mask():
            truth = value.at(unit)
            return truth.label if isinstance(truth, State) else "是" if truth else "否"
        case Text():
            text = value.at(unit)
            return text.label if isinstance(text, State) else f"“{text}”"
        case _:
            state = State.VALUE if value.states is None else State(value.states[unit])
            cells = value.rows.cells(unit).tolist()
            listed = [cell_text(value.items, cell, is_date=is_date) for cell in cells[:_SHOWN]]
            more = f"…共 {len(cells)} 项" if len(cells) > _SHOWN else ""
            return state.label if state is not State.VALUE else f"（{'、'.join(listed)}{more}）"


def number_text(number: Fraction) -> str:
    """Exact decimal if it has at most 12 places, else the first six decimals with ≈."""
    scaled = number * 10**12
    if scaled.denominator == 1:
        return _decimal(number, 12)
    size = (abs(number) * 10**6 * 2 + 1) // 2
    nearest = Fraction(int(size), 10**6)
    return f"≈{_decimal(nearest if number > 0 else -nearest, 6)}"


def _decimal(number: Fraction, digits: int) -> str:
    whole = int(abs(number) * 10**digits)
    text = f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and whole else text


class _Renderer:
    """Writes a tree; `replace` may give other text for a part (with the years it lies back)."""

    def __init__(self, replace: Callable[[Tree, int], str | None]) -> None:
        self.replace = replace

    def text(self, tree: Tree, back: int = 0, least: int = 0) -> str:
        """Text of a part, in parentheses if it binds less than `least`."""
        replaced = self.replace(tree, back)
        if replaced is not None:
            return f"({replaced})" if replaced.startswith("-") and least > _SIGN else replaced
        plain = self._plain(tree, back)
        return f"({plain})" if _strength(tree) < least else plain

    def _plain(self, tree: Tree, back: int) -> str:
        match tree:
            case Number():
                return f"{tree.digits}{tree.suffix}"
            case Literal():
                return _literal(tree.value)
            case Name():
                return f"[{tree.name}]"
            case Prefix():
                inner = self.text(tree.operand, back, _ATOM if tree.operator == "非" else _SIGN)
                bare = tree.operator == "-" or inner.startswith("(")
                return f"{tree.operator}{inner}" if bare else f"{tree.operator}({inner})"
            case Power():
                return f"{self.text(tree.base, back, _ATOM)}^{tree.exponent}"
            case Relation():
                left = self.text(tree.left, back, _RELATION + 1)
                return f"{left}{tree.operator}{self.text(tree.right, back, _RELATION + 1)}"
            case Chain():
                return self._chain(tree, back)
            case Call():
                inside = back + years_back(tree) if function_of(tree.function).kind is Kind.TIME else back
                return f"{tree.function}({', '.join(self.text(part, inside) for part in tree.arguments)})"

    def _chain(self, tree: Chain, back: int) -> str:
        strength = _strength(tree)
        parts = [self.text(tree.first, back, strength)]
        for operator, operand in tree.rest:
            text = self.text(operand, back, strength + 1)
            parts.append(f" {operator} {text}" if operator in "且或" else f"{operator}{text}")
        return "".join(parts)


def _nothing(_tree: Tree, _back: int) -> None:
    return None


def _strength(tree: Tree) -> int:
    match tree:
        case Chain():
            return STRENGTH[tree.rest[0][0]]
        case Relation():
            return _RELATION
        case Prefix():
            return STRENGTH["非"] if tree.operator == "非" else _SIGN
        case Power():
            return _POWER
        case _:
            return _ATOM


def _literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    for opening, closing in ('""', "“”", "「」", "''"):
        if opening not in value and closing not in value:
            return f"{opening}{value}{closing}"
    return f'"{value}"'
