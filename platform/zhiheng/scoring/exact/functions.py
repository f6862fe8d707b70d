"""Cell-by-cell functions of vectors: choice, limits, rounding, powers, sums of many."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import bound as bounds
from zhiheng.scoring.exact import decide
from zhiheng.scoring.exact.buffers import LONG, release, spare
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.nodes import Chosen, Gathered, Listed, Mapped, evaluate
from zhiheng.scoring.exact.states import State, States, tidy, worst
from zhiheng.scoring.exact.vec import Operand, Vec, lift

_INT64_LIMIT = 2**63 - 1


def minimum(a: Vec, b: Operand) -> Vec:
    """The smaller of both in each cell; the state is the worst of both."""
    other = lift(b, a.size)
    bound = bounds.either(a.bound, other.bound)
    bound = bound.within(-np.inf, min(a.bound.hi, other.bound.hi))
    node = Mapped(min, a.node, other.node)
    if other.approx.ndim or not a.approx.ndim:
        approx = np.minimum(a.approx, other.approx)
    else:
        approx = np.clip(
            a.approx, -np.inf, other.approx, out=spare(a.approx)
        )  # faster than minimum with a scalar
    return Vec(np.asarray(approx), bound, node, a.size, worst(a.states, other.states))


def maximum(a: Vec, b: Operand) -> Vec:
    """The larger of both in each cell; the state is the worst of both."""
    other = lift(b, a.size)
    bound = bounds.either(a.bound, other.bound)
    bound = bound.within(max(a.bound.lo, other.bound.lo), np.inf)
    node = Mapped(max, a.node, other.node)
    if other.approx.ndim or not a.approx.ndim:
        approx = np.maximum(a.approx, other.approx)
    else:
        approx = np.clip(a.approx, other.approx, np.inf, out=spare(a.approx))
    return Vec(np.asarray(approx), bound, node, a.size, worst(a.states, other.states))


def clamp(v: Vec, low: Operand, high: Operand) -> Vec:
    """min(high, max(low, v)) (rules.md CV-11); where low > high, high."""
    return minimum(maximum(v, low), high)


def where(condition: Mask, yes: Operand, no: Operand) -> Vec:
    """`yes` where the condition is true, `no` where false, the condition's state where it is neither.

    Only the chosen side's state counts.
    """
    a, b = lift(yes, condition.size), lift(no, condition.size)
    truth = condition.truth
    states = condition.states
    if a.states is not None or b.states is not None:
        picked = np.where(truth, _codes(a.states), _codes(b.states)).astype(np.int8)
        states = picked if states is None else np.where(states == 0, picked, states)
        states = tidy(states)
    node = Chosen((~truth).view(np.int8), (a.node, b.node))
    approx = _pick(truth, a.approx, b.approx)
    return Vec(approx, bounds.either(a.bound, b.bound), node, condition.size, states)


def fill(v: Vec, state: State, value: Operand) -> Vec:
    """The same vector with `value` in the cells of the given state."""
    if v.states is None:
        return v
    return where(Mask(v.states == state.code), lift(value, v.size), v)


def floor(v: Vec) -> Vec:
    """Largest whole number not above the value."""
    return _quantised(v, 1, half=False)


def ceil(v: Vec) -> Vec:
    """Smallest whole number not below the value."""
    below: Vec = _quantised(-v, 1, half=False)
    return -below


def round_half_up(v: Vec, digits: int = 0) -> Vec:
    """Rounded to `digits` decimals (may be negative: tens, hundreds), halves away from zero: 2.5 is 3, -2.5 is -3."""
    if digits < 0:
        return round_half_up(v / int(10**-digits)) * int(10**-digits)
    return _quantised(v, 10**digits, half=True)


def power(v: Vec, exponent: int) -> Vec:
    """Whole power; 0 to a negative power is UNDEFINED, and anything to the power 0 is 1."""
    if exponent < 0:
        return Vec.constant(1, v.size) / power(v, -exponent)
    result, base, rest = Vec.constant(1, v.size).with_states(v.states), v, exponent
    while rest:
        result = result * base if rest & 1 else result
        rest >>= 1
        base = base * base if rest else base
    return result


def total(vectors: Sequence[Vec]) -> Vec:
    """Sum of vectors of one size; each cell takes the worst state."""
    result = vectors[0]
    for vector in vectors[1:]:
        result = result + vector
    return result


def take(v: Vec, index: npt.NDArray[np.integer]) -> Vec:
    """Vector whose cell i is cell `index[i]` of `v`."""
    states = None if v.states is None else tidy(v.states[index])
    approx = v.approx[index] if v.approx.ndim else v.approx
    return Vec(approx, v.bound, Gathered(v.node, index), index.size, states)


def scaled(v: Vec, digits: int) -> npt.NDArray[np.int64]:
    """Values rounded half up, times 10**digits, as int64; 0 in cells without value. Refuses what does not fit."""
    whole = decide_whole(v, 10**digits, half=True)
    if isinstance(whole, list):
        if any(abs(number) > _INT64_LIMIT for number in whole):
            raise ScoringError(
                "number.overflow", "", "结果超出可保存的范围。", "请检查数据的单位，或减少保留的小数位。"
            )
        return np.array(whole, dtype=np.int64)
    result = whole.astype(np.int64)
    release(whole)
    return result


def rounded(v: Vec, digits: int) -> list[Decimal | State]:
    """Values rounded half up to `digits` decimals, or the state, of every cell."""
    whole = decide_whole(v, 10**digits, half=True)
    numbers = whole if isinstance(whole, list) else whole.astype(np.int64).tolist()
    known = v.known().tolist()
    return [
        _decimal(number, digits) if live else v.state(cell)
        for cell, (number, live) in enumerate(zip(numbers, known, strict=True))
    ]


def decide_whole(v: Vec, scale: int, *, half: bool) -> npt.NDArray[np.float64] | list[int]:
    """floor(v * scale) or half up: floats below 2**53, or a list of whole numbers when they do not fit."""
    quantum = decide.Quantum(scale, half)
    dense = v.dense if v.states is None else np.where(v.states == 0, v.dense, 0.0)
    whole = decide.quantise(dense, v.bound, quantum)
    if whole is not None:
        return whole

    def resolve(cells: decide.Places) -> list[Fraction]:
        live = [int(cell) for cell in cells if v.states is None or not v.states[cell]]
        found = dict(zip(live, evaluate(v.node, live), strict=True))
        return [found.get(int(cell), Fraction(0)) for cell in cells]

    bound = v.tightened.bound
    whole = decide.quantise(dense, bound, quantum)
    if whole is None and decide.fits(bound, scale):
        whole = decide.quantise_doubtful(dense, bound, quantum, resolve)
    return whole if whole is not None else [quantum.of(number) for number in resolve(np.arange(v.size))]


def _quantised(v: Vec, scale: int, *, half: bool) -> Vec:
    whole = decide_whole(v, scale, half=half)
    if not isinstance(whole, list):
        return Vec.whole(whole, scale, v.states)
    result = Vec.of([Fraction(number, scale) for number in whole])
    return Vec(result.approx, result.bound, Listed([Fraction(n, scale) for n in whole]), v.size, v.states)


def _pick(truth: npt.NDArray[np.bool_], yes: decide.Floats, no: decide.Floats) -> decide.Floats:
    """np.where, by bits for long vectors: without branches it takes a third of the time."""
    if truth.size < LONG:
        return np.where(truth, yes, no)
    result = spare(truth)
    result = np.empty(truth.size) if result is None else result
    bits, other = result.view(np.int64), no.view(np.int64)
    np.bitwise_xor(yes.view(np.int64), other, out=bits)
    np.multiply(bits, truth, out=bits)
    np.bitwise_xor(bits, other, out=bits)
    return result


def _codes(states: States) -> npt.NDArray[np.int8] | np.int8:
    return np.int8(0) if states is None else states


def _decimal(number: int, digits: int) -> Decimal:
    return Decimal(number).scaleb(-digits) if abs(number) < 10**27 else Decimal(f"{number}e-{digits}")
