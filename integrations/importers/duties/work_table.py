"""Table 1-3 (岗位工作一览表): duty -> work item n.m -> post -> section.  The clean spine of a catalogue."""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import LEGIBLE, Familiarity, chinese, close_gaps, is_noise
from integrations.importers.duties.cutting import Sheet
from integrations.importers.duties.numbers import DUTY, item_text, work_numbers
from integrations.importers.duties.rows import DutyRow
from integrations.importers.duties.vocabulary import Names, bare, looks_like_post, looks_like_section
from integrations.importers.findings import Report
from integrations.importers.folding import fold, similarity, squeeze
from integrations.importers.grid import Line

GLUED_POST = re.compile(r"^(?P<text>.*[;；。])\s*(?P<post>[\u4e00-\u9fff]{2,8})$")
TAG = re.compile(r"[（(](?P<tag>决策指挥|质量生成|监督评价|支持服务|[\u4e00-\u9fff、]{4,20})[)）]")
FUNCTIONS = ("决策指挥", "质量生成", "监督评价", "支持服务", "资源建设")
POST_AND_SECTION = re.compile(r"^(\S{1,10}(?:岗|长|主任|员))[)）]?\s+(\S.*)$")
GHOST_LIKENESS = 0.35
TWIN_ROWS = 2


@dataclass(eq=False)
class WorkItem:
    """A work item (具体化的工作) with the labels printed on its rows; canonical names are filled later."""

    item: tuple[int, int]
    text: str
    row: DutyRow
    line: Line
    post_raw: str = ""
    section_raw: str = ""
    post: str | None = None
    section: str | None = None
    post_canonical: str | None = None
    section_canonical: str | None = None
    flags: list[str] = field(default_factory=list)

    @property
    def no(self) -> str:
        """Number as text: 2.10 is not 2.1."""
        return item_text(self.item)


@dataclass
class WorkList:
    """Work items in order, and the duty texts of the first column by number."""

    items: list[WorkItem] = field(default_factory=list)
    duty_texts: dict[int, str] = field(default_factory=dict)
    duty_tags: dict[int, list[str]] = field(default_factory=dict)
    duty_lines: dict[int, list[Line]] = field(default_factory=dict)
    familiar: Familiarity = field(default_factory=lambda: Familiarity(()))

    def by_item(self) -> dict[tuple[int, int], WorkItem]:
        """Items by number."""
        return {work.item: work for work in self.items}


def read_works(sheets: list[Sheet], familiar: Familiarity, report: Report) -> WorkList:
    """All items of a department's tables 1-3."""
    found = WorkList(familiar=familiar)
    duty_cells: list[tuple[DutyRow, int]] = []
    for sheet in sheets:
        for row in sheet.rows:
            _row(found, sheet, row, duty_cells, report)
    _duty_texts(found, duty_cells, report)
    for work in found.items:
        work.text = close_gaps(work.text).rstrip(";；。.,，:：")
    return found


def _row(
    found: WorkList, sheet: Sheet, row: DutyRow, duty_cells: list[tuple[DutyRow, int]], report: Report
) -> None:
    numbered = [(index, marks) for index in row.filled if (marks := work_numbers(row.cells[index]))]
    if not numbered:
        _without_number(found, row, duty_cells, report)
        return
    columns = _columns(sheet.roles.get(row.page), row)
    named = [entry for entry in numbered if entry[0] == columns.get("work")]
    index, marks = named[0] if named else numbered[-1] if len(numbered) == 1 else _work_cell(numbered)
    for left in row.filled:
        if left == columns.get("duty", left) and left < index:
            duty_cells.append((row, left))
    texts = _parts(row.cells[index], marks)
    report.claim(*row.sources[index])
    after = [columns[role] for role in ("post", "section") if role in columns] or range(
        index + 1, len(row.cells)
    )
    post, section = _labels(row, [(right, row.cells[right]) for right in after], report)
    for item, text in texts:
        body, glued = _glued_post(text, post)
        _add(found, row, index, item, body, glued or post, section, report)


