"""The command score-cases: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhiheng.project.cli import main

CASE = """
cases:
  - {id: a, rule_id: LYG-K5.4a, reading: default, inputs: {textbooks: 1}, expected_score: "0.5"}
  - {id: b, rule_id: PEO-6, reading: default, inputs: {hours: ["9"], group_visits: {u2: [0]}}, expected_score: "9", expected_outcome: {missing_visits: [[u2, 1]]}}
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_agreeing_cases_end_with_zero(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score-cases", str(cases)]) == 0
    printed = capsys.readouterr().out
    assert "LYG-K5.4a" in printed
    assert "[[u2, 1]]" in printed
    assert "共 2 例，相符 2，不符 0" in printed


def test_a_difference_ends_with_one(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases.write_text(CASE.replace('"0.5"', '"0.6"'), encoding="utf-8")
    assert main(["score-cases", str(cases), "--differences"]) == 1
    printed = capsys.readouterr().out
    assert "不符" in printed
    assert "PEO-6" not in printed


def test_json_lists_expected_and_found(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score-cases", str(cases), "--json", "--only", "a"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["total"], answer["agree"], answer["differ"]) == (1, 1, 0)
    assert answer["cases"][0]["expected"] == answer["cases"][0]["found"] == "0.5"


def test_unreadable_or_empty_files_are_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score-cases", str(tmp_path / "none.json")]) == 2
    broken = tmp_path / "broken.yaml"
    broken.write_text("cases: [", encoding="utf-8")
    assert main(["score-cases", str(broken)]) == 2
    broken.write_text("cases: []", encoding="utf-8")
    assert main(["score-cases", str(broken)]) == 1
    assert "读不了算例文件" in capsys.readouterr().err
