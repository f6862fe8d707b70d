"""Schedule objects (日程规则): seven kinds, each with plain data out and in (catalogue.md B 4)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

Season = Literal["spring", "autumn", "summer_holiday", "winter_holiday"]
ANCHORS = ("term_start", "mid_term", "term_end", "whole_term", "before_term_start")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What all kinds share: the words it was read from, a label or phase, doubts and other readings.

    ``questions`` are codes of what a person must answer before dates may be made or trusted.
    """

    kind: ClassVar[str] = ""
    text: str = ""
    label: str | None = None
    phase: str | None = None
    questions: tuple[str, ...] = ()
    accept: tuple[tuple[tuple[str, Any], ...], ...] = ()
    note: str | None = None

    @property
    def ambiguous(self) -> bool:
        """Is there another reading that a person may choose?"""
        return bool(self.accept and self.questions)

    def to_json(self) -> dict[str, Any]:
        """Plain data: kind, the fields of the kind, and whatever else is set."""
        data: dict[str, Any] = {"kind": self.kind}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ALWAYS.get(self.kind, ()) or (
                value not in (None, "", (), False) and field.name != "accept"
            ):
                data[field.name] = list(value) if isinstance(value, tuple) else value
        if self.accept:
            data["accept"] = [dict(reading) for reading in self.accept]
        if self.ambiguous:
            data["ambiguous"] = True
        return data


@dataclass(frozen=True, kw_only=True)
class YearlyWindow(Schedule):
    """From ``start`` to ``end`` (MM-DD, both included) every year; a season has no dates until a person gives them.

    ``start`` alone may be None for a deadline.  ``crosses_year``: the end lies in the next calendar year.
    """

    kind: ClassVar[str] = "yearly_window"
    start: str | None = None
    end: str | None = None
    season: Season | None = None
    crosses_year: bool = False
    deadline: bool = False
    all_year: bool = False
    every_years: int = 1
    confirm_by_notice: bool = False

    def to_json(self) -> dict[str, Any]:
        """As for all kinds; once a year is not written out."""
        data = super().to_json()
        if self.every_years == 1:
            data.pop("every_years", None)
        return data


@dataclass(frozen=True, kw_only=True)
class TermWeek(Schedule):
    """Teaching weeks of a term, or a point of it; ``weeks`` count from 1, negative ones back from the anchor."""

    kind: ClassVar[str] = "term_week"
    weeks: tuple[int, ...] = ()
    anchor: str | None = None
    terms: str = "every"
    times_per_year: int | None = None


@dataclass(frozen=True, kw_only=True)
class Interval(Schedule):
    """Again after a number of days, weeks of term, months or years; ``times`` is how often within that unit."""

    kind: ClassVar[str] = "interval"
    every_days: int | None = None
    every_weeks: int | None = None
    every_months: int | None = None
    every_years: int | None = None
    every_terms: int | None = None
    unit: str | None = None
    terms: str | None = None
    times: int | None = None


@dataclass(frozen=True, kw_only=True)
class Monthly(Schedule):
    """In given months of the year, or every month, on ``days`` where the text names them."""

    kind: ClassVar[str] = "monthly"
    months: tuple[int, ...] = ()
    every_months: int | None = None
    days: tuple[int, ...] = ()
    times: int | None = None
    deadline: bool = False


@dataclass(frozen=True, kw_only=True)
class MultiYear(Schedule):
    """A cycle of several years from a base year that a person gives; or one stretch that does not come back."""

    kind: ClassVar[str] = "multi_year"
    every_years: int | None = None
    years: int | None = None
    base_year: int | None = None
    recurs: bool = True


@dataclass(frozen=True, kw_only=True)
class ByNotice(Schedule):
    """The date comes by notice, plan or another item; nothing is placed before (按通知)."""

    kind: ClassVar[str] = "by_notice"
    relative_to: str | None = None
    offset: str | None = None


@dataclass(frozen=True, kw_only=True)
class AdHoc(Schedule):
    """Whenever a case arises; ``continuous`` marks standing work (日常)."""

    kind: ClassVar[str] = "adhoc"
    continuous: bool = False


ALWAYS: dict[str, tuple[str, ...]] = {
    "yearly_window": ("start", "end"),
    "term_week": ("weeks", "terms"),
    "multi_year": ("every_years", "base_year", "recurs"),
    "adhoc": ("continuous",),
}
KINDS: dict[str, type[Schedule]] = {
    kind.kind: kind for kind in (YearlyWindow, TermWeek, Interval, Monthly, MultiYear, ByNotice, AdHoc)
}


def from_json(data: dict[str, Any]) -> Schedule:
    """The schedule of ``to_json`` data; ValueError for an unknown kind.  Unknown keys are ignored."""
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise ValueError(f"unknown schedule kind: {data.get('kind')!r}")
    known = {field.name for field in fields(kind)}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in known
    }
    if "accept" in values:
        values["accept"] = tuple(tuple(reading.items()) for reading in data["accept"])
    return kind(**values)


QUESTIONS: dict[str, str] = {
    "dates": "写了季节没有写日期，请给出起止日期。",
    "notice": "日期以通知为准，请在通知到达后填写。",
    "expected_only": "这是预计时间，具体以通知为准。",
    "first_or_before": "可以读作“该月前两周”，也可以读作“该月之前两周”，请选择。",
    "which_term": "没有写哪个学期，暂按每学期。",
    "restart": "没有写是否跨学期连续计，暂按每学期重新起算。",
    "calendar": "需要校历的教学周数。",
    "middle_week": "需要校历的期中周次。",
    "month_end": "“某月前完成”可读作该月之前或该月底之前，请选择。",
    "holiday_months": "寒暑假月份是否照常，请确认。",
    "days_in_month": "月内具体日期以通知为准。",
    "floating_week": "“某月第几周”有几种算法，请确认起止日期。",
    "base_year": "请给出周期从哪一年算起。",
    "first_or_two_before": "可以读作“开学之前几周”，也可以读作“开学后的前几周”，请选择。",
    "no_period": "写了“定期”没有写周期，请给出周期。",
    "session_or_term": "“第二期”可指第二学期，也可指第二批，请确认。",
    "case": "有事项发生时才办理，不预排日期。",
    "unread": "没有读懂这段时间，请填写。",
    "once_a_year": "每学年一次还是每学期一次，请确认。",
}