def _columns(roles: dict[int, str] | None, row: DutyRow) -> dict[str, int]:
    """Column of each role, when a legible header names them all and the row is as wide."""
    columns = {role: index for index, role in (roles or {}).items()}
    if not {"work", "post"} <= set(columns) or max(columns.values()) >= len(row.cells):
        return {}
    return columns


def _work_cell(
    numbered: list[tuple[int, list[tuple[tuple[int, int], int, int]]]],
) -> tuple[int, list[tuple[tuple[int, int], int, int]]]:
    """The cell whose number stands at its beginning, rightmost."""
    starting = [entry for entry in numbered if entry[1][0][1] <= 4]
    return (starting or numbered)[-1]


def _parts(text: str, marks: list[tuple[tuple[int, int], int, int]]) -> list[tuple[tuple[int, int], str]]:
    """(item, text) for each number that begins an item inside the cell (A 2.2 20)."""
    kept = [mark for position, mark in enumerate(marks) if position == 0 or _begins(text, mark, marks[0])]
    ends = [mark[1] for mark in kept[1:]] + [len(text)]
    return [(mark[0], text[mark[2] : end].strip()) for mark, end in zip(kept, ends, strict=True)]


def _begins(
    text: str, mark: tuple[tuple[int, int], int, int], first: tuple[tuple[int, int], int, int]
) -> bool:
    before = text[: mark[1]].rstrip()
    return (
        before.endswith((";", "；", "。"))
        and mark[0][0] >= first[0][0]
        and text[mark[1] - 1 : mark[1]].isspace()
    )


def _glued_post(text: str, post: str) -> tuple[str, str]:
    """A post printed behind the closing mark of the work text (A 2.2 19)."""
    match = GLUED_POST.match(text)
    if match and not post and looks_like_post(match["post"]):
        return match["text"], match["post"]
    return text, ""


def _labels(row: DutyRow, labels: list[tuple[int, str]], report: Report) -> tuple[str, str]:
    """(post, section) as printed on this row; merged cells say it through what covers them."""
    texts = []
    for index, text in labels:
        report.claim(*row.sources[index])
        texts.append(text or row.covered[index])
    filled = [text for text in texts if text]
    if filled and (match := POST_AND_SECTION.match(filled[0])) and len(filled) == 1:
        return match[1], match[2]
    post = texts[0] if texts else ""
    section = next((text for text in texts[1:] if text), "")
    if post and not section and len(filled) == 1 and looks_like_section(post) and not looks_like_post(post):
        return "", post
    return post, section


def _add(
    found: WorkList,
    row: DutyRow,
    index: int,
    item: tuple[int, int],
    text: str,
    post: str,
    section: str,
    report: Report,
) -> None:
    same = next((work for work in found.items[-TWIN_ROWS:] if work.item == item), None)
    if same is not None and _is_ghost(found, same.text, text):
        report.repair("ghost_row", "上一行的识别残影，未另立记录", row.lines()[0], same.text)
        same.post_raw = _join_label(same.post_raw, post)
        same.section_raw = same.section_raw or section
        return
    line = (row.sources[index] or row.lines())[0]
    found.items.append(WorkItem(item, text, row, line, post, section))


def _is_ghost(found: WorkList, before: str, text: str) -> bool:
    """A second misreading of the line above: alike in shape, or made of pairs that nobody else writes (A 2.3 31)."""
    return (
        similarity(before, text) >= GHOST_LIKENESS
        or found.familiar.of(text) < found.familiar.of(before) - LEGIBLE
    )


def _join_label(before: str, more: str) -> str:
    """A label that ends with a slash goes on in the next row (A 2.5 51)."""
    return before + more if before.rstrip().endswith(("/", "、", "／")) and more else before or more


