"""What is proven about all cells of a vector: range, error of the float values, and denominators.

Three numbers per vector replace an error bound per cell, so exactness costs no pass over the data:

* `err`, `rel`: |float - exact| <= err, and <= rel * |exact|, in every cell;
* `den`, `var`: every exact value is an integer over `den * b` with a whole 1 <= b <= `var` of its own;
* `nearest`: every float is the one nearest to the exact value, so that equal values have equal floats.

Two rationals with denominators dividing D are equal or at least 1/D apart (a separation bound). Where the error is
smaller than that, "equal within the error" proves equality, and no exact computation is needed at all.
"""

from fractions import Fraction
from functools import lru_cache
from math import gcd, inf, isfinite, lcm
from typing import NamedTuple

UNIT = 2.0**-53
"""Half a unit in the last place of float64: relative error of one rounding."""
SMALL = 2.0**-10
"""Relative errors are used below this size only."""
HUGE = 1e300
"""Results below this size cannot overflow."""
_GROW = 1.0 + 2.0**-40
_ROOM = 2.0**-50
_TINY = 1e-300
_LOST = 1e-250
_DENOMINATOR_LIMIT = 10**120
_EXACT_LIMIT = 2.0**53


class Bound(NamedTuple):
    """误差界: facts that hold for every cell with a value. `den` 0 means that no denominator is known."""

    lo: float
    hi: float
    err: float
    rel: float
    tiny: float
    den: int
    var: int = 1
    nearest: bool = False

    @property
    def magnitude(self) -> float:
        """Largest possible absolute value."""
        return max(-self.lo, self.hi)

    @property
    def error(self) -> float:
        """Largest possible distance between a float value and its exact value."""
        return min(self.err, _times(self.rel, max(-self.lo, self.hi)) * _GROW)

    @property
    def grid(self) -> int:
        """Largest possible denominator, 0 if unknown."""
        return self.den * self.var

    @property
    def exact(self) -> bool:
        """Whether the float values are the exact values."""
        return self.err == 0.0

    def within(self, lo: float, hi: float) -> "Bound":
        """The same with a narrower range that was measured or follows from a clamp."""
        return self._replace(lo=max(lo, self.lo), hi=min(hi, self.hi))


@lru_cache(maxsize=4096)
def of_fraction(value: Fraction) -> Bound:
    """Bound of one number converted to the nearest float."""
    approx = to_float(value)
    if not isfinite(approx):
        return Bound(-inf, inf, inf, inf, 0.0, 0)
    exact = value == Fraction(approx)
    size = abs(approx)
    rel = 0.0 if exact else UNIT if size > _LOST else inf
    lo, hi = (approx, approx) if exact else _outward(approx - _TINY, approx + _TINY)
    err = 0.0 if exact else size * UNIT * _GROW + _TINY
    return Bound(lo, hi, err, rel, size / 2 if value else inf, _limited(value.denominator), 1, True)


def of_scaled(lo: int, hi: int, den: int) -> Bound:
    """Bound of integers (below 2**64) between lo and hi divided by `den`, each quotient rounded once."""
    low, high = lo / den, hi / den
    size = max(abs(low), abs(high))
    whole = max(abs(lo), abs(hi)) <= _EXACT_LIMIT and den <= 10**22
    exact = whole and den & (den - 1) == 0
    rel = 0.0 if exact else UNIT * (1 if whole else 4)
    if exact:
        return Bound(low, high, 0.0, 0.0, 0.5 / den, _limited(den), 1, True)
    low, high = _outward(low, high)
    return Bound(low, high, size * rel * _GROW, rel, 0.5 / den, _limited(den), 1, whole)


def add(a: Bound, b: Bound) -> Bound:
    """Bound of a + b."""
    lo, hi = a.lo + b.lo, a.hi + b.hi
    den, var = (a.den, a.var * b.var) if a.den == b.den else _common(a, b)
    size = hi if lo >= 0.0 else max(-lo, hi)
    if not size < HUGE:
        return _unbounded(a.lo >= 0.0 <= b.lo, den, var)
    if a.err == 0.0 == b.err and _fits(den, var, size):
        return Bound(lo, hi, 0.0, 0.0, 0.5 / den, den, var, True)
    lo, hi = lo - abs(lo) * _ROOM, hi + abs(hi) * _ROOM
    if (a.lo >= 0.0 <= b.lo) or (a.hi <= 0.0 >= b.hi):
        tiny, rel = min(a.tiny, b.tiny), max(a.rel, b.rel) + UNIT
        if tiny > _LOST and rel < SMALL:
            return Bound(lo, hi, inf, rel * _GROW, tiny, den, var)
    err = _sum_error(a.error + b.error, size * _GROW)
    return Bound(lo, hi, err, inf, _least(den, var), den, var)


def multiply(a: Bound, b: Bound) -> Bound:
    """Bound of a * b."""
    if a.lo >= 0.0 <= b.lo:
        lo, hi = _times(a.lo, b.lo), _times(a.hi, b.hi)
    else:
        corners = (_times(a.lo, b.lo), _times(a.lo, b.hi), _times(a.hi, b.lo), _times(a.hi, b.hi))
        lo, hi = min(corners), max(corners)
    den, var = a.den * b.den, a.var * b.var
    if den * var > _DENOMINATOR_LIMIT:
        den, var = 0, 1
    size = hi if lo >= 0.0 else max(-lo, hi)
    if a.err == 0.0 == b.err and _fits(den, var, size):
        return Bound(lo, hi, 0.0, 0.0, 0.5 / den, den, var, True)
    ma, mb = a.magnitude, b.magnitude
    if not (size < HUGE and ma < HUGE and mb < HUGE):
        return _unbounded(a.lo >= 0.0 <= b.lo, den, var)
    tiny, rel = a.tiny * b.tiny / _GROW, a.rel + b.rel + UNIT
    if tiny > _LOST and rel < SMALL:
        lo, hi = lo - abs(lo) * _ROOM, hi + abs(hi) * _ROOM
        return Bound(lo, hi, inf, rel * (1 + 2 * rel) * _GROW, tiny, den, var)
    ea, eb = a.error, b.error
    lo = lo - abs(lo) * _ROOM - (0.0 if a.lo >= 0.0 <= b.lo else _TINY)
    hi = hi + abs(hi) * _ROOM + _TINY
    err = _sum_error(_times(ma, eb) + _times(mb, ea) + _times(ea, eb), size)
    return Bound(lo, hi, err, inf, tiny, den, var)


