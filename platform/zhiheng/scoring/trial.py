"""Trial of conditions on all telling values: finds overlaps, holes and dead conditions that reading alone would miss.

Around every number a name is compared with, three values are tried (just below, at, just above); truth values and
texts take every value the conditions name. What is found comes with the values that show it.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.exact import Mask, Text, Vec
from zhiheng.scoring.formula import Columns, Formula, evaluate
from zhiheng.scoring.formula.syntax import Call, Chain, Literal, Name, Number, Prefix, Relation, Tree, walk
from zhiheng.scoring.scheme.numbers import plain

LIMIT = 20_000
_STEP = Fraction(1, 10_000)
Cell = Fraction | bool | str
Bools = npt.NDArray[np.bool_]


class Trial:
    """试算: several conditions over one grid of values of the names they use; `rows` is empty when that is hopeless.

    `conclusive` says whether the grid shows everything: only names, numbers and texts are compared, nothing is computed.
    """

    def __init__(self, conditions: Sequence[Formula | None]) -> None:
        trees = [item.tree for item in conditions if item is not None]
        self.names = sorted({name for item in conditions if item is not None for name in item.names()})
        simple = not any(_computes(tree, groups=True) for tree in trees)
        columns = [_values(name, trees) for name in self.names] if simple else []
        size = int(np.prod([len(column) for column in columns], dtype=float)) if columns else len(trees)
        self.rows = list(islice(product(*columns), LIMIT)) if simple else []
        self.conclusive = (
            simple and size <= LIMIT and not any(_computes(tree, groups=False) for tree in trees)
        )
        self.truth = [self._truth(item) for item in conditions] if self.rows else []

    def _truth(self, condition: Formula | None) -> Bools:
        size = len(self.rows)
        if condition is None:
            return np.ones(size, dtype=bool)
        columns = {name: _column([row[place] for row in self.rows]) for place, name in enumerate(self.names)}
        try:
            found = evaluate(condition, Columns(size, columns))
        except ScoringError:
            return np.zeros(size, dtype=bool)
        return found.truth if isinstance(found, Mask) else np.zeros(size, dtype=bool)

    def example(self, hit: Bools) -> str:
        """The first row where something holds, in words."""
        row = self.rows[int(np.flatnonzero(hit)[0])]
        return "，".join(f"{name}={_shown(value)}" for name, value in zip(self.names, row, strict=True))


def _computes(tree: Tree, *, groups: bool) -> bool:
    """Whether something is calculated: any function or arithmetic, or (groups) functions only."""
    for part, _ in walk(tree):
        if isinstance(part, Call):
            return True
        if not groups and isinstance(part, Chain) and part.rest[0][0] in "+-×÷":
            return True
    return False


def _values(name: str, trees: Iterable[Tree]) -> Sequence[Cell]:
    """Values to try for a name, from how it is used."""
    numbers: set[Fraction] = set()
    texts: set[str] = set()
    bare = False
    everything: set[Fraction] = set()
    for tree in trees:
        everything |= {part.value for part, _ in walk(tree) if isinstance(part, Number)}
        bare |= isinstance(tree, Name) and tree.name == name
        for part, _ in walk(tree):
            if isinstance(part, Relation):
                numbers, texts = numbers | _numbers(part, name), texts | _texts(part, name)
            elif isinstance(part, Prefix | Chain):
                bare |= _is_operand(part, name)
    if bare:
        return (True, False)
    if texts:
        return (*sorted(texts), "其他")
    chosen = numbers or everything
    around = {number + shift for number in chosen for shift in (-_STEP, Fraction(0), _STEP)}
    return sorted(around) or (Fraction(0), Fraction(1))


def _sides(part: Relation, name: str) -> Iterable[Tree]:
    for side, other in ((part.left, part.right), (part.right, part.left)):
        if any(isinstance(inner, Name) and inner.name == name for inner, _ in walk(side)):
            yield other


def _numbers(part: Relation, name: str) -> set[Fraction]:
    return {side.value for side in _sides(part, name) if isinstance(side, Number)}


def _texts(part: Relation, name: str) -> set[str]:
    return {
        side.value for side in _sides(part, name) if isinstance(side, Literal) and isinstance(side.value, str)
    }


def _is_operand(part: Prefix | Chain, name: str) -> bool:
    if isinstance(part, Prefix):
        return part.operator == "非" and isinstance(part.operand, Name) and part.operand.name == name
    logic = part.rest[0][0] in "且或"
    operands = (part.first, *(operand for _, operand in part.rest))
    return logic and any(isinstance(item, Name) and item.name == name for item in operands)


def _column(cells: Sequence[Cell]) -> Vec | Mask | Text:
    first = cells[0]
    if isinstance(first, bool):
        return Mask(np.array(cells, dtype=bool))
    if isinstance(first, str):
        return Text.of([str(cell) for cell in cells])
    return Vec.of([Fraction(cell) for cell in cells if not isinstance(cell, str)])


def _shown(value: Cell) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value) if isinstance(value, Fraction) else value
