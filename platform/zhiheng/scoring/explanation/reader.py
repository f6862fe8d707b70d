"""Reads out for one unit what a kind noted for all."""

from fractions import Fraction
from typing import Any

from zhiheng.scoring.engine.bench import View
from zhiheng.scoring.exact import Mask, Ragged, State, Text, Vec
from zhiheng.scoring.formula import Rows, explain, number_text
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import is_number


class UnitReader:
    """读数: the notes of one node (or outcome) as one unit sees them."""

    def __init__(self, notes: dict[str, Any], view: View, unit: int) -> None:
        self.notes = notes
        self.view = view
        self.unit = unit

    def has(self, name: str) -> bool:
        """Whether something of this name was noted."""
        return name in self.notes

    def value(self, name: str) -> Any:
        """Exact value or State of the unit; plain texts and numbers as they are."""
        return cell(self.notes.get(name), self.unit)

    def text(self, name: str) -> str:
        """The same for a printed formula."""
        return shown(self.value(name))

    def formula(self, text: str) -> str:
        """A formula with the unit's numbers put in."""
        return (
            text
            if is_number(text)
            else explain(parsed(text), self.view, self.unit, self.view.bench.names.types)
        )


def cell(value: Any, unit: int) -> Any:
    """One unit's cell of a column."""
    if isinstance(value, Vec):
        return value.exact(unit)
    if isinstance(value, Mask | Text):
        return value.at(unit)
    if isinstance(value, Rows):
        return cell(value.items, unit) if not isinstance(value.items, Vec) else cell(value.numbers(), unit)
    if isinstance(value, Ragged):
        items = value.items
        return [items.exact(place) for place in value.rows.cells(unit).tolist()]
    if isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return value[unit] if unit < len(value) else ""
    return value


def shown(value: Any) -> str:
    """A value for reading: exact decimal, or six decimals with ≈; 是 and 否; the name of a state."""
    if isinstance(value, State):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction | int):
        return number_text(Fraction(value))
    if isinstance(value, list):
        return "、".join(shown(item) for item in value)
    return "" if value is None else str(value)
