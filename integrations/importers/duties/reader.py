"""Reader of duty catalogues (职责表, family of the Changzhou catalogue): grid in, plain records and a report out."""

from typing import Any

from integrations.importers.duties.cleaning import Familiarity, is_noise
from integrations.importers.duties.cutting import DUTIES, STANDARDS, WORKS, Cutter, Department, Sheet
from integrations.importers.duties.duty_table import DutyList, read_duties
from integrations.importers.duties.edges import restore_left_edges
from integrations.importers.duties.entries import Entry, build_entries, occurrences
from integrations.importers.duties.fragments import Flow, Known, split_row
from integrations.importers.duties.labelling import gather_names, read_labels
from integrations.importers.duties.layout import lay_out
from integrations.importers.duties.linking import link_entries
from integrations.importers.duties.output import department_json
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
from integrations.importers.duties.vocabulary import Names
from integrations.importers.duties.work_table import WorkList, read_works
from integrations.importers.findings import Report
from integrations.importers.grid import Document

SURE_TAIL = 3
FAMILY = "duty_catalogue"


def claims(document: Document) -> bool:
    """Does the file hold a table of work items or of standards below a caption?"""
    departments = Cutter(Report()).cut(rows_of(document))
    return any(
        sheet.rows for department in departments for sheet in department.sheets if sheet.kind != DUTIES
    )


def read(document: Document) -> dict[str, Any]:
    """Departments with duties, work items and standards, and the report, in the shape of the hand-made reading."""
    report = Report()
    rows = rows_of(document)
    familiar = Familiarity(cell for row in rows for cell in row.cells if len(cell) < 400)
    departments = Cutter(report).cut(rows)
    data = [_department(department, familiar, report) for department in departments]
    for row in rows:
        report.drop("no_words", *(line for cell in row.sources for line in cell if is_noise(line.text)))
    report.close(document)
    return {"family": FAMILY, "source": document.name, "departments": data} | report.to_json()


def _department(department: Department, familiar: Familiarity, report: Report) -> dict[str, Any]:
    duties = [read_duties(sheet, report) for sheet in department.of_kind(DUTIES)]
    works = read_works(department.of_kind(WORKS), familiar, report)
    sheets = department.of_kind(STANDARDS)
    posts, sections = gather_names(
        works.items,
        [sheet.section for sheet in sheets if sheet.section],
        familiar,
        trusted=_trusted(department),
    )
    entries: list[Entry] = []
    flows: list[Flow] = []
    for sheet in sheets:
        flow, found = _standards(sheet, works, Known(_texts(works), posts, sections), familiar, report)
        flows.append(flow)
        entries += found
    link_entries(entries, works.items, report)
    _settle(entries, flows, works, posts, sections, familiar, report)
    return department_json(department, duties or [DutyList()], works, entries, report)


def _trusted(department: Department) -> bool:
    """Does every page of table 1-3 have a legible header and no cell without words?  Then nothing was misread there."""
    rows = [(sheet, row) for sheet in department.of_kind(WORKS) for row in sheet.rows]
    headed = all({"work", "post"} <= set(sheet.roles.get(row.page, {}).values()) for sheet, row in rows)
    return headed and not any(is_noise(row.cells[index]) for _, row in rows for index in row.filled)


def _texts(works: WorkList) -> dict[tuple[int, int], str]:
    return {work.item: work.text for work in works.items}


def _standards(
    sheet: Sheet, works: WorkList, known: Known, familiar: Familiarity, report: Report
) -> tuple[Flow, list[Entry]]:
    """The entries of one table 1-4 with what was read on the way."""
    restore_left_edges(sheet, [work.item for work in works.items], report)
    flow = Flow()
    rows = lay_out(sheet)
    number_standards(rows, report)
    for laid in rows:
        split_row(flow, laid, known)
        for index in laid.replays:
            report.drop("repeat", *laid.row.sources[index], message="整页文字在左边一格重复")
    for fragment, tail, line in flow.tails:
        report.claim(line)
        if len(tail) > SURE_TAIL:
            report.warn("tail_joined", "行尾落在多出的一格，已接回，请确认", line, fragment.text[-30:])
        else:
            report.repair("tail_joined", "行尾落在多出的一格，已接回", line, fragment.text[-30:])
    for lines in flow.cells:
        report.claim(*lines[1:])
    blocks = Resolver(flow, known.works, familiar, report).run()
    found = occurrences(flow, known.works, familiar, report)
    return flow, build_entries(blocks, found, known.works, sheet.section, familiar, report)


def _settle(
    entries: list[Entry],
    flows: list[Flow],
    works: WorkList,
    posts: Names,
    sections: Names,
    familiar: Familiarity,
    report: Report,
) -> None:
    settle_works(works.items, posts, sections, report)
    evidence = read_labels(
        [label for flow in flows for label in flow.labels], posts, sections, familiar, report
    )
    settle_entries(entries, works.items, evidence, caption_names(entries, works.items), posts)
    fill_works(entries, works.items, report)
    settle_sections(works.items, sections, report)
