"""Vectors of numbers whose results equal exact rational arithmetic, at nearly the speed of floats.

A `Vec` carries float values, what is proven about their errors (`bound`), states, and the operations they come
from (`node`). Arithmetic works on the floats; comparisons and roundings are decided exactly (`decide`), and the
exact fraction of any cell can be had at any time.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache, reduce
from math import inf
from typing import Literal, TypeAlias, Union

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import bound as bounds
from zhiheng.scoring.exact import decide
from zhiheng.scoring.exact.bound import Bound
from zhiheng.scoring.exact.buffers import release, spare
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.nodes import Constant, Listed, Mapped, Node, Scaled, evaluate
from zhiheng.scoring.exact.states import State, States, is_value, tidy, worst

Number: TypeAlias = int | str | Decimal | Fraction
Floats: TypeAlias = npt.NDArray[np.float64]
Operand: TypeAlias = Union["Vec", int, Decimal, Fraction]
Relation: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]


def to_fraction(value: Number) -> Fraction:
    """Exact fraction of an int, Decimal, Fraction or decimal text ("0.7", "70%"); floats are refused."""
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal | Fraction):
        raise TypeError(f"精确计算不接受 {type(value).__name__}：{value!r}")
    if isinstance(value, str) and value.rstrip().endswith(("%", "％")):
        return to_fraction(value.rstrip()[:-1]) / 100
    try:
        return Fraction(Decimal(value)) if isinstance(value, str | Decimal) else Fraction(value)
    except (InvalidOperation, ValueError, OverflowError):
        raise ScoringError(
            "number.invalid", "", f"「{value}」不是数。", "请写十进制数，例如 12.5。"
        ) from None


class Vec:
    """精确向量: `size` exact numbers or states. Immutable; `approx` of a constant has shape ()."""

    __slots__ = ("_tight", "approx", "bound", "node", "size", "states")

    def __init__(self, approx: Floats, bound: Bound, node: Node, size: int, states: States = None) -> None:
        self.approx = approx
        self.bound = bound
        self.node = node
        self.size = size
        self.states = states
        self._tight: Vec | None = None

    @classmethod
    def of(cls, values: Sequence[Number | State | None]) -> "Vec":
        """Vector of numbers and states; None means missing (未报)."""
        states = np.array([_state_of(v).code for v in values], dtype=np.int8)
        zero = Fraction(0)
        numbers = [zero if v is None or isinstance(v, State) else to_fraction(v) for v in values]
        limit = reduce(
            bounds.either, map(bounds.of_fraction, dict.fromkeys(numbers)), bounds.of_fraction(zero)
        )
        approx = np.array([bounds.to_float(number) for number in numbers], dtype=np.float64)
        return cls(approx, limit, Listed(numbers), len(numbers), tidy(states))

    @classmethod
    def constant(cls, value: Number, size: int) -> "Vec":
        """The same number in `size` cells."""
        return cls(*_constant(value if type(value) in (int, Fraction) else to_fraction(value)), size)

    @classmethod
    def from_decimals(cls, scaled: npt.NDArray[np.int64], digits: int = 0, states: States = None) -> "Vec":
        """Vector of the whole numbers `scaled` (int64) divided by 10**digits; the fastest way in."""
        scale = 10**digits
        low, high = (int(scaled.min()), int(scaled.max())) if scaled.size else (0, 0)
        approx = np.divide(scaled, np.float64(scale), out=spare(scaled))
        tidied = None if states is None else tidy(np.asarray(states, dtype=np.int8))
        return cls(approx, bounds.of_scaled(low, high, scale), Scaled(scaled, scale), scaled.size, tidied)

    @classmethod
    def whole(cls, values: Floats, scale: int = 1, states: States = None) -> "Vec":
        """Vector of whole numbers held as floats (below 2**53) divided by `scale`."""
        low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
        approx = values / np.float64(scale) if scale != 1 else values
        return cls(approx, bounds.of_scaled(low, high, scale), Scaled(values, scale), values.size, states)

    @classmethod
    def unavailable(cls, state: State, size: int) -> "Vec":
        """Vector without any value: every cell has the same state."""
        zero = cls.constant(0, size)
        return cls(zero.approx, zero.bound, zero.node, size, np.full(size, state.code))

    def __del__(self) -> None:
        if self.approx.ndim:
            release(self.approx)

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"Vec({[str(self.exact(cell)) for cell in range(min(self.size, 6))]}, size={self.size})"

    @property
    def dense(self) -> Floats:
        """Float values of all cells, also for a constant."""
        return self.approx if self.approx.ndim else np.full(self.size, self.approx)

    def known(self) -> npt.NDArray[np.bool_]:
        """Which cells hold a value."""
        return is_value(self.states, self.size)

    def state(self, cell: int) -> State:
        """State of one cell."""
        return State.VALUE if self.states is None else State(self.states[cell])

    def exact(self, cell: int) -> Fraction | State:
        """Exact value or state of one cell."""
        state = self.state(cell)
        return evaluate(self.node, [cell])[0] if state is State.VALUE else state

    def to_list(self) -> list[Fraction | State]:
        """Exact value or state of every cell."""
        known = [cell for cell in range(self.size) if self.state(cell) is State.VALUE]
        found = dict(zip(known, evaluate(self.node, known), strict=True))
        return [found[cell] if cell in found else self.state(cell) for cell in range(self.size)]

    def with_states(self, states: States) -> "Vec":
        """The same numbers with additional states: each cell takes the worse one."""
        merged = worst(self.states, states)
        if merged is None:
            return self
        return Vec(self.approx, self.bound, self.node, self.size, tidy(merged))

    @property
    def tightened(self) -> "Vec":
        """The same with the range measured instead of derived."""
        if self._tight is not None:
            return self._tight
        tight = self._measured()
        if tight is not self:  # a vector that refers to itself would outlive its use
            self._tight = tight
        return tight

    def _measured(self) -> "Vec":
        if not self.size or not self.approx.ndim:
            return self
        bound = self.bound
        low, high = float(self.approx.min()), float(self.approx.max())
        slack = max(abs(low), abs(high)) * bound.rel / (1 - bound.rel) if bound.rel < 0.25 else inf
        slack = min(bound.err, slack) * 1.01
        if not slack < inf:
            return self
        narrow = bound.within(low - slack if low or slack else low, high + slack)
        return Vec(self.approx, narrow, self.node, self.size, self.states)

    # arithmetic

    def __add__(self, other: Operand) -> "Vec":
        return _arithmetic(self, lift(other, self.size), "+")

    def __sub__(self, other: Operand) -> "Vec":
        return _arithmetic(self, lift(other, self.size), "-")

    def __mul__(self, other: Operand) -> "Vec":
        return _arithmetic(self, lift(other, self.size), "*")

    def __truediv__(self, other: Operand) -> "Vec":
        return _divide(self, lift(other, self.size))

    def __radd__(self, other: Operand) -> "Vec":
        return lift(other, self.size) + self

    def __rsub__(self, other: Operand) -> "Vec":
        return lift(other, self.size) - self

    def __rmul__(self, other: Operand) -> "Vec":
        return lift(other, self.size) * self

    def __rtruediv__(self, other: Operand) -> "Vec":
        return lift(other, self.size) / self

    def __neg__(self) -> "Vec":
        node = Mapped(Fraction.__neg__, self.node)
        return Vec(-self.approx, bounds.negate(self.bound), node, self.size, self.states)

    def __abs__(self) -> "Vec":
        node = Mapped(Fraction.__abs__, self.node)
        return Vec(np.abs(self.approx), bounds.absolute(self.bound), node, self.size, self.states)

    # comparisons

    def __lt__(self, other: Operand) -> Mask:
        return compare(self, "<", other)

    def __le__(self, other: Operand) -> Mask:
        return compare(self, "<=", other)

    def __gt__(self, other: Operand) -> Mask:
        return compare(self, ">", other)

    def __ge__(self, other: Operand) -> Mask:
        return compare(self, ">=", other)

    def eq(self, other: Operand) -> Mask:
        """Where both are equal (a method, so that == keeps meaning identity)."""
        return compare(self, "==", other)

    def ne(self, other: Operand) -> Mask:
        """Where both differ."""
        return compare(self, "!=", other)


def lift(value: Operand, size: int) -> Vec:
    """The operand as a vector of the given size."""
    if isinstance(value, Vec):
        if value.size != size:
            raise ValueError(f"vectors of {size} and {value.size} cells")
        return value
    return Vec.constant(value, size)


def compare(a: Vec, relation: Relation, other: Operand) -> Mask:
    """Exact truth of `a relation other` in every cell; the state is the worst of both."""
    b = lift(other, a.size)
    states = worst(a.states, b.states)
    left = a.approx if b.approx.ndim else a.dense
    truth = decide.compare(relation, left, b.approx, (a.bound, b.bound))
    if truth is None:
        truth = _compare_tightened(a.tightened, relation, b.tightened, states)
    return Mask(truth if states is None else truth & (states == 0), states)


def _compare_tightened(a: Vec, relation: Relation, b: Vec, states: States) -> npt.NDArray[np.bool_]:
    left = a.approx if b.approx.ndim else a.dense
    truth = decide.compare(relation, left, b.approx, (a.bound, b.bound))
    if truth is not None:
        return truth

    def difference(cells: decide.Places) -> list[Fraction]:
        return _differences(a, b, states, cells)

    return decide.compare_doubtful(relation, left, b.approx, (a.bound, b.bound), difference)


@lru_cache(maxsize=4096)
def _constant(value: int | Fraction) -> tuple[Floats, Bound, Constant]:
    number = to_fraction(value)
    return np.array(bounds.to_float(number)), bounds.of_fraction(number), Constant(number)


def _differences(a: Vec, b: Vec, states: States, cells: decide.Places) -> list[Fraction]:
    live = [int(cell) for cell in cells if states is None or not states[cell]]
    pairs = zip(evaluate(a.node, live), evaluate(b.node, live), strict=True)
    found = dict(zip(live, (x - y for x, y in pairs), strict=True))
    return [found.get(int(cell), Fraction(0)) for cell in cells]


def _arithmetic(a: Vec, b: Vec, sign: str) -> Vec:
    ufunc, exact = _OPERATIONS[sign]
    if sign == "*":
        bound = bounds.multiply(a.bound, b.bound)
    else:
        bound = bounds.add(a.bound, b.bound if sign == "+" else bounds.negate(b.bound))
    if bound.magnitude < bounds.HUGE:
        approx = ufunc(a.approx, b.approx, out=spare(a.approx, b.approx))
    else:
        with np.errstate(all="ignore"):
            approx = ufunc(a.approx, b.approx)
    return Vec(np.asarray(approx), bound, Mapped(exact, a.node, b.node), a.size, worst(a.states, b.states))


_OPERATIONS: dict[str, tuple[np.ufunc, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": (np.add, Fraction.__add__),
    "-": (np.subtract, Fraction.__sub__),
    "*": (np.multiply, Fraction.__mul__),
}


def _divide(a: Vec, b: Vec) -> Vec:
    """Quotient; a zero divisor makes the cell UNDEFINED (无法计算)."""
    states = worst(a.states, b.states)
    divisor = b.node.number if isinstance(b.node, Constant) else None
    if divisor == 0 or (divisor is None and b.bound.lo <= 0 <= b.bound.hi):
        zero = compare(b, "==", 0).truth
        if zero.any():
            undefined = np.where(zero, State.UNDEFINED.code, np.int8(0))
            states = undefined if states is None else np.where(states > 0, states, undefined)
    bound = bounds.divide(a.bound, b.bound, divisor)
    if states is None and bound.magnitude < bounds.HUGE:
        approx = np.asarray(np.divide(a.approx, b.approx, out=spare(a.approx, b.approx)))
    else:
        with np.errstate(all="ignore"):
            approx = np.asarray(a.approx / b.approx)
    if states is not None:
        approx = np.where(states == 0, approx, 0.0)
    return Vec(approx, bound, Mapped(Fraction.__truediv__, a.node, b.node), a.size, states)


def _state_of(value: Number | State | None) -> State:
    if value is None:
        return State.MISSING
    return value if isinstance(value, State) else State.VALUE
