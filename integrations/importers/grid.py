"""The common grid (通用网格): every source becomes paragraphs and tables of cells, each with its place.

A *line* is one paragraph of a cell.  Flattened text gives one table row per line with tabs; a Word or Excel file gives
real rows.  Merged cells keep their text at the first cell only; the others point back through ``origin``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PLACE_NAMES = {
    "page": "第{}页",
    "sheet": "工作表“{}”",
    "table": "第{}张表",
    "row": "第{}行",
    "line": "第{}行",
    "cell": "第{}格",
    "paragraph": "第{}段",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in the file (位置); all numbers from 1, None where the format has no such thing."""

    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    line: int | None = None
    paragraph: int | None = None

    def to_json(self) -> dict[str, int | str]:
        """Only the parts that the format knows."""
        return {name: value for name in PLACE_NAMES if (value := getattr(self, name)) is not None}

    def __str__(self) -> str:
        return "".join(
            pattern.format(value) for name, pattern in PLACE_NAMES.items() if (value := getattr(self, name))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One paragraph with its place (段)."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell of a table (单元格): its paragraphs; ``origin`` set when it is covered by a merged cell."""

    lines: tuple[Line, ...] = ()
    origin: Cell | None = None

    @property
    def text(self) -> str:
        """Own text, paragraphs separated by a line end; empty for a covered cell."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """A paragraph outside tables (正文段)."""

    line: Line


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of a table (行)."""

    cells: tuple[Cell, ...]
    place: Place


@dataclass(slots=True, eq=False)
class Table:
    """Rows that stand together (表)."""

    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Gap:
    """An empty line or paragraph: in flattened text it may be a page break (空行)."""

    place: Place


Block = Paragraph | Table | Gap


@dataclass(slots=True, eq=False)
class Document:
    """A file in the common grid.  ``flattened`` is true for text whose table rows are lines with tabs."""

    name: str
    blocks: list[Block]
    flattened: bool = False

    def lines(self) -> Iterator[Line]:
        """Every non-empty paragraph in order, inside and outside tables, merged cells once."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from (block.line,) if block.line.text.strip() else ()
            elif isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from (line for line in cell.lines if line.text.strip())
