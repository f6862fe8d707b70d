"""Every format becomes the common grid with places; what cannot be read says why and what to do."""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment

from integrations.importers.errors import REASONS, ReaderError
from integrations.importers.grid import Document, Gap, Paragraph, Place, Table
from integrations.importers.identify import identify
from integrations.importers.sources import guard
from integrations.importers.sources.numbering import chinese_number
from integrations.importers.sources.opening import open_document
from integrations.importers.sources.xlsx import cell_text
from tests.integrations.importers import samples


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return target.getvalue()


def pdf(*, text: bool = False, password: str | None = None) -> bytes:
    if text:
        return TEXT_PDF
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _text_pdf() -> bytes:
    stream = b"BT /F1 12 Tf 20 100 Td (1.1 Plan) Tj 0 -20 Td (1.2 Check) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    )


TEXT_PDF = _text_pdf()
BAD: list[tuple[str, bytes, str]] = [
    ("empty.docx", b"  \n", "empty"),
    ("old.doc", guard.OLE_MAGIC + b"\0" * 600, "old_format"),
    ("locked.docx", guard.OLE_MAGIC + b"\0" * 60 + guard.ENCRYPTED_STREAM, "encrypted"),
    ("locked.pdf", pdf(password="x"), "encrypted"),
    ("scan.pdf", pdf(), "no_text_layer"),
    ("broken.pdf", b"%PDF-1.7\nnothing", "damaged"),
    ("cut.docx", samples.handbook_docx()[:4000], "damaged"),
    ("broken.docx", packed(word__document_xml=b"<w:broken"), "damaged"),
    ("broken.xlsx", packed(xl__workbook_xml=b"<workbook"), "damaged"),
    ("macro.docx", packed(word__document_xml=b"<x/>", word__vbaProject_bin=b"x"), "macros"),
    ("archive.zip", packed(readme=b"x"), "wrong_format"),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "wrong_format"),
    ("program.txt", b"MZ\x90\0" + b"\0" * 50, "wrong_format"),
    ("letter.docx", samples._save(docx.Document()), "no_text"),
    ("empty.xlsx", samples._save(openpyxl.Workbook()), "no_text"),
    ("story.txt", "从前有座山。".encode(), "no_reader"),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD, ids=[name for name, _, _ in BAD])
def test_what_cannot_be_read(name: str, data: bytes, code: str) -> None:
    with pytest.raises(ReaderError) as caught:
        identify(data, name)
    assert caught.value.code == code
    assert caught.value.advice == REASONS[code].advice
    assert caught.value.advice in str(caught.value)


def test_packed_bomb() -> None:
    with pytest.raises(ReaderError) as caught:
        guard.kind_of(packed(word__document_xml=b"0" * 60_000_000))
    assert caught.value.code == "bomb"


def test_huge_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_BYTES", 10)
    with pytest.raises(ReaderError) as caught:
        guard.kind_of(b"x" * 11)
    assert caught.value.code == "huge"


def test_two_claims_are_an_error() -> None:
    both = samples.catalogue_docx()
    document = docx.Document(io.BytesIO(both))
    table = document.add_table(2, 7)
    for column, label in enumerate(samples.SHEET_LABELS):
        table.cell(0, column).text = label
        table.cell(1, column).text = "内容"
    data = samples._save(document)
    with pytest.raises(ReaderError) as caught:
        identify(data, "both.docx")
    assert caught.value.code == "several_readers"
    assert identify(data, "both.docx", family="duty_catalogue")[0].family == "duty_catalogue"


def test_error_names_its_place() -> None:
    error = ReaderError("huge", place=Place(sheet="职责", row=3))
    assert str(error).startswith("工作表“职责”第3行：")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    document = open_document("标题\n甲\t乙\n\n\t丙".encode(encoding), "x.txt")
    kinds = [type(block) for block in document.blocks]
    assert kinds == [Paragraph, Table, Gap, Table]
    assert [line.text for line in document.lines()] == ["标题", "甲", "乙", "丙"]
    assert [line.place.line for line in document.lines()] == [1, 2, 2, 4]


