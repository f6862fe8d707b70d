"""proportional.1 比例计分: full points times the degree of attainment (rules.md part 4)."""

from collections.abc import Sequence
from typing import Any

from zhiheng.scoring.contract import Account, Issue, LeafContext, Params, Points, Reader, Scored, Use
from zhiheng.scoring.exact import Mask, State, Vec, maximum, minimum, where
from zhiheng.scoring.parameters import benchmark_uses, number, rank_uses, text
from zhiheng.scoring.schema import kind_schema


class Proportional:
    """比例计分: value against a benchmark, a rank, a place in an interval, a standard score or a distance."""

    stage = "leaf"
    title = "比例计分"
    schema = kind_schema("proportional.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of value, full points, benchmark and origin."""
        uses = [Use("value", text(params["value"]))]
        uses += [Use(part, text(params[part])) for part in ("max", "base") if part in params]
        for part in ("benchmark", "origin", "fallback"):
            uses += benchmark_uses(part, params.get(part))
        return uses + rank_uses("rank", params.get("rank"))

    def evaluate(self, context: LeafContext, params: Params) -> Scored:
        """max × share, the share bounded as the parameters say."""
        full = context.number(text(params["max"])) if "max" in params else context.points
        value = context.number(text(params["value"]))
        context.note("max", full)
        context.note("value", value)
        if params["method"] == "distance":
            return Scored(_distance(context, params, value, full))
        share, zero = _METHODS[params["method"]](context, params, value)
        context.note("share", share)
        bounded = _bounded(params, share)
        context.note("bounded", bounded)
        return Scored(
            full * bounded if zero is None else _at_zero(context, params, zero, full, full * bounded)
        )

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """`0.5 × 0.76 ÷ 0.80`, with benchmark, cap and fallback."""
        if reader.has("zero") and reader.value("zero") is True:
            return Account("基准为 0，按约定计分", (f"数值 {reader.text('value')}",))
        lines = [f"基准 = {reader.text('benchmark')}"] if reader.has("benchmark") else []
        if reader.has("fallback") and reader.value("fallback") is True:
            lines.append("没有单位达到目标，改用备用基准")
        if reader.has("share") and reader.value("share") != reader.value("bounded"):
            lines.append(f"完成程度 {reader.text('share')}，按 {reader.text('bounded')} 计")
        return Account(_WORDS[params["method"]](reader, params), tuple(lines))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """A rank step without value, a target that cannot be missed."""
        found = []
        if (
            params["method"] == "rank"
            and params["rank_formula"] == "percent_of_place"
            and "rank_step" not in params
        ):
            found.append(
                Issue(
                    "rank.step",
                    "rank_step",
                    "按名次逐位扣减，但没有写每位扣多少。",
                    "请填写 rank_step，如 5%。",
                    "error",
                )
            )
        if params["method"] == "distance" and number(params["gain"]) == 0 == number(params["loss"]):
            found.append(
                Issue(
                    "distance.flat",
                    "loss",
                    "高低于基准都不加不扣，各单位得分必然相同。",
                    "请填写 gain 或 loss。",
                )
            )
        return found


def _ratio(context: LeafContext, params: Params, value: Vec) -> tuple[Vec, Mask | None]:
    benchmark = context.benchmark(params["benchmark"], value)
    if "fallback" in params:
        reached = _somebody_reaches(context, params, value, benchmark)
        benchmark = where(reached, benchmark, context.benchmark(params["fallback"], value, "fallback_value"))
        context.note("fallback", ~reached)
    context.note("benchmark", benchmark)
    if params["order"] == "lower":
        return where(value.eq(0), 1, benchmark / where(value.eq(0), 1, value)), None
    zero = benchmark.eq(0)
    context.note("zero", zero)
    return value / where(zero, 1, benchmark), zero


def _somebody_reaches(context: LeafContext, params: Params, value: Vec, benchmark: Vec) -> Mask:
    best = context.benchmark({"statistic": "best", "order": params["order"]}, value, "best")
    return best >= benchmark if params["order"] == "higher" else best <= benchmark


def _rank(context: LeafContext, params: Params, value: Vec) -> tuple[Vec, None]:
    spec = {"order": params["order"], "ties": "competition", **(params.get("rank") or {})}
    rank, peers = context.rank(spec, value)
    context.note("rank", rank)
    context.note("peers", peers)
    if params["rank_formula"] == "complement":
        return (peers - rank + 1) / peers, None
    return 1 - (rank - 1) * number(params.get("rank_step", 0)), None


def _interval(context: LeafContext, params: Params, value: Vec) -> tuple[Vec, Mask]:
    end = context.benchmark(params["benchmark"], value)
    start = context.benchmark(params["origin"], value, "origin")
    context.note("benchmark", end)
    context.note("origin", start)
    width = end - start
    zero = width.eq(0)
    context.note("zero", zero)
    least = number(params["origin_share"])
    return least + (value - start) / where(zero, 1, width) * (1 - least), zero


def _standard_score(context: LeafContext, params: Params, value: Vec) -> tuple[Vec, None]:
    peers = (params.get("rank") or {}).get("peers", {})
    centre = context.benchmark({"statistic": "mean", "peers": peers}, value)
    spread = context.benchmark({"statistic": "stdev", "peers": peers}, value, "stdev")
    context.note("benchmark", centre)
    context.note("stdev", spread)
    zero = spread.eq(0)
    sign = 1 if params["order"] == "higher" else -1
    score = (value - centre) / where(zero, 1, spread) * sign
    context.note("score", score)
    return number(params["centre_share"]) + number(params["spread_share"]) * score, None


def _distance(context: LeafContext, params: Params, value: Vec, full: Vec) -> Vec:
    benchmark = context.benchmark(params["benchmark"], value)
    base = context.number(text(params["base"])) if "base" in params else full
    sign = 1 if params["order"] == "higher" else -1
    gap = (value - benchmark) / number(params["per"]) * sign
    change = where(gap >= 0, gap * number(params["gain"]), gap * number(params["loss"]))
    for name, item in (("benchmark", benchmark), ("base", base), ("gap", gap), ("change", change)):
        context.note(name, item)
    return base + change


def _bounded(params: Params, share: Vec) -> Vec:
    if params["floor"] != "none":
        share = maximum(share, number(params["floor"]))
    return share if params["cap"] == "none" else minimum(share, number(params["cap"]))


def _at_zero(context: LeafContext, params: Params, zero: Mask, full: Vec, points: Vec) -> Vec:
    """Points where the benchmark is 0 (rules.md CV-13)."""
    choice = params["zero_benchmark"]
    if choice == "all_full":
        return where(zero, full, points)
    if choice == "not_applicable":
        return where(zero, Vec.unavailable(State.NOT_APPLICABLE, context.size), points)
    return where(zero, 0, points)


_METHODS: dict[str, Any] = {
    "ratio": _ratio, "rank": _rank, "interval": _interval, "standard_score": _standard_score,
}  # fmt: skip


def _ratio_words(reader: Reader, params: Params) -> str:
    if reader.text("bounded") != reader.text("share"):
        return f"{reader.text('max')} × {reader.text('bounded')}"
    first, second = ("value", "benchmark") if params["order"] == "higher" else ("benchmark", "value")
    return f"{reader.text('max')} × {reader.text(first)} ÷ {reader.text(second)}"


def _rank_words(reader: Reader, params: Params) -> str:
    rank, peers = reader.text("rank"), reader.text("peers")
    if params["rank_formula"] == "complement":
        return f"{reader.text('max')} × （{peers} - {rank} + 1） ÷ {peers}"
    return f"{reader.text('max')} × （1 - （{rank} - 1） × {params.get('rank_step', 0)}）"


def _interval_words(reader: Reader, params: Params) -> str:
    place = f"（{reader.text('value')} - {reader.text('origin')}） ÷ （{reader.text('benchmark')} - {reader.text('origin')}）"
    least = params["origin_share"]
    inner = place if number(least) == 0 else f"（{least} + {place} × （1 - {least}））"
    return f"{reader.text('max')} × {inner}"


def _score_words(reader: Reader, params: Params) -> str:
    score = f"（{reader.text('value')} - {reader.text('benchmark')}） ÷ {reader.text('stdev')}"
    return f"{reader.text('max')} × （{params['centre_share']} + {params['spread_share']} × {score}）"


def _distance_words(reader: Reader, _params: Params) -> str:
    return f"{reader.text('base')} + {reader.text('change')}（与基准相差 {reader.text('gap')} 个单位）"


_WORDS: dict[str, Any] = {
    "ratio": _ratio_words, "rank": _rank_words, "interval": _interval_words,
    "standard_score": _score_words, "distance": _distance_words,
}  # fmt: skip
