"""One college's year: forty units, a hundred and fifty leaves, well below a second (design.md 10)."""

import time
from typing import Any

from zhiheng.scoring.engine.run import evaluate
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.load import load_scheme

LEAVES, UNITS = 150, 40


def leaf(place: int) -> dict[str, Any]:
    """A leaf of one of four shapes, each with its own measure."""
    name = f"[m{place}]"
    shapes: list[tuple[str, dict[str, Any]]] = [
        ("event_tally.1", {"start": "[分值]", "entries": [{"title": "次", "count": name, "points": "-0.1"}]}),
        (
            "band_table.1",
            {"value": name, "benchmark": {"statistic": "mean"}, "bands": [{"at_least": 1, "points": 1}]},
        ),
        ("proportional.1", {"value": name, "benchmark": {"statistic": "best"}}),
        ("panel_rating.1", {"entered": name, "input_max": 100}),
    ]
    kind, params = shapes[place % 4]
    return {"code": f"L{place}", "title": f"L{place}", "points": 1, "kind": kind, "params": params}


def test_a_college_year_takes_less_than_a_second() -> None:
    groups = [
        {"code": f"B{n}", "title": "块", "points": 10, "children": [leaf(n * 10 + k) for k in range(10)]}
        for n in range(15)
    ]
    document = {
        "format": "zhiheng-scheme/1", "code": "year", "title": "年", "unit_types": {"T": "T"},
        "groups": [{"code": "g", "title": "g", "types": ["T"]}],
        "measures": [{"code": f"m{n}", "title": f"数{n}", "type": "number"} for n in range(LEAVES)],
        "tree": {"code": "total", "title": "总", "points": 150, "children": groups},
        "outcomes": {"ranking": {"code": "R", "title": "名次", "kind": "peer_ranking.1"}},
    }  # fmt: skip
    units = {
        f"U{u}": {"type": "T", "facts": {f"m{n}": str((u * 7 + n * 3) % 50 / 10 + 1) for n in range(LEAVES)}}
        for u in range(UNITS)
    }
    scheme, facts = load_scheme(document), FactTable.of({"units": units})
    started = time.perf_counter()
    run = evaluate(scheme, facts)
    stored = {code: run.stored(code) for code in run.nodes}
    elapsed = time.perf_counter() - started
    assert len(stored) == LEAVES + 16
    assert len(set(run.totals.values())) > 10
    assert elapsed < 1, f"{elapsed:.2f} s"
