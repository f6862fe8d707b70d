"""Drawing of the chart (机构图绘制): the college at the top, one column per kind of unit, what hangs below it indented.

Pure geometry in pixels; the templates turn it into SVG, for the page with the theme's colours and as a file with its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tenants.organisation.models import UnitKind
from tenants.organisation.selectors import UnitNode

COLUMN, BOX, ROW, GAP, INDENT = 196, 38, 46, 24, 18
MARGIN, TOP = 16, 44
LONGEST = 12
TEACHING = {UnitKind.TEACHING, UnitKind.SECONDARY}


@dataclass(frozen=True)
class Box:
    """One box with its text; ``style`` is root, group, teaching or unit."""

    x: int
    y: int
    width: int
    text: str
    full_text: str
    style: str
    code: str = ""
    note: str = ""

    @property
    def middle(self) -> int:
        """Where the text is centred."""
        return self.x + self.width // 2

    @property
    def base(self) -> int:
        """Base line of the text."""
        return self.y + (16 if self.note else 24)


@dataclass
class Drawing:
    """Boxes, connecting lines (SVG path data) and the size of the paper."""

    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def short(text: str, longest: int = LONGEST) -> str:
    """Text that fits a box; the whole stands in the tooltip and in the tree."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def drawing(roots: Sequence[UnitNode], college: str) -> Drawing:
    """Lay out the chart; without a unit of kind 学校 the college's own name stands at the top."""
    top = roots[0] if len(roots) == 1 and roots[0].kind == UnitKind.COLLEGE else None
    below = top.children if top else list(roots)
    groups = _grouped(below)
    paper = Drawing()
    y = MARGIN + TOP + 40
    bottoms = [_column(paper, place, kind, nodes, y) for place, (kind, nodes) in enumerate(groups)]
    columns = max(len(groups), 1)
    paper.width = 2 * MARGIN + columns * COLUMN + (columns - 1) * GAP
    paper.height = max(bottoms, default=MARGIN + TOP) + MARGIN
    _crown(paper, top.name if top else college, top.code if top else "", len(groups), y)
    return paper


def _grouped(nodes: Sequence[UnitNode]) -> list[tuple[UnitKind, list[UnitNode]]]:
    """Units by kind, in the order of the kinds; kinds without a unit are left out."""
    found = [(kind, [node for node in nodes if node.kind == kind]) for kind in UnitKind]
    return [(kind, members) for kind, members in found if members]


def _column(paper: Drawing, place: int, kind: UnitKind, nodes: Sequence[UnitNode], y: int) -> int:
    """One kind: its heading and its units below each other; returns where the column ends."""
    x = MARGIN + place * (COLUMN + GAP)
    heading = _("{kind}（{n}）").format(kind=kind.label, n=len(nodes))
    paper.boxes.append(Box(x, y, COLUMN, heading, heading, "group"))
    line = y + BOX + 12
    for node in nodes:
        line = _unit(paper, node, (x + 6, y + BOX), x + COLUMN, line)
    return line


def _unit(paper: Drawing, node: UnitNode, trunk: tuple[int, int], right: int, y: int) -> int:
    """A unit and everything below it, hung on the trunk of its superior; returns the next free line."""
    style = "teaching" if node.kind in TEACHING else "unit"
    note = short(_("、").join(node.signboards), 16)
    x = trunk[0] + INDENT - 6
    width = max(right - x, 96)
    text = short(node.name, max(6, (width - 12) // 14))
    paper.boxes.append(Box(x, y, width, text, node.name, style, node.code, note))
    paper.lines.append(f"M{trunk[0]} {trunk[1]}V{y + BOX // 2}H{x}")
    line = y + ROW
    for child in node.children:
        line = _unit(paper, child, (x + 6, y + BOX), right, line)
    return line


def _crown(paper: Drawing, name: str, code: str, columns: int, y: int) -> None:
    """The college above the columns, and the lines to them."""
    middle = paper.width // 2
    width = max(200, 15 * len(name) + 40)
    paper.boxes.insert(0, Box(middle - width // 2, MARGIN, width, name, name, "root", code))
    bar = MARGIN + BOX + 26
    if columns:
        paper.lines.append(f"M{middle} {MARGIN + BOX}V{bar}")
    for place in range(columns):
        x = MARGIN + place * (COLUMN + GAP) + COLUMN // 2
        paper.lines.append(f"M{middle} {bar}H{x}V{y}")
