"""Reads a PDF (读取 PDF): each page's tables and paragraphs in order, tables over several pages as one."""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pypdf

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table
from integrations.importers.sources.pdf.fonts import Font
from integrations.importers.sources.pdf.grids import NEAR, Box, Grid, find_grids
from integrations.importers.sources.pdf.joining import join_rows, source
from integrations.importers.sources.pdf.lines import BEGINS, columns, ends, joined, lines_of, paragraphs
from integrations.importers.sources.pdf.marks import SAME, Matrix, Painter, Run

MAX_PAGES = 1500
PAGE_NUMBER = re.compile(r"^[-—–\s·第]*\d{1,4}\s*[-—–\s·页/]*(?:共?\s*\d{1,4}\s*页?)?$")
MARGIN = 0.1
WIDEST_MARGIN = 8.0


@dataclass
class _Page:
    """One page: its tables, the lines outside them with their height on the page (0 bottom .. 1 top)."""

    number: int
    grids: list[Grid] = field(default_factory=list)
    inside: dict[int, list[Run]] = field(default_factory=dict)
    outside: list[tuple[float, list[Run]]] = field(default_factory=list)


def read(data: bytes, name: str) -> Document:
    """Pages in order; ReaderError ``encrypted``, ``damaged``, ``huge`` or ``no_text_layer``."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReaderError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise ReaderError("huge", detail=f"{len(reader.pages)} 页")
        fonts: dict[Any, Font] = {}
        pages = [_page(number, page, reader, fonts) for number, page in enumerate(reader.pages, start=1)]
    except ReaderError:
        raise
    except Exception as error:
        # A broken file may break any part of the library.
        raise ReaderError("damaged") from error
    if not any(page.outside or page.inside for page in pages):
        raise ReaderError("no_text_layer")
    return Document(name, _Builder(pages).blocks, flattened=not any(page.grids for page in pages))


def _page(number: int, page: Any, reader: Any, fonts: dict[Any, Font]) -> _Page:
    bottom, height, turned = _upright(page)
    painter = Painter(fonts, turned)
    painter.run(page.get_contents(), page.get("/Resources"), reader)
    found = _Page(number, find_grids(painter.marks.rules))
    free = []
    for run in dict.fromkeys(painter.marks.runs):
        # The middle of the first character decides: text may touch the line below it.
        x, y = run.x0 + run.size / 3, run.y + run.size / 3
        grid = next((index for index, grid in enumerate(found.grids) if grid.holds(x, y)), None)
        if grid is None:
            free.append(run)
        else:
            found.inside.setdefault(grid, []).append(run)
    found.outside = [((line[0].y - bottom) / height, line) for line in lines_of(free)]
    return found


def _upright(page: Any) -> tuple[float, float, Matrix]:
    """Bottom and height of the page as it is shown, and what turns it so."""
    box = page.mediabox
    left, bottom, right, top = (float(value) for value in (box.left, box.bottom, box.right, box.top))
    turned = int(page.get("/Rotate", 0) or 0) % 360
    if turned == 90:
        return left, right - left or 1.0, (0, -1, 1, 0, 0, left + right)
    if turned == 180:
        return bottom, top - bottom or 1.0, (-1, 0, 0, -1, left + right, bottom + top)
    if turned == 270:
        return left, right - left or 1.0, (0, 1, -1, 0, bottom + top, 0)
    return bottom, top - bottom or 1.0, SAME


class _Builder:
    """Puts the pages together."""

    def __init__(self, pages: list[_Page]) -> None:
        self.blocks: list[Block] = []
        self.grid: Grid | None = None
        self.tables = 0
        self.ruled = any(page.grids for page in pages)
        furniture = _furniture(pages)
        for page in pages:
            self._running_heads(page, furniture)
        for page in pages:
            self._add(page, furniture)

    def _running_heads(self, page: _Page, furniture: set[int]) -> None:
        """Heads, feet and page numbers stand before everything, so that they part no table."""
        for _, line in page.outside:
            if id(line) in furniture:
                self.blocks.append(Paragraph(Line(joined(line), Place(page=page.number))))

    def _add(self, page: _Page, furniture: set[int]) -> None:
        items: list[tuple[float, int, list[Run]]] = [
            (line[0].y, -1, line) for _, line in page.outside if id(line) not in furniture
        ]
        items += [(grid.ys[0], index, page.inside.get(index, [])) for index, grid in enumerate(page.grids)]
        for count, (_, index, runs) in enumerate(sorted(items, key=lambda item: -item[0]), start=1):
            if index < 0:
                self._line(runs, Place(page=page.number, line=count))
            else:
                self._table(page.grids[index], runs, page.number)
        if not self.ruled:
            self.blocks.append(Gap(Place(page=page.number)))

    def _line(self, line: list[Run], place: Place) -> None:
        parts = [joined(part) for part in columns(line)]
        self.grid = None
        if self.ruled or len(parts) == 1:
            self.blocks.append(Paragraph(Line(joined(line), place)))
            return
        cells = tuple(Cell((Line(part, place),)) for part in parts)
        if not self.blocks or not isinstance(self.blocks[-1], Table):
            self.blocks.append(Table())
        table = self.blocks[-1]
        if isinstance(table, Table):
            table.rows.append(Row(cells, place))

    def _table(self, grid: Grid, runs: list[Run], page: int) -> None:
        table = self.blocks[-1] if self.blocks else None
        before = self.grid
        goes_on = isinstance(table, Table) and before is not None and _same_columns(before, grid)
        if not isinstance(table, Table) or not goes_on:
            table = Table()
            self.blocks.append(table)
            self.tables += 1
        self.grid = grid
        rows = _rows(grid, runs, Place(page=page, table=self.tables), len(table.rows))
        if (
            goes_on
            and before is not None
            and table.rows
            and _continues(table.rows[-1], rows[0], before, grid)
        ):
            join_rows(table.rows, rows)
        table.rows += rows


def _cell(box: Box, runs: list[Run], place: Place, before: int, margin: float) -> Cell:
    mine = [run for run in runs if box.holds(run.x0 + run.size / 3, run.y + run.size / 3)]
    spot = Place(page=place.page, table=place.table, row=before + box.top + 1, cell=box.left + 1)
    return Cell(tuple(Line(text, spot) for text in paragraphs(mine, box.x1 - box.x0 - 2 * margin) if text))


def _margin(grid: Grid, runs: list[Run]) -> float:
    """Between a cell's line and its text: the least there is in the table."""
    gaps = [
        run.x0 - max(x for x in grid.xs if x <= run.x0 + NEAR)
        for run in runs
        if grid.xs[0] - NEAR <= run.x0 <= grid.xs[-1]
    ]
    return min(max(min(gaps, default=0.0), 0.0), WIDEST_MARGIN)


