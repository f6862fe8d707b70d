"""The two real catalogues against the hand-made readings: the figures the readers must keep (text and Word alike)."""

import re
import time
from collections import Counter
from typing import Any

import pytest

from integrations.importers.comparing.readings import compare, table
from integrations.importers.folding import fold
from integrations.reading import read_catalogue
from tests.integrations.importers.shared_files import CHANGZHOU, CHONGQING, gold, reading, shared

MOST = {
    "duties",
    "work_items",
    "standard_starts",
    "standard_entries",
    "steps",
    "actors",
    "items",
    "standards",
}


@pytest.mark.parametrize("name", CHANGZHOU)
def test_duty_catalogue(name: str) -> None:
    figures, more = compare(reading(name), gold("changzhou_catalogue.json"))
    for kind, figure in figures.items():
        floor = 0.98 if kind in MOST else 0.95
        assert figure.precision is not None
        assert figure.recall is not None
        assert min(figure.precision, figure.recall) >= floor, (kind, figure.misses)
    assert more["wrong_links_without_warning"] <= 0.01
    assert figures["standard_starts"].right >= 640


@pytest.mark.parametrize("name", CHONGQING)
def test_procedure_handbook(name: str) -> None:
    figures, _ = compare(reading(name), gold("chongqing_handbook.json"))
    assert {kind: figure.misses for kind, figure in figures.items() if figure.misses} == {}
    assert figures["steps"].expected == 197


def test_counts_of_all_chapters_of_the_handbook() -> None:
    printed = shared("docs", "catalogue.md").read_text(encoding="utf-8")
    expected = dict(re.findall(r"(?<![\d.])(\d\.\d+) (\d+/\d+/\d+/\d+/\d+)", printed))
    found = {}
    for chapter in reading(CHONGQING[0])["chapters"]:
        for item in chapter["items"]:
            parts = [
                len(item["work_content"]),
                *map(len, item["duties"].values()),
                len(item["workflow"]),
                len(item["standards"]),
            ]
            found[item["no"]] = "/".join(map(str, parts))
    assert found == expected
    assert len(found) == 45


def test_actors_of_all_chapters() -> None:
    counts = reading(CHONGQING[0])["actors"]["step_counts"]
    assert counts == {
        "教务处": 276,
        "系部": 184,
        "通识教育部": 6,
        "市教委": 2,
        "教研室": 2,
        "其他相关部门": 1,
        "项目团队": 1,
        "考核领导小组": 1,
    }


def test_counts_of_all_departments() -> None:
    found = {}
    for department in reading(CHANGZHOU[0])["departments"]:
        works = sum(len(duty["work_items"]) for duty in department["duties"])
        found[department["name"][:3]] = (
            works,
            sum(len(entry["standards"]) for entry in department["standards"]),
        )
    assert found == {
        "教学工": (63, 303), "科技发": (36, 116), "产学研": (28, 87), "高职教": (29, 70),
        "学工处": (48, 152), "质量管": (36, 124), "招生就": (65, 207), "保卫处": (62, 154),
    }  # fmt: skip
    assert sum(works for works, _ in found.values()) == 367


@pytest.mark.parametrize("names", [CHANGZHOU, CHONGQING])
def test_word_gives_what_text_gives(names: tuple[str, str]) -> None:
    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(part) for key, part in value.items() if key not in PLACES}
        return [bare(part) for part in value] if isinstance(value, list) else value

    text, word = (bare(reading(name)) for name in names)
    for kind in ("departments", "chapters"):
        assert text.get(kind) == word.get(kind)
    assert Counter(w["code"] for w in text["warnings"]) == Counter(w["code"] for w in word["warnings"])


PLACES = {"flags", "line", "lines", "place", "places", "entry_places", "embedded_times", "raw", "source"}


def test_each_department_alone_reads_the_same() -> None:
    whole = reading(CHANGZHOU[0])
    lines = shared("documents", CHANGZHOU[0]).read_text(encoding="utf-8").split("\n")
    for department in whole["departments"]:
        first, last = department["lines"]["t12"][0], department["lines"]["t14"][1]
        alone = read_catalogue("\n".join(lines[first - 1 : last]).encode(), "part.txt")["departments"]
        assert [one["name"] for one in alone] == [department["name"]]
        assert _starts(alone[0]) == _starts(department)


def _starts(department: dict[str, Any]) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (
            entry["work_no"],
            entry["work_text"],
            entry["post"],
            entry["section"],
            str(entry["matches_work_no"]),
            standard["no"],
        )
        for entry in department["standards"]
        for standard in entry["standards"]
    ]


