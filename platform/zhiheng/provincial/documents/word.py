"""The report as .docx in the shape of an office paper: heading, progress, one table per indicator table."""

from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt


def report_docx(document: dict[str, Any], *, title: str) -> bytes:
    """Word file of the frozen document."""
    paper = Document()
    _page(paper)
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(heading, title, size=18, bold=True)
    _summary(paper, document)
    _heading(paper, "一、报送进度")
    head = ["学校", "层次", "已报/应报", "状态", "最近报送"]
    rows = [
        [r["college"], r["tier"], f"{r['released']}/{r['expected']}", r["state"], r["last"] or "—"]
        for r in document["progress"]
    ]
    _table(paper, head, rows)
    _heading(paper, "二、指标分布")
    for table, group in groupby(document["distributions"], key=lambda row: row["table"]):
        _paragraph(paper, table, bold=True)
        _table(
            paper,
            ["指标", "报送数", "最小", "下四分位", "中位数", "上四分位", "最大"],
            [_row(row) for row in group],
        )
    _paragraph(paper, "说明：只汇总各校自主发布并报送省级的数据；四分位按线性插值；“—”表示没有学校报送。")
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _summary(paper: Any, document: dict[str, Any]) -> None:
    done = sum(1 for row in document["progress"] if row["state"] == "已报送")
    some = sum(1 for row in document["progress"] if row["released"])
    text = (
        f"{document['year']}年度，所属{len(document['progress'])}所学校中，{some}所已发布数据，其中{done}所全部报齐。"
        f"本报告生成于{document['made_at']}。"
    )
    _paragraph(paper, text)


def _row(row: dict[str, Any]) -> list[str]:
    label = f"{row['title']}（{row['unit']}）" if row["unit"] else row["title"]
    return [
        label,
        str(row["n"]),
        *(_figure(row[k], row["decimals"]) for k in ("min", "q1", "median", "q3", "max")),
    ]


def _figure(value: str | None, decimals: int) -> str:
    return "—" if value is None else f"{Decimal(value):,.{decimals}f}"


def _page(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")


def _heading(paper: Any, text: str) -> None:
    _run(paper.add_paragraph(), text, size=14, bold=True)


def _paragraph(paper: Any, text: str, *, bold: bool = False) -> None:
    _run(paper.add_paragraph(), text, size=12, bold=bold)


def _run(paragraph: Any, text: str, *, size: int, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _table(paper: Any, head: list[str], rows: list[list[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        _run(cell.paragraphs[0], text, size=10, bold=True)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _run(cell.paragraphs[0], text, size=10)
