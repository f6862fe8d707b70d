"""What an explanation holds; plain data that can be stored as JSON and drawn as a page or a document."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """数据来源: one input with the value used and where it came from."""

    code: str
    title: str
    value: str
    state: str
    unit: str = ""
    supplier: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    note: str = ""
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """计算过程: a derived quantity with its formula and with the unit's numbers put in."""

    code: str
    title: str
    formula: str
    with_numbers: str
    value: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class PeerFigure:
    """同组数据: a statistic that was used, and the figures of the peers behind it."""

    title: str
    value: str
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """条款理解: the reading applied, in words, and what else was possible."""

    code: str
    title: str
    clause: str
    chosen: str
    others: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """处理步骤: a policy, bound, gate or transfer that acted on the score."""

    title: str
    formula: str
    lines: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """得分说明: one node (or outcome) of one unit; `children` explain what it is made of."""

    code: str
    title: str
    unit: str
    kind: str
    clause: str
    points: str
    exact: str
    state: str
    full: str
    applicable: str
    raw: str
    formula: str
    lines: tuple[str, ...] = ()
    inputs: tuple[Origin, ...] = ()
    derived: tuple[Derived, ...] = ()
    peers: tuple[PeerFigure, ...] = ()
    readings: tuple[ReadingUsed, ...] = ()
    steps: tuple[Step, ...] = ()
    flags: tuple[str, ...] = ()
    rounding: str = ""
    children: tuple["Explanation", ...] = ()
    scheme: str = ""
    fingerprint: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def find(self, code: str) -> "Explanation | None":
        """The explanation of a node below (or this one)."""
        if self.code == code:
            return self
        return next((found for child in self.children if (found := child.find(code)) is not None), None)