def test_every_chapter_of_the_handbook_alone() -> None:
    lines = shared("documents", CHONGQING[0]).read_text(encoding="utf-8").split("\n")
    whole = reading(CHONGQING[0])["chapters"]
    borders = [chapter["line"] for chapter in whole] + [len(lines) + 1]
    for chapter, first, last in zip(whole, borders, borders[1:], strict=False):
        (alone,) = read_catalogue("\n".join(lines[first - 1 : last - 1]).encode(), "part.txt")["chapters"]
        assert (alone["no"], alone["title"]) == (chapter["no"], chapter["title"])
        assert [item["counts"] for item in alone["items"]] == [item["counts"] for item in chapter["items"]]


@pytest.mark.parametrize("name", [*CHANGZHOU, *CHONGQING])
def test_nothing_is_dropped_silently(name: str) -> None:
    """Every word of the source is in a record, a label, a warning, or on the list of what was left out."""
    result = reading(name)
    told = fold("".join(_texts(result)))
    data = shared("documents", name)
    if name.endswith(".txt"):
        source = data.read_text(encoding="utf-8").split("\n")
        missing = [line for line in source if not _told(line, told)]
        assert missing == []


def _told(line: str, told: str) -> bool:
    return all(_cell_told(cell, told) for cell in line.split("\t"))


def _cell_told(cell: str, told: str) -> bool:
    bare = re.sub(r"</?\w+>|^\s*(?:\d+|[一二三])\s*[.．、]+\s*\.?", "", cell)
    forms = [[cell], [bare], bare.split()]
    return any(all(fold(part) in told for part in form) for form in forms) or _in_pieces(fold(bare), told)


def _in_pieces(cell: str, told: str) -> bool:
    pieces = [cell[i : i + 4] for i in range(max(1, len(cell) - 3))]
    return sum(piece in told for piece in pieces) >= 0.6 * len(pieces)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [str(value), "\n"] if isinstance(value, str) else []


def test_no_lost_standard_is_invented() -> None:
    result = reading(CHANGZHOU[0])
    names = {department["name"]: department for department in result["departments"]}
    for wanted in gold("changzhou_catalogue.json")["departments"]:
        entries = names[wanted["name"].replace(" ", "")]["standards"]
        for entry in wanted["standards"]:
            for lost in entry.get("lost_standards", []):
                same = [
                    one
                    for one in entries
                    if one["work_no"] == entry["work_no"] and one["work_text"] == entry["work_text"]
                ]
                assert lost not in {standard["no"] for one in same for standard in one["standards"]}
    gaps = [warning["message"] for warning in result["warnings"] if warning["code"] == "number_skipped"]
    assert any("1.2.13" in gap for gap in gaps)
    assert any("4.7.2" in gap for gap in gaps)


def test_figures_in_doubt_are_shown() -> None:
    warnings = reading(CHANGZHOU[0])["warnings"]
    places = {warning["place"]["line"] for warning in warnings if warning["code"] == "figure_in_doubt"}
    assert {656, 1555, 1563, 1607, 1611, 1615, 1620, 1772} <= places


def test_rebuilt_left_edge_is_asked() -> None:
    warnings = [one for one in reading(CHANGZHOU[0])["warnings"] if one["code"] == "left_edge_cut"]
    assert [one["place"]["line"] for one in warnings] == [
        1424,
        1425,
        1426,
        1427,
        1428,
        1430,
        1432,
        1433,
        1434,
        1436,
        1438,
        1440,
        1441,
    ]
    assert warnings[0]["proposal"].startswith("6.3.2")


def test_time_of_the_large_document() -> None:
    data = shared("documents", CHANGZHOU[0]).read_bytes()
    begin = time.process_time()
    read_catalogue(data, CHANGZHOU[0])
    assert time.process_time() - begin <= 3.0


def test_summary_table_names_every_kind() -> None:
    text = table(*compare(reading(CHANGZHOU[0]), gold("changzhou_catalogue.json")))
    assert "标准起句" in text
    assert "没有提示的错误对应：0.00%" in text


@pytest.mark.parametrize("name", CHANGZHOU)
def test_departments_have_the_names_of_their_chapter(name: str) -> None:
    aliases = {department["name"]: department["aliases"] for department in reading(name)["departments"]}
    assert aliases["学工处"] == ["党委学生工作部", "人民武装部", "学生工作处", "校友工作办公室"]
    assert aliases["高职教育研究所(学报编辑部)"][-1] == "高教所"
    assert aliases["科技发展部"] == []


@pytest.mark.parametrize("name", CHANGZHOU)
def test_work_item_of_two_sections_names_both(name: str) -> None:
    shared = {
        work["no"]: (work["section"], work["section_canonical"], work["also"])
        for duty in reading(name)["departments"][0]["duties"]
        for work in duty["work_items"]
        if "also" in work
    }
    assert shared["8.2"] == (
        "教学运行科(考试中心)",
        "考试中心",
        [{"section": "教学运行科", "post": "考试管理岗"}],
    )
    assert shared["8.3"][1] == "教学运行科"
