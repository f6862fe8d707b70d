"""python -m benchmarks.scoring [colleges]: cells per second of every engine, and how many cells it gets wrong.

All engines score the same cells in turns, so that a busy machine slows all of them alike; the best turn counts.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.scoring import by_exact, by_numpy, by_openfisca, by_pandas, by_rows
from benchmarks.scoring.cells import Cells, Ints

ROUNDS = 7
SAMPLE = 8
"""Colleges scored by the slow engines."""


@dataclass
class Engine:
    """An engine, the cells it scores, and its best time."""

    name: str
    cells: Cells
    run: Callable[[], list[Ints]]
    rounds: int = ROUNDS
    seconds: float = float("inf")
    found: list[Ints] = field(default_factory=list)

    def turn(self) -> None:
        """Scores all cells once."""
        start = perf_counter()
        self.found = self.run()
        self.seconds = min(self.seconds, perf_counter() - start)

    @property
    def speed(self) -> float:
        """Cells per second."""
        return self.cells.count / self.seconds


def main() -> None:
    """Runs all engines and prints a table."""
    cells = Cells(int(sys.argv[1]) if len(sys.argv) > 1 else 1600)
    sample = Cells(min(SAMPLE, cells.colleges))
    print(
        f"{cells.count:,} cells: {cells.colleges:,} colleges of 35 units, 120 leaves, five rules; best of {ROUNDS}"
    )
    engines = _engines(cells, sample)
    for turn in range(ROUNDS):
        for engine in engines:
            if turn < engine.rounds:
                engine.turn()
    truth = {id(cells): engines[0].found, id(sample): by_rows.score_fraction(sample)}
    assert _wrong(by_exact.score(sample), truth[id(sample)]) == 0, "not exact"
    for engine in engines:
        _report(engine, engines[0], truth[id(engine.cells)])


def _engines(cells: Cells, sample: Cells) -> list[Engine]:
    by_college = by_exact.colleges(sample)
    found = [
        Engine("zhiheng exact", cells, lambda: by_exact.score(cells)),
        Engine("NumPy float64", cells, lambda: by_numpy.score(cells)),
        Engine("pandas", cells, lambda: by_pandas.score(cells)),
        Engine("Decimal per row", sample, lambda: by_rows.score_decimal(sample), 2),
        Engine("Fraction per row", sample, lambda: by_rows.score_fraction(sample), 1),
        Engine("zhiheng, one college at a time", sample, lambda: by_exact.score_by_college(by_college)),
    ]
    if by_openfisca.available():
        found.insert(3, Engine("OpenFisca-Core", cells, by_openfisca.prepare(cells), 3))
    else:
        print("OpenFisca-Core is not installed and left out (pip install openfisca-core)")
    assert all(len(engine.cells.leaves) for engine in found)
    return found


def _report(engine: Engine, ours: Engine, truth: list[Ints]) -> None:
    ratio = ours.speed / engine.speed
    wrong = f"{_wrong(engine.found, truth):,} of {engine.cells.count:,} cells wrong"
    print(f"{engine.name:31} {engine.speed / 1e6:8.2f} M cells/s {ratio:8.2f} x our time  {wrong}")


def _wrong(found: list[Ints], truth: list[Ints]) -> int:
    return sum(int((mine != true).sum()) for mine, true in zip(found, truth, strict=True))


if __name__ == "__main__":
    main()
