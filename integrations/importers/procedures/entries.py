"""Lists inside a cell (单元格内的条目): ordinals in any shape, group headings, repeats (catalogue.md B 2.2)."""

import re
from dataclasses import dataclass, field

from integrations.importers.findings import Report
from integrations.importers.folding import fold
from integrations.importers.grid import Line

CHINESE = "一二三四五六七八九十"
MARKED = re.compile(r"^\s*[（(]?(?P<no>\d{1,2})\s*(?:[.．、)）]\s*)+(?![\d%％])")
BARE = re.compile(r"^\s*(?P<no>\d{1,2})(?=[^\d\s.．%％年月日个周天次名人门项级位所家小元分/-])")
CIRCLED = re.compile(r"^\s*(?P<no>[\u2460-\u2473])\s*")
GROUP = re.compile(
    rf"^\s*(?:[{CHINESE}]{{1,3}}\s*[、.．]|[（(][{CHINESE}]{{1,3}}[)）])\s*(?P<name>.+?)[:：]?\s*$"
)
COLON_GROUP = re.compile(r"^(?P<name>[^，。；;,]{2,24})[:：]\s*$")
INNER = re.compile(r"[；;。]\s*(?=(\d{1,2})\s*[.．、]\s*[^\d\s])")
CLOSING = ("。", "；", ";")
OPEN_END = re.compile(r"[，、,：:（(“《—-]$")
MAX_GROUP = 24
ORDINAL_PROBLEMS = {
    "ordinal_missing": "编号列表里有一段没有编号，按新的一条读取",
    "ordinal_repeated": "编号重复，已按顺序读取",
    "ordinal_skipped": "编号有跳号，请确认是否缺条",
}


@dataclass
class Entry:
    """One entry of a list: its text without ordinal and closing mark, the lines it was read from."""

    text: str
    lines: list[Line]
    no: int | None = None


@dataclass
class Group:
    """A heading inside a cell and the entries below it; ``name`` is None before the first heading."""

    name: str | None
    line: Line | None
    entries: list[Entry] = field(default_factory=list)


def ordinal(text: str, expected: int | None = None) -> tuple[int | None, str]:
    """(ordinal, rest).  A figure without a mark counts only when it continues the list (``expected``)."""
    if match := MARKED.match(text):
        return int(match["no"]), text[match.end() :]
    if match := CIRCLED.match(text):
        return ord(match["no"]) - 0x2460 + 1, text[match.end() :]
    match = BARE.match(text)
    if match and expected is not None and int(match["no"]) == expected:
        return int(match["no"]), text[match.end() :]
    return None, text


def close(text: str) -> str:
    """Outer white space and one closing mark removed."""
    bare = text.strip()
    return bare[:-1].strip() if bare.endswith(CLOSING) else bare


def groups_of(lines: list[Line], report: Report, about: str) -> list[Group]:
    """The entries of a cell in groups; every line is claimed; repairs and doubts go to the report."""
    report.claim(*lines)
    groups = [Group(None, None)]
    expected = 1
    for index, line in enumerate(lines):
        name = _group_name(line.text, has_next=index + 1 < len(lines))
        if name is not None:
            groups.append(Group(name, line))
            expected = 1
            continue
        expected = _add(groups[-1].entries, line, expected, report, about)
    kept = [group for group in groups if group.entries or group.name]
    for group in kept:
        _drop_repeats(group, report, about)
    return kept


def _group_name(text: str, *, has_next: bool) -> str | None:
    match = GROUP.match(text) or COLON_GROUP.match(text.strip())
    if match is None or not has_next or len(match["name"]) > MAX_GROUP or text.rstrip().endswith(CLOSING):
        return None
    return match["name"].strip() if not MARKED.match(text) else None


def _add(entries: list[Entry], line: Line, expected: int, report: Report, about: str) -> int:
    """Adds the entry or entries of one line; gives the ordinal expected next."""
    no, rest = ordinal(line.text, expected)
    if no is None and entries and _continues(entries[-1], rest):
        entries[-1].text = close(entries[-1].text + rest.strip())
        entries[-1].lines.append(line)
        report.repair("paragraph_joined", "一条写成两段，已合并", line, entries[-1].text, about=about)
        return expected
    if problem := _ordinal_problem(no, expected, entries):
        report.warn(problem, ORDINAL_PROBLEMS[problem], line, close(rest), about=about)
    pieces = _pieces(no, rest)
    entries.extend(Entry(close(text), [line], number) for number, text in pieces)
    if len(pieces) > 1:
        report.warn("two_in_one_line", "一行里有两条，已拆开", line, entries[-1].text, about=about)
    return (entries[-1].no or expected) + 1


def _continues(entry: Entry, text: str) -> bool:
    """A paragraph without ordinal goes on when the one before it is plainly unfinished."""
    before = entry.lines[-1].text.rstrip()
    return bool(OPEN_END.search(before)) and not text.lstrip().startswith(("（", "("))


def _ordinal_problem(no: int | None, expected: int, entries: list[Entry]) -> str | None:
    """Code of what is odd about an ordinal in a numbered list (B3-B5), or None."""
    if not any(entry.no is not None for entry in entries):
        return None
    if no is None:
        return "ordinal_missing"
    if no == expected:
        return None
    return "ordinal_repeated" if no < expected else "ordinal_skipped"


def _pieces(no: int | None, text: str) -> list[tuple[int | None, str]]:
    """Splits "2.…；3.…" at an ordinal that goes on counting."""
    if no is None:
        return [(no, text)]
    for match in INNER.finditer(text):
        if int(match[1]) == no + 1:
            _, rest = ordinal(text[match.end() :])
            return [(no, text[: match.start()]), *_pieces(no + 1, rest)]
    return [(no, text)]


def _drop_repeats(group: Group, report: Report, about: str) -> None:
    """Keeps one of several equal entries of a list (B10)."""
    seen: set[str] = set()
    kept = []
    for entry in group.entries:
        key = fold(entry.text)
        if key in seen:
            report.warn(
                "entry_repeated", "与前面一条完全相同，只保留一条", entry.lines[0], entry.text, about=about
            )
            report.drop("repeat", *entry.lines)
        else:
            kept.append(entry)
        seen.add(key)
    group.entries = kept
