"""Entries of table 1-4 (条目): a work item's text with its standards (catalogue.md A 2.2 22-25, 2.4 41-43)."""

from collections import Counter
from dataclasses import dataclass, field

from integrations.importers.duties.cleaning import Familiarity, chinese, close_gaps
from integrations.importers.duties.fragments import CLOSED, Flow, Piece
from integrations.importers.duties.numbers import item_text
from integrations.importers.duties.resolving import Block, Standard
from integrations.importers.findings import Report
from integrations.importers.folding import best_match, fold, pairs, similarity

LEGIBLE, GARBLED, SAME, WELL, CLEARLY, USUAL = 0.45, 0.35, 0.85, 0.8, 0.2, 0.6
REACH = 6
STRAY = 12


@dataclass(eq=False)
class Occurrence:
    """A work text as printed in table 1-4, put together from its lines."""

    item: tuple[int, int]
    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The joined text."""
        return close_gaps("".join(piece.text for piece in self.pieces)).rstrip(";；。.,，:：、")

    @property
    def row(self) -> float:
        """Middle of its rows."""
        return (self.pieces[0].row + self.pieces[-1].row) / 2


@dataclass(eq=False)
class Entry:
    """One entry of table 1-4; post, section and link are filled later."""

    item: tuple[int, int]
    text: str
    standards: list[Standard]
    section_caption: str | None
    occurrence: Occurrence | None
    flags: list[str] = field(default_factory=list)
    link: tuple[int, int] | None = None
    link_score: float = 0.0
    post: str | None = None
    section: str | None = None
    post_13: str | None = None
    section_13: str | None = None

    @property
    def no(self) -> str:
        """Work number as printed in table 1-4."""
        return item_text(self.item)

    @property
    def rows(self) -> tuple[int, int]:
        """First and last row index of its standards and work text."""
        rows = [standard.fragment.row for standard in self.standards]
        if self.occurrence is not None:
            near = [
                piece.row
                for piece in self.occurrence.pieces
                if min(rows) - REACH <= piece.row <= max(rows) + REACH
            ]
            rows += near
        return min(rows), max(rows)


def occurrences(
    flow: Flow, known: dict[tuple[int, int], str], familiar: Familiarity, report: Report
) -> list[Occurrence]:
    """Work texts of the work column; ghosts and repeats are left out, wrapped lines joined."""
    found: list[Occurrence] = []
    for piece in flow.works:
        last = found[-1] if found else None
        if piece.item is not None:
            ghost = _numbered_ghost(piece, last, known, familiar)
            if ghost:
                report.drop("ghost", piece.line) if not _shares_line(piece, flow) else None
            else:
                found.append(Occurrence(piece.item, [piece]))
                report.claim(piece.line)
        elif last is not None and _goes_on(last, piece, known, familiar):
            last.pieces.append(piece)
            report.claim(piece.line)
        elif not _shares_line(piece, flow):
            report.drop("ghost" if chinese(piece.text) else "no_words", piece.line)
    return _without_ghosts(_without_twins(found, familiar), known)


def _shares_line(piece: Piece, flow: Flow) -> bool:
    """Was a standard read from the same line?"""
    return any(fragment.line is piece.line for fragment in flow.fragments)


def _numbered_ghost(
    piece: Piece, last: Occurrence | None, known: dict[tuple[int, int], str], familiar: Familiarity
) -> bool:
    if chinese(piece.text) < 2:
        return True
    if similarity(piece.text, known.get(piece.item or (0, 0), "")) >= GARBLED:
        return False
    score, _ = best_match(piece.text, list(known.values()))
    return score < GARBLED and familiar.of(piece.text) < (GARBLED if piece.item in known else LEGIBLE)


def _goes_on(
    last: Occurrence, piece: Piece, known: dict[tuple[int, int], str], familiar: Familiarity
) -> bool:
    """Is this the next line of the work text above it, and not a ghost?"""
    if (
        piece.row - last.pieces[-1].row > REACH
        or (CLOSED.search(last.pieces[-1].text)
        and chinese(piece.text) > 0
        and (not _improves(last, piece, known)))
    ):
        return False
    if _improves(last, piece, known):
        return True
    if chinese(piece.text) <= 2 or _complete(last, known):
        return False
    best = _nearest(last.text, known)
    return familiar.of(piece.text) >= (
        GARBLED if pairs(piece.text) & pairs(best) - pairs(last.text) else LEGIBLE
    )


def _improves(last: Occurrence, piece: Piece, known: dict[tuple[int, int], str]) -> bool:
    best = _nearest(last.text, known)
    joined = last.text + close_gaps(piece.text)
    return similarity(joined, best) > similarity(last.text, best) + 1e-9 and bool(fold(piece.text))


def _nearest(text: str, known: dict[tuple[int, int], str]) -> str:
    texts = list(known.values())
    _, index = best_match(text, texts)
    return texts[index] if index is not None else ""


def _complete(last: Occurrence, known: dict[tuple[int, int], str]) -> bool:
    return any(fold(last.text) == fold(text) for text in known.values())


def _without_twins(found: list[Occurrence], familiar: Familiarity) -> list[Occurrence]:
    """Of two readings of one line (same number, near rows, alike or one illegible) the legible one stays (A 2.3 31)."""
    kept: list[Occurrence] = []
    for one in found:
        twin = next(
            (other for other in kept if other.item == one.item and _twins(one, other, familiar)), None
        )
        if twin is None:
            kept.append(one)
        elif (
            familiar.of(one.text) > familiar.of(twin.text) + 0.1
            and len(fold(one.text)) >= len(fold(twin.text)) * 0.8
        ):
            kept[kept.index(twin)] = one
    return kept


def _without_ghosts(found: list[Occurrence], known: dict[tuple[int, int], str]) -> list[Occurrence]:
    """Drops a misreading beside the line it misreads: its words are those of the neighbour, or worse than a namesake's."""

    def own(one: Occurrence) -> float:
        return similarity(one.text, known.get(one.item, ""))

    def ghost(one: Occurrence, other: Occurrence) -> bool:
        if one is other or abs(one.row - other.row) > 2 or own(other) < WELL:
            return False
        if one.item == other.item:
            return own(one) < own(other) - CLEARLY
        clean = best_match(one.text, list(known.values()))[0] >= WELL
        return not clean and own(one) < LEGIBLE and similarity(one.text, other.text) > own(one)

    return [one for one in found if not any(ghost(one, other) for other in found)]