def cells(document: Document) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells]
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def test_word_table_with_merged_cells() -> None:
    source = docx.Document()
    table = source.add_table(3, 3)
    table.cell(0, 0).text = "竖"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 1).text = "横"
    table.cell(2, 1).merge(table.cell(2, 2))
    document = open_document(samples._save(source), "m.docx")
    assert cells(document) == [["竖", "", ""], ["", "", ""], ["", "横", ""]]
    (block,) = [block for block in document.blocks if isinstance(block, Table)]
    assert block.rows[1].cells[0].origin is block.rows[0].cells[0]
    assert block.rows[2].cells[2].origin is block.rows[2].cells[1]
    assert block.rows[2].cells[1].lines[0].place == Place(table=1, row=3, cell=2)


def test_word_paragraphs_breaks_and_deleted_text() -> None:
    source = docx.Document()
    paragraph = source.add_paragraph("第一行")
    paragraph.add_run().add_break()
    paragraph.add_run("第二行")
    gone = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "删去"
    run.append(text)
    gone.append(run)
    paragraph._p.append(gone)
    document = open_document(samples._save(source), "p.docx")
    assert [line.text for line in document.lines()] == ["第一行", "第二行"]


def test_automatic_numbers_become_text() -> None:
    source = docx.Document()
    for text in ("甲", "乙"):
        source.add_paragraph(text, style="List Number")
    document = open_document(samples._save(source), "n.docx")
    assert [line.text for line in document.lines()] == ["1.甲", "2.乙"]


def test_bullets_and_switched_off_numbers_add_nothing() -> None:
    source = docx.Document()
    source.add_paragraph("点", style="List Bullet")
    plain = source.add_paragraph("无", style="List Number")
    properties = plain._p.get_or_add_pPr()
    listing, number = OxmlElement("w:numPr"), OxmlElement("w:numId")
    number.set(qn("w:val"), "0")
    listing.append(number)
    properties.append(listing)
    document = open_document(samples._save(source), "b.docx")
    assert [line.text for line in document.lines()] == ["点", "无"]


def test_chinese_numbers() -> None:
    assert [chinese_number(value) for value in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


def test_workbook_with_merged_cells_hidden_sheet_and_values() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["表一", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["甲", 1.0, None])
    sheet.append([None, "二\n三", None])
    sheet.merge_cells("A2:A3")
    sheet["B2"].comment = Comment("批注", "某人")
    book.create_sheet("藏").append(["看不见"])
    book["藏"].sheet_state = "hidden"
    document = open_document(samples._save(book), "b.xlsx")
    assert [type(block) for block in document.blocks] == [Paragraph, Table]
    assert cells(document) == [["甲", "1", ""], ["", "二\n三", ""]]
    assert next(document.lines()).place == Place(sheet="Sheet", row=1, cell=1)


def test_excel_values_as_a_person_sees_them() -> None:
    import datetime as dt

    assert cell_text(dt.datetime(2026, 3, 1)) == "2026-03-01"
    assert cell_text(2.0) == "2"
    assert cell_text(None) == ""


def test_delimited_text() -> None:
    document = open_document("目录\n工作,岗位\n\n巡检,电工\n".encode("gb18030"), "t.csv")
    assert [type(block) for block in document.blocks] == [Paragraph, Table, Gap, Table]
    assert cells(document) == [["工作", "岗位"], ["巡检", "电工"]]


def test_pdf_with_text_layer() -> None:
    document = open_document(pdf(text=True), "t.pdf")
    lines = list(document.lines())
    assert [line.text for line in lines] == ["1.1 Plan", "1.2 Check"]
    assert {line.place.page for line in lines} == {1}


def test_name_does_not_decide(tmp_path: Path) -> None:
    assert identify(samples.catalogue_docx(), "wrong.xlsx")[0].family == "duty_catalogue"
