"""Text columns: compared for equality only."""

from collections.abc import Iterable, Sequence

import numpy as np

from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.states import State, States, tidy, worst


class Text:
    """文字列: one text or state per cell."""

    __slots__ = ("states", "values")

    def __init__(self, values: "np.ndarray[tuple[int], np.dtype[np.str_]]", states: States = None) -> None:
        self.values = values
        self.states = states

    @classmethod
    def of(cls, values: Sequence[str | State | None]) -> "Text":
        """Column of texts and states; None means missing."""
        states = np.array([_state_of(v).code for v in values], dtype=np.int8)
        texts = [v if isinstance(v, str) else "" for v in values]
        return cls(np.array(texts, dtype=np.str_), tidy(states))

    @classmethod
    def constant(cls, value: str, size: int) -> "Text":
        """The same text in every cell."""
        return cls(np.full(size, value))

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.values.size

    def at(self, cell: int) -> str | State:
        """Text or state of one cell."""
        state = State.VALUE if self.states is None else State(self.states[cell])
        return str(self.values[cell]) if state is State.VALUE else state

    def to_list(self) -> list[str | State]:
        """Text or state of every cell."""
        return [self.at(cell) for cell in range(self.size)]

    def eq(self, other: "Text | str") -> Mask:
        """Where the texts are equal."""
        if isinstance(other, str):
            return self._judged(self.values == other, self.states)
        return self._judged(self.values == other.values, worst(self.states, other.states))

    def one_of(self, choices: Iterable[str]) -> Mask:
        """Where the text is one of the choices."""
        return self._judged(np.isin(self.values, list(choices)), self.states)

    @staticmethod
    def _judged(truth: "np.ndarray[tuple[int], np.dtype[np.bool_]]", states: States) -> Mask:
        return Mask(truth if states is None else truth & (states == 0), states)


def _state_of(value: str | State | None) -> State:
    if value is None:
        return State.MISSING
    return value if isinstance(value, State) else State.VALUE
