"""Truth values per cell, decided exactly, with states beside them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.exact.states import State, States, is_value, tidy, worst


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """判断: true or false per cell; `truth` is False wherever the state is not VALUE.

    `&`, `|` and `~` follow the logic of three values: what one side settles does not depend on the other
    (false and missing is false, true or missing is true); otherwise the worst state wins.
    """

    truth: npt.NDArray[np.bool_]
    states: States = None

    @classmethod
    def of(cls, values: "list[bool | State | None]") -> "Mask":
        """Mask of a list; None means missing."""
        states = np.array([_state_of(v).code for v in values], dtype=np.int8)
        return cls(np.array([v is True for v in values], dtype=bool), tidy(states))

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.truth.size

    def known(self) -> npt.NDArray[np.bool_]:
        """Which cells are true or false."""
        return is_value(self.states, self.size)

    def at(self, cell: int) -> "bool | State":
        """Truth or state of one cell."""
        state = State.VALUE if self.states is None else State(self.states[cell])
        return bool(self.truth[cell]) if state is State.VALUE else state

    def to_list(self) -> "list[bool | State]":
        """Truth or state of every cell."""
        return [self.at(cell) for cell in range(self.size)]

    def __and__(self, other: "Mask") -> "Mask":
        truth = self.truth & other.truth
        if self.states is None and other.states is None:
            return Mask(truth)
        settled = (self.known() & ~self.truth) | (other.known() & ~other.truth)
        return Mask(truth, _unsettled(self, other, settled))

    def __or__(self, other: "Mask") -> "Mask":
        truth = self.truth | other.truth
        return Mask(
            truth, None if self.states is None and other.states is None else _unsettled(self, other, truth)
        )

    def __invert__(self) -> "Mask":
        return Mask(~self.truth if self.states is None else ~self.truth & self.known(), self.states)


def _unsettled(a: Mask, b: Mask, settled: npt.NDArray[np.bool_]) -> States:
    states = worst(a.states, b.states)
    return None if states is None else tidy(np.where(settled, np.int8(0), states))


def _state_of(value: "bool | State | None") -> State:
    if value is None:
        return State.MISSING
    return value if isinstance(value, State) else State.VALUE
