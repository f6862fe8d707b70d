"""The entry grid (填报表) as data: units down, one supplier's measures across, every cell with text and state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.models import Cycle, FactState
from assessment.selectors.facts import cells_of, fact_form
from assessment.selectors.schemes import model_of
from assessment.services.entry import NO_FACT, cell_text
from assessment.spreadsheets.facts import CellKey, FactForm, FormUnit
from assessment.values import Measure
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.scoring.scheme.model import Node

Look = Literal["", "locked", "na"]
TYPES = {
    "number": gettext_noop("数"),
    "integer": gettext_noop("整数"),
    "ratio": gettext_noop("比率，可写94.7%或0.947"),
    "list": gettext_noop("几个数，用分号隔开；没有写“无”"),
    "boolean": gettext_noop("是或否"),
    "date": gettext_noop("日期，如2026-11-20"),
    "text": gettext_noop("文字"),
}


@dataclass(frozen=True)
class GridCell:
    """One cell: stored text, revision, and whether it may be changed."""

    measure: str
    unit: str
    text: str
    revision: int
    look: Look
    label: str


@dataclass(frozen=True)
class GridColumn:
    """One measure: its head, what may be filled in, and where it counts."""

    code: str
    title: str
    unit: str
    kind: str
    allowed: str
    leaf: str
    leaf_points: str
    clause: str
    note: str
    numeric: bool
    filled: int
    expected: int


@dataclass(frozen=True)
class ColumnGroup:
    """Columns of one leaf under one head."""

    title: str
    points: str
    span: int


@dataclass
class Grid:
    """Everything the page draws."""

    columns: list[GridColumn] = field(default_factory=list)
    groups: list[ColumnGroup] = field(default_factory=list)
    rows: list[tuple[FormUnit, list[GridCell]]] = field(default_factory=list)
    college: list[tuple[Measure, GridCell]] = field(default_factory=list)
    registers: list[tuple[Measure, int]] = field(default_factory=list)

    @property
    def single(self) -> list[tuple[GridColumn, GridCell]]:
        """Measures with their cells when there is one unit only: then they stand below each other."""
        return list(zip(self.columns, self.rows[0][1], strict=True)) if len(self.rows) == 1 else []

    @property
    def missing(self) -> int:
        """Cells that are expected and empty."""
        return sum(column.expected - column.filled for column in self.columns)


def grid(cycle: Cycle, form: FactForm, *, editable: bool) -> Grid:
    """The grid of a form; units that no measure is asked of are left out."""
    texts = _Texts(cycle)
    leaves = _leaves(cycle)
    measures = sorted(form.grid(), key=lambda m: leaves.place(m["code"]))
    units = [u for u in form.units if any(form.fits(m, u) for m in measures)]
    columns = [_column(m, form, units, leaves, texts) for m in measures]
    return Grid(
        columns=columns,
        groups=_groups(columns),
        rows=[(u, [texts.cell(m, u, form.fits(m, u), editable) for m in measures]) for u in units],
        college=[(m, texts.cell(m, None, fits=True, editable=editable)) for m in form.college()],
        registers=[(m, texts.entries(m["code"], form.units)) for m in form.registers()],
    )


def supplier_form(cycle: Cycle, supplier: str, user: Any = None) -> FactForm:
    """The form of one supplier; with ``user`` only what this user supplies."""
    form = fact_form(cycle, user=user)
    mine = [m for m in form.measures if (m.get("supplier") or "") == supplier]
    return FactForm(title=form.title, units=form.units, measures=mine)


class _Texts:
    """Stored texts and revisions of a cycle, read once."""

    def __init__(self, cycle: Cycle) -> None:
        self.cells = cells_of(cycle)
        rows = cycle.facts.values_list("measure", "unit__code", "revision")
        self.revisions: dict[CellKey, int] = {(measure, unit): revision for measure, unit, revision in rows}

    def cell(self, measure: Measure, unit: FormUnit | None, fits: bool, editable: bool) -> GridCell:
        key: CellKey = (measure["code"], unit.code if unit else None)
        look: Look = "na" if not fits else "" if editable else "locked"
        name = unit.name if unit else _("全校")
        return GridCell(
            measure=key[0],
            unit=key[1] or "",
            text=cell_text(measure, self.cells.get(key)),
            revision=self.revisions.get(key, NO_FACT),
            look=look,
            label=_("{unit}，{measure}").format(unit=name, measure=measure["title"]),
        )

    def filled(self, code: str, units: Sequence[FormUnit]) -> int:
        return sum(
            (cell := self.cells.get((code, unit.code))) is not None and cell.state != FactState.MISSING
            for unit in units
        )

    def entries(self, code: str, units: Sequence[FormUnit]) -> int:
        found = (self.cells.get((code, unit.code)) for unit in units)
        return sum(len(cell.value or []) for cell in found if cell is not None)


def _column(
    measure: Measure, form: FactForm, units: Sequence[FormUnit], leaves: "_Leaves", texts: _Texts
) -> GridColumn:
    asked = [unit for unit in units if form.fits(measure, unit)]
    leaf = leaves.of(measure["code"])
    required = measure.get("missing", "block") == "block"
    return GridColumn(
        code=measure["code"],
        title=_short(str(measure["title"]), leaf),
        unit=str(measure.get("unit", "")),
        kind=_(TYPES.get(measure["type"], "")),
        allowed=_allowed(measure),
        leaf=leaf.title if leaf else "",
        leaf_points=_points(leaf),
        clause=str(measure.get("clause") or (leaf.clause if leaf else "")),
        note=str(measure.get("note", "")),
        numeric=measure["type"] in {"number", "integer", "ratio"},
        filled=texts.filled(measure["code"], asked) if required else 0,
        expected=len(asked) if required else 0,
    )


def _short(title: str, leaf: Node | None) -> str:
    """The title without the leaf's own, which stands above the column anyway."""
    for mark in ("·", "："):
        if leaf is not None and title.startswith(f"{leaf.title}{mark}"):
            return title.removeprefix(f"{leaf.title}{mark}")
    return title


