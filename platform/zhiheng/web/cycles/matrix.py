"""Completeness of units × suppliers (完整性矩阵) as the template needs it: n/m in every cell, one amber ramp."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assessment.models import Cycle
from assessment.selectors.facts import Completeness, completeness_matrix
from assessment.spreadsheets.facts import FormUnit
from zhiheng.web.cycles.lines import supplier_name


@dataclass(frozen=True)
class Gap:
    """One cell: filled of expected."""

    filled: int
    expected: int
    supplier: str

    @property
    def look(self) -> str:
        """g0 complete, g1 less than a quarter missing, g2 up to half, g3 more, g4 nothing there, na not asked."""
        if not self.expected:
            return "na"
        missing = self.expected - self.filled
        if not missing:
            return "g0"
        if not self.filled:
            return "g4"
        return "g1" if 4 * missing < self.expected else "g2" if 2 * missing <= self.expected else "g3"


@dataclass(frozen=True)
class Line:
    """One unit with its cells and its whole share in percent."""

    name: str
    cells: Sequence[Gap]

    @property
    def percent(self) -> int:
        """Filled of expected over all suppliers, rounded down."""
        return _percent(self.cells)


@dataclass
class Matrix:
    """One type of unit at a time; ``types`` are (code, title, number of units)."""

    heading: str
    types: list[tuple[str, str, int]]
    chosen: str
    suppliers: list[tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    foot: list[tuple[int, bool]] = field(default_factory=list)


def matrix(cycle: Cycle, unit_type: str) -> Matrix:
    """The matrix of one type of unit, the supplier with the largest gap first; who asks nothing of it is left out."""
    names, rows = completeness_matrix(cycle)
    titles = cycle.version.document.get("unit_types", {})
    counts: dict[str, int] = {}
    for unit, _cells in rows:
        counts[unit.unit_type] = counts.get(unit.unit_type, 0) + 1
    chosen = unit_type if unit_type in counts else _most_missing(rows)
    mine = [(unit, cells) for unit, cells in rows if unit.unit_type == chosen]
    asked = [place for place, _name in enumerate(names) if any(cells[place][1] for _unit, cells in mine)]
    asked.sort(key=lambda place: -sum(cells[place][1] - cells[place][0] for _unit, cells in mine))
    lines = [Line(unit.name, [Gap(*cells[place], names[place]) for place in asked]) for unit, cells in mine]
    columns = [[line.cells[place] for line in lines] for place in range(len(asked))]
    return Matrix(
        heading=_heading(columns),
        types=[(code, _title(titles, code), n) for code, n in counts.items()],
        chosen=chosen,
        suppliers=[(names[place], supplier_name(names[place])) for place in asked],
        lines=lines,
        foot=[(_percent(column), _percent(column) < 80) for column in columns],
    )


def _most_missing(rows: Sequence[tuple[FormUnit, Sequence[tuple[int, int]]]]) -> str:
    """The type of unit with the most empty cells: there one has to look first."""
    missing: dict[str, int] = {}
    for unit, cells in rows:
        gap = sum(expected - filled for filled, expected in cells)
        missing[unit.unit_type] = missing.get(unit.unit_type, 0) + gap
    return max(missing, key=lambda code: missing[code], default="")


def _title(titles: object, code: str) -> str:
    found = titles.get(code, code) if isinstance(titles, dict) else code
    return str(found.get("title", code) if isinstance(found, dict) else found)


def _percent(cells: Sequence[Gap]) -> int:
    expected = sum(cell.expected for cell in cells)
    return 100 * sum(cell.filled for cell in cells) // expected if expected else 100


def _heading(columns: Sequence[Sequence[Gap]]) -> str:
    missing = sorted(
        ((sum(c.expected - c.filled for c in column), column[0].supplier) for column in columns if column),
        key=lambda pair: -pair[0],
    )
    names = [supplier_name(name) for n, name in missing[:3] if n]
    return _("缺的主要在{names}").format(names=_("、").join(names)) if names else _("都填完了")


def supplier_heading(suppliers: Sequence[Completeness]) -> str:
    """How many have handed in and been approved, in one sentence."""
    states = [one.submission.state if one.submission else "open" for one in suppliers]
    approved, waiting = states.count("approved"), states.count("submitted")
    text = _("{total}个部门，{n}个已复核").format(total=len(states), n=approved)
    return text + _("，{n}个等复核").format(n=waiting) if waiting else text
