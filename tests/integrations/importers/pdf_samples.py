"""Small PDF files with ruled tables and Chinese text, written by hand: fonts with a ToUnicode table as offices make them."""

from collections.abc import Sequence

from tests.integrations.importers.samples import DEPARTMENTS

CMAP = (
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n1 beginbfrange <0000> <FFFE> <0000> endbfrange"
)
SIZE, LEAD = 10, 14
Cell = str | tuple[str, int, int]


class PageText:
    """One page under construction; y counts from the bottom."""

    def __init__(self, *, turned: int = 0) -> None:
        self.parts: list[str] = []
        self.turned = turned

    def text(self, x: float, y: float, words: str) -> None:
        self.parts.append(f"BT /F1 {SIZE} Tf 1 0 0 1 {x} {y} Tm <{words.encode('utf-16-be').hex()}> Tj ET")

    def rule(self, x: float, y: float, width: float, height: float) -> None:
        self.parts.append(f"{x} {y} {width} {height} re f")

    def table(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        cells: dict[tuple[int, int], Sequence[str]],
        *,
        merged: Sequence[tuple[int, int]] = (),
        open_top: bool = False,
        open_bottom: bool = False,
    ) -> None:
        """Cells by (row, column) with their lines; ``merged`` cells have no line above them."""
        for row, y in enumerate(ys):
            if (row == 0 and open_top) or (row == len(ys) - 1 and open_bottom):
                continue
            for column in range(len(xs) - 1):
                if (row, column) not in merged:
                    self.rule(xs[column], y - 0.5, xs[column + 1] - xs[column], 0.5)
        for x in xs:
            self.rule(x, ys[-1], 0.5, ys[0] - ys[-1])
        for (row, column), lines in cells.items():
            for number, line in enumerate(lines):
                self.text(xs[column] + 5, ys[row] - LEAD * (number + 1), line)

    def stream(self) -> bytes:
        return "\n".join(self.parts).encode()


def pdf_of(*pages: PageText) -> bytes:
    """A file of these pages, 600 by 800 points."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects += [
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/DW 1000/W[32 126 500]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(CMAP), CMAP),
    ]
    kids = []
    for page in pages:
        stream = page.stream()
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Rotate %d/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % (page.turned, len(objects) + 2)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (listed, len(kids))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out
        + head
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )


def catalogue_pdf() -> bytes:
    """The invented catalogue, one department on a page: three ruled tables with merged labels."""
    return pdf_of(*(_department(*department) for department in DEPARTMENTS))


def _department(
    name: str, chapter: str, duties: list[tuple[str, str, list[tuple[str, str, str, str, list[str]]]]]
) -> PageText:
    page = PageText()
    page.text(40, 780, chapter)
    page.text(40, 760, f"表1-2 {name}职责一览表")
    rows = [f"{no}. {text}" for no, text, _ in duties]
    edges = [750 - 20 * number for number in range(len(rows) + 2)]
    cells = {(0, 0): ["职责类别"], (0, 1): ["部门职责"], (1, 0): ["系统内职责"]}
    merged = [(number, 0) for number in range(2, len(rows) + 1)]
    page.table(
        [40, 140, 560], edges, cells | {(n, 1): [text] for n, text in enumerate(rows, 1)}, merged=merged
    )
    y = edges[-1] - 20
    y = _works(page, y, name, duties)
    _standards(page, y - 20, name, duties)
    return page


def _works(
    page: PageText,
    y: float,
    name: str,
    duties: list[tuple[str, str, list[tuple[str, str, str, str, list[str]]]]],
) -> float:
    page.text(40, y, f"表1-3 {name}岗位职责一览表")
    header = ("部门职责", "具体化的工作", "岗位", "科室")
    cells: dict[tuple[int, int], Sequence[str]] = {(0, column): [word] for column, word in enumerate(header)}
    merged, row = [], 1
    for no, text, works in duties:
        cells[row, 0] = [f"{no}. {text}"]
        for number, (work_no, work, post, section, _) in enumerate(works):
            merged += [(row, 0)] if number else []
            cells |= {(row, 1): [f"{work_no} {work}"], (row, 2): [post], (row, 3): [section]}
            row += 1
    edges = [y - 10 - 20 * number for number in range(row + 1)]
    page.table([40, 200, 400, 480, 560], edges, cells, merged=merged)
    return edges[-1]


def _standards(
    page: PageText,
    y: float,
    name: str,
    duties: list[tuple[str, str, list[tuple[str, str, str, str, list[str]]]]],
) -> None:
    page.text(40, y, f"表1-4 {name}岗位工作标准")
    header = ("科室", "岗位", "具体化的工作", "工作标准")
    cells: dict[tuple[int, int], Sequence[str]] = {(0, column): [word] for column, word in enumerate(header)}
    edges, row = [y - 10, y - 30], 1
    for _, _, works in duties:
        for no, work, post, section, standards in works:
            lines = [f"{no}.{number} {text}" for number, text in enumerate(standards, 1)]
            cells |= {(row, 0): [section], (row, 1): [post], (row, 2): [f"{no} {work}"], (row, 3): lines}
            edges.append(edges[-1] - LEAD * len(lines) - 6)
            row += 1
    page.table([40, 110, 190, 330, 560], edges, cells)
