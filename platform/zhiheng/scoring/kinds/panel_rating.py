"""panel_rating.1 评议打分: points judged by people: entered marks, rater classes, ballots, checks (rules.md part 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from zhiheng.scoring.aggregates import aggregated, in_words
from zhiheng.scoring.contract import Account, Bools, Issue, LeafContext, Params, Points, Reader, Scored, Use
from zhiheng.scoring.exact import Mask, State, Vec, floor, maximum, total, where
from zhiheng.scoring.parameters import number, text
from zhiheng.scoring.schema import kind_schema


@dataclass(frozen=True, slots=True)
class _Share:
    """One rater class: degree (1 = full marks), and where somebody of the class rated."""

    degree: Vec
    present: Mask


class PanelRating:
    """评议打分: full points times the weighted degree of all rater classes, or entered points, or checks."""

    stage = "leaf"
    title = "评议打分"
    schema = kind_schema("panel_rating.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of marks, ballots, checks."""
        uses = [Use("max", text(params["max"]))] if "max" in params else []
        if "entered" in params:
            uses.append(Use("entered", text(params["entered"]), "numbers"))
        for place, rater in enumerate(params.get("raters", ())):
            uses += _rater_uses(f"raters[{place}]", rater)
        for place, item in enumerate(params.get("checks", ())):
            uses.append(Use(f"checks[{place}].when", text(item["when"]), "condition"))
        if "zero_when" in params:
            uses.append(Use("zero_when", text(params["zero_when"]), "condition"))
        return uses + ([Use("reason", text(params["reason"]), "text")] if "reason" in params else [])

    def evaluate(self, context: LeafContext, params: Params) -> Scored:
        """Points of every unit before the leaf's bounds."""
        full = context.number(text(params["max"])) if "max" in params else context.points
        context.note("max", full)
        checks = [context.condition(text(item["when"])) for item in params.get("checks", ())]
        for place, mask in enumerate(checks):
            context.note(f"check{place}", mask)
        points = self._points(context, params, full, checks)
        if "min_if_awarded" in params:
            points = where(points > 0, maximum(points, number(params["min_if_awarded"])), points)
        if "zero_when" in params:
            zero = context.condition(text(params["zero_when"]))
            context.note("zero_when", zero)
            points = where(zero, 0, points)
        _remarks(context, params, full, points, checks)
        return Scored(points)

    def _points(self, context: LeafContext, params: Params, full: Vec, checks: Sequence[Mask]) -> Vec:
        if checks and params["mode"] != "judged":
            return full * _checked(params, checks)
        if "entered" in params:
            return _entered(context, params, full)
        return full * _weighted(context, params, full)

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """Marks, weights and checks in words."""
        checks = params.get("checks", ())
        lines = [
            f"{item['title']}：{'符合' if reader.value(f'check{n}') is True else '不符合'}"
            for n, item in enumerate(checks)
        ]
        if reader.has("zero_when") and reader.value("zero_when") is True:
            lines.append("符合得 0 分的条件")
        if checks and params["mode"] == "share":
            met = sum(reader.value(f"check{n}") is True for n in range(len(checks)))
            return Account(f"{reader.text('max')} × {met} ÷ {len(checks)}", tuple(lines))
        if checks and params["mode"] == "all_or_nothing":
            return Account(f"全部符合得 {reader.text('max')} 分，否则 0 分", tuple(lines))
        if "entered" in params:
            scale = (
                "" if params["input_max"] == "points" else f" × {reader.text('max')} ÷ {params['input_max']}"
            )
            return Account(f"评定 {reader.text('entered')}{scale}", tuple(lines))
        return _explain_raters(reader, params, lines)

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Weights and levels that make no sense."""
        found = []
        weights = [rater["weight"] for rater in params.get("raters", ())]
        if weights and all(str(weight) == "0" for weight in weights):
            found.append(Issue("panel.weights", "raters", "各类评委的权重都是 0。", "请填写权重。", "error"))
        if any("ballots" in rater for rater in params.get("raters", ())) and "levels" not in params:
            found.append(
                Issue(
                    "panel.levels", "levels", "使用选票，但没有写各等次折合多少。", "请填写 levels。", "error"
                )
            )
        top = max((number(level["value"]) for level in params.get("levels", ())), default=Fraction(1))
        if top != 1 and params["scale"] == "literal":
            text_ = f"最高等次只折合 {params['levels'][0]['value']}，一致好评也得不到满分。"
            found.append(
                Issue(
                    "panel.unreachable",
                    "levels",
                    text_,
                    "如文件本意是可得满分，请把 scale 设为 normalised。",
                    "info",
                )
            )
        return found


def _rater_uses(place: str, rater: Params) -> list[Use]:
    uses = [
        Use(f"{place}.{part}", text(rater[part]), "list") for part in ("scores", "ranks") if part in rater
    ]
    uses += [
        Use(f"{place}.{part}", text(rater[part]))
        for part in ("average", "candidates", "blank", "expected")
        if part in rater
    ]
    return uses + [
        Use(f"{place}.ballots.{level}", text(item)) for level, item in rater.get("ballots", {}).items()
    ]


def _entered(context: LeafContext, params: Params, full: Vec) -> Vec:
    marks = context.series(text(params["entered"]))
    mark = aggregated(marks, params["aggregate"])
    context.note("entered", mark)
    if "step" in params:
        parts = mark / number(params["step"])
        context.flag(parts.ne(floor(parts)).truth, "panel.step", f"评定分不是 {params['step']} 的整数倍")
    if params["input_max"] in ("points", "weight"):
        context.flag((mark > full).truth, "panel.range", "评定分超过满分")
        return mark
    context.flag((mark > number(params["input_max"])).truth, "panel.range", "评定分超过满分")
    return full * mark / number(params["input_max"])


def _checked(params: Params, checks: Sequence[Mask]) -> Vec:
    """Share of satisfied checks, or 1 and 0 (rules.md CV-12)."""
    weights = [number(item["weight"]) for item in params["checks"]]
    if params["mode"] == "share":
        met = total([where(mask, weight, 0) for mask, weight in zip(checks, weights, strict=True)])
        return met / sum(weights)
    every = checks[0]
    for mask in checks[1:]:
        every = every & mask
    return where(every, 1, 0)


def _weighted(context: LeafContext, params: Params, full: Vec) -> Vec:
    """Weighted degree of all rater classes; the weight of an absent class goes to the others by default."""
    earned, weights = Vec.constant(0, context.size), Vec.constant(0, context.size)
    for place, rater in enumerate(params["raters"]):
        share = _valid(context, params, rater, _share(context, params, place, rater, full))
        weight = context.by_type(rater["weight"])
        context.note(f"weight{place}", weight)
        context.note(f"degree{place}", share.degree)
        context.note(f"present{place}", share.present)
        if params["absent_class"] == "block":
            earned, weights = earned + share.degree * weight, weights + weight
            continue
        earned = earned + where(share.present, share.degree * weight, 0)
        weights = weights + (
            where(share.present, weight, 0) if params["absent_class"] == "reweight" else weight
        )
    nobody = weights.eq(0)
    return where(nobody, Vec.unavailable(State.MISSING, context.size), earned / where(nobody, 1, weights))


def _share(context: LeafContext, params: Params, place: int, rater: Params, full: Vec) -> _Share:
    if "ballots" in rater:
        return _ballots(context, params, place, rater)
    if "average" in rater:
        mark = context.number(text(rater["average"]))
        context.note(f"mark{place}", mark)
        return _Share(mark / _input_max(context, params, rater, full), _has(mark))
    marks = context.series(text(rater["scores" if "scores" in rater else "ranks"]))
    count = marks.count()
    count = where(Mask(_absent(count)), 0, count)
    context.note(f"raters{place}", count)
    mark = aggregated(marks, rater.get("aggregate", params["aggregate"]))
    mark = where(count > 0, mark, 0)
    context.note(f"mark{place}", mark)
    if "ranks" in rater:
        candidates = context.number(text(rater["candidates"]))
        return _Share((candidates - mark + 1) / candidates, count > 0)
    return _Share(mark / _input_max(context, params, rater, full), count > 0)


def _has(mark: Vec) -> Mask:
    """Where a class has a mark; what was not reported counts as there, so that it blocks."""
    return Mask(~_absent(mark))


def _absent(mark: Vec) -> Bools:
    if mark.states is None:
        return np.zeros(mark.size, dtype=bool)
    return np.isin(mark.states, (State.NOT_APPLICABLE.code, State.EXCUSED.code))


def _input_max(context: LeafContext, params: Params, rater: Params, full: Vec) -> Any:
    limit = rater.get("input_max", params["input_max"])
    if limit == "points":
        return full
    return context.by_type(rater["weight"]) if limit == "weight" else number(limit)


def _ballots(context: LeafContext, params: Params, place: int, rater: Params) -> _Share:
    """Σ ballots × value ÷ Σ ballots; blank ballots as the parameters say (LYG-01)."""
    values = {level["code"]: number(level["value"]) for level in params["levels"]}
    counts = {code: context.number(text(item)) for code, item in rater["ballots"].items()}
    if "blank" in rater and params["blank"] != "exclude":
        counts[params["blank"]] = counts[params["blank"]] + context.number(text(rater["blank"]))
    for code, count in counts.items():
        context.note(f"ballots{place}.{code}", count)
    cast = total(list(counts.values()))
    context.note(f"raters{place}", cast)
    degree = total([count * values[code] for code, count in counts.items()]) / where(cast > 0, cast, 1)
    if params["scale"] == "normalised":
        degree = degree / max(values.values())
    for level in params["levels"]:
        if "max_share" in level and level["code"] in counts:
            over = counts[level["code"]] > cast * number(level["max_share"])
            context.flag(over.truth, "panel.quota", f"“{level['code']}”票超过规定比例 {level['max_share']}")
    return _Share(degree, cast > 0)


def _valid(context: LeafContext, params: Params, rater: Params, share: _Share) -> _Share:
    """The class with too few raters blocked, zero or left out."""
    rule = params.get("validity")
    place = params["raters"].index(rater)
    if not rule or "average" in rater:
        return share
    count = context.noted(f"raters{place}")
    enough = count >= int(rule.get("min_raters", 1))
    if "min_turnout" in rule and "expected" in rater:
        enough = enough & (count >= context.number(text(rater["expected"])) * number(rule["min_turnout"]))
    context.flag((~enough).truth, "panel.validity", f"“{rater['title']}”参评人数不足")
    if rule["otherwise"] == "zero":
        return _Share(where(enough, share.degree, 0), Mask(share.present.truth | ~enough.truth))
    if rule["otherwise"] == "not_applicable":
        return _Share(share.degree, share.present & enough)
    return _Share(
        where(enough, share.degree, Vec.unavailable(State.MISSING, context.size)), share.present | ~enough
    )


def _remarks(context: LeafContext, params: Params, full: Vec, points: Vec, checks: Sequence[Mask]) -> None:
    """Full marks in spite of a failing check need a written reason (rules.md CV-12)."""
    if not checks or params["mode"] != "judged":
        return
    every = checks[0]
    for mask in checks[1:]:
        every = every & mask
    context.flag(((points >= full) & ~every).truth, "panel.reason", "有核查点不符合却给满分，须写明理由")


def _explain_raters(reader: Reader, params: Params, lines: list[str]) -> Account:
    terms = []
    for place, rater in enumerate(params["raters"]):
        if reader.value(f"present{place}") is not True:
            lines.append(f"{rater['title']}：无人打分")
            continue
        if "ballots" in rater:
            votes = "、".join(
                f"{code} {reader.text(f'ballots{place}.{code}')} 票" for code in rater["ballots"]
            )
            lines.append(f"{rater['title']}：{votes}，折合 {reader.text(f'degree{place}')}")
        else:
            how = in_words(rater.get("aggregate", params["aggregate"]))
            mark = reader.text(f"mark{place}") if reader.has(f"mark{place}") else ""
            lines.append(f"{rater['title']}：{how} {mark}，折合 {reader.text(f'degree{place}')}")
        terms.append((reader.text(f"weight{place}"), reader.text(f"degree{place}")))
    if len(terms) == 1:
        return Account(f"{reader.text('max')} × {terms[0][1]}", tuple(lines))
    weighted = " + ".join(f"{weight}×{degree}" for weight, degree in terms)
    weights = " + ".join(str(weight) for weight, _ in terms)
    return Account(f"{reader.text('max')} × （{weighted}） ÷ （{weights}）", tuple(lines))
