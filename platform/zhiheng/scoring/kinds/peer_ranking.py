"""peer_ranking.1 组内排名: places in the group, tie-break chain, ties (rules.md part 4, CV-3, CV-9)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Account, Issue, Params, Points, Reader, Use
from zhiheng.scoring.exact import Vec, group_count, where
from zhiheng.scoring.exact.masks import Mask
from zhiheng.scoring.ordering import refined_rank, tied, with_ties
from zhiheng.scoring.outcome_contract import OutcomeContext, Ranking
from zhiheng.scoring.parameters import text, tie_uses
from zhiheng.scoring.schema import kind_schema


class PeerRanking:
    """组内排名: by total (published or exact), then by the keys of the chain."""

    stage = "ranking"
    title = "组内排名"
    schema = kind_schema("peer_ranking.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """The key and the chain."""
        uses = [Use("by", text(params["by"]))] if "by" in params else []
        return uses + tie_uses("tie_break", params.get("tie_break"))

    def evaluate(self, context: OutcomeContext, params: Params) -> Ranking:
        """Ranks of all units."""
        groups = context.partition(params["among"])
        peers = _members(context, params)
        first = (
            context.number(text(params["by"]))
            if "by" in params
            else context.score(params.get("rank_on", context.rank_on))
        )
        keys = [(_last(context, first.size), True)] if _has_last(context) else []
        keys.append((first, params["order"] == "higher"))
        plain = refined_rank(keys, groups, peers)
        chain = [
            (context.number(text(step["by"])), step.get("order", "higher") == "higher")
            for step in params.get("tie_break", ())
        ]
        rank = refined_rank([*keys, *chain], groups, peers)
        even = tied(rank, groups, peers)
        context.note("score", first)
        context.note("broken", Mask(tied(plain, groups, peers) & ~even))
        context.note("even", Mask(even))
        ties = "competition" if params["ties"] == "pending" else params["ties"]
        pending = even if params["ties"] == "pending" else np.zeros(first.size, dtype=bool)
        count = group_count(Vec.constant(1, first.size), groups, peers)
        shown = with_ties(rank, groups, peers, ties)
        context.note("rank", shown)
        context.note("count", count)
        return Ranking(shown, count, pending)

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """`3 / 13`, and how a tie was decided."""
        lines = []
        if reader.value("broken") is True:
            names = "、".join(str(step.get("title") or step["by"]) for step in params.get("tie_break", ()))
            lines.append(f"得分相同，依次比较：{names}")
        if reader.value("even") is True:
            lines.append("仍并列" + ("，待集体决定" if params["ties"] == "pending" else ""))
        return Account(f"第 {reader.text('rank')} 名，共 {reader.text('count')} 个单位", tuple(lines))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Ties that nothing decides."""
        if not params.get("tie_break") and params["ties"] == "competition":
            return [
                Issue(
                    "ranking.ties",
                    "tie_break",
                    "没有规定并列时如何处理。",
                    "如文件有规定，请填写 tie_break；否则并列同名次。",
                    "info",
                )
            ]
        return []


def _members(context: OutcomeContext, params: Params) -> Any:
    out = _effect(context, "exclude")
    if params["members"] == "exclude_vetoed":
        out = out | context.vetoed
    return ~out


def _effect(context: OutcomeContext, wanted: str) -> Any:
    hit = np.zeros(context.size, dtype=bool)
    for gate in context.gates.values():
        if gate.effects.get("ranking") == wanted:
            hit |= gate.hit.truth
    return hit


def _has_last(context: OutcomeContext) -> bool:
    return bool(_effect(context, "last").any())


def _last(context: OutcomeContext, size: int) -> Vec:
    return where(Mask(_effect(context, "last")), 0, Vec.constant(1, size))
