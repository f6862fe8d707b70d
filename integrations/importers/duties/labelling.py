"""Labels of posts and sections (岗位、科室标签): read against the department's names, pieces put together (A 2.2 14-19)."""

from dataclasses import dataclass

from integrations.importers.duties.cleaning import Familiarity, is_noise
from integrations.importers.duties.fragments import Piece
from integrations.importers.duties.vocabulary import Names, bare, looks_like_post, looks_like_section
from integrations.importers.duties.work_table import WorkItem
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze

PIECE_ROWS = 8
MAX_NAME = 16


@dataclass(frozen=True)
class Evidence:
    """A label read at a row: the name, and how sure (a merged cell of a Word table is certain)."""

    row: int
    name: str
    sure: float
    section: bool


def gather_names(
    items: list[WorkItem], captions: list[str], familiar: Familiarity, *, trusted: bool
) -> tuple[Names, Names]:
    """(posts, sections) of a department: legible labels of table 1-3, captions; halves of a name are not names.

    ``trusted``: the tables show no trace of recognition, every label is a name.
    """
    posts, sections = Names(), Names()
    raw_sections = [squeeze(work.section_raw) for work in items]
    raw_posts = [squeeze(work.post_raw) for work in items]
    for caption in captions:
        sections.add(squeeze(caption))
    for text in raw_sections:
        legible = trusted or familiar.repeated(text) or familiar.of(text) > 0
        if (
            looks_like_section(text)
            and legible
            and not _half(text, raw_sections, captions)
            and not looks_like_post(text)
        ):
            sections.add(bare(text))
    for text in raw_posts:
        if (
            text
            and (trusted or looks_like_post(text) or familiar.repeated(text))
            and bare(text) not in sections
        ):
            posts.add(bare(text))
    return posts, sections


def _half(text: str, column: list[str], captions: list[str]) -> bool:
    """Is this the second half of a longer name whose first half stands in the column too?"""
    longer = [name for name in {*column, *map(squeeze, captions)} if name != text and name.endswith(text)]
    return any(
        name[: -len(text)] in column or any(name[: -len(text)].endswith(part) for part in column if part)
        for name in longer
    )


def read_labels(
    pieces: list[Piece], posts: Names, sections: Names, familiar: Familiarity, report: Report
) -> list[Evidence]:
    """Names with their rows; what no name is near to is left out as a fragment of a label."""
    found: list[Evidence] = []
    for column in ("post", "section", "label", "merged_post", "merged_section"):
        mine = [piece for piece in pieces if piece.column == column]
        found += _column(mine, column, posts, sections, familiar, report)
    return sorted(found, key=lambda evidence: evidence.row)


def _column(
    pieces: list[Piece], column: str, posts: Names, sections: Names, familiar: Familiarity, report: Report
) -> list[Evidence]:
    found: list[Evidence] = []
    position = 0
    while position < len(pieces):
        joined = _joined(pieces, position, posts, sections)
        piece = pieces[position]
        if joined is not None:
            name, count = joined
            middle = pieces[position + count // 2].row
            found.append(_evidence(middle, name, 1.0, posts, sections))
            report.claim(*(part.line for part in pieces[position : position + count]))
            position += count
            continue
        found += _single(piece, column, posts, sections, familiar, report)
        position += 1
    return found


def _joined(pieces: list[Piece], start: int, posts: Names, sections: Names) -> tuple[str, int] | None:
    """(name, number of pieces) where pieces from here on make a known name, longest first."""
    for count in range(4, 0, -1):
        parts = pieces[start : start + count]
        if len(parts) < count or parts[-1].row - parts[0].row > PIECE_ROWS * (count - 1):
            continue
        text = bare("".join(bare(part.text) for part in parts))
        if text in posts or text in sections:
            return text, count
    return None


def _single(
    piece: Piece, column: str, posts: Names, sections: Names, familiar: Familiarity, report: Report
) -> list[Evidence]:
    text = bare(piece.text)
    merged = column.startswith("merged")
    parts = [part for part in piece.text.split() if part]
    if len(parts) == 2 and all(bare(part) in posts or bare(part) in sections for part in parts):
        report.claim(piece.line)
        return [_evidence(piece.row, bare(part), 1.0, posts, sections) for part in parts]
    if is_noise(piece.text) or len(text) > MAX_NAME:
        report.drop("no_words" if is_noise(piece.text) else "label", piece.line) if not merged else None
        return []
    if _is_new_post(text, column, familiar):
        posts.add(text)
        report.claim(piece.line)
        report.warn("post_only_in_1_4", "岗位只见于标准表，岗位工作表里没有，请确认", piece.line, text)
        return [Evidence(piece.row, text, 1.0, section=False)]
    near = [
        (name, score, is_section)
        for names, is_section in ((posts, False), (sections, True))
        if (hit := names.nearest(text))
        for name, score in [hit]
    ]
    if near:
        name, score, is_section = max(near, key=lambda hit: hit[1])
        if text.endswith(name) and f"副{name}" in posts:
            # What stands before the title is illegible: it may be the deputy's.
            score = 0.0
        report.claim(piece.line)
        if score < 1:
            report.repair("label_mended", "标签残缺，按名录补全", piece.line, name)
        return [Evidence(piece.row, name, score / 2, section=is_section)]
    if not merged:
        report.drop("label", piece.line)
    return []


def _is_new_post(text: str, column: str, familiar: Familiarity) -> bool:
    """A legible post that table 1-3 does not know."""
    if (
        column in ("section", "merged_section")
        or not looks_like_post(text)
        or len(text) < 3
        or looks_like_section(text)
    ):
        return False
    return familiar.of(text) >= 0.5 and text.endswith(("岗", "编辑", "科员", "干事", "秘书", "专员"))


def _evidence(row: int, name: str, sure: float, posts: Names, sections: Names) -> Evidence:
    return Evidence(row, name, sure, section=name in sections and name not in posts)