def _twins(one: Occurrence, other: Occurrence, familiar: Familiarity) -> bool:
    if similarity(one.text, other.text) >= SAME:
        return True
    legible = min(familiar.of(one.text), familiar.of(other.text))
    return abs(one.row - other.row) <= 2 and legible < LEGIBLE


def build_entries(
    blocks: list[Block],
    found: list[Occurrence],
    known: dict[tuple[int, int], str],
    caption: str | None,
    familiar: Familiarity,
    report: Report,
) -> list[Entry]:
    """One entry per block of standards, or several where one number has several work texts."""
    _house_foreign(blocks, found, report)
    entries: list[Entry] = []
    dense = _dense_pages(blocks)
    for block in blocks:
        mine = _of_block(block, blocks, found)
        for standards, occurrence in _shares(block, mine, dense):
            entries.append(_entry(block, standards, occurrence, known, caption, familiar, report))
    return entries


def _house_foreign(blocks: list[Block], found: list[Occurrence], report: Report) -> None:
    """Standards whose prefix belongs to another item go to the work text beside them that has none (A 2.4 38)."""
    owned = {block.item for block in blocks if not block.foreign}
    for block in blocks:
        if not block.foreign:
            continue
        first, last = block.rows
        free = [one for one in found if first - 1 <= one.row <= last + 1 and one.item not in owned]
        if free:
            home = min(free, key=lambda one: abs(one.row - (first + last) / 2))
            for standard in block.standards:
                standard.item = home.item
                report.warn(
                    "number_of_other_item",
                    "编号写成了另一项工作的，按所在行归入",
                    standard.fragment.line,
                    standard.intended,
                )
            block.item, block.foreign = home.item, False
            owned.add(home.item)
        else:
            report.warn(
                "item_unknown",
                "编号对应的工作不在岗位工作表里，请确认",
                block.standards[0].fragment.line,
                item_text(block.item),
            )