def divide(a: Bound, b: Bound, divisor: Fraction | None = None) -> Bound:
    """Bound of a / b in the cells where b is not zero; `divisor` is b when it is one number."""
    least = max(b.tiny, _least(b.den, b.var), b.lo)
    size = a.magnitude / least * _GROW + _TINY if least > 0 else inf
    lo, hi = -size, size
    if b.lo >= 0.0:
        lo, hi = (0.0 if a.lo >= 0.0 else -size), (0.0 if a.hi <= 0.0 else size)
    den, var = _capped(*_quotient_grid(a, b, divisor))
    largest = b.magnitude
    tiny = a.tiny / largest / _GROW if 0.0 < largest < inf else float(largest == 0.0)
    rel = a.rel + b.rel + UNIT
    if tiny > _LOST and rel < SMALL and size < HUGE:
        return Bound(lo, hi, inf, rel * (1 + 2 * rel) * _GROW, tiny, den, var, a.err == 0.0 == b.err)
    eb = b.error
    err = _sum_error((_times(size, eb) + a.error) / (least - eb), size) if eb < least / 2 else inf
    return Bound(lo, hi, err, inf, tiny, den, var)


def negate(a: Bound) -> Bound:
    """Bound of -a."""
    return a._replace(lo=-a.hi, hi=-a.lo)


def absolute(a: Bound) -> Bound:
    """Bound of |a|."""
    lo = max(a.lo, -a.hi, 0.0)
    return a._replace(lo=lo, hi=a.magnitude)


def either(a: Bound, b: Bound) -> Bound:
    """Bound of a vector each of whose cells is taken from one of two vectors."""
    if a is b:
        return a
    den, var = a.den, max(a.var, b.var)
    if den != b.den:
        den, var = _capped(lcm(den, b.den) if den and b.den else 0, var)
    rel = max(a.rel, b.rel)
    err = max(a.err, b.err) if rel < SMALL else max(a.error, b.error)
    lo, hi, tiny = min(a.lo, b.lo), max(a.hi, b.hi), min(a.tiny, b.tiny)
    return Bound(lo, hi, err, rel, tiny, den, var, a.nearest and b.nearest)


def total(a: Bound, count: int) -> Bound:
    """Bound of a sum of at most `count` cells of one vector."""
    lo, hi = _outward(min(0.0, _times(a.lo, count)), max(0.0, _times(a.hi, count)))
    size = max(abs(lo), abs(hi))
    den = a.den if a.var == 1 else 0
    if a.exact and _fits(den, 1, size):
        return Bound(lo, hi, 0.0, 0.0, 0.5 / den, den, 1, True)
    together = a.lo >= 0 or a.hi <= 0
    tiny = a.tiny if together else _least(den, 1)
    drift = count * UNIT / (1 - count * UNIT)
    sound = together and tiny > _LOST and size < HUGE
    rel = (a.rel * (1 + drift) + drift) * _GROW if sound else inf
    err = (_times(a.error, count) + _times(a.magnitude + a.error, count * drift)) * _GROW + _TINY
    return Bound(lo, hi, err, rel, tiny, den)


def _unbounded(positive: bool, den: int, var: int) -> Bound:
    """Bound where floats may have overflowed: nothing is known of them but the sign of the exact values."""
    return Bound(0.0 if positive else -inf, inf, inf, inf, 0.0, den, var)


def to_float(value: Fraction) -> float:
    """Nearest float; infinite beyond the range of floats."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return inf if value > 0 else -inf


def _quotient_grid(a: Bound, b: Bound, divisor: Fraction | None) -> tuple[int, int]:
    if divisor and a.den:
        quotient = a.den // gcd(a.den, divisor.denominator) * abs(divisor.numerator)
        return quotient, a.var
    if not (a.den and b.den) or not isfinite(b.magnitude):
        return 0, 1
    return a.den // gcd(a.den, b.den), a.var * (int(b.magnitude * b.grid * _GROW) + 1)


def _common(a: Bound, b: Bound) -> tuple[int, int]:
    if not (a.den and b.den):
        return 0, 1
    return _capped(lcm(a.den, b.den), a.var * b.var)


def _capped(den: int, var: int) -> tuple[int, int]:
    return (den, var) if den and den * var <= _DENOMINATOR_LIMIT else (0, 1)


def _limited(den: int) -> int:
    return den if den <= _DENOMINATOR_LIMIT else 0


def _fits(den: int, var: int, size: float) -> bool:
    return den > 0 and var == 1 and den & (den - 1) == 0 and size * den <= _EXACT_LIMIT


def _least(den: int, var: int) -> float:
    return 0.5 / (den * var) if den else 0.0


def _sum_error(err: float, size: float) -> float:
    return (err + (size + err) * UNIT) * _GROW + _TINY


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def _outward(lo: float, hi: float) -> tuple[float, float]:
    if lo != lo or hi != hi:  # noqa: PLR0124 - inf - inf
        return -inf, inf
    return lo - abs(lo) * _ROOM, hi + abs(hi) * _ROOM
