"""The two commands: a reading as JSON, its quality against a hand-made one, mistakes told in Chinese with exit code 1."""

import copy
import json
from pathlib import Path

import pytest

from integrations.importers.comparing.readings import compare
from tests.integrations.importers.samples import catalogue_docx, truth
from tests.integrations.importers.shared_files import CHANGZHOU, CHONGQING, gold, reading
from zhiheng.project.cli import build_parser


def run(*arguments: str) -> int:
    parsed = build_parser(arguments[0]).parse_args(arguments)
    code: int = parsed.handler(parsed)
    return code


def test_reading_and_comparing_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "职责.docx"
    source.write_bytes(catalogue_docx())
    assert run("read-catalogue", str(source), "--json") == 0
    printed = capsys.readouterr().out
    assert [department["name"] for department in json.loads(printed)["departments"]] == [
        "教务管理部",
        "后勤服务中心",
    ]
    (tmp_path / "reading.json").write_text(printed, encoding="utf-8")
    (tmp_path / "truth.json").write_text(json.dumps(truth(), ensure_ascii=False), encoding="utf-8")
    assert run("compare-reading", str(tmp_path / "reading.json"), str(tmp_path / "truth.json"), "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["work_items"]["recall"] == figures["links"]["precision"] == 1
    assert run("read-catalogue", str(source)) == 0
    assert "教务管理部：职责 2，工作 5，标准 11" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"", [], "文件是空的"),
        ("今天天气很好。\n".encode(), [], "没有认出"),
        ("部门,人数\n总务处,3\n".encode(), ["--map", "auto"], "没有一张表有必需的列"),
        ("部门,任务\n总务处,抄表\n".encode(), ["--map", "work=两"], "看不懂"),
        ("部门,任务\n总务处,抄表\n".encode(), ["--map", "colour=2"], "看不懂"),
    ],
)
def test_mistakes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, arguments: list[str], words: str
) -> None:
    source = tmp_path / "表.csv"
    source.write_bytes(content)
    assert run("read-catalogue", str(source), *arguments) == 1
    assert words in capsys.readouterr().err


def test_missing_files_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read-catalogue", str(tmp_path / "none.docx")) == 1
    assert run("compare-reading", str(tmp_path / "a.json"), str(tmp_path / "b.json")) == 1
    assert capsys.readouterr().err.count("请检查路径") == 2


def test_unknown_table_by_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "台账.csv"
    source.write_text("处室,任务,谁做\n总务处,抄表,抄表员\n", encoding="utf-8")
    assert run("read-catalogue", str(source), "--columns") == 0
    assert [column["field"] for column in json.loads(capsys.readouterr().out)[0]["columns"]] == [
        "department",
        "work",
        None,
    ]
    assert run("read-catalogue", str(source), "--map", "post=3", "--json") == 0
    work = json.loads(capsys.readouterr().out)["departments"][0]["duties"][0]["work_items"][0]
    assert (work["text"], work["post"]) == ("抄表", "抄表员")


def test_comparing_sees_what_is_wrong_in_a_catalogue() -> None:
    good = gold("changzhou_catalogue.json")
    read = copy.deepcopy(reading(CHANGZHOU[0]))
    department = read["departments"][0]
    department["duties"][0]["work_items"].pop()
    department["duties"][1]["work_items"][0]["post"] = "校长"
    department["duties"][1]["work_items"][0].pop("post_canonical", None)
    entry = next(one for one in department["standards"] if len(one["standards"]) > 2)
    entry["matches_work_no"] = "9.9"
    entry["standards"][0]["text"] = "另一句话"
    entry["standards"].append({"no": "9.9.9", "text": "没有的标准", "line": 1})
    before, _ = compare(reading(CHANGZHOU[0]), good)
    after, more = compare(read, good)
    assert after["work_items"].right == before["work_items"].right - 1
    assert after["work_posts"].right == before["work_posts"].right - 2
    assert after["links"].right == before["links"].right - 1
    assert after["standard_starts"].right == before["standard_starts"].right - 1
    assert after["standard_starts"].found == before["standard_starts"].found + 1
    assert more["link_outcomes"]["wrong_silent"] == 1


def test_comparing_sees_what_is_wrong_in_a_handbook() -> None:
    good = gold("chongqing_handbook.json")
    read = copy.deepcopy(reading(CHONGQING[0]))
    item = read["chapters"][0]["items"][0]
    item["workflow"][0]["actors"] = ["保卫处"]
    item["workflow"].pop()
    item["schedule"][0]["end"] = "10-26"
    item["standards"].append("没有的标准")
    before, _ = compare(reading(CHONGQING[0]), good)
    after, _ = compare(read, good)
    assert after["steps"].right == before["steps"].right - 1
    assert after["actors"].right < before["actors"].right
    assert after["schedules"].right == before["schedules"].right - 1
    assert after["standards"].found == before["standards"].found + 1


def test_two_families_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match=r"."):
        compare(reading(CHANGZHOU[0]), gold("chongqing_handbook.json"))
