"""Labels of posts and sections (岗位、科室标签): read against the department's names, pieces put together (A 2.2 14-19)."""

from dataclasses import dataclass

from integrations.importers.duties.cleaning import Familiarity, is_noise
from integrations.importers.duties.context import Context
from integrations.importers.duties.pieces import Piece
from integrations.importers.duties.vocabulary import Names, bare, looks_like_post, looks_like_section
from integrations.importers.duties.works import WorkItem
from integrations.importers.folding import squeeze

PIECE_ROWS = 8
MAX_NAME = 16
MAX_PIECES = 4
LEGIBLE_NAME = 0.5
NEW_POST_ENDS = ("岗", "编辑", "科员", "干事", "秘书", "专员")
COLUMNS = ("post", "section", "label", "merged_post", "merged_section")


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


def names_from_labels(pieces: list[Piece], context: Context) -> None:
    """Where a file has no table 1-3, the labels of table 1-4 are the only names there are."""
    for piece in pieces:
        for text in {bare(piece.text), *map(bare, piece.text.split())}:
            if looks_like_post(text) and len(text) >= 2:
                context.posts.add(text)
            elif looks_like_section(text) and len(text) >= 3:
                context.sections.add(text)


def read_labels(pieces: list[Piece], context: Context) -> list[Evidence]:
    """Names with their rows; what no name is near to is left out as a fragment of a label."""
    found: list[Evidence] = []
    for column in COLUMNS:
        found += _Column([piece for piece in pieces if piece.column == column], column, context).read()
    return sorted(found, key=lambda evidence: evidence.row)


class _Column:
    """The labels of one column, read from top to bottom."""

    def __init__(self, pieces: list[Piece], column: str, context: Context) -> None:
        self.pieces = pieces
        self.merged = column.startswith("merged")
        self.may_be_post = not column.endswith("section")
        self.context = context

    def read(self) -> list[Evidence]:
        found: list[Evidence] = []
        position = 0
        while position < len(self.pieces):
            joined = self._joined(position)
            if joined is None:
                found += self._single(self.pieces[position])
                position += 1
                continue
            name, count = joined
            found.append(self._evidence(self.pieces[position + count // 2].row, name))
            self.context.report.claim(*(piece.line for piece in self.pieces[position : position + count]))
            position += count
        return found

    def _joined(self, start: int) -> tuple[str, int] | None:
        """(name, number of pieces) where pieces from here on make a known name, longest first."""
        for count in range(MAX_PIECES, 0, -1):
            parts = self.pieces[start : start + count]
            if len(parts) < count or parts[-1].row - parts[0].row > PIECE_ROWS * (count - 1):
                continue
            text = bare("".join(bare(part.text) for part in parts))
            if text in self.context.posts or text in self.context.sections:
                return text, count
        return None

    def _single(self, piece: Piece) -> list[Evidence]:
        report, text = self.context.report, bare(piece.text)
        parts = [bare(part) for part in piece.text.split()]
        if len(parts) == 2 and all(
            part in self.context.posts or part in self.context.sections for part in parts
        ):
            report.claim(piece.line)
            return [self._evidence(piece.row, part) for part in parts]
        if is_noise(piece.text) or len(text) > MAX_NAME:
            self._leave_out(piece)
            return []
        if self._is_new_post(text):
            self.context.posts.add(text)
            report.claim(piece.line)
            report.warn("post_only_in_1_4", "岗位只见于标准表，岗位工作表里没有，请确认", piece.line, text)
            return [Evidence(piece.row, text, 1.0, section=False)]
        return self._nearest(piece, text)

    def _nearest(self, piece: Piece, text: str) -> list[Evidence]:
        posts, sections = self.context.posts, self.context.sections
        hits = [
            (*hit, names is sections)
            for names in (posts, sections)
            if (hit := names.nearest(text)) is not None
        ]
        if not hits:
            self._leave_out(piece)
            return []
        name, score, section = max(hits, key=lambda hit: hit[1])
        if text.endswith(name) and f"副{name}" in posts:
            # What stands before the title is illegible: it may be the deputy's.
            score = 0.0
        self.context.report.claim(piece.line)
        if score < 1:
            self.context.report.repair("label_mended", "标签残缺，按名录补全", piece.line, name)
        return [Evidence(piece.row, name, score / 2, section=section)]

    def _leave_out(self, piece: Piece) -> None:
        if not self.merged:
            self.context.report.drop("no_words" if is_noise(piece.text) else "label", piece.line)

    def _is_new_post(self, text: str) -> bool:
        """A legible post that table 1-3 does not know."""
        named = (
            self.may_be_post
            and len(text) >= 3
            and text.endswith(NEW_POST_ENDS)
            and not looks_like_section(text)
        )
        return named and self.context.familiar.of(text) >= LEGIBLE_NAME

    def _evidence(self, row: int, name: str) -> Evidence:
        return Evidence(
            row, name, 1.0, section=name in self.context.sections and name not in self.context.posts
        )
