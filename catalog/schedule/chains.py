"""One run of a workflow chain (流程运行): steps open one after another, one copy per unit where a step says so.

A step of the teaching units opens for every unit at once and is done when all have finished their copy; a step of an
outside body cannot be completed by a local account, only recorded (catalogue.md B 2.3 C10-C13, B 5 2, 11, 12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


class NotOpenError(ValueError):
    """The step does not wait for this unit now."""


@dataclass(frozen=True)
class ChainStep:
    """One step: its number in the chain and the actors that must all finish it."""

    no: int
    actors: tuple[str, ...]


@dataclass
class ChainRun:
    """State of one run.  ``members`` maps an actor to the units that stand for it; an actor that is absent is itself one
    unit; ``outside`` are bodies without local accounts, ``recorder`` may note their result."""

    steps: Sequence[ChainStep]
    members: Mapping[str, Sequence[str]]
    outside: frozenset[str] = frozenset()
    recorder: str | None = None
    done: set[tuple[int, str]] = field(default_factory=set)

    def units(self, step: ChainStep) -> list[str]:
        """Units that must finish a step, each once."""
        return list(
            dict.fromkeys(unit for actor in step.actors for unit in self.members.get(actor, (actor,)))
        )

    def current(self) -> ChainStep | None:
        """The first step that is not finished by all its units; None when the run is complete."""
        for step in self.steps:
            if any((step.no, unit) not in self.done for unit in self.units(step)):
                return step
        return None

    def waiting_for(self) -> list[str]:
        """Units that the current step still waits for."""
        step = self.current()
        return [unit for unit in self.units(step) if (step.no, unit) not in self.done] if step else []

    def seen_by(self, unit: str) -> list[int]:
        """Numbers of the steps of which this unit has a copy."""
        return [step.no for step in self.steps if unit in self.units(step)]

    def complete(self, unit: str, *, no: int) -> None:
        """The unit finishes its copy; NotOpenError when the step is not open for it or belongs to an outside body."""
        step = self.current()
        if step is None or step.no != no or unit not in self.waiting_for() or unit in self.outside:
            raise NotOpenError(f"{unit}: {no}")
        self.done.add((no, unit))

    def record(self, body: str, *, no: int, by: str) -> None:
        """The recorder notes that an outside body has acted."""
        step = self.current()
        if step is None or step.no != no or body not in self.outside or by != self.recorder:
            raise NotOpenError(f"{body}: {no}")
        self.done.add((no, body))
