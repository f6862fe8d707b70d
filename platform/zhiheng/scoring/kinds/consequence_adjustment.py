"""consequence_adjustment.1 结果运用: money, quotas, streaks, cases that follow from grades and awards (LYG-G5..G8, JZU-G8..G11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from zhiheng.scoring.contract import Account, Issue, Params, Points, Reader, Use
from zhiheng.scoring.exact import State
from zhiheng.scoring.outcome_contract import Effect, OutcomeContext
from zhiheng.scoring.parameters import number, text
from zhiheng.scoring.quotas import rounded
from zhiheng.scoring.schema import kind_schema

_MONEY = ("pool", "per_head", "heads", "amount", "otherwise")


class ConsequenceAdjustment:
    """结果运用: who is concerned (trigger), and what happens to them (effect)."""

    stage = "consequence"
    title = "结果运用"
    schema = kind_schema("consequence_adjustment.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """Formulas of trigger and effect."""
        trigger, effect = params.get("trigger") or {}, params["effect"]
        uses = [Use("trigger.when", text(trigger["when"]), "condition")] if "when" in trigger else []
        uses += [
            Use(f"effect.{part}", text(effect[part]))
            for part in (*_MONEY, "quota", "term_days")
            if part in effect
        ]
        if "decided_on" in effect:
            uses.append(Use("effect.decided_on", text(effect["decided_on"]), "any"))
        for place, step in enumerate(effect.get("first", ())):
            uses.append(Use(f"effect.first[{place}].per_project", text(step["per_project"])))
        for place, step in enumerate(effect.get("adjust", ())):
            if "when" in step:
                uses.append(Use(f"effect.adjust[{place}].when", text(step["when"]), "condition"))
        return uses

    def evaluate(self, context: OutcomeContext, params: Params) -> Effect:
        """Amounts, quotas, texts or cases."""
        hit = triggered(context, params.get("trigger") or {})
        effect = params["effect"]
        kind = effect["kind"]
        if kind == "money":
            return _money(context, effect, hit)
        if kind == "quota":
            return _quota(context, effect, hit)
        if kind == "case":
            return _case(context, effect, hit)
        texts = {unit: str(effect["text"]) for unit in np.flatnonzero(hit).tolist()}
        return Effect(kind, hit, texts=texts)

    def explain(self, reader: Reader, _params: Params, /) -> Account:
        """What the unit gets and why."""
        return Account(reader.text("result"), (reader.text("reason"),))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Money without a measure to distribute by."""
        effect = params["effect"]
        if effect["kind"] == "money" and "heads" not in effect and "amount" not in effect:
            return [
                Issue(
                    "money.basis",
                    "effect",
                    "没有写按人数还是按单位发放。",
                    "请填写 heads 或 amount。",
                    "error",
                )
            ]
        return []


def triggered(context: OutcomeContext, trigger: Params) -> Any:
    """Units that every stated part of the trigger concerns."""
    hit = np.ones(context.size, dtype=bool)
    if "grades" in trigger and context.grading is not None:
        hit &= np.array([grade in trigger["grades"] for grade in context.grading.grades], dtype=bool)
    if "award" in trigger:
        hit &= _award_winners(context, trigger["award"])
    if "when" in trigger:
        hit &= context.condition(text(trigger["when"])).truth
    if "streak" in trigger:
        hit &= _streak(context, trigger["streak"])
    return hit


def _award_winners(context: OutcomeContext, award: Any) -> Any:
    codes = [award] if isinstance(award, str) else list(award)
    hit = np.zeros(context.size, dtype=bool)
    for code in codes:
        if code in context.selections:
            hit[[winner.unit for winner in context.selections[code].winners]] = True
    return hit


def _streak(context: OutcomeContext, streak: Params) -> Any:
    """Units to which the same thing happened in each of the last years, this one included (LYG-G6)."""
    current = _this_year(context, streak)
    earlier = list(context.history())[: int(streak["years"]) - 1]
    if len(earlier) < int(streak["years"]) - 1:
        return np.zeros(context.size, dtype=bool)
    for year in earlier:
        current &= np.array([_in_year(year.get(code) or {}, streak) for code in context.codes], dtype=bool)
    return current


def _this_year(context: OutcomeContext, streak: Params) -> Any:
    hit = np.ones(context.size, dtype=bool)
    if streak.get("last") and context.ranking is not None:
        hit &= _last_of_group(context, streak)
    if "grade" in streak and context.grading is not None:
        hit &= np.array([grade == streak["grade"] for grade in context.grading.grades], dtype=bool)
    return hit


def _last_of_group(context: OutcomeContext, streak: Params) -> Any:
    ranks = context.ranking.rank.to_list() if context.ranking else []
    worst: dict[str, list[int]] = {}
    for unit, rank in enumerate(ranks):
        if isinstance(rank, State):
            continue
        group = context.group_codes[unit]
        held = worst.get(group)
        best_so_far = ranks[held[0]] if held else None
        if best_so_far is None or isinstance(best_so_far, State) or rank > best_so_far:
            worst[group] = [unit]
        elif rank == best_so_far:
            worst[group].append(unit)
    hit = np.zeros(context.size, dtype=bool)
    for units in worst.values():
        if len(units) == 1 or streak["ties"] == "all":
            hit[units] = True
    return hit


def _in_year(entry: Mapping[str, Any], streak: Params) -> bool:
    last = bool(entry.get("last")) if streak.get("last") else True
    return last and ("grade" not in streak or entry.get("grade") == streak["grade"]) and bool(entry)


