"""States of a cell: a number that is not there is never zero (rules.md CV-10)."""

from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

States: TypeAlias = npt.NDArray[np.int8] | None
"""State of each cell as `State` codes; None says that every cell holds a value."""


class State(Enum):
    """输入状态: what a cell holds, from best to worst; an operation takes the worst state of its operands.

    Not an int, so that a state never equals a number. Arrays hold the `code`.
    """

    VALUE = 0
    NOT_APPLICABLE = 1
    EXCUSED = 2
    REJECTED = 3
    MISSING = 4
    UNDEFINED = 5

    @property
    def code(self) -> np.int8:
        """Code in an array of states; the worse the state, the greater."""
        return np.int8(self.value)

    @property
    def label(self) -> str:
        """Chinese name of the state."""
        return _LABELS[self]


_LABELS = {
    State.VALUE: "有值",
    State.NOT_APPLICABLE: "缺项",
    State.EXCUSED: "免责",
    State.REJECTED: "不采信",
    State.MISSING: "未报",
    State.UNDEFINED: "无法计算",
}


def worst(*states: States) -> States:
    """Cell by cell the worst of several states; None when all cells of all operands hold values."""
    result: States = None
    for item in states:
        if item is not None:
            result = item if result is None else np.maximum(result, item)
    return result


def tidy(states: npt.NDArray[np.int8]) -> States:
    """The same states, as None when every cell holds a value."""
    return states if states.any() else None


def is_value(states: States, size: int) -> npt.NDArray[np.bool_]:
    """Which cells hold a value."""
    return np.ones(size, dtype=bool) if states is None else states == 0
