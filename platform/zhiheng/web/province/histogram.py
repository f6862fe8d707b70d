"""Equal bins with round edges (等宽分组) for the histogram of an indicator."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from zhiheng.kernel.numbers import plain

MOST_BINS = 8
ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Bin:
    """From ``low`` (included) to ``high`` (excluded; included in the last bin)."""

    low: Decimal
    high: Decimal
    count: int

    @property
    def label(self) -> str:
        """90—92."""
        return f"{plain(self.low)}—{plain(self.high)}"


def bins(values: list[Decimal]) -> list[Bin]:
    """At most eight bins of one round width that hold every value; one bin when all are alike, none without values."""
    if not values:
        return []
    low, high = min(values), max(values)
    step = _step((high - low) / (MOST_BINS - 1)) if high > low else Decimal(1)
    start = (low / step).to_integral_value(ROUND_FLOOR) * step
    count = int(((high - start) / step).to_integral_value(ROUND_FLOOR)) + 1
    edges = [start + step * place for place in range(count + 1)]
    return [Bin(a, b, sum(a <= value < b for value in values)) for a, b in pairwise(edges)]


def _step(least: Decimal) -> Decimal:
    """The smallest round width that is not below ``least``."""
    power = Decimal(10) ** least.adjusted()
    return next(power * step for step in ROUND_STEPS if power * step >= least)
