"""Several raters' marks drawn together (评委分汇总): mean, median, trimmed, by number of raters."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from zhiheng.scoring.exact import Mask, Ragged, State, Vec, where
from zhiheng.scoring.parameters import number


def aggregated(marks: Ragged, how: Any) -> Vec:
    """One mark per unit; `how` is a name, a trimming, or a list of methods by number of raters."""
    if isinstance(how, Mapping):
        return _trimmed(marks, how)
    if isinstance(how, list):
        return _by_count(marks, how)
    named = {
        "mean": marks.mean,
        "median": marks.median,
        "sum": marks.sum,
        "best": marks.max,
        "worst": marks.min,
    }
    return named[how]() if how in named else _trimmed(marks, {})


def in_words(how: Any) -> str:
    """The method in Chinese."""
    if isinstance(how, Mapping):
        if "trim_share" in how:
            return f"两端各去掉 {how['trim_share']} 后平均"
        return f"去掉 {how.get('trim_high', 1)} 个最高、{how.get('trim_low', 1)} 个最低后平均"
    if isinstance(how, list):
        return "；".join(f"{step['from']} 人及以上{in_words(step['use'])}" for step in how)
    return {
        "mean": "平均",
        "median": "中位数",
        "sum": "合计",
        "best": "最高",
        "worst": "最低",
        "trimmed": "去掉一个最高一个最低后平均",
    }[how]


def _trimmed(marks: Ragged, how: Mapping[str, Any]) -> Vec:
    count = marks.count()
    if "trim_share" in how:
        share = number(how["trim_share"])
        return where(count >= int(how.get("from", 1)), marks.trimmed_mean(share=share), marks.mean())
    high, low = int(how.get("trim_high", 1)), int(how.get("trim_low", 1))
    least = max(int(how.get("from", 0)), high + low + 1)
    if high == low:
        return where(count >= least, marks.trimmed_mean(count=high), marks.mean())
    outer = max(high, low)
    kept = marks.sum() - _extremes(marks, high, highest=True) - _extremes(marks, low, highest=False)
    divisor = where(count > high + low, count - (high + low), 1)
    return where(count >= max(least, outer + 1), kept / divisor, marks.mean())


def _extremes(marks: Ragged, count: int, *, highest: bool) -> Vec:
    """Sum of the `count` highest or lowest marks; ties are taken one by one."""
    total = Vec.constant(0, marks.size)
    rest = marks
    for _ in range(count):
        edge = rest.max() if highest else rest.min()
        enough = rest.count() > 0
        total = total + where(enough, edge, 0)
        rest = _without_first(rest, edge)
    return total


def _without_first(marks: Ragged, edge: Vec) -> Ragged:
    """The lists without the first element that equals the unit's `edge`."""
    hit = marks.items.eq(marks.spread(edge)).truth
    cells = np.flatnonzero(hit)
    _, first = np.unique(marks.rows.ids[cells], return_index=True)
    drop = np.zeros(marks.items.size, dtype=bool)
    drop[cells[first]] = True
    return marks.filter(Mask(~drop))


def _by_count(marks: Ragged, steps: list[Mapping[str, Any]]) -> Vec:
    count = marks.count()
    result = Vec.unavailable(State.MISSING, marks.size)
    for step in sorted(steps, key=lambda item: int(item["from"])):
        result = where(count >= int(step["from"]), aggregated(marks, step["use"]), result)
    return result
