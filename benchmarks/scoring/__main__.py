"""python -m benchmarks.scoring [colleges]: cells per second of every engine, and how many cells it gets wrong."""

import sys
from collections.abc import Callable
from time import perf_counter

from benchmarks.scoring import by_exact, by_numpy, by_openfisca, by_pandas, by_rows
from benchmarks.scoring.cells import Cells, Ints

SAMPLE = 8
"""Colleges scored by the slow engines."""


def main() -> None:
    """Runs all engines on the same cells and prints a table."""
    cells = Cells(int(sys.argv[1]) if len(sys.argv) > 1 else 1600)
    sample = Cells(min(SAMPLE, cells.colleges))
    for warm in (cells, sample):
        assert len(warm.leaves) > 0
    print(
        f"{cells.count:,} cells ({cells.colleges:,} colleges of 35 units, 120 leaves, five rules); best of 5"
    )
    truth = by_exact.score(cells)
    assert _wrong(by_exact.score(sample), by_rows.score_fraction(sample)) == 0, "not exact"
    base = _report("zhiheng exact", cells, lambda: by_exact.score(cells), truth)
    _report("NumPy float64", cells, lambda: by_numpy.score(cells), truth, base)
    _report("pandas", cells, lambda: by_pandas.score(cells), truth, base)
    if by_openfisca.available():
        _report("OpenFisca-Core", cells, by_openfisca.prepare(cells), truth, base)
    else:
        print("OpenFisca-Core   not installed, skipped (uv pip install openfisca-core)")
    few = by_rows.score_fraction(sample)
    _report("Decimal per row", sample, lambda: by_rows.score_decimal(sample), few, base, times=1)
    _report("Fraction per row", sample, lambda: by_rows.score_fraction(sample), few, base, times=1)
    _report("zhiheng, college by college", sample, lambda: by_exact.score_by_college(sample), [], base)


def _report(
    name: str,
    cells: Cells,
    run: Callable[[], list[Ints]],
    truth: list[Ints],
    base: float = 0.0,
    times: int = 5,
) -> float:
    best, found = float("inf"), []
    for _ in range(times):
        start = perf_counter()
        found = run()
        best = min(best, perf_counter() - start)
    speed = cells.count / best
    ratio = f"{base / speed:6.2f} x as long as ours" if base else " " * 24
    wrong = f"{_wrong(found, truth):,} cells wrong of {cells.count:,}" if truth else ""
    print(f"{name:28} {speed / 1e6:8.2f} M cells/s  {ratio}  {wrong}")
    return speed


def _wrong(found: list[Ints], truth: list[Ints]) -> int:
    return sum(int((mine != true).sum()) for mine, true in zip(found, truth, strict=True))


if __name__ == "__main__":
    main()
