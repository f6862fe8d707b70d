"""The operations behind a vector, kept so that any single cell can be computed exactly when it matters.

A node answers for exact fractions only; states are known without it. Serial numbers grow from operands to results,
so that a demand is planned in falling and computed in rising order, without recursion however long the chain is.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Demand: TypeAlias = list[tuple["Node", Iterable[int]]]
_serials = count()


class Node:
    """运算节点: one operation (or input) of `Vec`; exact values are kept once computed."""

    __slots__ = ("memo", "serial")

    def __init__(self) -> None:
        self.serial = next(_serials)
        self.memo: dict[int, Fraction] = {}

    def value(self, cell: int) -> Fraction:
        """Exact value of a cell that was computed before."""
        return self.memo[cell]

    def known(self, cell: int) -> bool:
        """Whether the value of the cell needs no further operand."""
        return cell in self.memo

    def needs(self, cells: Sequence[int]) -> Demand:
        """Operands, and which of their cells, that `compute` will ask for."""
        raise NotImplementedError

    def compute(self, cell: int) -> Fraction:
        """Exact value of a cell from the values of the operands."""
        raise NotImplementedError


class Input(Node):
    """输入: a node whose values are at hand."""

    __slots__ = ()

    def known(self, cell: int) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def needs(self, cells: Sequence[int]) -> Demand:  # noqa: ARG002
        """Nothing."""
        return []


class Constant(Input):
    """常数: the same number in every cell."""

    __slots__ = ("number",)

    def __init__(self, number: Fraction) -> None:
        super().__init__()
        self.number = number

    def value(self, cell: int) -> Fraction:  # noqa: ARG002
        """The number."""
        return self.number


class Scaled(Input):
    """定点数: whole numbers (int64, or float64 below 2**53) over one denominator."""

    __slots__ = ("den", "whole")

    def __init__(self, whole: npt.NDArray[np.int64] | npt.NDArray[np.float64], den: int) -> None:
        super().__init__()
        self.whole = whole
        self.den = den

    def value(self, cell: int) -> Fraction:
        """The whole number of the cell over the denominator."""
        return Fraction(int(self.whole[cell]), self.den)


class Listed(Input):
    """数列: any rational numbers, as a list."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: Sequence[Fraction]) -> None:
        super().__init__()
        self.numbers = numbers

    def value(self, cell: int) -> Fraction:
        """The number at the place of the cell."""
        return self.numbers[cell]


class Mapped(Node):
    """逐格运算: a function of the same cell of each operand."""

    __slots__ = ("function", "operands")

    def __init__(self, function: Callable[..., Fraction], *operands: Node) -> None:
        self.serial = next(_serials)
        self.memo = {}
        self.function = function
        self.operands = operands

    def needs(self, cells: Sequence[int]) -> Demand:
        """The same cells of every operand."""
        return [(operand, cells) for operand in self.operands]

    def compute(self, cell: int) -> Fraction:
        """The function of the operands' cells."""
        return self.function(*(operand.value(cell) for operand in self.operands))


class Chosen(Node):
    """条件取值: each cell from the operand whose number stands in `choice`."""

    __slots__ = ("choice", "operands")

    def __init__(self, choice: npt.NDArray[np.integer], operands: Sequence[Node]) -> None:
        super().__init__()
        self.choice = choice
        self.operands = operands

    def needs(self, cells: Sequence[int]) -> Demand:
        """Each cell of the operand it is taken from."""
        return [(self.operands[int(self.choice[cell])], (cell,)) for cell in cells]

    def compute(self, cell: int) -> Fraction:
        """The value of the chosen operand."""
        return self.operands[int(self.choice[cell])].value(cell)


class Gathered(Node):
    """重排: cell i is cell `index[i]` of the operand."""

    __slots__ = ("index", "operand")

    def __init__(self, operand: Node, index: npt.NDArray[np.integer]) -> None:
        super().__init__()
        self.operand = operand
        self.index = index

    def needs(self, cells: Sequence[int]) -> Demand:
        """The cells pointed at."""
        return [(self.operand, [int(self.index[cell]) for cell in cells])]

    def compute(self, cell: int) -> Fraction:
        """The value pointed at."""
        return self.operand.value(int(self.index[cell]))


class Reduced(Node):
    """分组统计: cell g is a function of the operand's values in the cells of group g."""

    __slots__ = ("function", "members", "operand")

    def __init__(
        self,
        operand: Node,
        members: Callable[[int], Sequence[int]],
        function: Callable[[list[Fraction]], Fraction],
    ) -> None:
        super().__init__()
        self.operand = operand
        self.members = members
        self.function = function

    def needs(self, cells: Sequence[int]) -> Demand:
        """All members of the groups."""
        return [(self.operand, self.members(cell)) for cell in cells]

    def compute(self, cell: int) -> Fraction:
        """The function of the members' values."""
        return self.function([self.operand.value(member) for member in self.members(cell)])


def evaluate(node: Node, cells: Iterable[int]) -> list[Fraction]:
    """Exact values of the cells of a node, in the order asked for."""
    wanted = list(cells)
    for step, its_cells in reversed(_plan(node, wanted)):
        for cell in its_cells:
            step.memo[cell] = step.compute(cell)
    return [node.value(cell) for cell in wanted]


def _plan(node: Node, cells: Iterable[int]) -> list[tuple[Node, list[int]]]:
    demands: dict[int, tuple[Node, set[int]]] = {}
    queue: list[int] = []

    def ask(operand: Node, its_cells: Iterable[int]) -> None:
        open_cells = {cell for cell in its_cells if not operand.known(cell)}
        if not open_cells:
            return
        if operand.serial not in demands:
            demands[operand.serial] = (operand, set())
            heappush(queue, -operand.serial)
        demands[operand.serial][1].update(open_cells)

    ask(node, cells)
    plan: list[tuple[Node, list[int]]] = []
    while queue:
        step, its_cells = demands[-heappop(queue)]
        plan.append((step, list(its_cells)))
        for operand, operand_cells in step.needs(plan[-1][1]):
            ask(operand, operand_cells)
    return plan
