"""Reader of duty catalogues (职责表, family of the Changzhou catalogue): grid in, plain records and a report out."""

import re
from typing import Any

from integrations.importers.duties.chapter_names import add_chapter_names
from integrations.importers.duties.cleaning import Familiarity, is_noise
from integrations.importers.duties.context import Context
from integrations.importers.duties.cutting import DUTIES, STANDARDS, WORKS, Cutter, Department, Sheet
from integrations.importers.duties.duty_table import DutyList, read_duties
from integrations.importers.duties.edges import restore_left_edges
from integrations.importers.duties.entries import Entry, build_entries
from integrations.importers.duties.fragments import split_row
from integrations.importers.duties.labelling import gather_names, names_from_labels, read_labels
from integrations.importers.duties.layout import lay_out
from integrations.importers.duties.linking import link_entries
from integrations.importers.duties.occurrences import occurrences
from integrations.importers.duties.output import department_json
from integrations.importers.duties.pieces import Flow, Piece
from integrations.importers.duties.plain import number_standards
from integrations.importers.duties.posts import (
    caption_names,
    fill_works,
    settle_entries,
    settle_sections,
    settle_works,
)
from integrations.importers.duties.resolving import Resolver
from integrations.importers.duties.rows import rows_of
from integrations.importers.duties.shared_sections import share_sections
from integrations.importers.duties.work_table import read_works
from integrations.importers.duties.works import WorkList
from integrations.importers.findings import Report
from integrations.importers.grid import Document

SURE_TAIL = 3
ITEM_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.．]\s*\d{1,2}")
FAMILY = "duty_catalogue"


def claims(document: Document) -> bool:
    """Does the file hold a table of numbered work items or standards below a caption or header?"""
    departments = Cutter(Report()).cut(rows_of(document))
    sheets = [sheet for department in departments for sheet in department.sheets if sheet.kind != DUTIES]
    return any(ITEM_NUMBER.match(cell) for sheet in sheets for row in sheet.rows for cell in row.cells)


def read(document: Document) -> dict[str, Any]:
    """Departments with duties, work items and standards, and the report, in the shape of the hand-made reading."""
    report = Report()
    rows = rows_of(document)
    familiar = Familiarity(cell for row in rows for cell in row.cells if len(cell) < 400)
    departments = Cutter(report).cut(rows)
    add_chapter_names(departments)
    data = [_department(department, familiar, report) for department in departments]
    for row in rows:
        report.drop("no_words", *(line for cell in row.sources for line in cell if is_noise(line.text)))
    report.close(document)
    return {"family": FAMILY, "source": document.name, "departments": data} | report.to_json()


def _department(department: Department, familiar: Familiarity, report: Report) -> dict[str, Any]:
    duties = [read_duties(sheet, report) for sheet in department.of_kind(DUTIES)]
    works = read_works(department.of_kind(WORKS), familiar, report)
    sheets = department.of_kind(STANDARDS)
    captions = [sheet.section for sheet in sheets if sheet.section]
    posts, sections = gather_names(works.items, captions, familiar, trusted=_trusted(department))
    texts = {work.item: work.text for work in works.items}
    context = Context(texts, posts, sections, familiar, report)
    read_sheets = [_standards(sheet, context) for sheet in sheets]
    entries = [entry for _, found in read_sheets for entry in found]
    link_entries(entries, works.items, report)
    _settle(entries, [label for flow, _ in read_sheets for label in flow.labels], works, context)
    return department_json(department, duties or [DutyList()], works, entries, report)


def _trusted(department: Department) -> bool:
    """Does every page of table 1-3 have a legible header and no cell without words?  Then nothing was misread there."""
    rows = [(sheet, row) for sheet in department.of_kind(WORKS) for row in sheet.rows]
    headed = all({"work", "post"} <= set(sheet.roles.get(row.page, {}).values()) for sheet, row in rows)
    return headed and not any(is_noise(row.cells[index]) for _, row in rows for index in row.filled)


def _standards(sheet: Sheet, context: Context) -> tuple[Flow, list[Entry]]:
    """The entries of one table 1-4 with what was read on the way."""
    restore_left_edges(sheet, list(context.works), context.report)
    flow = Flow()
    rows = lay_out(sheet)
    number_standards(rows, context.report)
    for laid in rows:
        split_row(flow, laid, context)
        for index in laid.replays:
            context.report.drop("repeat", *laid.row.sources[index], message="整页文字在左边一格重复")
    _tell_tails(flow, context.report)
    blocks = Resolver(flow, context).run()
    return flow, build_entries(blocks, occurrences(flow, context), sheet.section, context)


def _tell_tails(flow: Flow, report: Report) -> None:
    """Ends of lines found in an extra column: short ones are certain, longer ones are shown (A 2.1 12)."""
    for fragment, tail, line in flow.tails:
        report.claim(line)
        tell = report.warn if len(tail) > SURE_TAIL else report.repair
        tell("tail_joined", "行尾落在多出的一格，已接回", line, fragment.text[-30:])
    for lines in flow.cells:
        report.claim(*lines[1:])


def _settle(entries: list[Entry], labels: list[Piece], works: WorkList, context: Context) -> None:
    """Posts and sections: table 1-3 first, then the entries, then what table 1-3 left blank."""
    if not works.items:
        names_from_labels(labels, context)
    settle_works(works.items, context)
    evidence = read_labels(labels, context)
    settle_entries(entries, works.items, evidence, caption_names(entries, works.items), context.posts)
    fill_works(entries, works.items, context.report)
    settle_sections(works.items, context.report)
    share_sections(entries, works.items, context.report)
