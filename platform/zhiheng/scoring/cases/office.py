"""Cases of services and of the quality office: dates, draws, register filters, diagnosis, supervision."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from zhiheng.scoring.cases.bench import Case, points_found, run
from zhiheng.scoring.cases.model import UNIT, CaseError, Found, Sheet
from zhiheng.scoring.scheme.numbers import fraction
from zhiheng.scoring.services import calendar, quality, registers, sampling
from zhiheng.scoring.services.registers import Achievement

Inputs = Mapping[str, Any]


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def _word(reading: Any, *names: str, default: str = "") -> str:
    """The value of the first of these readings that the case chose."""
    chosen = reading if isinstance(reading, Mapping) else {}
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise CaseError(f"无法识别的理解“{'、'.join(map(str, unknown))}”")
    return next((str(chosen[name]) for name in names if name in chosen), default)


def rectification_date(case: Case) -> Found:
    """JZU-B1."""
    word = _word(case.reading, "week", "weeks", "deadline", "friday", default="next")
    week: calendar.WeekReading = "second_full" if word.startswith(("second", "full")) else "next"
    return Found(None, {"due": calendar.rectification_due(_day(case.inputs["bulletin"]), week=week)})


def revision(case: Case) -> Found:
    """PEO-1."""
    tolerance = _word(
        case.reading, "tolerance_days", "tolerance", default=str(case.inputs.get("tolerance_days", 0))
    )
    check = calendar.revision_check(
        _day(case.inputs["adopted"]), cycle_months=int(case.inputs.get("cycle_months", 36)), tolerance_days=int(tolerance),
        revised=_day(case.inputs["revised"]) if case.inputs.get("revised") else None,
        today=_day(case.inputs["today"]) if case.inputs.get("today") else None,
    )  # fmt: skip
    return Found(
        None,
        {
            "due": check.due, "deviation_report_needed": check.deviation_report_needed, "warn_from": check.warn_from,
            "warn_on": check.warn_from, "deviation_days": check.deviation_days, "overdue": check.overdue,
        },
    )  # fmt: skip


def diagnosis(case: Case) -> Found:
    """PEO-2."""
    chosen = dict(case.reading) if isinstance(case.reading, Mapping) else {}
    low = chosen.pop("low", chosen.pop("last", chosen.pop("share", chosen.pop("rank", None))))
    fall_word = str(chosen.pop("fall", chosen.pop("falling", chosen.pop("down", chosen.pop("downward", "")))))
    delta = chosen.pop("delta", chosen.pop("δ", case.inputs.get("delta")))
    if chosen:
        raise CaseError(f"无法识别的理解“{'、'.join(chosen)}”")
    share = _share(low if low is not None else case.inputs.get("share"))
    fall: quality.Fall = (
        "more_than" if delta is not None else "two_in_a_row" if "two" in fall_word else "last_year"
    )
    items = [quality.ItemSeries(str(entry["item"]), _series(entry)) for entry in case.inputs["items"]]
    flagged = quality.flagged_items(
        items,
        last=int(case.inputs.get("k", 3)),
        share=share,
        fall=fall,
        delta=fraction(delta) if delta is not None else Fraction(0),
    )
    return Found(None, {"flagged": list(flagged)})


def _share(value: Any) -> Fraction | None:
    if value is None:
        return None
    text = str(value).lower().removeprefix("last").replace("percent", "%").replace(" ", "").replace("_", "")
    return fraction(text) if any(sign in text for sign in "%./") else None


def _series(entry: Mapping[str, Any]) -> tuple[Fraction, ...]:
    if "scores" in entry:
        return tuple(map(fraction, entry["scores"]))
    names = ("before_previous", "earlier", "previous_2", "before", "previous", "current")
    return tuple(fraction(entry[name]) for name in names if entry.get(name) is not None)


_PARTIES = {"supervisor": "督导", "peer": "同行", "student": "学生"}


def three_party(case: Case) -> Found:
    """PEO-3: the composite of the quality office's scheme with the weights of the case."""
    raters = [
        {
            "code": code,
            "title": title,
            "weight": str(case.inputs["weights"].get(code, case.inputs["weights"].get(title, 0))),
            "scores": f"[{title}评分]",
        }
        for code, title in _PARTIES.items()
    ]
    scheme = case.bench.scheme("PEO", {}, {"composite": {"params": {"input_max": 100, "raters": raters}}})
    sheet = Sheet()
    sheet.add(
        UNIT,
        "teacher",
        {
            f"composite.{party}": case.inputs["scores"].get(party, case.inputs["scores"].get(title)) or []
            for party, title in _PARTIES.items()
        },
    )
    return points_found(run(scheme, sheet, ["composite"]), "composite", UNIT)


