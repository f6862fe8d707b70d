"""event_tally.1 计件加减分: a start value, then so much for each event, achievement or gap (rules.md part 4)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Account, Issue, LeafContext, Params, Points, Reader, Scored, Use
from zhiheng.scoring.exact import Mask, State, Vec, ceil, clamp, floor, maximum, minimum, total, where
from zhiheng.scoring.parameters import benchmark_uses, number, text
from zhiheng.scoring.schema import kind_schema


class EventTally:
    """计件加减分: start + Σ entries, capped; entries marked exempt go past every cap."""

    stage = "leaf"
    title = "计件加减分"
    schema = kind_schema("event_tally.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of the start value, of the entries and of the best value."""
        uses = [Use("start", text(params["start"]))]
        for place, entry in enumerate(params["entries"]):
            uses += _entry_uses(f"entries[{place}]", entry)
        if params.get("cap", "points") != "points":
            uses.append(Use("cap", text(params["cap"])))
        return uses + benchmark_uses("best", params.get("best"))

    def evaluate(self, context: LeafContext, params: Params) -> Scored:
        """start + entries that count under the cap; exempt entries apart."""
        start = context.number(text(params["start"]))
        context.note("start", start)
        parts = [_entry(context, place, entry) for place, entry in enumerate(params["entries"])]
        capped = [part for part, entry in zip(parts, params["entries"], strict=True) if not entry["exempt"]]
        exempt = [part for part, entry in zip(parts, params["entries"], strict=True) if entry["exempt"]]
        plain = total([start, *capped])
        extra = total(exempt) if exempt else None
        limit = _limit(context, params)
        if params["cap_mode"] == "ratio_to_best":
            return _to_best(context, params, plain if extra is None else plain + extra, limit)
        return _joined(params["overflow"], plain, extra, limit)

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """`20 - 2×0.2（迟报）`, with what was cut."""
        terms = [reader.text("start")] if reader.value("start") else []
        lines: list[str] = []
        for place, entry in enumerate(params["entries"]):
            _explain_entry(reader, place, entry, terms, lines)
        formula = " ".join(terms).removeprefix("+ ") or "0"
        if reader.has("limit"):
            lines.append(f"累计上限 {reader.text('limit')} 分")
        if reader.has("best"):
            formula = f"{reader.text('limit')} × （{formula}） ÷ 最好值 {reader.text('best')}"
        return Account(formula, tuple(lines))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Entries worth nothing, and caps that nothing can reach."""
        found = []
        for place, entry in enumerate(params["entries"]):
            if str(entry.get("points", "1")) in ("0", "0.0"):
                where_ = f"entries[{place}].points"
                found.append(
                    Issue(
                        "tally.zero",
                        where_,
                        f"条目“{entry['title']}”每步 0 分，不起作用。",
                        "请填写分值或删去该条目。",
                    )
                )
        return found


def _entry_uses(place: str, entry: Params) -> list[Use]:
    uses = []
    if "amount" in entry:
        uses.append(Use(f"{place}.amount", text(entry["amount"]), "numbers"))
    else:
        uses += [
            Use(f"{place}.count", text(entry["count"]), "numbers"),
            Use(f"{place}.points", text(entry["points"])),
        ]
    if "when" in entry:
        uses.append(Use(f"{place}.when", text(entry["when"]), "condition"))
    return uses


def _entry(context: LeafContext, place: int, entry: Params) -> Vec:
    """Contribution of one entry: steps × points (or the stated amounts), within its own cap, where it holds."""
    points = _amount(context, place, entry) if "amount" in entry else _steps(context, place, entry)
    if "cap" in entry:
        limit = number(entry["cap"])
        points = clamp(points, -limit, limit)
    if "when" in entry:
        holds = context.condition(text(entry["when"]))
        points = where(holds, points, 0)
        context.note(f"when{place}", holds)
    context.note(f"entry{place}", points)
    return points


def _steps(context: LeafContext, place: int, entry: Params) -> Vec:
    count = context.total(text(entry["count"]))
    context.note(f"count{place}", count)
    steps = count / number(entry["step_size"])
    if entry["step"] != "proportional":
        steps = floor(steps) if entry["step"] == "whole" else ceil(steps)
    if entry["once"]:
        steps = minimum(steps, 1)
    context.note(f"steps{place}", steps)
    price = context.number(text(entry["points"]))
    context.note(f"price{place}", price)
    counted = where(count.eq(0), 0, price)
    _check_range(context, entry, counted, counted.ne(0))
    return steps * counted


def _amount(context: LeafContext, place: int, entry: Params) -> Vec:
    amounts = context.series(text(entry["amount"]))
    sizes = amounts.items
    if "range" in entry:
        outside = _outside(entry["range"], sizes)
        hit = amounts.rows.ids[outside.truth]
        units = np.zeros(context.size, dtype=bool)
        units[hit] = True
        context.flag(
            units, "tally.range", f"“{entry['title']}”有分数超出允许范围{_range_text(entry['range'])}"
        )
    context.note(f"amounts{place}", amounts)
    return amounts.sum()


def _check_range(context: LeafContext, entry: Params, price: Vec, charged: Mask) -> None:
    if "range" not in entry:
        return
    if "when" in entry:
        charged = charged & context.condition(text(entry["when"]))
    outside = _outside(entry["range"], price) & charged
    context.flag(
        outside.truth, "tally.range", f"“{entry['title']}”的分数超出允许范围{_range_text(entry['range'])}"
    )


def _outside(limits: Params, values: Vec) -> Mask:
    sizes = abs(values)
    result = sizes < 0
    if "min" in limits:
        result = result | (sizes < number(limits["min"]))
    if "max" in limits:
        result = result | (sizes > number(limits["max"]))
    return result


def _range_text(limits: Params) -> str:
    return f"（{limits.get('min', 0)} 至 {limits.get('max', '不限')}）"


def _limit(context: LeafContext, params: Params) -> Vec | None:
    if "cap" not in params and params["cap_mode"] == "cap":
        return None
    limit = context.points if params.get("cap", "points") == "points" else context.number(text(params["cap"]))
    context.note("limit", limit)
    return limit


def _joined(overflow: str, plain: Vec, extra: Vec | None, limit: Vec | None) -> Scored:
    """Capped and exempt points put together as the reading of the clause says (LYG-K5.4c)."""
    capped = plain if limit is None else minimum(plain, limit)
    if extra is None:
        return Scored(capped)
    if overflow == "exempt_stream":
        return Scored(capped, extra)
    both = plain + extra
    if overflow == "lift_cap":
        whole = where(extra > 0, both, capped)
    else:
        whole = maximum(both if limit is None else minimum(both, limit), extra)
    base = minimum(whole, capped if limit is None else limit)
    return Scored(base, whole - base)


def _to_best(context: LeafContext, params: Params, points: Vec, limit: Vec | None) -> Scored:
    """limit × points ÷ best (the phrase "the highest counts 8" read as a ratio, LYG-K1.1a)."""
    spec = params.get("best") or {"statistic": "best"}
    best = context.benchmark(spec, points, "best")
    context.note("best", best)
    top = context.points if limit is None else limit
    zero = best.eq(0)
    if params["best_zero"] == "not_applicable":
        none: Any = Vec.unavailable(State.NOT_APPLICABLE, context.size)
    else:
        none = top if params["best_zero"] == "all_full" else 0
    return Scored(where(zero, none, top * points / where(zero, 1, best)))


def _explain_entry(reader: Reader, place: int, entry: Params, terms: list[str], lines: list[str]) -> None:
    worth = reader.value(f"entry{place}")
    if isinstance(worth, State):
        lines.append(f"{entry['title']}：{worth.label}")
        return
    if reader.has(f"when{place}") and reader.value(f"when{place}") is not True:
        lines.append(f"{entry['title']}：条件不成立，不计")
        return
    if worth == 0:
        return
    if "amount" in entry:
        terms.append(
            f"{'-' if worth < 0 else '+'} {reader.text(f'entry{place}').removeprefix('-')}（{entry['title']}）"
        )
        return
    price = reader.value(f"price{place}")
    steps = reader.text(f"steps{place}")
    terms.append(
        f"{'-' if price < 0 else '+'} {steps}×{reader.text(f'price{place}').removeprefix('-')}（{entry['title']}）"
    )
    if number(entry["step_size"]) != 1:
        lines.append(
            f"{entry['title']}：{reader.text(f'count{place}')}，每 {entry['step_size']} 为一步，计 {steps} 步"
        )
    if "cap" in entry and abs(worth) == number(entry["cap"]):
        lines.append(f"{entry['title']}：本条目以 {entry['cap']} 分为限")
