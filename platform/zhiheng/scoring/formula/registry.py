"""Functions of the formula language: one registry for checking, evaluation and documentation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from zhiheng.scoring.formula.types import Base


class Kind(StrEnum):
    """函数类别: how a function treats units and lists."""

    CELL = "逐项"
    LIST = "列表"
    GROUP = "组内"
    TIME = "往年"


@dataclass(frozen=True, slots=True)
class Parameter:
    """参数: Chinese name, accepted basic types (empty: any), and whether it must be written as a constant.

    `choices` maps every accepted wording of a constant text to the value the function gets, the default first;
    `refuse` gives the reason why a constant is not acceptable.
    """

    name: str
    accepts: tuple[Base, ...] = ()
    constant: bool = False
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    optional: bool = False
    refuse: Callable[[Any], str | None] = lambda _: None

    @property
    def is_option(self) -> bool:
        """Whether it is one of a few words that may be left out; options stand last, in any order."""
        return self.optional and bool(self.choices)

    @property
    def default(self) -> str:
        """Value of an option left out."""
        return next(iter(self.choices.values()))

    @property
    def label(self) -> str:
        """Accepted types in Chinese."""
        return "、".join(self.accepts) if self.accepts else "任意类型"


@dataclass(frozen=True, slots=True)
class Function:
    """函数: Chinese name, English alias, parameters, result, what it does with states, and how it is computed.

    `repeats` is the number of last parameters that may be given again and again; `returns` is a type, or the number
    of the parameter whose type the result has.
    """

    name: str
    alias: str
    kind: Kind
    parameters: tuple[Parameter, ...]
    returns: Base | int
    summary: str
    states: str
    example: str
    body: Callable[..., Any]
    repeats: int = 0

    @property
    def least(self) -> int:
        """Smallest number of arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def signature(self) -> str:
        """Name and parameters as an author writes them."""
        names = [f"[{p.name}]" if p.optional else p.name for p in self.parameters]
        return f"{self.name}({'，'.join(names)}{'，…' if self.repeats else ''})"

    @property
    def options(self) -> tuple[Parameter, ...]:
        """The options at the end."""
        return tuple(parameter for parameter in self.parameters if parameter.is_option)

    def parameter(self, place: int) -> Parameter | None:
        """Parameter of the argument at a place, None if there are too many arguments."""
        count = len(self.parameters)
        if place < count:
            return self.parameters[place]
        return (
            self.parameters[count - self.repeats + (place - count) % self.repeats] if self.repeats else None
        )


class Registry:
    """函数表: functions by Chinese name and by alias."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self.functions: dict[str, Function] = {function.name: function for function in functions}
        self._names = dict(self.functions)
        for function in self.functions.values():
            self._names[function.alias] = function

    def find(self, name: str) -> Function | None:
        """The function of a Chinese name or of an alias in any case."""
        return self._names.get(name) or self._names.get(name.upper())

    def similar(self, name: str) -> str | None:
        """The Chinese name of the function that looks most like a wrong name."""
        close = get_close_matches(name.upper(), self._names, n=1, cutoff=0.5)
        return self._names[close[0]].name if close else None
