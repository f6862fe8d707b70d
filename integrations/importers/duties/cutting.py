"""Cuts a duty catalogue into departments and their tables (切分): by captions, name lines, chapter headings.

Table 1-2 lists duties, 1-3 work items with post and section, 1-4 standards.  Keyed on the number in the caption, then on
its words; wording, signs and spacing vary (catalogue.md A 2.1).
"""

import re
from dataclasses import dataclass, field

from integrations.importers.duties.rows import DutyRow
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze

DUTIES, WORKS, STANDARDS = "duties", "works", "standards"
CAPTION = re.compile(r"^表\s*\d{1,2}\s*[-—–－.．]?\s*(?P<no>[234])(?!\d)\s*(?P<title>.*)$")
OTHER_CAPTION = re.compile(
    r"^(?:附?表\s*[\d一二三四五六七八九十]{1,2}|附件\s*\d{1,2})\s*[:：.．、]?\s*(?P<title>\D.*)$"
)
BY_WORDS = (
    (STANDARDS, re.compile(r"^.{0,40}(?:岗位|工作)(?:工作)?标准(?:一览)?表\s*\*?$")),
    (WORKS, re.compile(r"^.{0,40}岗位(?:工作|职责)一览表\s*\*?$")),
    (DUTIES, re.compile(r"^.{0,40}职责(?:厘清)?一览表\s*\*?$")),
)
LOOSE_WORDS = (
    (STANDARDS, re.compile(r"标准")),
    (WORKS, re.compile(r"岗位|分工|分解|具体")),
    (DUTIES, re.compile(r"职责|职能")),
)
UNIT = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\d+[.、])?(?P<name>[\u4e00-\u9fff()（）、]{1,14}?(?:处|部|办公室|院|中心|所|馆|办|委))"
    r"(?=部门|岗位|工作|职责|职能|标准|$)"
)
KIND = {"2": DUTIES, "3": WORKS, "4": STANDARDS}
CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,3}\s*、\s*\S.{1,60}$")
DEPARTMENT = re.compile(r"部门名称[\s:：_]*(?P<name>.*?)[\s_]*(?=科室名称|$)")
SECTION = re.compile(r"科室名称[\s:：_]*(?P<name>.*?)[\s_]*$")
SIGN_OFF = re.compile(r"^\s*(?:制定人|审定人|审定时间|审核人|编制人|批准人|制定时间|时\s*间)\s*[:：]")
GARBLED_SIGN_OFF = re.compile(r"^[制审核编批时].{0,3}[人间][:：]_*$")
SCOPE = re.compile(r"^系统[内外]")
CAPTION_NAME = re.compile(r"^(?:职能部门|各部门)?(?P<name>.*?)(?:部门)?职责(?:厘清)?一览表\s*\*?$")
ROLES = {
    "duty": ("部门职责", "职责", "工作职责", "主要职责"),
    "work": ("具体化的工作", "具体工作", "工作内容", "工作事项", "工作项目", "具体化工作", "工作任务"),
    "post": ("岗位", "岗位名称", "责任岗位", "工作岗位"),
    "section": ("科室", "科室名称", "责任科室", "所属科室"),
    "standard": ("工作标准", "标准", "岗位标准", "质量标准", "岗位工作标准", "考核标准"),
}
ROLE_OF = {word: role for role, words in ROLES.items() for word in words}


@dataclass
class Sheet:
    """One table of a department, with the section named above it (教学工作部 has one table 1-4 per section)."""

    kind: str
    rows: list[DutyRow] = field(default_factory=list)
    section: str | None = None
    roles: dict[int, dict[int, str]] = field(default_factory=dict)
    first: DutyRow | None = None
    last: DutyRow | None = None
    captioned: bool = True
    twin: "Sheet | None" = None


@dataclass
class Department:
    """A department's tables and names as printed."""

    name: str = ""
    chapter: str = ""
    names: list[str] = field(default_factory=list)
    caption_name: str = ""
    hint: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    sign_offs: list[DutyRow] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Sheet]:
        """The tables of one kind in order."""
        return [sheet for sheet in self.sheets if sheet.kind == kind]


def caption_kind(text: str) -> tuple[str, str] | None:
    """(kind, title) of a caption, or None."""
    bare = text.strip()
    if match := CAPTION.match(bare):
        return KIND[match["no"]], match["title"].strip()
    if match := OTHER_CAPTION.match(bare):
        # A figure of another scheme says nothing; the words do.
        title = match["title"].strip()
        return next(((kind, title) for kind, pattern in LOOSE_WORDS if pattern.search(title)), None)
    if len(squeeze(bare)) <= 40 and not re.match(r"^[（(]?\d", bare):
        for kind, pattern in BY_WORDS:
            if pattern.match(squeeze(bare)):
                return kind, bare
    return None


def header_roles(row: DutyRow) -> dict[int, str] | None:
    """Column roles of a header row, or None; three known words are enough for a garbled one (A 2.1 3, 4)."""
    joined = squeeze("".join(row.cells))
    if len(joined) > 40:
        return None
    exact = {index: role for index, cell in enumerate(row.cells) if (role := ROLE_OF.get(squeeze(cell)))}
    words = ("部门职责", "具体化的工作", "岗位", "科室", "工作标准")
    if len(set(exact.values())) >= 3 or sum(word in joined for word in words) >= 3:
        return exact
    return {} if len(row.filled) >= 2 and len(exact) == len(row.filled) else None


