"""The shipped schemes: they load, their points add up as the regulations print them, and lint finds the known oddities."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
import yaml

from zhiheng.project.cli.score_cases import TEMPLATES
from zhiheng.scoring.examples import run_examples
from zhiheng.scoring.lint import lint
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.model import Node, Scheme

NAMES = ("jiaozuo-2020", "lianyungang-2018", "quality-office")


@cache
def scheme(name: str) -> Scheme:
    return load_scheme(read_document((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")))


def leaf_sum(node: Node, unit_type: str) -> Fraction:
    """Points of all leaves below a node that a unit type has."""
    if unit_type not in node.points:
        return Fraction(0)
    if node.is_leaf:
        return node.points[unit_type]
    return sum((leaf_sum(child, unit_type) for child in node.children), Fraction(0))


def test_every_shipped_scheme_is_known_here() -> None:
    assert sorted(path.stem for path in TEMPLATES.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_own_examples_agree(name: str) -> None:
    results = run_examples(scheme(name))
    assert [result for result in results if not result.agrees] == []
    assert results or name == "quality-office"


@pytest.mark.parametrize("name", NAMES)
def test_no_lint_error(name: str) -> None:
    assert [finding for finding in lint(scheme(name)) if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("node", "unit_type", "points"),
    [
        ("total", "functional", 100), ("total", "teaching", 100), ("key", "functional", 50), ("key", "teaching", 40),
        ("routine", "functional", 30), ("routine", "teaching", 20), ("common", "functional", 20), ("common", "teaching", 20),
        ("common", "teaching_no_students", 20), ("talent", "teaching", 20), ("block_jwc", "teaching", 7),
        ("block_xsc", "teaching", 5), ("block_zjc", "teaching", 2), ("D1", "teaching", 2), ("D3", "teaching", 2),
    ],
)  # fmt: skip
def test_jiaozuo_points(node: str, unit_type: str, points: int) -> None:
    found = scheme("jiaozuo-2020").nodes()[node]
    assert found.points[unit_type] == points
    assert leaf_sum(found, unit_type) == points


@pytest.mark.parametrize(
    ("node", "sums"),
    [
        ("B", {"SC": 55, "CE": 55, "BAS": 48, "POL": 48}),
        ("K1", {"SC": 15, "CE": 4, "BAS": 12, "POL": 12}),
        ("K2", {"SC": 8, "CE": 8}),
        ("K3", {"SC": 10, "CE": 6, "BAS": 6, "POL": 6}),
        ("K4", {"SC": 14}),
        ("K5.1", {"SC": 6, "CE": 6}),
        ("K5.2", {"SC": 6, "CE": 6}),
        ("K5.4", {"SC": 5}),
        ("K6", {"SC": 8, "CE": 8, "BAS": 8, "POL": 8}),
        ("K7", {"SC": 10, "CE": 10, "BAS": 10, "POL": 10}),
        ("K8", {"SC": 10, "CE": 10, "BAS": 10, "POL": 10}),
        ("departmental_style", {"DEP": 40}),
    ],
)
def test_lianyungang_points(node: str, sums: dict[str, int]) -> None:
    found = scheme("lianyungang-2018").nodes()[node]
    assert {kind: leaf_sum(found, kind) for kind in found.points} == sums
    assert dict(found.points) == sums


def test_lianyungang_key_points_by_exemption() -> None:
    points = scheme("lianyungang-2018").nodes()["K"].points
    assert dict(points) == {"SC": 95, "CE": 58, "BAS": 46, "POL": 46}


def test_lint_tells_what_the_regulation_leaves_odd() -> None:
    findings = lint(scheme("lianyungang-2018"))
    texts = {(finding.code, finding.place.rpartition("tree.")[2], finding.text) for finding in findings}
    told = " ".join(text for _, _, text in texts)
    assert "继续教育学院：文件印 61 分，下级分值合计 58 分" in told
    assert "文件印 41 分，下级分值合计 46 分" in told
    assert "文件印 3 分，下级分值合计 4 分" in told
    codes = [finding.code for finding in findings]
    assert codes.count("bands.inert") == 2
    assert "panel.unreachable" in codes
    assert "totals.conversion" in codes


def test_lint_tells_the_collisions_of_jiaozuo() -> None:
    codes = {finding.code for finding in lint(scheme("jiaozuo-2020"))}
    assert {"grade.both", "money.collision", "reading.open"} <= codes


@pytest.mark.parametrize("name", ["jiaozuo-2020", "lianyungang-2018"])
def test_every_reading_loads_and_every_clause_is_named(name: str) -> None:
    document = read_document((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))
    for reading in document["readings"]:
        for option in set(reading["options"]) - {str(reading["default"])}:
            assert load_scheme(document, readings={reading["code"]: option}).readings[reading["code"]].chosen
    assert [leaf.code for leaf in scheme(name).leaves() if not leaf.clause] == []
    assert [leaf.code for leaf in scheme(name).leaves() if not leaf.assessors] == []


def test_plain_yaml_readers_see_the_same_codes() -> None:
    for name in NAMES:
        document = yaml.safe_load((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))
        assert [item["code"] for item in document["measures"]] == list(scheme(name).measures)


def test_department_sheets_are_complete() -> None:
    path = TEMPLATES.parent / "sheets" / "lianyungang-2018-departments.yaml"
    sheets = yaml.safe_load(path.read_text(encoding="utf-8"))
    counts = {entry["name"]: len(entry["tasks"]) for entry in sheets["departments"]}
    assert list(counts.values()) == [11, 11, 16, 8, 9, 11, 9, 6, 7, 9, 9, 6, 7, 9]
    leaves = {"style", "method", "efficiency", "quality"}
    for entry in sheets["departments"]:
        numbers = [number for number, _ in entry["tasks"]]
        assert numbers == list(range(5, 5 + len(numbers)))
        assert set(entry["innovation"]) <= set(numbers)
        assert {item["task"] for item in entry.get("criteria", [])} <= set(numbers)
        assert set(entry.get("added", {})) <= leaves
    assert sum("added" in entry for entry in sheets["departments"]) == 10
    assert sheets["register"] in scheme(sheets["scheme"]).measures
