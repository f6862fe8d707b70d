"""Counts behind precision and recall (查准率、查全率)."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Figure:
    """Right ones among those found and among those expected; halves are possible (inferred actors)."""

    right: float = 0.0
    found: float = 0.0
    expected: float = 0.0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Right / found; None when nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Right / expected; None when nothing was expected."""
        return self.right / self.expected if self.expected else None

    def add(self, *, right: bool, weight: float = 1.0, miss: str = "") -> None:
        """One record that is found and expected, right or wrong."""
        self.found += weight
        self.expected += weight
        self.right += weight if right else 0.0
        if not right and miss:
            self.misses.append(miss)

    def missed(self, miss: str, weight: float = 1.0) -> None:
        """Expected and not found."""
        self.expected += weight
        self.misses.append(f"- {miss}")

    def surplus(self, miss: str, weight: float = 1.0) -> None:
        """Found and not expected."""
        self.found += weight
        self.misses.append(f"+ {miss}")

    def to_json(self) -> dict[str, Any]:
        """Plain data, shares rounded to four places."""
        shares = {name: None if value is None else round(value, 4) for name, value in self._shares()}
        return {
            **shares,
            "right": self.right,
            "found": self.found,
            "expected": self.expected,
            "misses": self.misses,
        }

    def _shares(self) -> list[tuple[str, float | None]]:
        return [("precision", self.precision), ("recall", self.recall)]


Figures = dict[str, Figure]