def _allowed(measure: Measure) -> str:
    low, high = measure.get("min"), measure.get("max")
    if options := measure.get("options"):
        return _("、").join(map(str, options))
    if low is not None and high is not None:
        return f"{low}—{high}"
    if low is not None:
        return _("{low}以上").format(low=low)
    return _("不超过{high}").format(high=high) if high is not None else ""


def _points(leaf: Node | None) -> str:
    values = sorted(set(leaf.points.values())) if leaf else []
    shown = [plain(round_half_up(value, 4)) for value in values]
    return _("{points}分").format(points=_("或").join(shown)) if shown else ""


def _groups(columns: Sequence[GridColumn]) -> list[ColumnGroup]:
    found: list[ColumnGroup] = []
    for column in columns:
        last = found[-1] if found else None
        if last is not None and last.title == column.leaf:
            found[-1] = ColumnGroup(last.title, last.points, last.span + 1)
        else:
            found.append(ColumnGroup(column.leaf, column.leaf_points, 1))
    return found


class _Leaves:
    """Which leaf of the tree a measure belongs to, by its code: R1.1.missing belongs to R1.1."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.order = {code: place for place, code in enumerate(nodes)}

    def of(self, measure: str) -> Node | None:
        """The deepest node whose code begins the measure's code."""
        parts = measure.split(".")
        for length in range(len(parts), 0, -1):
            if (node := self.nodes.get(".".join(parts[:length]))) is not None:
                return node
        return None

    def place(self, measure: str) -> int:
        """Position of the leaf in the tree; measures without leaf last."""
        node = self.of(measure)
        return self.order[node.code] if node else len(self.order)


def _leaves(cycle: Cycle) -> _Leaves:
    try:
        return _Leaves(model_of(cycle.version).nodes())
    except Problem:
        return _Leaves({})