def _without_number(
    found: WorkList, row: DutyRow, duty_cells: list[tuple[DutyRow, int]], report: Report
) -> None:
    """Rows that carry only the rest of a cell: of the work text, of a label, of the duty, or nothing legible."""
    last = found.items[-1] if found.items else None
    for position, index in enumerate(row.filled):
        text = row.cells[index]
        if is_noise(text):
            report.drop("no_words", *row.sources[index])
        elif last is not None and position == 0 and index >= 1 and _continues(last.text, text):
            last.text += text
            report.claim(*row.sources[index])
            report.repair("line_joined", "工作内容写成两行，已合并", row.sources[index][0], last.text)
        elif last is not None and index >= 2 and looks_like_post(text):
            last.post_raw = text if not looks_like_post(last.post_raw) else last.post_raw
            report.claim(*row.sources[index])
        elif last is not None and index >= 2 and looks_like_section(text):
            last.section_raw = text if not looks_like_section(last.section_raw) else last.section_raw
            report.claim(*row.sources[index])
        else:
            duty_cells.append((row, index))


def _continues(before: str, text: str) -> bool:
    closed = before.rstrip().endswith((";", "；", "。"))
    open_bracket = sum(before.count(sign) for sign in "(（《") > sum(before.count(sign) for sign in ")）》")
    return (open_bracket or not closed) and not DUTY.match(text)


def _duty_texts(found: WorkList, cells: list[tuple[DutyRow, int]], report: Report) -> None:
    """Duty texts of the first column; wrapped lines are joined, ghosts of a line are left out."""
    last: int | None = None
    wanted = {work.item[0] for work in found.items}
    for row, index in cells:
        text = row.cells[index]
        match = DUTY.match(text)
        if is_noise(text) or chinese(text) < 1:
            report.drop("no_words", *row.sources[index])
        elif match and int(match[1]) in wanted and _better(found, int(match[1]), text[match.end() :]):
            last = int(match[1])
            found.duty_texts[last] = text[match.end() :]
            found.duty_lines[last] = list(row.sources[index])
            report.claim(*row.sources[index])
        elif last is not None and not match and _is_rest(found.duty_texts[last], text, found):
            found.duty_texts[last] += text
            found.duty_lines[last] += row.sources[index]
            report.claim(*row.sources[index])
        else:
            report.drop("ghost", *row.sources[index])
    for no, text in found.duty_texts.items():
        found.duty_tags[no] = [tag for match in TAG.finditer(text) for tag in _functions(match["tag"])]
        tidy = TAG.sub(lambda match: "" if _functions(match["tag"]) else match[0], text)
        found.duty_texts[no] = close_gaps(tidy).rstrip(" ;；。.,，")


def _better(found: WorkList, no: int, text: str) -> bool:
    """The first text of a duty, or one more legible than a ghost read before it."""
    before = found.duty_texts.get(no)
    return before is None or found.familiar.of(text) > found.familiar.of(before) + LEGIBLE


def _functions(tag: str) -> list[str]:
    parts = [part for part in re.split(r"[、，,]", tag) if part]
    return parts if all(part in FUNCTIONS for part in parts) else []


def _is_rest(before: str, text: str, found: WorkList) -> bool:
    """Does this piece go on with the duty text: closes a bracket, or is made of words that the table uses?"""
    if before.rstrip().endswith((";", "；", "。")) and "(" not in text:
        return False
    known = "".join(work.text for work in found.items) + "".join(found.duty_texts.values())
    folded = fold(text)
    pieces = [folded[i : i + 2] for i in range(len(folded) - 1)] or [folded]
    return sum(piece in fold(known) for piece in pieces) / len(pieces) >= 0.5 or (
        len(folded) <= 2 and folded in fold(known)
    )


def known_names(items: list[WorkItem]) -> tuple[Names, Names]:
    """(posts, sections) that table 1-3 prints legibly."""
    posts, sections = Names(), Names()
    for work in items:
        post, section = bare(work.post_raw), bare(work.section_raw)
        if looks_like_post(post):
            posts.add(post)
        if looks_like_section(section):
            sections.add(section)
    return posts, sections


def clean_label(text: str) -> str:
    """A label as it is to be shown: no white space inside."""
    return squeeze(text)