def _of_block(block: Block, blocks: list[Block], found: list[Occurrence]) -> list[Occurrence]:
    """Work texts with the block's number that stand nearer to it than to its namesakes."""
    namesakes = [other for other in blocks if other.item == block.item]
    mine = [
        one
        for one in found
        if one.item == block.item and min(namesakes, key=lambda other: _distance(other, one)) is block
    ]
    near = [one for one in mine if _distance(block, one) <= STRAY and not one.pieces[0].stray]
    return near or mine[:1]


def _distance(block: Block, one: Occurrence) -> float:
    first, last = block.rows
    return 0.0 if first <= one.row <= last else min(abs(one.row - first), abs(one.row - last))


def _dense_pages(blocks: list[Block]) -> set[int]:
    """Pages whose rows are whole cells with several standards, not single lines: a work text there leads its row."""
    rows = Counter(
        (standard.fragment.page, standard.fragment.row) for block in blocks for standard in block.standards
    )
    return {page for (page, _), count in rows.items() if count >= 2}


def _shares(
    block: Block, mine: list[Occurrence], dense: set[int]
) -> list[tuple[list[Standard], Occurrence | None]]:
    """Standards of the block divided among its work texts: each stands in the middle of its share (A 2.4 43).

    A share ends best after a standard that closes with a full stop.
    """
    if len(mine) <= 1 or len(block.standards) < len(mine):
        return [(block.standards, mine[0] if mine else None)]
    ordered = sorted(block.standards, key=lambda standard: standard.fragment.row)
    parts = _divide(ordered, sorted(mine, key=lambda one: one.row), dense)
    return parts or [(block.standards, mine[0])]


def _divide(
    standards: list[Standard], mine: list[Occurrence], dense: set[int]
) -> list[tuple[list[Standard], Occurrence | None]]:
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for count in range(1, len(mine) + 1):
        for end in range(count, len(standards) + 1):
            options = []
            for start in range(count - 1, end):
                if (count - 1, start) in best:
                    cost = best[count - 1, start][0] + _share_cost(
                        standards, start, end, mine[count - 1], dense
                    )
                    options.append((cost, start))
            if options:
                best[count, end] = min(options)
    found: list[tuple[list[Standard], Occurrence | None]] = []
    end = len(standards)
    for count in range(len(mine), 0, -1):
        if (count, end) not in best:
            return []
        start = best[count, end][1]
        found.append((standards[start:end], mine[count - 1]))
        end = start
    return found[::-1]


def _share_cost(standards: list[Standard], start: int, end: int, one: Occurrence, dense: set[int]) -> float:
    first, last = standards[start].fragment.row, standards[end - 1].fragment.row
    following = standards[end].fragment.row - 1 if end < len(standards) else last
    centre = (first + max(last, min(following, last + 2))) / 2
    pages = {standard.fragment.page for standard in standards[start:end]}
    off_page = 0 if one.pieces[0].page in pages else 4
    unfinished = 0 if end == len(standards) or standards[end - 1].text.rstrip().endswith("。") else 2.5
    early = 3 if one.pieces[0].page in dense and first < one.row else 0
    return abs(one.row - centre) + unfinished + off_page + early


def _entry(
    block: Block,
    standards: list[Standard],
    occurrence: Occurrence | None,
    known: dict[tuple[int, int], str],
    caption: str | None,
    familiar: Familiarity,
    report: Report,
) -> Entry:
    text = occurrence.text if occurrence is not None else ""
    entry = Entry(block.item, text, standards, caption, occurrence)
    spine = known.get(block.item, "")
    score = best_match(text, list(known.values()))[0] if known else 1.0
    garbled = bool(text) and (
        score < LEGIBLE or (score < SAME and familiar.of(text) < USUAL and score == similarity(text, spine))
    )
    if spine and (not text or garbled):
        entry.text = spine
        entry.flags.append("work_text_from_1_3")
        report.warn(
            "work_text_from_1_3", "工作内容缺失或认不清，取自岗位工作表", standards[0].fragment.line, spine
        )
    elif not text:
        entry.flags.append("work_text_missing")
        report.warn(
            "work_text_missing",
            "没有找到对应的工作内容，请补填",
            standards[0].fragment.line,
            None,
            about=entry.no,
        )
    return entry