class Cutter:
    """Walks the rows once and files each where it belongs."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.departments: list[Department] = []
        self.chapter = ""
        self.sheet: Sheet | None = None
        self.loose = ""

    def cut(self, rows: list[DutyRow]) -> list[Department]:
        """The departments of the file; headings, captions, headers and sign-offs are claimed."""
        for row in rows:
            if row.filled and not self._special(row):
                self._file(row)
        for department in self.departments:
            department.name = _best_name(department)
        return [department for department in self.departments if department.sheets]

    def _special(self, row: DutyRow) -> bool:
        """Rows that are not table content; claims them."""
        text = row.text
        caption = caption_kind(text) if len(row.filled) == 1 else None
        if caption is not None:
            self._start(row, *caption)
            self.report.drop("caption", *row.lines())
        elif row.free and CHAPTER.match(text) and self._heading_here():
            self.chapter, self.sheet = text.strip(), None
            self.report.claim(*row.lines())
        elif "部门名称" in text or re.match(r"^\s*科室名称\s*[:：]", text):
            self._names(row, text)
        elif SIGN_OFF.search(text) or GARBLED_SIGN_OFF.match(squeeze(text)):
            self._sign_off(row)
        elif (roles := header_roles(row)) is not None and self._header(row, roles):
            self.report.drop("header", *row.lines())
        else:
            if self.sheet is None and SCOPE.match(squeeze(text)):
                self._start(row, DUTIES, "", captioned=False)
            return False
        return True

    def _header(self, row: DutyRow, roles: dict[int, str]) -> bool:
        """A header names the columns; in a file without captions it also begins a table."""
        kind = _kind_of(roles)
        if kind and self.sheet is not None and self.sheet.captioned and not self.sheet.rows:
            # The columns know better than the words of a caption.
            self.sheet.kind = kind
        if kind and (self.sheet is None or self.sheet.kind != kind):
            self._start(row, kind, "", captioned=False)
            if {"duty", "standard"} <= set(roles.values()) and self.sheet is not None:
                self.sheet.twin = Sheet(STANDARDS, first=row, last=row, captioned=False)
                self.departments[-1].sheets.append(self.sheet.twin)
        if self.sheet is None:
            return False
        for sheet in (self.sheet, self.sheet.twin):
            if sheet is not None:
                sheet.roles[row.page] = roles
        return True

    def _heading_here(self) -> bool:
        """A chapter begins only outside a table 1-2 and never inside the sentences of a standard."""
        return self.sheet is None or self.sheet.kind != DUTIES

    def _start(self, row: DutyRow, kind: str, title: str, *, captioned: bool = True) -> None:
        fresh = not self.departments or (self.sheet is None and self.departments[-1].sheets)
        again = (
            captioned
            and kind == WORKS
            and bool(self.departments)
            and bool(self.departments[-1].of_kind(WORKS))
        )
        named = bool(self.departments) and not self.departments[-1].sheets
        hint = unit_of(title) or unit_of(self.loose)
        last = self.departments[-1] if self.departments else None
        other = last is not None and not last.names and bool(hint and last.hint) and hint != last.hint
        if not named and (kind == DUTIES or fresh or again or other):
            self.departments.append(Department(chapter=self.chapter))
        department, self.loose = self.departments[-1], ""
        department.hint = department.hint or hint
        if kind == DUTIES and (match := CAPTION_NAME.match(squeeze(title))):
            department.caption_name = match["name"]
        self.sheet = Sheet(kind, first=row, last=row, captioned=captioned)
        department.sheets.append(self.sheet)

    def _names(self, row: DutyRow, text: str) -> None:
        department, section = DEPARTMENT.search(text), SECTION.search(text)
        self.report.drop("heading", *row.lines(), message="部门或科室名称")
        name = department["name"].strip(" _") if department else ""
        if name and (self.sheet is None or not self.sheet.captioned):
            self._named_department(name)
        elif name and self.departments:
            self.departments[-1].names.append(name)
        if section and section["name"]:
            self._new_section(row, section["name"].strip())

    def _named_department(self, name: str) -> None:
        """In a file without captions a new name begins a new department."""
        last = self.departments[-1] if self.departments else None
        if last is None or (last.sheets and squeeze(name) not in map(squeeze, last.names)):
            self.departments.append(Department(chapter=self.chapter))
            self.sheet = None
        self.departments[-1].names.append(name)

    def _new_section(self, row: DutyRow, name: str) -> None:
        if self.sheet is None:
            return
        if self.sheet.rows or self.sheet.section:
            self.sheet = Sheet(self.sheet.kind, first=row, last=row)
            self.departments[-1].sheets.append(self.sheet)
        self.sheet.section = name

    def _sign_off(self, row: DutyRow) -> None:
        self.report.claim(*row.lines())
        if self.departments:
            self.departments[-1].sign_offs.append(row)
        if not SIGN_OFF.search(row.text):
            self.report.warn("sign_off_garbled", "签署栏认不清，请补填", row.lines()[0])

    def _file(self, row: DutyRow) -> None:
        if self.sheet is None:
            self.loose = row.text if row.free else ""
            self.report.drop("front_matter", *row.lines())
            return
        for sheet in (self.sheet, self.sheet.twin):
            if sheet is not None:
                sheet.rows.append(row)
                sheet.last = row


def _kind_of(roles: dict[int, str]) -> str | None:
    """The table that a legible header begins; one with duties and standards is both 1-3 and 1-4."""
    found = set(roles.values())
    if "work" not in found or len(found) < 3:
        return None
    if "standard" in found and "duty" not in found:
        return STANDARDS
    return WORKS if found & {"post", "section"} else None


def _best_name(department: Department) -> str:
    """The first name line, else the name in the caption of table 1-2, else the chapter's."""
    title = re.sub(r"^[一二三四五六七八九十]+\s*、\s*", "", department.chapter)
    return (department.names or [department.caption_name])[0] or title or department.hint


def unit_of(text: str) -> str:
    """The unit that a heading begins with; empty when it names none."""
    found = UNIT.match(squeeze(text))
    return found["name"] if found else ""
