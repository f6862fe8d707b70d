"""award_selection.1 评选: units or entries that win by eligibility, by score within a limit, or by decision (JZU-G5, G6, LYG-G7)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from zhiheng.scoring.contract import Account, Issue, Params, Points, Reader, Use
from zhiheng.scoring.exact import State, Vec
from zhiheng.scoring.outcome_contract import OutcomeContext, Selection, Winner
from zhiheng.scoring.parameters import number, text, tie_uses
from zhiheng.scoring.schema import kind_schema

_LOWEST = Fraction(-(10**15))


class AwardSelection:
    """评选: barred units are left out; their places pass on unless the parameters say otherwise."""

    stage = "award"
    title = "评选"
    schema = kind_schema("award_selection.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Conditions and keys; for entries they are evaluated row by row."""
        register = params.get("register", "") if params["subject"] == "entries" else ""
        uses = [Use("eligible", text(params["eligible"]), "condition", register=register)]
        if "selected" in params:
            uses.append(Use("selected", text(params["selected"]), "condition", register=register))
        if "by" in params:
            uses.append(Use("by", text(params["by"]), "number", register=register))
        if "bonus" in params:
            uses.append(Use("bonus", text(params["bonus"]), "number", register=register))
        chain = tie_uses("tie_break", params.get("tie_break"))
        return uses + [Use(use.place, use.text, use.expected, use.names, register) for use in chain]

    def evaluate(self, context: OutcomeContext, params: Params) -> Selection:
        """Winners in order, pending ties, and those a gate keeps out."""
        entries = params["subject"] == "entries"
        rows: Any = context.rows(params["register"], params.get("subject_field", "")) if entries else context
        owners = list(rows.units) if entries else list(range(context.size))
        names = list(rows.subjects) if entries else list(context.codes)
        keys = _keys(rows, params)
        eligible = _eligible(context, rows, params)
        barred = context.barred(str(params.get("code", ""))) if params["barred"] else None
        everyone = [Winner(owners[row], names[row], _shown(keys[row])) for row in range(len(owners))]
        out = [
            row for row in range(len(owners)) if eligible[row] and barred is not None and barred[owners[row]]
        ]
        if params["pass_on"]:
            pool = [row for row in range(len(owners)) if eligible[row] and row not in out]
            chosen, tie = _choose(params, pool, keys, everyone)
        else:
            pool = [row for row in range(len(owners)) if eligible[row]]
            chosen, tie = _choose(params, pool, keys, everyone)
            chosen, tie = [r for r in chosen if r not in out], [r for r in tie if r not in out]
        return Selection(
            tuple(everyone[row] for row in chosen), tuple(everyone[row] for row in tie),
            _bonus(rows, params, chosen), params.get("recommend", ""), tuple(everyone[row] for row in out),
        )  # fmt: skip

    def explain(self, reader: Reader, _params: Params, /) -> Account:
        """Why the unit won or not."""
        return Account(reader.text("result"), (reader.text("reason"),))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Settings that contradict one another."""
        found = []
        if params["select"] == "top" and "limit" not in params:
            found.append(
                Issue("award.limit", "limit", "按分数取前若干名，但没有写名额。", "请填写 limit。", "error")
            )
        if params["select"] == "top" and params["subject"] == "entries" and "by" not in params:
            found.append(
                Issue("award.by", "by", "按分数评选项目，但没有写依据哪个分数。", "请填写 by。", "error")
            )
        if params["subject"] == "entries" and "register" not in params:
            found.append(
                Issue(
                    "award.register", "register", "评选项目，但没有写申报登记。", "请填写 register。", "error"
                )
            )
        return found


def _keys(rows: Any, params: Params) -> list[tuple[Fraction, ...]]:
    """Sort keys of every subject, higher first; a missing score comes last."""
    texts = [(text(params["by"]), 1)] if "by" in params else []
    texts += [
        (text(step["by"]), 1 if step.get("order", "higher") == "higher" else -1)
        for step in params.get("tie_break", ())
    ]
    columns = [[_key(value, sign) for value in rows.number(item).to_list()] for item, sign in texts]
    if not texts:
        columns = [[Fraction(0)] * rows.size]
    return list(zip(*columns, strict=True))


def _key(value: Fraction | State, sign: int) -> Fraction:
    return _LOWEST if isinstance(value, State) else value * sign


def _shown(key: tuple[Fraction, ...]) -> Fraction | None:
    return None if key[0] in (_LOWEST, 0) else key[0]


def _eligible(context: OutcomeContext, rows: Any, params: Params) -> list[bool]:
    mask = rows.condition(text(params["eligible"]))
    if params["select"] == "decided":
        decided = context.decided_winners()
        if decided is not None:
            names = rows.subjects if params["subject"] == "entries" else context.codes
            return [name in decided for name in names]
        if "selected" not in params:
            return [False] * rows.size
        mask = mask & rows.condition(text(params["selected"]))
    if "min_score" in params and "by" in params:
        mask = mask & (rows.number(text(params["by"])) >= number(params["min_score"]))
    found: list[bool] = mask.truth.tolist()
    return found


def _choose(
    params: Params, pool: list[int], keys: Sequence[tuple[Fraction, ...]], everyone: Sequence[Winner]
) -> tuple[list[int], list[int]]:
    ordered = sorted(pool, key=lambda row: (tuple(-part for part in keys[row]), row))
    if "per_unit" in params:
        ordered = _at_most(ordered, everyone, int(params["per_unit"]))
    limit = int(number(params["limit"])) if "limit" in params else len(ordered)
    if len(ordered) <= limit:
        return ordered, []
    edge = keys[ordered[limit - 1]] if limit else None
    if edge is None or keys[ordered[limit]] != edge:
        return ordered[:limit], []
    sure = [row for row in ordered[:limit] if keys[row] != edge]
    even = [row for row in ordered if keys[row] == edge]
    if params["ties"] == "all":
        return sure + even, []
    return sure, even if params["ties"] == "pending" else []


def _at_most(ordered: list[int], everyone: Sequence[Winner], limit: int) -> list[int]:
    counts: dict[int, int] = {}
    kept = []
    for row in ordered:
        unit = everyone[row].unit
        counts[unit] = counts.get(unit, 0) + 1
        if counts[unit] <= limit:
            kept.append(row)
    return kept


def _bonus(rows: Any, params: Params, chosen: list[int]) -> tuple[Fraction, ...]:
    if "bonus" not in params:
        return ()
    amounts: Vec = rows.number(text(params["bonus"]))
    values = [amounts.exact(row) for row in chosen]
    return tuple(Fraction(0) if isinstance(value, State) else value for value in values)
