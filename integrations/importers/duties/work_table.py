"""Table 1-3 (岗位工作一览表): duty -> work item n.m -> post -> section.  The clean spine of a catalogue."""

import re

from integrations.importers.duties.cleaning import LEGIBLE, Familiarity, close_gaps, is_noise
from integrations.importers.duties.cutting import Sheet
from integrations.importers.duties.duty_column import read_duty_column
from integrations.importers.duties.numbers import DUTY, Item, Mark, work_numbers
from integrations.importers.duties.rows import DutyRow
from integrations.importers.duties.vocabulary import looks_like_post, looks_like_section
from integrations.importers.duties.works import WorkItem, WorkList
from integrations.importers.findings import Report
from integrations.importers.folding import similarity

GLUED_POST = re.compile(r"^(?P<text>.*[;；。])\s*(?P<post>[\u4e00-\u9fff]{2,8})$")
POST_AND_SECTION = re.compile(r"^(\S{1,10}(?:岗|长|主任|员))[)）]?\s+(\S.*)$")
OPEN_ENDS = ("/", "、", "／")
GHOST_LIKENESS = 0.35
TWIN_ROWS = 2
FRONT = 4
Numbered = list[tuple[int, list[Mark]]]


def read_works(sheets: list[Sheet], familiar: Familiarity, report: Report) -> WorkList:
    """All items of a department's tables 1-3."""
    reader = _Reader(familiar, report)
    for sheet in sheets:
        for row in sheet.rows:
            reader.read(sheet, row)
    read_duty_column(reader.found, reader.duty_cells, familiar, report)
    for work in reader.found.items:
        work.text = close_gaps(work.text).rstrip(";；。.,，:：")
    return reader.found


class _Reader:
    """Reads rows in order; ``duty_cells`` collects what stands left of the work items."""

    def __init__(self, familiar: Familiarity, report: Report) -> None:
        self.familiar = familiar
        self.report = report
        self.found = WorkList()
        self.duty_cells: list[tuple[DutyRow, int]] = []

    def read(self, sheet: Sheet, row: DutyRow) -> None:
        """One row: the work cell, what is left of it, and the labels."""
        numbered = [(index, marks) for index in row.filled if (marks := work_numbers(row.cells[index]))]
        if not numbered:
            self._without_number(row)
            return
        columns = _columns(sheet.roles.get(row.page), row)
        index, marks = _work_cell(numbered, columns)
        duty = columns.get("duty")
        self.duty_cells += [
            (row, left) for left in row.filled if left < index and left == (left if duty is None else duty)
        ]
        self.report.claim(*row.sources[index])
        named = [columns[role] for role in ("post", "section") if role in columns]
        post, section = self._labels(row, named or list(range(index + 1, len(row.cells))))
        for item, text in _parts(row.cells[index], marks):
            body, glued = _glued_post(text, post)
            line = (row.sources[index] or row.lines())[0]
            self._add(WorkItem(item, body, row, line, glued or post, section))

    def _labels(self, row: DutyRow, places: list[int]) -> tuple[str, str]:
        """(post, section) as printed on this row; merged cells say it through what covers them."""
        for index in places:
            self.report.claim(*row.sources[index])
        texts = [row.cells[index] or row.covered[index] for index in places]
        filled = [text for text in texts if text]
        if len(filled) == 1 and (match := POST_AND_SECTION.match(filled[0])):
            return match[1], match[2]
        post = texts[0] if texts else ""
        section = next((text for text in texts[1:] if text), "")
        if len(filled) == 1 and post and looks_like_section(post) and not looks_like_post(post):
            return "", post
        return post, section

    def _add(self, work: WorkItem) -> None:
        same = next((other for other in self.found.items[-TWIN_ROWS:] if other.item == work.item), None)
        if same is None or not self._is_ghost(same.text, work.text):
            self.found.items.append(work)
            return
        self.report.repair("ghost_row", "上一行的识别残影，未另立记录", work.row.lines()[0], same.text)
        self.report.drop("ghost", work.line, part=work.row.text)
        same.post_raw = _join_label(same.post_raw, work.post_raw)
        same.section_raw = same.section_raw or work.section_raw

    def _is_ghost(self, before: str, text: str) -> bool:
        """A second misreading of the line above: alike in shape, or of words that nobody else writes (A 2.3 31)."""
        odd = self.familiar.of(text) < self.familiar.of(before) - LEGIBLE
        return odd or similarity(before, text) >= GHOST_LIKENESS

    def _without_number(self, row: DutyRow) -> None:
        """Rows that carry only the rest of a cell: of the work text, of a label, of the duty, or nothing legible."""
        last = self.found.items[-1] if self.found.items else None
        for position, index in enumerate(row.filled):
            text, lines = row.cells[index], row.sources[index]
            if is_noise(text):
                self.report.drop("no_words", *lines)
            elif last is not None and position == 0 and index >= 1 and _continues(last.text, text):
                last.text += text
                self.report.claim(*lines)
                self.report.repair("line_joined", "工作内容写成两行，已合并", lines[0], last.text)
            elif last is not None and index >= 2 and looks_like_post(text):
                last.post_raw = last.post_raw if looks_like_post(last.post_raw) else text
                self.report.claim(*lines)
            elif last is not None and index >= 2 and looks_like_section(text):
                last.section_raw = last.section_raw if looks_like_section(last.section_raw) else text
                self.report.claim(*lines)
            else:
                self.duty_cells.append((row, index))


def _columns(roles: dict[int, str] | None, row: DutyRow) -> dict[str, int]:
    """Column of each role, when a legible header names them all and the row is as wide."""
    columns = {role: index for index, role in (roles or {}).items()}
    if not {"work", "post"} <= set(columns) or max(columns.values()) >= len(row.cells):
        return {}
    return columns


def _work_cell(numbered: Numbered, columns: dict[str, int]) -> tuple[int, list[Mark]]:
    """The named column, else the rightmost cell that begins with its number."""
    named = [entry for entry in numbered if entry[0] == columns.get("work")]
    starting = [entry for entry in numbered if entry[1][0].start <= FRONT]
    return (named or starting or numbered)[-1]


def _parts(text: str, marks: list[Mark]) -> list[tuple[Item, str]]:
    """(item, text) for each number that begins an item inside the cell (A 2.2 20)."""
    kept = [mark for mark in marks if mark is marks[0] or _begins(text, mark, marks[0])]
    ends = [*(mark.start for mark in kept[1:]), len(text)]
    return [(mark.item, text[mark.end : end].strip()) for mark, end in zip(kept, ends, strict=True)]


def _begins(text: str, mark: Mark, first: Mark) -> bool:
    before = text[: mark.start]
    closed = before.rstrip().endswith((";", "；", "。"))
    return closed and before[-1:].isspace() and mark.item[0] >= first.item[0]


def _glued_post(text: str, post: str) -> tuple[str, str]:
    """A post printed behind the closing mark of the work text (A 2.2 19)."""
    match = GLUED_POST.match(text)
    return (
        (match["text"], match["post"])
        if match and not post and looks_like_post(match["post"])
        else (text, "")
    )


def _join_label(before: str, more: str) -> str:
    """A label that ends with a slash goes on in the next row (A 2.5 51)."""
    return before + more if before.rstrip().endswith(OPEN_ENDS) and more else before or more


def _continues(before: str, text: str) -> bool:
    closed = before.rstrip().endswith((";", "；", "。"))
    bracket = any(before.count(left) > before.count(right) for left, right in ("()", "（）", "《》"))
    return (bracket or not closed) and not DUTY.match(text)