@dataclass(slots=True)
class _Purse:
    """奖金: amounts by unit and figures of the whole, filled step by step."""

    context: OutcomeContext
    effect: Params
    units: list[int]
    amounts: dict[int, Fraction] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[int, Fraction]] = field(default_factory=dict)

    def add(self, part: str, unit: int, amount: Fraction) -> None:
        """More money for a unit, on account of a part of the rule."""
        self.amounts[unit] = self.amounts.get(unit, Fraction(0)) + amount
        share = self.parts.setdefault(part, {})
        share[unit] = share.get(unit, Fraction(0)) + amount

    def first(self) -> Fraction:
        """Money that goes out before the distribution by heads, so much per award."""
        spent = Fraction(0)
        for step in self.effect.get("first", ()):
            price = _figure(self.context, step["per_project"])
            selection = self.context.selections.get(step["award"])
            for winner in selection.winners if selection else ():
                self.add("first", winner.unit, price)
                spent += price
        return spent

    def per_head(self, spent: Fraction) -> None:
        """Highest possible rate out of the pool (cut, not rounded), and the amounts at the decided rate."""
        effect = self.effect
        heads = [_plain(value) for value in self.context.number(text(effect["heads"])).to_list()]
        total = sum((heads[unit] for unit in self.units), Fraction(0))
        self.figures["heads"] = total
        if "pool" in effect and total:
            scale = 10 ** int(effect["decimals"])
            rate = Fraction(floor((_figure(self.context, effect["pool"]) - spent) / total * scale), scale)
            self.figures["max_per_head"] = rate
            if "minimum" in effect:
                self.figures["feasible"] = rate >= number(effect["minimum"])
        for unit, price in self._decided():
            self.figures["per_head"] = price
            self.add("per_head", unit, heads[unit] * price)
        if "otherwise" in effect:
            others = self.context.number(text(effect["otherwise"])).to_list()
            for unit in set(range(self.context.size)) - set(self.units):
                self.add("otherwise", unit, _plain(others[unit]))
        if "per_head" in self.figures and "max_per_head" in self.figures:
            self.figures["within_pool"] = self.figures["per_head"] <= self.figures["max_per_head"]

    def _decided(self) -> list[tuple[int, Fraction]]:
        if "per_head" not in self.effect:
            return []
        prices = self.context.number(text(self.effect["per_head"])).to_list()
        return [(unit, price) for unit in self.units if not isinstance(price := prices[unit], State)]

    def stated(self, hit: Any) -> None:
        """A stated amount for the units concerned, another for the rest."""
        amounts = self.context.number(text(self.effect["amount"])).to_list()
        others = self.context.number(text(self.effect.get("otherwise", 0))).to_list()
        for unit in range(self.context.size):
            self.add("stated", unit, _plain(amounts[unit] if hit[unit] else others[unit]))


def _money(context: OutcomeContext, effect: Params, hit: Any) -> Effect:
    purse = _Purse(context, effect, np.flatnonzero(hit).tolist())
    spent = purse.first()
    if "heads" in effect:
        purse.per_head(spent)
    if "amount" in effect:
        purse.stated(hit)
    purse.figures["total"] = sum(purse.amounts.values(), Fraction(0))
    if "pool" in effect:
        purse.figures["pool"] = _figure(context, effect["pool"])
        purse.figures["rest"] = purse.figures["pool"] - purse.figures["total"]
    return Effect("money", hit, purse.amounts, purse.figures, parts=purse.parts)


def _quota(context: OutcomeContext, effect: Params, hit: Any) -> Effect:
    """Quotas up or down by a share of themselves, at least so many, never below the floor (JZU-G9 to G11)."""
    quotas = context.number(text(effect["quota"])).to_list()
    changes = {n: triggered(context, step) & hit for n, step in enumerate(effect.get("adjust", ()))}
    amounts: dict[int, Fraction] = {}
    for unit, quota in enumerate(quotas):
        if isinstance(quota, State):
            continue
        change = sum(
            (_change(quota, step) for n, step in enumerate(effect.get("adjust", ())) if changes[n][unit]),
            Fraction(0),
        )
        amounts[unit] = max(quota + change, number(effect["floor"]))
    return Effect("quota", hit, amounts, {"next_year": effect["next_year"]})


def _change(quota: Fraction, step: Params) -> Fraction:
    share = number(step["share"])
    size = max(number(step["minimum"]), Fraction(rounded(abs(share) * quota, step["rounding"])))
    return size if share > 0 else -size


def _case(context: OutcomeContext, effect: Params, hit: Any) -> Effect:
    cases: dict[int, Mapping[str, Any]] = {}
    decided = context.number(text(effect["decided_on"])).to_list() if "decided_on" in effect else None
    terms = context.number(text(effect["term_days"])).to_list() if "term_days" in effect else None
    for unit in np.flatnonzero(hit).tolist():
        start, term = (decided[unit] if decided else None), (terms[unit] if terms else None)
        entry: dict[str, Any] = {"case": effect["case"]}
        if isinstance(start, Fraction):
            entry["decided_on"] = date.fromordinal(int(start)).isoformat()
        if isinstance(start, Fraction) and isinstance(term, Fraction):
            entry["due"] = (date.fromordinal(int(start)) + timedelta(days=int(term))).isoformat()
        cases[unit] = entry
    return Effect("case", hit, cases=cases)


def _figure(context: OutcomeContext, value: Any) -> Fraction:
    """A figure of the whole college."""
    found = context.number(text(value)).to_list()
    known = [item for item in found if not isinstance(item, State)]
    return known[0] if known else Fraction(0)


def _plain(value: Fraction | State) -> Fraction:
    return Fraction(0) if isinstance(value, State) else value