def incident_rate(case: Case) -> Found:
    """PEO-4."""
    hours = fraction(case.inputs["class_hours"])
    if hours == 0:
        return Found(None, {"blocked": True, "not_applicable": True})
    rate = quality.incident_rate(int(case.inputs["incidents"]), hours)
    word = _word(case.reading, "limit", "warning_limit")
    limit = word or case.inputs.get("limit", case.inputs.get("warning_limit"))
    return Found(
        rate, {"warning": quality.is_warning(rate, limit=None if limit is None else fraction(limit))}
    )


def supervision(case: Case) -> Found:
    """PEO-6."""
    check = quality.quota_check(
        [fraction(item) for item in case.inputs.get("hours", ())], case.inputs.get("group_visits") or {}
    )
    missing = [list(pair) for pair in check.missing_visits]
    met = dict.fromkeys(("hours_met", "hours_quota_met", "hours_ok"), check.hours_met)
    visits = dict.fromkeys(("missing_visits", "missing", "visits_missing"), missing)
    both = dict.fromkeys(("quota_met", "all_met"), check.hours_met and not missing)
    return Found(check.hours, {**met, **visits, **both, "visits_met": not missing})


def draw_size(case: Case) -> Found:
    """PEO-8, PEO-13."""
    population = case.inputs.get(
        "strata", case.inputs.get("population", case.inputs.get("N", case.inputs.get("n")))
    )
    strata = population.values() if isinstance(population, Mapping) else [population]
    sizes = [len(stratum) if isinstance(stratum, list) else int(stratum) for stratum in strata]
    if "size" in case.inputs:
        return Found(Fraction(min(int(case.inputs["size"]), sum(sizes))))
    return Found(Fraction(sum(sampling.sample_size(size, fraction(case.inputs["share"])) for size in sizes)))


def first_role(case: Case) -> Found:
    """LYG-06: the weights of what remains after the filter on roles."""
    split = _word(case.reading, "joint", "joint_units", default="first_only").startswith("split")
    kept = registers.first_role_only(
        map(_achievement, case.inputs["items"]), joint="split" if split else "first_only"
    )
    return Found(sum((entry.weight for entry in kept), Fraction(0)))


def in_period(case: Case) -> Found:
    """LYG-07: the weights of what falls into the period, one item counting once."""
    both = _word(case.reading, "same_item_twice", default="once") == "both"
    period = case.bench.template("LYG")["period"]
    closing = case.inputs.get(
        "enrolment_closed", case.inputs.get("admission_closes", case.inputs.get("enrolment_until"))
    )
    extended = {"enrolment": _day(closing)} if closing else None
    kept = registers.in_period(
        map(_achievement, case.inputs["items"]),
        first=_day(period["from"]),
        last=_day(period["to"]),
        extended=extended,
    )
    counted = kept if both else registers.highest_only(kept)
    return Found(sum((entry.weight for entry in counted), Fraction(0)))


_LEADING = frozenset({"first", "first_author", "host", "winner", "lead", "第一作者", "主持人", "获奖人"})


def _role(item: Mapping[str, Any]) -> str:
    """First author, host or winner of the unit; a first author of somewhere else is nobody's here."""
    outside = item.get("outside") or item.get("own_unit") is False
    role = str(item.get("role", "first"))
    return "outside" if outside else "first" if role in _LEADING else role


def _achievement(item: Mapping[str, Any]) -> Achievement:
    return Achievement(
        weight=fraction(item.get("w", item.get("weight"))), role=_role(item),
        happened_on=_day(item["date"]) if item.get("date") else None, item=str(item.get("item", "")),
        topic=str(item.get("topic", item.get("kind", "enrolment" if item.get("enrolment") else ""))),
        units=int(item.get("units", 1)),
    )  # fmt: skip


HANDLERS: Mapping[str, Callable[[Case], Found]] = {
    "JZU-B1": rectification_date, "LYG-06": first_role, "LYG-07": in_period, "PEO-1": revision, "PEO-2": diagnosis,
    "PEO-3": three_party, "PEO-4": incident_rate, "PEO-6": supervision, "PEO-8": draw_size, "PEO-13": draw_size,
}  # fmt: skip
