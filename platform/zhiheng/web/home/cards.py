"""What the workbench shows (工作台内容), gathered per kind of tenant from selectors."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

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

    @property
    def steps_left(self) -> int:
        """How many first steps are still to do."""
        return sum(not step.done for step in self.first_steps)


def cards_for(request: HttpRequest) -> Board:
    """The workbench of this person."""
    tenant: Any = getattr(request, "tenant", None)
    kind = tenant.get_tenant_type() if tenant else ""
    del kind
    return Board()
