"""band_table.1 分档计分: points by the band a value, ratio, rank or condition falls into (rules.md part 4)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from zhiheng.scoring.contract import Account, Issue, LeafContext, Params, Points, Reader, Scored, Use
from zhiheng.scoring.exact import Mask, State, Vec, maximum, where
from zhiheng.scoring.parameters import benchmark_uses, number, rank_uses, text
from zhiheng.scoring.schema import kind_schema
from zhiheng.scoring.scheme.numbers import is_number

LIMITS = {"at_least": "≥", "above": "＞", "at_most": "≤", "below": "＜"}
VALUE, BENCHMARK, RATIO, RANK, PEERS = "数值", "基准", "比值", "名次", "参评数"
AGAINST = {"value": VALUE, "ratio": RATIO, "rank": RANK}


class BandTable:
    """分档计分: the first band that holds gives the points (or the best one, or the sum of all)."""

    stage = "leaf"
    title = "分档计分"
    schema = kind_schema("band_table.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of value, benchmark, rank, variables, limits, conditions and points."""
        uses = [Use("value", text(params["value"]))] if "value" in params else []
        uses += benchmark_uses("benchmark", params.get("benchmark")) + rank_uses("rank", params.get("rank"))
        uses += [Use(f"variables.{name}", text(item)) for name, item in params.get("variables", {}).items()]
        names = _names(params)
        for place, band in enumerate(params["bands"]):
            for part in (*LIMITS, "points"):
                if part in band:
                    uses.append(Use(f"bands[{place}].{part}", text(band[part]), "number", names))
            if "when" in band:
                uses.append(Use(f"bands[{place}].when", text(band["when"]), "condition", names))
        return [*uses, Use("else", text(params["else"]), "number", names)]

    def evaluate(self, context: LeafContext, params: Params) -> Scored:
        """Points of the band of each unit."""
        names, zero = _variables(context, params)
        holds = [_holds(context, params, band, names) for band in params["bands"]]
        points = [_points(context, params, band, names) for band in params["bands"]]
        for place, (mask, worth) in enumerate(zip(holds, points, strict=True)):
            context.note(f"band{place}", mask)
            context.note(f"points{place}", worth)
        other = context.number(text(params["else"]), names)
        context.note("else", other)
        result = _picked(params["match"], holds, points, other)
        if zero is None:
            return Scored(result)
        instead: Any = {"all_zero": 0, "all_full": context.points}.get(
            params["zero_benchmark"], Vec.unavailable(State.NOT_APPLICABLE, context.size)
        )
        return Scored(where(zero, instead, result))

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """Which band, and why: the value against its limits."""
        lines = [f"{name} = {reader.text(name)}" for name in _shown(params) if reader.has(name)]
        if reader.has("zero") and reader.value("zero") is True:
            return Account("基准为 0，按约定计分", tuple(lines))
        hit = [place for place in range(len(params["bands"])) if reader.value(f"band{place}") is True]
        if not hit:
            return Account(f"各档均不符合，得 {reader.text('else')}", tuple(lines))
        if params["match"] == "first":
            hit = hit[:1]
        elif params["match"] == "best":
            hit = [max(hit, key=lambda place: _sortable(reader.value(f"points{place}")))]
        words = [
            f"{_words(params, params['bands'][place])} → {reader.text(f'points{place}')}" for place in hit
        ]
        return Account("；".join(words), tuple(lines))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Bands that change nothing, can never be reached, overlap or leave a gap."""
        from zhiheng.scoring.bands import band_issues

        return band_issues(params, _points)


def _names(params: Params) -> dict[str, str]:
    names = {VALUE: "number"} if "value" in params else {}
    if "benchmark" in params:
        names |= {BENCHMARK: "number", RATIO: "number"}
    if "rank" in params:
        names |= {RANK: "number", PEERS: "number"}
    return names | dict.fromkeys(params.get("variables", {}), "number")


def _variables(context: LeafContext, params: Params) -> tuple[dict[str, Any], Mask | None]:
    """Local names of the bands, and where the benchmark is 0."""
    names: dict[str, Any] = {}
    zero = None
    if "value" in params:
        names[VALUE] = context.number(text(params["value"]))
    if "benchmark" in params:
        benchmark = context.benchmark(params["benchmark"], names[VALUE])
        zero = benchmark.eq(0)
        context.note("zero", zero)
        names |= {BENCHMARK: benchmark, RATIO: names[VALUE] / where(zero, 1, benchmark)}
    if "rank" in params:
        names[RANK], names[PEERS] = context.rank(params["rank"], names.get(VALUE, context.points))
    for name, item in params.get("variables", {}).items():
        names[name] = context.number(text(item))
    for name, item in names.items():
        context.note(name, item)
    return names, zero


def _compared(params: Params) -> str:
    against = params.get("against") or (
        "ratio" if "benchmark" in params else "value" if "value" in params else "rank"
    )
    return AGAINST[against]


def _holds(context: LeafContext, params: Params, band: Params, names: Mapping[str, Any]) -> Mask:
    parts = [context.condition(text(band["when"]), names)] if "when" in band else []
    for limit in LIMITS:
        if limit in band:
            compared, bound = names[_compared(params)], _number(context, band[limit], names)
            parts.append(_related(compared, limit, bound))
    if "line" in band:
        compared = names[_compared(params)]
        parts += [compared >= number(band["line"]["from"]), compared <= number(band["line"]["to"])]
    if not parts:
        return context.condition("真")
    result = parts[0]
    for part in parts[1:]:
        result = result & part
    return result


def _related(value: Vec, limit: str, bound: Vec | Fraction) -> Mask:
    if limit == "at_least":
        return value >= bound
    if limit == "above":
        return value > bound
    return value <= bound if limit == "at_most" else value < bound


def _number(context: LeafContext, value: Any, names: Mapping[str, Any]) -> Vec | Fraction:
    return number(value) if is_number(value) else context.number(text(value), names)


def _points(context: LeafContext, params: Params, band: Params, names: Mapping[str, Any]) -> Vec:
    base = context.number(text(band["points"]), names)
    if "line" not in band:
        return base
    start, end = number(band["line"]["from"]), number(band["line"]["to"])
    value: Vec = names[_compared(params)]
    share = (value - start) / (end - start)
    return base + share * (number(band["line"]["to_points"]) - base)


def _picked(match: str, holds: Sequence[Mask], points: Sequence[Vec], other: Vec) -> Vec:
    if match == "first":
        result = other
        for mask, worth in zip(reversed(holds), reversed(points), strict=True):
            result = where(mask, worth, result)
        return result
    any_band = holds[0]
    result = where(holds[0], points[0], 0 if match == "sum" else other)
    for mask, worth in zip(holds[1:], points[1:], strict=True):
        if match == "sum":
            result = result + where(mask, worth, 0)
        else:
            result = where(mask, where(any_band, maximum(result, worth), worth), result)
        any_band = any_band | mask
    return where(any_band, result, other)


def _shown(params: Params) -> list[str]:
    return [VALUE, BENCHMARK, RATIO, RANK, PEERS, *params.get("variables", {})]


def _words(params: Params, band: Params) -> str:
    parts = [f"{_compared(params)}{sign}{band[limit]}" for limit, sign in LIMITS.items() if limit in band]
    if "line" in band:
        parts.append(f"{_compared(params)}在 {band['line']['from']} 与 {band['line']['to']} 之间（直线变化）")
    if "when" in band:
        parts.append(str(band["when"]))
    described = " 且 ".join(parts) or "其余"
    return f"{band['title']}（{described}）" if "title" in band else described


def _sortable(value: Any) -> Any:
    return -1 if isinstance(value, State) else value
