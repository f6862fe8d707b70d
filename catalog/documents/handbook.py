"""The printed handbook as .docx (职责与流程手册): departments with duties, work, posts and standards; procedures by chapter."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

_NUMERALS = "零一二三四五六七八九十"


def handbook_docx(document: Mapping[str, Any]) -> bytes:
    """Word file of a version: cover lines, departments, procedures; page numbers at the foot."""
    paper = Document()
    _page(paper)
    _cover(paper, document)
    for place, department in enumerate(document["departments"], start=1):
        _department(paper, place, department)
    offset = len(document["departments"])
    chapters = groupby(document["procedures"], key=lambda one: (one["chapter_no"], one["chapter"]))
    for place, ((_no, title), procedures) in enumerate(chapters, start=offset + 1):
        paper.add_heading(f"{_numeral(place)}、{title or '工作流程'}", level=1)
        for one in procedures:
            _procedure(paper, one)
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _page(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    for name, font, size in (("Normal", "仿宋", 12), ("Heading 1", "黑体", 16), ("Heading 2", "黑体", 13), ("Heading 3", "黑体", 12)):  # fmt: skip
        style = paper.styles[name]
        style.font.size = Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.font.color.rgb = None
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _cover(paper: Any, document: Mapping[str, Any]) -> None:
    title = paper.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(document["title"])
    run.bold, run.font.size = True, Pt(22)
    day = document["effective_from"]
    lines = [f"第{document['number']}版，{document['state']}"]
    lines += [f"{document['approved_by']}批准"] if document["approved_by"] else []
    lines += [f"{day.year}年{day.month}月{day.day}日起施行"] if day else []
    below = paper.add_paragraph("　".join(lines))
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _department(paper: Any, place: int, department: Mapping[str, Any]) -> None:
    paper.add_heading(f"{_numeral(place)}、{department['name']}", level=1)
    for duty in department["duties"]:
        scope = "" if duty["scope"] == "系统内" else f"（{duty['scope']}）"
        paper.add_heading(f"{duty['no']} {duty['text']}{scope}".strip(), level=2)
        _works(paper, duty["works"])
    if department["loose"]:
        paper.add_heading("没有归入职责的工作", level=2)
        _works(paper, department["loose"])


def _works(paper: Any, works: Sequence[Mapping[str, Any]]) -> None:
    for work in works:
        posts = "、".join("／".join(filter(None, (s, p))) for s, p, _leads in work["posts"]) or "岗位未写明"
        paper.add_heading(f"{work['no']} {work['text']}（{posts}）", level=3)
        for one in work["standards"]:
            paper.add_paragraph(f"{one['no']} {one['text']}")
            for number, text in enumerate(one["sub_items"], start=1):
                paper.add_paragraph(f"（{number}）{text}").paragraph_format.left_indent = Cm(1)


def _procedure(paper: Any, one: Mapping[str, Any]) -> None:
    paper.add_heading(f"{one['no']} {one['title']}", level=2)
    steps = [_step(number, step) for number, step in enumerate(one["steps"], start=1)]
    rows = [("时间", [one["time"] or "未写明"]), ("工作内容", _numbered(one["contents"]))]
    rows += [(f"{party}职责", _numbered(texts)) for party, texts in one["parties"].items()]
    rows += [("工作流程", steps), ("工作标准", _numbered(one["standards"]))]
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    for label, lines in rows:
        if lines:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, "\n".join(lines)
            cells[0].width, cells[1].width = Cm(2.8), Cm(13)


def _numbered(texts: Sequence[str]) -> list[str]:
    return (
        [f"{number}. {text}" for number, text in enumerate(texts, start=1)] if len(texts) > 1 else list(texts)
    )


def _step(number: int, step: Sequence[Any]) -> str:
    chain, text, actors, inferred = step
    who = "、".join(actors) + ("，推断" if inferred and actors else "")
    return f"{number}. {f'【{chain}】' if chain else ''}{text}{f'（{who}）' if who else ''}"


def _numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return f"{_NUMERALS[tens] if tens > 1 else ''}十{_NUMERALS[ones] if ones else ''}"
