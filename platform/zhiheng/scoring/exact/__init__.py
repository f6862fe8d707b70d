"""Exact arithmetic in vectors: results equal rational arithmetic, at nearly the speed of floats.

Numbers are `Vec`, truth values `Mask`, texts `Text`, lists per unit `Ragged`; what is not a value is a `State`.
"""

from zhiheng.scoring.exact.functions import (
    ceil,
    clamp,
    fill,
    floor,
    maximum,
    minimum,
    power,
    round_half_up,
    rounded,
    scaled,
    take,
    total,
    where,
)
from zhiheng.scoring.exact.groups import (
    Groups,
    Ties,
    group_count,
    group_max,
    group_mean,
    group_median,
    group_min,
    group_quantile,
    group_rank,
    group_ratio,
    group_stddev,
    group_sum,
)
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.exact.partition import Missing, Partition
from zhiheng.scoring.exact.ragged import Ragged
from zhiheng.scoring.exact.states import State, States
from zhiheng.scoring.exact.texts import Text
from zhiheng.scoring.exact.vec import Number, Operand, Vec, compare, to_fraction

__all__ = [
    "Groups",
    "Mask",
    "Missing",
    "Number",
    "Operand",
    "Partition",
    "Ragged",
    "State",
    "States",
    "Text",
    "Ties",
    "Vec",
    "ceil",
    "clamp",
    "compare",
    "fill",
    "floor",
    "group_count",
    "group_max",
    "group_mean",
    "group_median",
    "group_min",
    "group_quantile",
    "group_rank",
    "group_ratio",
    "group_stddev",
    "group_sum",
    "maximum",
    "minimum",
    "power",
    "round_half_up",
    "rounded",
    "scaled",
    "take",
    "to_fraction",
    "total",
    "where",
]
