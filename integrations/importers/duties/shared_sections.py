"""One work item of two sections, "A(B)" in one cell (两个科室共管): the section of the standards leads (catalogue.md A 2.5 51)."""

import re
from collections import Counter

from integrations.importers.duties.entries import Entry
from integrations.importers.duties.works import WorkItem
from integrations.importers.findings import Report

SECTION = r"[\u4e00-\u9fffA-Za-z]{1,12}(?:科|室|中心|部|办|所|处|院|馆|组|队)"
TWO = re.compile(rf"(?P<first>{SECTION})[(（](?P<second>{SECTION})[)）]")


def share_sections(entries: list[Entry], items: list[WorkItem], report: Report) -> None:
    """Names the leading section of such items and lists the other one beside it."""
    for work in items:
        found = TWO.fullmatch(work.section or "")
        if not found:
            continue
        names = [found["first"], found["second"]]
        mine = [entry for entry in entries if entry.link == work.item]
        said = Counter(entry.section for entry in mine if entry.section in names)
        lead = said.most_common(1)[0][0] if said else names[0]
        work.section_canonical = lead
        work.also = [
            {"section": name, "post": work.post_canonical or work.post} for name in names if name != lead
        ]
        for entry in mine:
            entry.section_13 = lead
        report.repair(
            "section_shared", "两个科室共管，以牵头科室为准，另一科室列在其后", work.line, lead, about=work.no
        )
