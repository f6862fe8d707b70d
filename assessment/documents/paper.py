"""The shape of an office paper (公文版式, GB/T 9704): margins, type, headings, tables, page numbers."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

BODY, HEADING, TITLE = "仿宋", "黑体", "宋体"
BODY_SIZE, TITLE_SIZE, TABLE_SIZE, NOTE_SIZE = 14, 20, 10.5, 10.5
LINE = Pt(26)


class Paper:
    """An A4 paper that grows from top to bottom; every text is plain text."""

    def __init__(self, title: str, subtitle: str = "") -> None:
        self._paper: Any = Document()
        self._paper.core_properties.title = title
        _page(self._paper)
        self._line(title, font=TITLE, size=TITLE_SIZE, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
        if subtitle:
            self._line(subtitle, font=BODY, size=12, align=WD_ALIGN_PARAGRAPH.CENTER)

    def heading(self, text: str) -> None:
        """A heading of the first level (一、…)."""
        self._line(text, font=HEADING, size=BODY_SIZE)

    def text(self, text: str) -> None:
        """A paragraph, first line indented by two characters."""
        paragraph = self._line(text, font=BODY, size=BODY_SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(2 * BODY_SIZE)

    def note(self, text: str) -> None:
        """A small line below a table."""
        self._line(text, font=BODY, size=NOTE_SIZE)

    def signature(self, *lines: str) -> None:
        """Office and date, at the right."""
        self._line("", font=BODY, size=BODY_SIZE)
        for text in lines:
            self._line(text, font=BODY, size=BODY_SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT)

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        right: Sequence[int] = (),
    ) -> None:
        """A table with ruled lines; widths in cm; ``right`` are columns of figures; the head repeats on every page."""
        table = self._paper.add_table(rows=1, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _fill(table.rows[0], head, widths, range(0), bold=True)
        _repeat(table.rows[0])
        for row in rows:
            _fill(table.add_row(), row, widths, right)

    def content(self) -> bytes:
        """The file."""
        buffer = BytesIO()
        self._paper.save(buffer)
        return buffer.getvalue()

    def _line(self, text: str, *, font: str, size: float, bold: bool = False, align: Any = None) -> Any:
        paragraph = self._paper.add_paragraph()
        paragraph.alignment = align
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = LINE if size <= BODY_SIZE else Pt(size * 1.6)
        _run(paragraph, text, font=font, size=size, bold=bold)
        return paragraph


def _page(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "— ", font=TITLE, size=12)
    _field(footer, "PAGE")
    _run(footer, " —", font=TITLE, size=12)


def _run(paragraph: Any, text: str, *, font: str, size: float, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.font.name = Pt(size), bold, "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _fill(row: Any, texts: Sequence[str], widths: Sequence[float], right: Any, *, bold: bool = False) -> None:
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Cm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if bold:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif place in right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, text, font=HEADING if bold else TITLE, size=TABLE_SIZE)


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
