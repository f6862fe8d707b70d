"""Decisions of people that a run takes as given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Decisions:
    """决定: what people decided: vetoes by gate, grades by unit, winners by award, and earlier years.

    `history` is latest first; each year maps unit codes to {rank, last, grade, group}.
    """

    vetoes: Mapping[str, Collection[str]] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    winners: Mapping[str, Collection[str]] = field(default_factory=dict)
    history: Sequence[Mapping[str, Mapping[str, Any]]] = ()
