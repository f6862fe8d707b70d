"""Work texts as table 1-4 prints them (标准表中的工作内容): lines joined, ghosts and repeats left out (A 2.2 23-24, 2.3 31)."""

from dataclasses import dataclass

from integrations.importers.duties.cleaning import chinese, close_gaps
from integrations.importers.duties.context import Context
from integrations.importers.duties.numbers import Item
from integrations.importers.duties.pieces import CLOSED, Flow, Piece
from integrations.importers.folding import best_match, fold, pairs, similarity

LEGIBLE, GARBLED, SAME, WELL, CLEARLY = 0.45, 0.35, 0.85, 0.8, 0.2
REACH, NEAR = 6, 2


@dataclass(eq=False)
class Occurrence:
    """A work text as printed in table 1-4, put together from its lines."""

    item: Item
    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The joined text."""
        return close_gaps("".join(piece.text for piece in self.pieces)).rstrip(";；。.,，:：、")

    @property
    def row(self) -> float:
        """Middle of its rows."""
        return (self.pieces[0].row + self.pieces[-1].row) / 2


def occurrences(flow: Flow, context: Context) -> list[Occurrence]:
    """Work texts of the work column in order."""
    found: list[Occurrence] = []
    for piece in flow.works:
        last = found[-1] if found else None
        if piece.item is not None and not _is_ghost(piece, context):
            found.append(Occurrence(piece.item, [piece]))
        elif piece.item is None and last is not None and _goes_on(last, piece, context):
            last.pieces.append(piece)
        else:
            _leave_out(piece, context)
    kept = _without_ghosts(_without_twins(found, context), context)
    for one in found:
        if one not in kept:
            leave_out(one, context)
    return kept


def leave_out(one: Occurrence, context: Context) -> None:
    """Lists an unused work text as a repeat or a ghost."""
    for piece in one.pieces:
        _leave_out(piece, context)


def _leave_out(piece: Piece, context: Context) -> None:
    reason = "repeat" if piece.stray else "ghost" if chinese(piece.text) else "no_words"
    context.report.drop(
        reason, piece.line, part=piece.text if piece.text.strip() != piece.line.text.strip() else None
    )


def _is_ghost(piece: Piece, context: Context) -> bool:
    """A numbered line that resembles no work text of the department and is made of words nobody else writes."""
    if chinese(piece.text) < 2 or not context.works:
        return chinese(piece.text) < 2
    own = context.works.get(piece.item) if piece.item else None
    if own is not None and similarity(piece.text, own) >= GARBLED:
        return False
    score, _ = best_match(piece.text, context.texts())
    return score < GARBLED and context.familiar.of(piece.text) < (LEGIBLE if own is None else GARBLED)


def _goes_on(last: Occurrence, piece: Piece, context: Context) -> bool:
    """Is this the next line of the work text above it, and not a ghost?"""
    nearest = _nearest(last.text, context)
    joined = similarity(last.text + close_gaps(piece.text), nearest)
    if piece.row - last.pieces[-1].row > REACH or not fold(piece.text):
        return False
    if joined > similarity(last.text, nearest):
        return True
    closed = CLOSED.search(last.pieces[-1].text) is not None
    complete = any(fold(last.text) == fold(text) for text in context.texts())
    if closed or complete or chinese(piece.text) <= 2:
        return False
    shares = pairs(piece.text) & pairs(nearest) - pairs(last.text)
    return context.familiar.of(piece.text) >= (GARBLED if shares else LEGIBLE)


def _nearest(text: str, context: Context) -> str:
    texts = context.texts()
    _, index = best_match(text, texts)
    return texts[index] if index is not None else ""


def _without_twins(found: list[Occurrence], context: Context) -> list[Occurrence]:
    """Of two readings of one line (same number, near rows, alike or one illegible) the legible one stays."""
    usual = context.familiar.of
    kept: list[Occurrence] = []
    for one in found:
        twin = next((other for other in kept if other.item == one.item and _twins(one, other, context)), None)
        if twin is None:
            kept.append(one)
        elif usual(one.text) > usual(twin.text) + 0.1 and len(fold(one.text)) >= len(fold(twin.text)) * WELL:
            kept[kept.index(twin)] = one
    return kept


def _twins(one: Occurrence, other: Occurrence, context: Context) -> bool:
    if similarity(one.text, other.text) >= SAME:
        return True
    legible = min(context.familiar.of(one.text), context.familiar.of(other.text))
    return abs(one.row - other.row) <= NEAR and legible < LEGIBLE


def _without_ghosts(found: list[Occurrence], context: Context) -> list[Occurrence]:
    """Drops a misreading beside the line it misreads: its words are the neighbour's, or worse than a namesake's."""

    def own(one: Occurrence) -> float:
        return similarity(one.text, context.works.get(one.item, ""))

    def ghost(one: Occurrence, other: Occurrence) -> bool:
        if one is other or abs(one.row - other.row) > NEAR or own(other) < WELL:
            return False
        if one.item == other.item:
            return own(one) < own(other) - CLEARLY
        clean = best_match(one.text, context.texts())[0] >= WELL
        return not clean and own(one) < LEGIBLE and similarity(one.text, other.text) > own(one)

    return [one for one in found if not any(ghost(one, other) for other in found)]
