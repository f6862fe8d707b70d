"""Clean originals of other colleges: other captions, other column orders, one table for all, Excel, plain text."""

from typing import Any

import pytest

from integrations.importers.comparing.readings import compare
from integrations.reading import read_catalogue
from tests.integrations.importers import samples

CATALOGUES = {
    "word.docx": samples.catalogue_docx(),
    "other-numbers.docx": samples.catalogue_docx(caption="表2-{}"),
    "other-columns.docx": samples.catalogue_docx(header=("具体化的工作", "工作标准", "岗位", "科室")),
    "no-captions.docx": samples.catalogue_docx(caption=None),
    "no-names.docx": samples.catalogue_docx(named=False),
    "one-table.docx": samples.combined_docx(),
    "no-numbers.docx": samples.combined_docx(prefix=""),
    "ordinals.docx": samples.combined_docx(prefix="{k}. "),
    "excel.xlsx": samples.catalogue_xlsx(),
}


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogue_is_read_whole(name: str) -> None:
    reading = read_catalogue(CATALOGUES[name], name)
    figures, more = compare(reading, samples.truth())
    wrong = {kind: figure.misses for kind, figure in figures.items() if figure.misses}
    assert wrong == {}
    assert more["link_outcomes"] == {"right": 8, "wrong_warned": 0, "wrong_silent": 0, "missing": 0}
    assert sum(len(entry["standards"]) for d in reading["departments"] for entry in d["standards"]) == 17


@pytest.mark.parametrize("name", CATALOGUES)
def test_nothing_is_asked_without_need(name: str) -> None:
    reading = read_catalogue(CATALOGUES[name], name)
    assert {warning["code"] for warning in reading["warnings"]} <= {"duty_only_in_1_3"}
    assert not [item for item in reading["left_out"] if item["reason"] in ("unclaimed", "ghost")]


@pytest.mark.parametrize(
    "data", [samples.handbook_docx(), samples.handbook_docx(upright=True), samples.handbook_text()]
)
def test_handbook_of_another_college(data: bytes) -> None:
    reading = read_catalogue(data, "handbook" + (".docx" if data.startswith(b"PK") else ".txt"))
    (chapter,) = reading["chapters"]
    first, second = chapter["items"]
    assert (chapter["no"], chapter["title"]) == ("1", "学生事务管理")
    assert [first["no"], first["title"], second["no"], second["title"]] == [
        "1.1",
        "助学金评定",
        "1.2",
        "宿舍检查",
    ]
    assert first["duties"] == {
        "学生处": ["发布评定通知", "复核名单"],
        "二级学院": ["组织班级评议", "上报推荐名单"],
    }
    assert first["standards"] == ["公开公正", "按时上报"]
    assert [step["actors"] for step in first["workflow"]] == [
        ["学生处"],
        ["二级学院"],
        ["二级学院"],
        ["学生处"],
        ["二级学院"],
    ]
    assert first["workflow"][4]["actor_inferred"]
    assert [step["actors"] for step in second["workflow"]] == [["学生处"], ["二级学院", "辅导员"]]
    assert (first["schedule"][0]["start"], first["schedule"][0]["end"]) == ("09-01", "10-31")
    assert second["schedule"][0]["every_weeks"] == 2


def test_two_doubts_of_the_other_college() -> None:
    reading = read_catalogue(samples.handbook_docx(), "handbook.docx")
    codes: list[Any] = [warning["code"] for warning in reading["warnings"]]
    assert codes.count("actor_unit_alias") == 1
    assert codes.count("actor_not_written") == 1
