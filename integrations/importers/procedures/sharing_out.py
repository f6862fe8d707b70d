"""One cell with the duties of several parties (职责分工): "甲：…" begins the share of a party, each its own column."""

import re

from integrations.importers.findings import Report
from integrations.importers.grid import Line
from integrations.importers.procedures import labels as kinds
from integrations.importers.procedures.cutting import Cut, RawCell, RawItem

SHARE = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[)）.．、]\s*)?(?P<party>[\u4e00-\u9fff（）()、/]{2,14}?)\s*[:：]\s*(?P<rest>.*)$"
)
NOBODY = "有关部门"


def share_out(found: Cut, report: Report) -> None:
    """Parts such cells in every item; the source lines count as read."""
    for chapter in found.chapters:
        for item in chapter.items:
            if item.fits and any(label.kind == kinds.DUTY and not label.party for label in item.labels):
                _share(item, report)


def _share(item: RawItem, report: Report) -> None:
    labels: list[kinds.Label] = []
    values: list[RawCell] = []
    for label, cell in zip(item.labels, item.values, strict=True):
        parts = _parts(cell) if label.kind == kinds.DUTY and not label.party else [(label.party, cell)]
        if len(parts) > 1 or parts[0][1] is not cell:
            report.claim(*cell.lines)
        for party, part in parts:
            labels.append(kinds.Label(label.kind, label.text, party))
            values.append(part)
    item.labels, item.values = labels, values


def _parts(cell: RawCell) -> list[tuple[str, RawCell]]:
    found: list[tuple[str, RawCell]] = []
    for line in cell.lines:
        share = SHARE.match(line.text)
        if share is None and not found:
            found.append((NOBODY, RawCell()))
        if share is None:
            found[-1][1].add(line)
            continue
        found.append((share["party"], RawCell()))
        if share["rest"].strip():
            found[-1][1].add(Line(share["rest"], line.place))
    return found or [(NOBODY, cell)]
