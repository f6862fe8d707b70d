"""Timeline of a year (年度进程): steps in order, what is done, where we are, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhiheng.web.show import show_period

State = Literal["done", "now", "next"]


@dataclass(frozen=True)
class Step:
    """One step of the year with its days and one short note (24/24家已交)."""

    label: str
    start: date | None
    end: date | None
    state: State
    note: str = ""
    href: str = ""

    @property
    def period(self) -> str:
        """11月16日—27日, or nothing where the days are not known."""
        return show_period(self.start, self.end) if self.start and self.end else ""

    @property
    def icon(self) -> str:
        """Tick, progress ring or dashed ring."""
        return {"done": "circle-check", "now": "progress", "next": "circle-dashed"}[self.state]

    def share_gone(self, today: date) -> int:
        """How many hundredths of the step's days are over at noon of ``today``; a half where the days are not known."""
        if self.start is None or self.end is None:
            return 50
        days = (self.end - self.start).days + 1
        gone = (today - self.start).days
        return max(2, min(98, (gone * 2 + 1) * 50 // days))


@dataclass(frozen=True)
class YearLine:
    """Steps of one year as the template needs them."""

    year: int
    steps: Sequence[Step]
    today: date
    href: str = ""

    @property
    def position(self) -> int:
        """Number of the step we are in, counted from 1; 0 before the first, len when all is done."""
        for number, step in enumerate(self.steps, start=1):
            if step.state == "now":
                return number
        return sum(step.state == "done" for step in self.steps)

    @property
    def current(self) -> Step | None:
        """The step we are in."""
        return next((s for s in self.steps if s.state == "now"), None)

    @property
    def previous(self) -> Step | None:
        """The last finished step."""
        return next((s for s in reversed(self.steps) if s.state == "done"), None)

    @property
    def following(self) -> Step | None:
        """The next step."""
        return next((s for s in self.steps if s.state == "next"), None)

    @property
    def share_gone(self) -> int:
        """Hundredths of the current step that are over."""
        return self.current.share_gone(self.today) if self.current else 0

    @property
    def percent(self) -> int:
        """Hundredths of the year's steps that are over, for the phone's bar."""
        if not self.steps:
            return 0
        done = sum(s.state == "done" for s in self.steps)
        return (done * 100 + self.share_gone) // len(self.steps)
