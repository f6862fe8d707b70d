"""Standards of one number divided among several work texts (同号多项): each text stands in the middle of its share.

Table 1-4 may print one work number several times, told apart by brackets, with standards numbered through; a share ends
best after a standard that closes with a full stop (catalogue.md A 2.4 43).
"""

from integrations.importers.duties.blocks import Block, Standard
from integrations.importers.duties.occurrences import Occurrence

OFF_PAGE, UNFINISHED, EARLY = 4.0, 2.5, 3.0
Share = tuple[list[Standard], Occurrence | None]


def shares(block: Block, mine: list[Occurrence], dense: set[int]) -> list[Share]:
    """(standards, work text) of each share; ``dense`` are pages whose rows are whole cells, led by their work text."""
    if len(mine) <= 1 or len(block.standards) < len(mine):
        return [(block.standards, mine[0] if mine else None)]
    standards = sorted(block.standards, key=lambda standard: standard.fragment.row)
    texts = sorted(mine, key=lambda one: one.row)
    return _trace(_table(standards, texts, dense), standards, texts) or [(block.standards, mine[0])]


Table = dict[tuple[int, int], tuple[float, int]]


def _table(standards: list[Standard], texts: list[Occurrence], dense: set[int]) -> Table:
    """(texts used, standards used) -> (lowest cost, where the last share begins)."""
    best: Table = {(0, 0): (0.0, 0)}
    for count, one in enumerate(texts, start=1):
        for end in range(count, len(standards) + 1):
            options = [
                (best[count - 1, start][0] + _cost(standards, (start, end), one, dense), start)
                for start in range(count - 1, end)
                if (count - 1, start) in best
            ]
            if options:
                best[count, end] = min(options)
    return best


def _trace(best: Table, standards: list[Standard], texts: list[Occurrence]) -> list[Share]:
    found: list[Share] = []
    end = len(standards)
    for count in range(len(texts), 0, -1):
        if (count, end) not in best:
            return []
        start = best[count, end][1]
        found.append((standards[start:end], texts[count - 1]))
        end = start
    return found[::-1]


def _cost(standards: list[Standard], span: tuple[int, int], one: Occurrence, dense: set[int]) -> float:
    start, end = span
    first, last = standards[start].fragment.row, standards[end - 1].fragment.row
    following = standards[end].fragment.row - 1 if end < len(standards) else last
    centre = (first + max(last, min(following, last + 2))) / 2
    cost = abs(one.row - centre)
    if one.pieces[0].page not in {standard.fragment.page for standard in standards[start:end]}:
        cost += OFF_PAGE
    if end < len(standards) and not standards[end - 1].text.rstrip().endswith("。"):
        cost += UNFINISHED
    if one.pieces[0].page in dense and first < one.row:
        cost += EARLY
    return cost
