"""Cases with expected results: the files beside this module, and the ones handed to the project."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from zhiheng.project.cli.score_cases import TEMPLATES, read_cases
from zhiheng.scoring.cases.report import lines_of

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).resolve().parents[4] / "shared"))
GOLDEN = SHARED / "golden" / "scoring_cases.json"


def faults(document: dict[str, Any]) -> list[str]:
    """Every difference of a file, in words."""
    return [
        f"{line.id} {gap.place}: expected {gap.expected}, found {gap.found}"
        for line in lines_of(document, TEMPLATES)
        for gap in line.gaps
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.yaml")))
def test_own_cases_agree(name: str) -> None:
    document = read_cases(HERE / name)
    assert not faults(document)
    assert len(document.get("cases", [])) + len(document.get("end_to_end", [])) > 0


@pytest.mark.skipif(not GOLDEN.exists(), reason=f"{GOLDEN} is missing; set ZHIHENG_SHARED")
def test_given_cases_agree() -> None:
    document = read_cases(GOLDEN)
    lines = list(lines_of(document, TEMPLATES))
    assert [line.id for line in lines if not line.agrees or line.unknown] == []
    assert len(lines) == 261
    assert lines[-1].compared > 600


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for path in HERE.glob("*.yaml") for case in read_cases(path).get("cases", [])]
    assert len(ids) == len(set(ids))


def year() -> dict[str, Any]:
    """The Lianyungang year of this folder."""
    document: dict[str, Any] = read_cases(HERE / "lianyungang-year.yaml")
    return document


def _renamed(units: dict[str, Any]) -> None:
    for unit in units["院部"].values():
        unit["democratic"], unit["leadership"] = {"ballots": unit.pop("D")}, unit.pop("L")
        unit["base"] = {
            leaf: entry["entered"] if set(entry) == {"entered"} else entry
            for leaf, entry in unit["base"].items()
        }
        unit["type"] = {"SC": "二级学院", "CE": "继续教育学院", "BAS": "基础课教学部"}[unit["type"]]
    for unit in units["部门"].values():
        unit["style_leaves"] = {leaf: unit.pop(leaf) for leaf in ("style", "method", "efficiency", "quality")}
        unit["main_work"] = {"tasks": unit.pop("tasks")}


def _as_list(units: dict[str, Any]) -> None:
    entries = [
        {"unit": code, "group": group, **unit}
        for group, members in units.items()
        for code, unit in members.items()
    ]
    units.clear()
    units["all"] = entries


def _sums(units: dict[str, Any]) -> None:
    for code, unit in units["院部"].items():
        unit["base"] = {"S1": "54", "S2": "55", "C1": "50", "B1": "44"}[code]


def _rest(units: dict[str, Any]) -> None:
    for unit in units["院部"].values():
        judged = {leaf: entry for leaf, entry in unit["base"].items() if set(entry) == {"entered"}}
        full = {"B04": "1.5", "B05": "0.5", "B09": "1.5", "B32": "6"}
        for leaf, entry in judged.items():
            if entry["entered"] == full.get(leaf, "1"):
                del unit["base"][leaf]
        unit["base"]["others"] = "full"


def _headings(units: dict[str, Any]) -> None:
    for unit in units["院部"].values():
        key = unit["key"]
        quality = {**key.pop("K1.1a", {}), **key.pop("K1.1b", {})}
        key["K1"] = {"K1.1": quality} if quality else {}
        key["K6"] = {**key.pop("K6a"), **key.pop("K6b")}
        key["K7.1"] = key.pop("K7.1a")
        del key["K7.1b"]
        key["K8"] = {
            "entered": [key.pop(leaf)["entered"] for leaf in ("K8.1", "K8.2", "K8.3", "K8.4a", "K8.4b")]
        }


@pytest.mark.parametrize("change", [_renamed, _as_list, _sums, _rest, _headings])
def test_a_year_may_be_written_in_other_shapes(change: Callable[[dict[str, Any]], None]) -> None:
    document = deepcopy(year())
    case = document["end_to_end"][0]
    change(case["inputs"]["units"])
    if change is _as_list:
        case["inputs"]["units"] = case["inputs"]["units"]["all"]
    if change is _sums:
        for leaf in ("B01", "B18", "B32"):
            for unit in case["expected_units"].values():
                unit.get("leaves", {}).pop(leaf, None)
    assert not faults(document)


def _wrong_total(case: dict[str, Any]) -> None:
    case["expected_units"]["S2"]["total"] = "160.0001"


def _wrong_rank(case: dict[str, Any]) -> None:
    case["expected_outcome"]["ranks"]["部门"]["P3"] = 3


def _wrong_leaf(case: dict[str, Any]) -> None:
    case["expected_units"]["S1"]["leaves"]["K5.4c"]["value"] = "2"


def _missing_winner(case: dict[str, Any]) -> None:
    case["expected_outcome"]["excellent"]["院部"] = ["S1"]


@pytest.mark.parametrize("spoil", [_wrong_total, _wrong_rank, _wrong_leaf, _missing_winner])
def test_a_wrong_expectation_in_a_year_is_noticed(spoil: Callable[[dict[str, Any]], None]) -> None:
    document = year()
    spoil(document["end_to_end"][0])
    assert len(faults(document)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expected_score": "4.0001"}, "expected 4.0001, found 4"),
        ({"rule_id": "LYG-K9.9"}, "没有规则"),
        ({"reading": {"step": "sideways"}}, "没有理解"),
        ({"inputs": {"target": 500, "enroled": 475}}, "没有输入"),
        ({"inputs": {"target": 500, "enrolled": None}}, "expected 4, found （无）"),
        ({"inputs": {"target": "many", "enrolled": 475}}, "不是数"),
    ],
)
def test_a_wrong_case_is_noticed(change: dict[str, Any], words: str) -> None:
    case = {
        "id": "x", "rule_id": "LYG-K4.3", "reading": {"step": "started"},
        "inputs": {"target": 500, "enrolled": 475}, "expected_score": "4",
    }  # fmt: skip
    assert faults({"cases": [case]}) == []
    assert words in " ".join(faults({"cases": [{**case, **change}]}))


def test_labels_without_meaning_are_told_and_not_compared() -> None:
    document = year()
    case = document["end_to_end"][0]
    case["expected_units"]["S1"]["weather"] = "fine"
    case["peer_statistics"]["moon"] = "full"
    line = next(iter(lines_of(document, TEMPLATES)))
    assert line.agrees
    assert sorted(line.unknown) == ["statistics.moon", "units.S1.weather"]


def test_json_and_yaml_files_are_read(tmp_path: Path) -> None:
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps([{"id": "a"}]))
    assert read_cases(listed) == {"cases": [{"id": "a"}]}


def test_a_malformed_case_is_told_and_the_next_one_follows() -> None:
    broken = {"id": "a", "rule_id": "PEO-8", "inputs": {"share": "0.5"}, "expected_score": "1"}
    sound = {
        "id": "b",
        "rule_id": "PEO-8",
        "inputs": {"share": "0.5", "population": 3},
        "expected_score": "2",
    }
    first, second = lines_of({"cases": [broken, sound]}, TEMPLATES)
    assert not first.agrees
    assert "无法读取" in first.gaps[0].found
    assert second.agrees
