"""Peer statistics of a whole-year case: benchmarks, ranks and raw values of leaves."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.cases.compare import UNKNOWN, same
from zhiheng.scoring.cases.year import Year
from zhiheng.scoring.cases.year_answers import at, formula, shown_state
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.exact import State, Vec

_LEAVES: Mapping[str, str] = {
    "loan_cover": "R2.7a", "student_teacher": "K3.1", "student_teacher_ratio": "K3.1", "training": "K3.2", "teacher_training": "K3.2",
    "double_quality": "K3.3a", "part_time": "K3.4b", "enrolment": "K4.1", "enrolment_per_programme": "K4.1",
    "per_programme": "K4.1", "party_weight": "K7.1a", "typical": "K7.1a",
}  # fmt: skip
_RAW: Mapping[str, str] = {
    "R6b": "R6b.raw",
    "D9": "D9.points",
    "R2.5": "R2.5.result",
    "K7.1a": "K7.1.weight",
    "K7.1b": "K7.1.weight",
}
_PARENTS: Mapping[str, tuple[str, str]] = {"K7.1": ("K7.1b", "K7.1a"), "K3.3": ("K3.3a", "K3.3a")}
"""Branches whose statistics belong to leaves below: the leaf with the benchmark, and the one with the ranks."""
_ZEROED = "zeroed"
_REMARK = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[(（].*$")


def statistics_answer(year: Year, run: Run, expected: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics asked for, in the shape they are asked in."""
    return {name: _one(year, run, str(name), item) for name, item in expected.items()}


def _one(year: Year, run: Run, name: str, expected: Any) -> Any:
    leaf, what = _leaf(run, name)
    if leaf is None and isinstance(expected, Mapping):
        inner = {key: _statistic(year, run, str(key), name, item) for key, item in expected.items()}
        return inner if any(value is not UNKNOWN for value in inner.values()) else UNKNOWN
    if leaf is None:
        return UNKNOWN
    return _about(year, run, leaf, what, expected)


def _statistic(year: Year, run: Run, name: str, what: str, expected: Any) -> Any:
    leaf, _ = _leaf(run, name)
    return UNKNOWN if leaf is None else _about(year, run, leaf, what, expected)


def _leaf(run: Run, name: str) -> tuple[str | None, str]:
    """The leaf a label starts with (R24d_rank is about R2.4d), and what the rest of the label asks for."""
    if name in _LEAVES and _LEAVES[name] in run.nodes:
        return _LEAVES[name], ""
    plain = re.sub(r"[.\s]", "", name).lower()
    fits = [
        code for code in run.nodes if plain.startswith(re.sub(r"\.", "", code).lower()) and not code.islower()
    ]
    if not fits:
        return None, ""
    leaf = max(fits, key=len)
    rest = plain[len(leaf.replace(".", "")) :]
    if rest and rest[0].isalnum():
        return None, ""
    return leaf, rest.strip("_-: ")


def _about(year: Year, run: Run, branch: str, what: str, expected: Any) -> Any:
    leaf = _PARENTS[branch]["rank" in what] if branch in _PARENTS else branch
    if isinstance(expected, Mapping):
        if all(str(key) in run.codes for key in expected):
            return {unit: _of_unit(run, leaf, what, str(unit), item) for unit, item in expected.items()}
        return {key: _about(year, run, branch, str(key), item) for key, item in expected.items()}
    return _wording(expected, _benchmark(run, leaf, what, expected))


def _wording(expected: Any, found: Any) -> Any:
    """The case's own wording where it states the number found and adds a remark in brackets."""
    remark = _REMARK.match(expected) if isinstance(expected, str) else None
    return expected if remark and found is not UNKNOWN and same(remark.group(1), found) else found


def _of_unit(run: Run, leaf: str, what: str, unit: str, expected: Any) -> Any:
    wanted = next((names for word, names in _NOTES.items() if word in what), ())
    value = _noted(run, leaf, unit, wanted)
    if value is None:
        value = formula(run, _RAW[leaf], unit) if leaf in _RAW else _noted(run, leaf, unit, ("value", "数值"))
    if expected == _ZEROED:
        return _ZEROED if value == 0 else value
    return shown_state(value, expected) if isinstance(value, Fraction | State) else UNKNOWN


_NOTES: Mapping[str, tuple[str, ...]] = {
    "rank": ("rank", "名次"), "ratio": ("ratio", "比值"), "share": ("ratio", "比值"), "x": ("ratio", "比值"),
}  # fmt: skip


def _noted(run: Run, leaf: str, unit: str, names: tuple[str, ...]) -> Any:
    notes = run.nodes[leaf].notes
    return next((at(run, notes[name], unit) for name in names if isinstance(notes.get(name), Vec)), None)


def _benchmark(run: Run, leaf: str, what: str, expected: Any) -> Any:
    """A statistic of a leaf's peers, as noted for any unit that has it; with several, the one expected if among them."""
    found = []
    for name, noted in run.nodes[leaf].notes.items():
        if name.startswith("statistic:"):
            kind, vector = noted
            if what in ("best", "max") and kind != "best" and name != "statistic:best":
                continue
            found += [value for value in vector.to_list() if isinstance(value, Fraction)][:1]
    if not found:
        return UNKNOWN
    number = _REMARK.sub(r"\1", expected) if isinstance(expected, str) else expected
    return next((value for value in found if same(number, value)), found[0])
