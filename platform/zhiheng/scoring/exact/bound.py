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
_GROW = 1.0 + 2.0**-40
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
        return max(abs(self.lo), abs(self.hi))

    @property
    def error(self) -> float:
        """Largest possible distance between a float value and its exact value."""
        return min(self.err, _times(self.rel, self.magnitude) * _GROW)

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
    """Bound of integers between lo and hi divided by `den`, each quotient rounded once."""
    low, high = to_float(Fraction(lo, den)), to_float(Fraction(hi, den))
    size = max(abs(low), abs(high))
    whole = max(abs(lo), abs(hi)) <= _EXACT_LIMIT and den <= 10**22
    exact = whole and den & (den - 1) == 0
    rel = 0.0 if exact else UNIT * (1 if whole else 4)
    if exact:
        return Bound(low, high, 0.0, 0.0, 0.5 / den, _limited(den), 1, True)
    low, high = _outward(low, high)
    return Bound(low, high, size * rel * _GROW, rel, 0.5 / den, _limited(den), 1, whole)


def add(a: Bound, b: Bound, *, sign: int = 1) -> Bound:
    """Bound of a + b, or of a - b with sign -1."""
    if sign < 0:
        b = negate(b)
    lo, hi = _outward(a.lo + b.lo, a.hi + b.hi)
    den, var = _common(a, b)
    size = max(abs(lo), abs(hi))
    if a.exact and b.exact and _fits(den, var, size):
        return Bound(a.lo + b.lo, a.hi + b.hi, 0.0, 0.0, 0.5 / den, den, var, True)
    together = (a.lo >= 0 and b.lo >= 0) or (a.hi <= 0 and b.hi <= 0)
    tiny = min(a.tiny, b.tiny) if together else _least(den, var)
    rel = (max(a.rel, b.rel) + UNIT) * _GROW if together else inf
    err = _sum_error(a.error + b.error, size)
    return Bound(lo, hi, err, rel if tiny > _LOST else inf, tiny, den, var)


def multiply(a: Bound, b: Bound) -> Bound:
    """Bound of a * b."""
    corners = (_times(a.lo, b.lo), _times(a.lo, b.hi), _times(a.hi, b.lo), _times(a.hi, b.hi))
    lo, hi = _outward(min(corners), max(corners))
    den, var = _limited(a.den * b.den), a.var * b.var
    size = max(abs(lo), abs(hi))
    if a.exact and b.exact and _fits(den, var, size):
        return Bound(min(corners), max(corners), 0.0, 0.0, 0.5 / den, den, var, True)
    ma, mb = a.magnitude, b.magnitude
    if 0.0 in corners and ma and mb:
        lo, hi = (lo, hi + _TINY) if a.lo >= 0 and b.lo >= 0 else (lo - _TINY, hi + _TINY)
    tiny = a.tiny * b.tiny / _GROW
    both = a.rel + b.rel + _times(a.rel, b.rel)
    rel = (both + UNIT + both * UNIT) * _GROW
    ea, eb = a.error, b.error
    err = _sum_error(_times(ma, eb) + _times(mb, ea) + _times(ea, eb), size)
    return Bound(lo, hi, err, rel if tiny > _LOST else inf, tiny, *_capped(den, var))


def divide(a: Bound, b: Bound, divisor: Fraction | None = None) -> Bound:
    """Bound of a / b in the cells where b is not zero; `divisor` is b when it is one number."""
    least = max(b.tiny, _least(b.den, b.var))
    size = a.magnitude / least * _GROW if least > 0 else inf
    lo = 0.0 if _same_sign(a, b) else -size
    hi = 0.0 if _same_sign(a, negate(b)) else size
    tiny = a.tiny / b.magnitude / _GROW if 0 < b.magnitude < inf else 0.0
    if b.magnitude == 0:
        tiny = 1.0
    rel = inf
    if b.rel < 0.25 and tiny > _LOST:
        rel = (a.rel + b.rel + UNIT + a.rel * UNIT) / (1 - b.rel) * _GROW
    eb = b.error
    err = inf
    if eb < least / 2:
        err = _sum_error((_times(size, eb) + a.error) / (least - eb), size)
    den, var = _capped(*_quotient_grid(a, b, divisor))
    return Bound(lo, hi, err, rel, tiny, den, var, a.exact and b.exact and rel < inf)


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
    den = a.den if a.den == b.den else lcm(a.den, b.den) if a.den and b.den else 0
    den, var = _capped(den, max(a.var, b.var))
    return Bound(
        min(a.lo, b.lo),
        max(a.hi, b.hi),
        max(a.error, b.error),
        max(a.rel, b.rel),
        min(a.tiny, b.tiny),
        den,
        var,
        a.nearest and b.nearest,
    )


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
    rel = (a.rel * (1 + drift) + drift) * _GROW if together and tiny > _LOST else inf
    err = (_times(a.error, count) + _times(a.magnitude + a.error, count * drift)) * _GROW + _TINY
    return Bound(lo, hi, err, rel, tiny, den)


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


def _same_sign(a: Bound, b: Bound) -> bool:
    return (a.lo >= 0 and b.lo >= 0) or (a.hi <= 0 and b.hi <= 0)


def _sum_error(err: float, size: float) -> float:
    return (err + (size + err) * UNIT) * _GROW + _TINY


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def _outward(lo: float, hi: float) -> tuple[float, float]:
    if lo != lo or hi != hi:  # noqa: PLR0124 - inf - inf
        return -inf, inf
    return lo - abs(lo) * 2.0**-50, hi + abs(hi) * 2.0**-50