def _rows(grid: Grid, runs: list[Run], place: Place, before: int) -> list[Row]:
    margin = _margin(grid, runs)
    cells = {(box.top, box.left): _cell(box, runs, place, before, margin) for box in grid.boxes}
    owners = {
        (row, column): (box.top, box.left)
        for box in grid.boxes
        for row in range(box.top, box.bottom + 1)
        for column in range(box.left, box.right + 1)
    }
    found = []
    for row in range(len(grid.ys) - 1):
        own = [owners[row, column] for column in range(len(grid.xs) - 1)]
        line = (
            cells[spot] if spot == (row, column) else Cell(origin=cells[spot])
            for column, spot in enumerate(own)
        )
        found.append(Row(tuple(line), Place(page=place.page, table=place.table, row=before + row + 1)))
    return found


def _continues(last: Row, first: Row, before: Grid, grid: Grid) -> bool:
    """Is the first row of a page the rest of the last one?

    Open edges on both pages say so; else unfinished text beside empty cells.
    """
    if before.cut_below and grid.cut_above:
        return True
    pairs = [(source(one), source(other)) for one, other in zip(last.cells, first.cells, strict=True)]
    shared = [(one.lines[-1].text, other.lines[0].text) for one, other in pairs if one.lines and other.lines]
    going_on = [other for _, other in pairs if other.lines]
    return (
        bool(shared)
        and len(shared) == len(going_on)
        and not pairs[0][1].lines
        and not any(BEGINS.match(other) for _, other in shared)
        and any(not ends(one) for one, _ in shared)
    )


def _same_columns(one: Grid, other: Grid) -> bool:
    return len(one.xs) == len(other.xs) and all(
        abs(a - b) <= 2 * NEAR for a, b in zip(one.xs, other.xs, strict=True)
    )


def _furniture(pages: list[_Page]) -> set[int]:
    """Page numbers, and lines in the margins that most pages share."""
    margins = [
        (page.number, re.sub(r"\d+", "#", joined(line)), line)
        for page in pages
        for height, line in page.outside
        if height < MARGIN or height > 1 - MARGIN
    ]
    counts = Counter(text for _, text in {(number, text) for number, text, _ in margins})
    often = max(3, len(pages) // 2)
    return {id(line) for _, text, line in margins if counts[text] >= often or PAGE_NUMBER.match(joined(line))}
