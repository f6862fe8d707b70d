"""The engine against a slow exact reading of the kinds: at least 200,000 random cells per scoring function.

Values sit on and around the limits, often tied; a single wrong digit or a wrong side of a limit fails.
"""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from tests.scoring.kinds import reference
from zhiheng.scoring.engine.run import evaluate
from zhiheng.scoring.exact import State, rounded
from zhiheng.scoring.facts import Fact, FactTable, Unit
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.numbers import half_up

CELLS = 200_000
UNITS = 2_000
GROUP = 20
EXACT = 10
"""So many leaves are compared as fractions, the others rounded to DIGITS, which is what is stored and published."""
DIGITS = 10
F = Fraction
LIMITS = ("0.6", "2/3", "0.7", "7/9", "0.8", "0.85", "0.9", "1")


def differs(actual: Any, expected: Fraction | None) -> bool:
    """Whether a score is not the expected one: exact where exact, else to DIGITS decimals, half up."""
    if expected is None:
        return actual is not State.MISSING
    if isinstance(actual, Fraction):
        return actual != expected
    return bool(actual != half_up(expected, DIGITS))


def text(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def near(rng: random.Random) -> Fraction:
    """A number on, just below or just above a telling limit, times a telling factor; or anything."""
    if rng.random() < 0.2:
        return F(rng.randrange(0, 2000), rng.choice((1, 3, 7, 10, 100)))
    limit = F(rng.choice(LIMITS)) * rng.choice((1, 1, F(7, 3), F(20, 6), 10))
    return max(limit + rng.choice((0, 0, 0, F(1, 10**12), F(-1, 10**12), F(1, 3), F(-1, 7))), F(0))


def scores(
    leaves: Sequence[tuple[str, dict[str, Any]]], columns: dict[str, list[Any]], *, lists: bool = False
) -> list[list[Any]]:
    """Scores of leaves over units in groups of GROUP."""
    groups = UNITS // GROUP
    document = {
        "format": "zhiheng-scheme/1", "code": "r", "title": "r", "unit_types": {f"t{g}": "t" for g in range(groups)},
        "groups": [{"code": f"g{g}", "title": "g", "types": [f"t{g}"]} for g in range(groups)],
        "measures": [{"code": name, "title": name, "type": "list" if lists else "number"} for name in columns],
        "tree": {"code": "total", "title": "t", "children": [
            {"code": f"L{n}", "title": "l", "points": "7/3", "kind": kind, "params": params} for n, (kind, params) in enumerate(leaves)
        ]},
    }  # fmt: skip
    units = tuple(Unit(f"u{n}", f"t{n // GROUP}") for n in range(UNITS))
    facts = {
        name: {unit.code: Fact(value=cell) for unit, cell in zip(units, cells, strict=True)}
        for name, cells in columns.items()
    }
    run = evaluate(load_scheme(document), FactTable(units, facts), missing="pending")
    found = [result.points for code, result in run.nodes.items() if code != "total"]
    return [cells.to_list() if place < EXACT else rounded(cells, DIGITS) for place, cells in enumerate(found)]


def tally_params(rng: random.Random, place: int) -> dict[str, Any]:
    entries = []
    for number in range(rng.randrange(1, 4)):
        entry: dict[str, Any] = {
            "title": "x",
            "count": f"[a{(place + number) % 5}]",
            "points": rng.choice(("-0.1", "0.3", "-1/3", "0.25", "1")),
        }
        if rng.random() < 0.5:
            entry |= {
                "step": rng.choice(("whole", "started", "proportional")),
                "step_size": rng.choice(("10%", "1/3", "2", "0.7")),
            }
        if rng.random() < 0.3:
            entry["cap"] = rng.choice(("0.5", "2/3"))
        if rng.random() < 0.2:
            entry["once"] = True
        if rng.random() < 0.2:
            entry["exempt"] = True
        entries.append(entry)
    params: dict[str, Any] = {"start": rng.choice(("[分值]", "0", "1/7")), "entries": entries}
    return params | ({"cap": rng.choice(("1.1", "2"))} if rng.random() < 0.5 else {})


def band_params(rng: random.Random, place: int) -> dict[str, Any]:
    listed = []
    for limit in sorted(rng.sample(LIMITS, 3), key=F, reverse=True):
        band = {
            rng.choice(("at_least", "above")): limit,
            "points": rng.choice(("2", "1.5", "1/3", "7/3", "0.1")),
        }
        if rng.random() < 0.3:
            band[rng.choice(("at_most", "below"))] = rng.choice(("1", "7/3", "3"))
        listed.append(band)
    params: dict[str, Any] = {
        "value": f"[a{place % 5}]",
        "bands": listed,
        "match": rng.choice(("first", "best", "sum")),
        "else": rng.choice((0, "0.1")),
    }
    return params | ({"benchmark": {"statistic": "mean"}} if rng.random() < 0.5 else {})


def share_params(rng: random.Random, place: int) -> dict[str, Any]:
    value = f"[a{place % 5}]"
    return rng.choice((
        {"value": value, "benchmark": rng.choice(LIMITS)},
        {"value": value, "benchmark": {"statistic": rng.choice(("best", "mean", "median")), "times": rng.choice(("1", "1.2", "70%"))}},
        {"value": value, "method": "rank"},
        {"value": value, "method": "interval", "benchmark": {"statistic": "best"}, "origin": {"statistic": "worst"}, "origin_share": rng.choice((0, "0.6"))},
    ))  # fmt: skip


class Columns(dict[str, list[Fraction]]):
    """Columns of values with the statistics of their groups."""

    @cache  # noqa: B019 - lives as long as one test
    def peers(self, name: str, group: int) -> reference.Peers:
        """Statistics of one group of a column."""
        return reference.Peers.of(self[name][group * GROUP : (group + 1) * GROUP])

    __hash__ = object.__hash__  # type: ignore[assignment]


def expected_tally(params: dict[str, Any], columns: Columns, unit: int) -> Fraction:
    counts = [columns[entry["count"].strip("[]")][unit] for entry in params["entries"]]
    return reference.tally(params, F(7, 3), counts)


def expected_bands(params: dict[str, Any], columns: Columns, unit: int) -> Fraction:
    name = params["value"].strip("[]")
    mean = columns.peers(name, unit // GROUP).mean if "benchmark" in params else None
    return reference.bands(params, F(7, 3), columns[name][unit], mean)


def expected_share(params: dict[str, Any], columns: Columns, unit: int) -> Fraction:
    name = params["value"].strip("[]")
    return reference.share(params, F(7, 3), columns[name][unit], columns.peers(name, unit // GROUP))


KINDS: dict[str, tuple[Callable[..., dict[str, Any]], Callable[..., Fraction]]] = {
    "event_tally.1": (tally_params, expected_tally),
    "band_table.1": (band_params, expected_bands),
    "proportional.1": (share_params, expected_share),
}


@pytest.mark.parametrize("kind", KINDS)
def test_scores_equal_the_slow_exact_reading(kind: str) -> None:
    rng = random.Random(kind)
    make, expected = KINDS[kind]
    columns = Columns({f"a{n}": [near(rng) for _ in range(UNITS)] for n in range(5)})
    leaves = [(kind, make(rng, place)) for place in range(CELLS // UNITS)]
    found = scores(leaves, {name: [text(cell) for cell in cells] for name, cells in columns.items()})
    wrong = [
        (params, unit, actual)
        for (_, params), cells in zip(leaves, found, strict=True)
        for unit, actual in enumerate(cells)
        if differs(actual, expected(params, columns, unit))
    ]
    assert wrong == []


def test_panels_equal_the_slow_exact_reading() -> None:
    rng = random.Random("panel")
    columns = {
        f"a{n}": [
            [F(rng.randrange(0, 1001), 10) for _ in range(rng.choice((0, 1, 2, 3, 3, 5, 7)))]
            for _ in range(UNITS)
        ]
        for n in range(4)
    }
    methods: dict[str, Any] = {
        "mean": "mean",
        "median": "median",
        "best": "best",
        "worst": "worst",
        "trimmed": {"trim_high": 1, "trim_low": 1},
    }
    leaves = []
    for place in range(CELLS // UNITS):
        name = rng.choice(sorted(methods))
        raters = [
            {
                "code": f"r{n}",
                "title": "r",
                "weight": rng.choice(("1", "0.4", "1/3")),
                "scores": f"[a{(place + n) % 4}]",
            }
            for n in range(rng.randrange(1, 4))
        ]
        leaves.append(
            ("panel_rating.1", {"raters": raters, "input_max": 100, "aggregate": methods[name]}, name)
        )
    written = {name: [[text(mark) for mark in marks] for marks in cells] for name, cells in columns.items()}
    found = scores([(kind, params) for kind, params, _ in leaves], written, lists=True)
    wrong = []
    for (_, params, name), cells in zip(leaves, found, strict=True):
        for unit, actual in enumerate(cells):
            marks = [columns[rater["scores"].strip("[]")][unit] for rater in params["raters"]]
            expected = reference.panel({**params, "aggregate_name": name}, F(7, 3), marks)
            if differs(actual, expected):
                wrong.append((params, unit, actual, expected))
    assert wrong == []
