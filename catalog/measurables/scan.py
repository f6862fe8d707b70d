"""A standard's text under reading: what is taken by one rule is covered for the next (读取进度)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.measurables.kinds import Measure
from catalog.schedule.words import normalise

COVER = "□"
STOPS = ",;:。!?□\n"
SENTENCE_STOPS = ";。!?\n"
MARKS = re.compile(r"\(\d{1,2}\)(?=[^,;:。)])")


@dataclass
class Scan:
    """Normalised ``text``, ``open`` with the taken parts covered (same length), and what was found with its start."""

    text: str
    open: str
    found: list[tuple[int, Measure]] = field(default_factory=list)

    @classmethod
    def of(cls, raw: str) -> "Scan":
        """A scan of a standard's text; marks of sub-items end a sentence."""
        # "(1)" before words is a mark; its length is kept so that places stay true.
        text = MARKS.sub(lambda match: ";" * len(match[0]), normalise(raw).replace("\n", ";"))
        return cls(text, text)

    def take(self, start: int, end: int, measure: Measure) -> None:
        """Records a measure and covers its words."""
        self.found.append((start, measure))
        self.cover(start, end)

    def cover(self, start: int, end: int) -> None:
        """Hides words from the later rules."""
        self.open = self.open[:start] + COVER * (end - start) + self.open[end:]

    def clause(self, position: int) -> tuple[int, int]:
        """Start and end of the clause around a position."""
        return self._around(position, STOPS.replace(COVER, ""))

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence around a position."""
        return self._around(position, SENTENCE_STOPS)

    def earlier_clauses(self, position: int) -> Iterator[str]:
        """The clauses of the sentence before that of ``position``, nearest first, without what is covered."""
        start, _ = self.clause(position)
        first, _ = self.sentence(position)
        pieces = re.split(r"[,:]", self.open[first:start])
        yield from (piece.replace(COVER, "") for piece in reversed(pieces) if piece.replace(COVER, ""))

    def _around(self, position: int, stops: str) -> tuple[int, int]:
        start = max((self.text.rfind(stop, 0, position) for stop in stops), default=-1) + 1
        ends = [at for stop in stops if (at := self.text.find(stop, position)) >= 0]
        return start, min(ends, default=len(self.text))
