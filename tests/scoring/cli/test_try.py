"""`zhiheng try`: a regulation tried from a text editor, with messages that say what to mend."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.scheme.small import FACTS, TEXT
from zhiheng.project.cli.try_scheme import add_parser, handle

EXAMPLES = """
examples:
  - title: 甲的管理分
    units: {甲: {type: T, facts: {late: 1, rate: 0.9}}}
    expect: {甲: {A: EXPECTED}}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    scheme, facts = tmp_path / "方案.yaml", tmp_path / "数据.yaml"
    scheme.write_text(TEXT, encoding="utf-8")
    facts.write_text(FACTS, encoding="utf-8")
    return scheme, facts


def call(*arguments: Any) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return handle(parser.parse_args(["try", *map(str, arguments)]))


def test_results_ranks_and_explanation_are_printed(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*files, "--explain", "乙") == 0
    out = capsys.readouterr().out
    for text in (
        "教学组",
        "机电学院",
        "96.50",
        "80.68",
        "60 × 0.8 ÷ 0.825",
        "合并计算（尚未确认）",
        "另有 5 条提示",
    ):
        assert text in out.replace("\n", "")


def test_json_holds_every_node_and_outcome(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*files, "--json", "--explain", "乙") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["units"]["乙"]["nodes"]["B"] == {
        "exact": "640/11",
        "stored": "58.1818",
        "published": "58.18",
        "applicable": "60",
    }
    assert data["units"]["丙"]["nodes"]["B"] == {"state": "not_applicable", "applicable": "0"}
    assert data["units"]["甲"]["rank"] == "1"
    assert data["units"]["甲"]["grade"] == "优秀"
    assert [winner["unit"] for winner in data["awards"]["W"]["winners"]] == ["甲", "乙", "丙"]
    assert data["explanation"]["code"] == "total"
    assert {item["code"] for item in data["outcomes"]} == {"V", "R", "G", "W"}


def test_a_reading_can_be_changed_on_the_command_line(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*files, "--json", "--reading", "avg=mean") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["units"]["乙"]["nodes"]["B"]["stored"] == "56.4706"
    assert data["readings"]["avg"]["meaning"] == "各单位平均"


def test_only_lint_without_facts(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(files[0], "--all") == 0
    assert "没有写工作流程" in capsys.readouterr().out


def test_mistakes_are_listed_and_the_exit_code_is_1(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    scheme, facts = files
    scheme.write_text(TEXT.replace("[迟报次数]", "[迟报次]"), encoding="utf-8")
    assert call(scheme, facts) == 1
    assert "是不是「迟报次数」" in capsys.readouterr().err
    scheme.write_text(TEXT, encoding="utf-8")
    facts.write_text(FACTS.replace("late: 6,", ""), encoding="utf-8")
    assert call(scheme, facts, "--json") == 1
    assert json.loads(capsys.readouterr().out)["errors"][0]["place"] == "迟报次数（乙）"
    assert call(scheme, facts, "--pending") == 0
    assert "未算" in capsys.readouterr().out
    assert call(scheme, "/nowhere.yaml") == 1
    assert "打不开文件" in capsys.readouterr().err
    assert call(scheme, facts, "--pending", "--explain", "戊") == 1
    assert "没有单位“戊”" in capsys.readouterr().err
    assert call(scheme, facts, "--reading", "avg") == 1


@pytest.mark.parametrize(("expected", "code", "word"), [("36.5", 0, "✓"), ("36.4", 1, "不符")])
def test_examples_of_the_scheme_are_checked(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], expected: str, code: int, word: str
) -> None:
    files[0].write_text(TEXT + EXAMPLES.replace("EXPECTED", expected), encoding="utf-8")
    assert call(*files) == code
    out = capsys.readouterr().out
    assert word in out
    assert f"应为 {expected}，算得 36.5" in out
