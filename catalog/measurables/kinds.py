"""Measure objects (可衡量要求): six kinds, each with plain data and a one-line notation (catalogue.md A 4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from catalog.schedule.kinds import Monthly, Schedule, TermWeek, YearlyWindow

UNITS = {
    "minute": "min",
    "hour": "h",
    "day": "d",
    "working_day": "wd",
    "week": "week",
    "month": "month",
    "term": "term",
    "school_year": "school year",
    "year": "year",
}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What all kinds share: the words it was read from, the condition it holds under, what a person must answer."""

    kind: ClassVar[str] = ""
    text: str = ""
    condition: str | None = None
    questions: tuple[str, ...] = ()

    def notation(self) -> str:
        """One line, for lists and comparisons."""
        return self._core() + (f" [{self.condition}]" if self.condition else "")

    def to_json(self) -> dict[str, Any]:
        """Plain data: kind, notation, the fields of the kind that are set."""
        data: dict[str, Any] = {"kind": self.kind, "notation": self.notation()}
        for name, value in vars(self).items():
            if isinstance(value, Schedule):
                data[name] = value.to_json()
            elif isinstance(value, Fraction):
                data[name] = plain(value)
            elif value not in (None, "", (), False):
                data[name] = list(value) if isinstance(value, tuple) else value
        return data

    def _core(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Dated(Measure):
    """A date or stretch of the calendar; ``due``: finished by its end, otherwise done within it.

    ``years_later`` counts from the year reported on; ``inherited`` when the term was named by an earlier standard.
    """

    schedule: Schedule
    due: bool = False
    years_later: int = 0
    inherited: str | None = None

    @property
    def kind(self) -> str:  # type: ignore[override]
        """``due`` or ``window``."""
        return "due" if self.due else "window"

    def _core(self) -> str:
        later = f" year+{self.years_later}" if self.years_later else ""
        term = f" [c: {self.inherited}]" if self.inherited else ""
        return f"{self.kind}{later} {when(self.schedule, due=self.due)}{term}"


@dataclass(frozen=True, kw_only=True)
class Lapse(Measure):
    """So long at most ``after`` an event, at least ``before`` it, or at most ahead of it (``within_before``).

    ``event`` is None when the text names none.
    """

    kind: ClassVar[str] = "lapse"
    side: str
    amount: Fraction
    unit: str
    event: str | None = None

    def _core(self) -> str:
        sign = ">=" if self.side == "before" else "<="
        return f"{self.side}({self.event or '?'}) {sign} {plain(self.amount)} {UNITS[self.unit]}"


@dataclass(frozen=True, kw_only=True)
class Frequency(Measure):
    """``times`` at least in every ``every`` units."""

    kind: ClassVar[str] = "frequency"
    times: Fraction
    unit: str
    every: int = 1

    def _core(self) -> str:
        span = UNITS[self.unit] if self.every == 1 else f"{self.every} {UNITS[self.unit]}"
        return f"freq >= {plain(self.times)}/{span}"


@dataclass(frozen=True, kw_only=True)
class Limit(Measure):
    """A figure held against a limit: ``metric`` ``sign`` ``value`` ``unit``, as a share of ``base`` where named.

    ``metric`` is the word as printed, ``code`` its common name; ``subject`` whose figure it is; ``per`` the period.
    ``compared_with`` replaces the value where the college's own past is the limit (上年).
    """

    kind: ClassVar[str] = "limit"
    metric: str
    sign: str
    value: Fraction | None = None
    unit: str = ""
    code: str | None = None
    subject: str | None = None
    base: str | None = None
    per: str | None = None
    mean: bool = False
    approximate: bool = False
    compared_with: str | None = None

    def _core(self) -> str:
        amount = self.compared_with or f"{plain(self.value or Fraction(0))} {self.unit}".strip()
        base = f" of {self.base}" if self.base else ""
        per = f" per {self.per}" if self.per else ""
        per += " (about)" if self.approximate else ""
        return (
            f"{self.code or self.metric} {self.sign} {amount}{base}{per}{' on average' if self.mean else ''}"
        )


@dataclass(frozen=True, kw_only=True)
class Hours(Measure):
    """Hours in which a service is open, HH:MM."""

    kind: ClassVar[str] = "service_hours"
    start: str
    end: str
    days: str | None = None

    def _core(self) -> str:
        return f"service_hours {self.days or '?'} {self.start}-{self.end}"


def plain(value: Fraction) -> str:
    """A figure as people write it: 5, 0.72, 2/3."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return f"{float(value):.10g}" if rest == 1 else str(value)


def when(schedule: Schedule, *, due: bool) -> str:
    """A schedule in one line."""
    if isinstance(schedule, YearlyWindow):
        every = "yearly" if schedule.every_years == 1 else f"every {schedule.every_years} years"
        if schedule.season:
            return f"{every} {schedule.season}"
        one = due or schedule.start == schedule.end
        return f"{every} {schedule.end}" if one else f"{every} {schedule.start}..{schedule.end or '?'}"
    if isinstance(schedule, TermWeek):
        return f"{'' if schedule.terms == 'every' else schedule.terms + ' '}term {_weeks(schedule)}"
    if isinstance(schedule, Monthly) and schedule.days:
        return f"monthly day {','.join(map(str, schedule.days))}"
    if isinstance(schedule, Monthly):
        return f"months {','.join(map(str, schedule.months))}"
    return schedule.kind


def _weeks(schedule: TermWeek) -> str:
    if not schedule.weeks:
        return schedule.anchor or "?"
    first, last = schedule.weeks[0], schedule.weeks[-1]
    listed = list(schedule.weeks) != list(range(first, last + 1))
    named = (
        ",".join(map(str, schedule.weeks)) if listed else f"{first}-{last}" if first != last else f"{first}"
    )
    return f"week {named}" if first > 0 else f"{schedule.anchor} week {named.replace('--', '..-')}"


QUESTIONS: dict[str, str] = {
    "event": "没有写从哪件事起算，请补充。",
    "sign": "只写了数字，没有写“不低于”或“不超过”，请确认。",
}
