"""Types of the formula language, and the values that carry them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, Ragged, States, Text, Vec
from zhiheng.scoring.exact.partition import Partition

Column: TypeAlias = Vec | Mask | Text
"""One value per unit (or per element of a list)."""


class Base(StrEnum):
    """基本类型: what a single cell is."""

    NUMBER = "数"
    BOOLEAN = "是否"
    TEXT = "文字"
    DATE = "日期"


@dataclass(frozen=True, slots=True)
class Type:
    """类型: a basic type, of one value per unit, or of a list per unit if a register is named.

    Lists of one register run parallel and may be combined element by element; `register` names it.
    """

    base: Base
    register: str | None = None

    @property
    def is_list(self) -> bool:
        """Whether there is a list per unit."""
        return self.register is not None

    @property
    def label(self) -> str:
        """Chinese name, for messages."""
        return f"{self.base}的列表" if self.is_list else str(self.base)

    def single(self) -> "Type":
        """The type of one element."""
        return replace(self, register=None)


NUMBER = Type(Base.NUMBER)
BOOLEAN = Type(Base.BOOLEAN)
TEXT = Type(Base.TEXT)
DATE = Type(Base.DATE)


def list_of(base: Base, register: str = "") -> Type:
    """Type of a list per unit; measures of one register have parallel lists."""
    return Type(base, register)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """列表列: parallel lists per unit; `items` holds all elements in one column, `rows` their units."""

    items: Column
    rows: Partition
    states: States = None

    @classmethod
    def of(cls, ragged: Ragged) -> "Rows":
        """The same lists of numbers."""
        return cls(ragged.items, ragged.rows, ragged.states)

    def numbers(self) -> Ragged:
        """The lists with the reductions of numbers."""
        if not isinstance(self.items, Vec):
            raise mismatch("数的列表")
        return Ragged(self.items, self.rows, self.states)


Value: TypeAlias = Vec | Mask | Text | Rows


class Environment(Protocol):
    """求值环境: measures of all units of a run, and the peer groups."""

    @property
    def size(self) -> int:
        """Number of units."""

    @property
    def groups(self) -> Partition | npt.NDArray[np.integer]:
        """Group number of each unit, -1 without group."""

    @property
    def peers(self) -> npt.NDArray[np.bool_] | None:
        """Which units count in group statistics; None: all."""

    def column(self, name: str) -> Vec | Mask | Text | Ragged | Rows:
        """A measure of all units; dates as day numbers of the calendar (date.toordinal)."""

    def previous(self, name: str, years: int) -> Vec | Mask | Text | Ragged | Rows:
        """The same measure `years` periods earlier."""


@dataclass(frozen=True, slots=True)
class Columns:
    """简单环境: measures in dictionaries; `earlier` maps (name, years) to columns of earlier periods."""

    size: int
    columns: Mapping[str, Vec | Mask | Text | Ragged | Rows]
    earlier: Mapping[tuple[str, int], Vec | Mask | Text | Ragged | Rows] = field(default_factory=dict)
    groups: Partition | npt.NDArray[np.integer] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    peers: npt.NDArray[np.bool_] | None = None

    def column(self, name: str) -> Vec | Mask | Text | Ragged | Rows:
        """The named measure."""
        if name not in self.columns:
            raise ScoringError(
                "formula.no_data", f"[{name}]", "没有这个指标的数据。", "请先采集或导入该指标。"
            )
        return self.columns[name]

    def previous(self, name: str, years: int) -> Vec | Mask | Text | Ragged | Rows:
        """The named measure of an earlier period."""
        if (name, years) not in self.earlier:
            reason = f"没有这个指标 {years} 年前的数据。"
            raise ScoringError("formula.no_data", f"[{name}]", reason, "请先导入往年数据。")
        return self.earlier[name, years]


def mismatch(wanted: str) -> ScoringError:
    """A value of another type than the function needs; `check` finds it before evaluation."""
    return ScoringError("formula.type", "", f"这里需要{wanted}。", "请先检查公式的类型。")
