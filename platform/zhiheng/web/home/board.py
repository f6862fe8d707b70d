"""What a workbench consists of (工作台内容): heading, year line, things that wait, panels."""

from dataclasses import dataclass, field
from typing import Any

from zhiheng.web.timeline import YearLine


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the person: what, why now, where to do it (verb as button)."""

    title: str
    text: str
    href: str
    verb: str
    icon: str = "clipboard-text"
    urgent: bool = False


@dataclass(frozen=True)
class FirstStep:
    """One step of setting up, with whether it is done."""

    title: str
    text: str
    href: str
    verb: str
    done: bool


@dataclass
class Board:
    """The whole workbench."""

    heading: str = ""
    lead: str = ""
    year_line: YearLine | None = None
    todos: list[Todo] = field(default_factory=list)
    first_steps: list[FirstStep] = field(default_factory=list)
    panels: list[str] = field(default_factory=list)
    """Templates of further panels, in order; they read the fields below."""
    cycle: Any = None
    matrix: Any = None
    grids: list[Any] = field(default_factory=list)
    result_cycle: Any = None
    rankings: list[Any] = field(default_factory=list)
    looks: dict[str, Any] = field(default_factory=dict)
    own: Any = None

    @property
    def steps_left(self) -> int:
        """How many first steps are still to do."""
        return sum(not step.done for step in self.first_steps)
