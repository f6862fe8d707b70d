"""PDF with a text layer: ruled cells, merged cells, wrapped lines, tables over pages, turned pages, tables without rules."""

from integrations.importers.comparing.readings import compare
from integrations.importers.grid import Document, Paragraph, Table
from integrations.importers.sources.opening import open_document
from integrations.reading import read_catalogue
from tests.integrations.importers.pdf_samples import PageText, catalogue_pdf, pdf_of
from tests.integrations.importers.samples import truth


def rows(document: Document) -> list[list[list[str]]]:
    return [
        [["<" if cell.origin else cell.text for cell in row.cells] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def paragraphs(document: Document) -> list[str]:
    return [block.line.text for block in document.blocks if isinstance(block, Paragraph)]


def test_cells_merged_cells_and_wrapped_lines() -> None:
    page = PageText()
    page.text(50, 760, "一、总务处")
    # The text of the last column is 100 points wide: ten characters fill a line.
    page.table(
        [50, 150, 260],
        [740, 690, 620],
        {
            (0, 0): ["部门职责"],
            (0, 1): ["1.1 检修管网并做好", "记录；", "1.2 抄表；"],
            (1, 1): ["短句", "另一句", "一二三四五六七八九十", "百。千"],
        },
        merged=[(1, 0)],
    )
    document = open_document(pdf_of(page), "x.pdf")
    assert paragraphs(document) == ["一、总务处"]
    assert rows(document) == [
        [
            ["部门职责", "1.1 检修管网并做好记录；\n1.2 抄表；"],
            ["<", "短句\n另一句\n一二三四五六七八九十百。千"],
        ]
    ]
    assert not document.flattened
    assert next(block for block in document.blocks if isinstance(block, Table)).rows[1].cells[1].lines[
        0
    ].place.to_json() == {
        "page": 1,
        "table": 1,
        "row": 2,
        "cell": 2,
    }


def test_table_over_pages_is_one_and_page_numbers_stand_before_it() -> None:
    pages = [PageText() for _ in range(3)]
    for number, page in enumerate(pages, start=1):
        page.text(280, 20, f"- {number} -")
        page.text(50, 785, "某学院职责汇编")
    pages[0].table(
        [50, 150, 260],
        [700, 660, 40],
        {(0, 0): ["甲"], (0, 1): ["乙"], (1, 0): ["丙"], (1, 1): ["没有完的一句"]},
        open_bottom=True,
    )
    pages[1].table(
        [50, 150, 260],
        [760, 720, 690],
        {(0, 1): ["话在这里。"], (1, 0): ["丁"], (1, 1): ["戊"]},
        open_top=True,
    )
    pages[2].table([50, 150, 260], [760, 720], {(0, 0): ["己"], (0, 1): ["庚"]})
    document = open_document(pdf_of(*pages), "x.pdf")
    assert rows(document) == [[["甲", "乙"], ["丙", "没有完的一句话在这里。"], ["丁", "戊"], ["己", "庚"]]]
    assert sorted(paragraphs(document)) == ["- 1 -", "- 2 -", "- 3 -"] + ["某学院职责汇编"] * 3
    assert isinstance(document.blocks[-1], Table)


def test_tables_side_by_side_in_height_keep_their_columns() -> None:
    page = PageText()
    page.table([50, 150, 260], [700, 660], {(0, 0): ["甲"], (0, 1): ["乙"]})
    page.text(50, 640, "表2")
    page.table([50, 151, 200, 260], [620, 580], {(0, 0): ["丙"], (0, 1): ["丁"], (0, 2): ["戊"]})
    assert rows(open_document(pdf_of(page), "x.pdf")) == [[["甲", "乙"]], [["丙", "丁", "戊"]]]


def test_shapes_of_radicals_become_characters() -> None:
    page = PageText()
    page.text(50, 700, "部⻔⼯作⻚⽉底")
    page.text(50, 700, "部⻔⼯作⻚⽉底")
    assert paragraphs(open_document(pdf_of(page), "x.pdf")) == ["部门工作页月底"]


def test_turned_page() -> None:
    page = PageText(turned=90)
    # Written upwards on the sheet: level once the page is turned.
    words = "横排".encode("utf-16-be").hex()
    page.parts.append(f"BT /F1 10 Tf 0 1 -1 0 100 300 Tm <{words}> Tj ET")
    page.parts.append(f"BT /F1 10 Tf 0 1 -1 0 120 300 Tm <{words}> Tj ET")
    assert paragraphs(open_document(pdf_of(page), "x.pdf")) == ["横排", "横排"]


def test_columns_without_rules() -> None:
    page = PageText()
    page.text(50, 700, "序号")
    page.text(150, 700, "工作")
    page.text(50, 680, "1")
    page.text(150, 680, "抄表")
    document = open_document(pdf_of(page), "x.pdf")
    assert rows(document) == [[["序号", "工作"], ["1", "抄表"]]]
    assert document.flattened


def test_catalogue_is_read_whole() -> None:
    figures, more = compare(read_catalogue(catalogue_pdf(), "职责.pdf"), truth())
    for name in (
        "duties",
        "work_items",
        "work_posts",
        "entries",
        "links",
        "standard_starts",
        "standard_entries",
    ):
        assert (figures[name].precision, figures[name].recall) == (1, 1), (name, figures[name].misses)
    assert more["link_outcomes"]["wrong_silent"] == 0
