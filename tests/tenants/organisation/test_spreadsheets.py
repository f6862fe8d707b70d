"""Reading and writing the organisation workbook without a database."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tenants.organisation.spreadsheets import FORMS, Unreadable, cells, read_workbook, reading, write_workbook
from tenants.organisation.spreadsheets.cells import BadValue
from tenants.organisation.spreadsheets.forms import UNITS


def book(**sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets, row by row."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


UNIT_HEAD = ["单位代码", "名称", "类别", "上级单位代码", "起始日期"]


class TestCells:
    @pytest.mark.parametrize(
        "raw",
        [
            date(2025, 9, 1), datetime(2025, 9, 1), "2025-09-01", "2025/9/1", "2025.9.1", "2025年9月1日", "20250901",
            20250901, "２０２５-９-１", " 2025-9-1 ",
        ],
    )  # fmt: skip
    def test_days(self, raw: Any) -> None:
        assert cells.day(raw) == date(2025, 9, 1)

    @pytest.mark.parametrize(
        "raw", ["2025-13-01", "2025-02-30", "9月1日", "2025", 45901, "2025111", "1025-01-01", "今年"]
    )
    def test_not_days(self, raw: Any) -> None:
        with pytest.raises(BadValue):
            cells.day(raw)

    @pytest.mark.parametrize(
        ("raw", "value"), [("0.5", "0.5"), (0.25, "0.25"), ("50%", "0.5"), (1, "1"), ("33.3%", "0.333")]
    )
    def test_shares(self, raw: Any, value: str) -> None:
        assert cells.share(raw) == Decimal(value)

    @pytest.mark.parametrize("raw", [0, "0", -0.5, "1.001", "120%", "半", "0.3333", "NaN", "Infinity"])
    def test_not_shares(self, raw: Any) -> None:
        with pytest.raises(BadValue):
            cells.share(raw)

    def test_codes(self) -> None:
        assert cells.code(7) == "7"
        assert cells.code(7.0) == "7"
        assert cells.code("Ａ０１") == "A01"
        assert cells.codes("01、02，03,02") == ("01", "02", "03")
        for raw in ("0 1", "x" * 41, "01;02", "<b>"):
            with pytest.raises(BadValue):
                cells.code(raw)

    def test_names_keep_chinese_punctuation(self) -> None:
        assert cells.text(20)(" 教务处（校企\n合作处） ") == "教务处（校企 合作处）"
        assert cells.names(20)("甲、乙；丙\n甲") == ("甲", "乙", "丙")
        with pytest.raises(BadValue, match="有21个字"):
            cells.text(20)("字" * 21)

    def test_choices_numbers_attributes(self) -> None:
        assert cells.choice({"是": True, "否": False})("是") is True
        with pytest.raises(BadValue) as caught:
            cells.choice({"是": True, "否": False})("对")
        assert caught.value.advice == "可选：是、否。"
        assert cells.whole(0, 99)("12") == 12
        for raw in ("-1", "100", "1.5", "十"):
            with pytest.raises(BadValue):
                cells.whole(0, 99)(raw)
        assert cells.attributes("branch_type=总支、规模＝大") == {"branch_type": "总支", "规模": "大"}
        with pytest.raises(BadValue):
            cells.attributes("总支")


class TestReading:
    def test_columns_in_any_order_with_titles_above(self) -> None:
        content = book(
            单位=[
                ["甲学院组织机构一览表"],
                [],
                ["名称*", "部门代码", "类别"],
                ["教务处", "01", "职能部门"],
                [None, None],
                ["人事处", 2, "职能部门"],
            ]
        )
        rows = read_workbook(content).rows["units"]
        assert [(r.number, r.values["code"], r.values["name"], r.values["kind"]) for r in rows] == [
            (4, "01", "教务处", "functional"), (6, "2", "人事处", "functional"),
        ]  # fmt: skip
        assert rows[0].places == {"name": "A4", "code": "B4", "kind": "C4"}
        assert rows[0].states("kind")
        assert not rows[0].states("parent")
        assert rows[0].values["signboards"] == ()

    def test_every_error_of_the_file_with_its_cell(self) -> None:
        content = book(
            单位=[
                UNIT_HEAD,
                ["01", "", "职能部门", None, None],
                ["0 2", "人事处", "部门", "", "去年"],
                ["01", "又", "其他", "", ""],
            ],
            岗位=[["岗位代码", "名称", "单位代码", "职数"], ["P1", "处长", "01", "许多"]],
        )
        found = {(e.sheet, e.cell): e for e in read_workbook(content).errors}
        assert set(found) == {
            ("单位", "B2"), ("单位", "A3"), ("单位", "C3"), ("单位", "E3"), ("单位", "A4"), ("岗位", "D2"),
        }  # fmt: skip
        assert found["单位", "B2"].reason == "没有填名称"
        kind = found["单位", "C3"]
        assert (kind.value, kind.reason) == ("部门", "“部门”不在可选项里")
        assert kind.advice.startswith("可选：学校、职能部门")
        assert "和第2行重复" in found["单位", "A4"].reason
        assert str(found["单位", "E3"]) == "“单位”E3：“去年”不是日期。请写成 2025-09-01 这样。"

    def test_missing_required_column(self) -> None:
        found = read_workbook(book(单位=[["单位代码", "名称"], ["01", "教务处"]]))
        assert [(e.cell, e.reason) for e in found.errors] == [("第1行", "缺少类别列")]
        assert found.rows["units"] == []

    def test_what_is_left_out_is_said(self) -> None:
        found = read_workbook(book(单位=[[*UNIT_HEAD, "电话"], ["01", "教务处", "职能部门"]], 通讯录=[["x"]]))
        assert found.notices == [
            "“单位”的“电话”列不在模板里，没有读。",
            "工作表“通讯录”不在模板里，没有读。",
        ]

    def test_a_cell_that_is_far_too_long(self) -> None:
        found = read_workbook(book(单位=[UNIT_HEAD, ["01", "字" * 3000, "职能部门"]]))
        assert [(e.cell, e.reason) for e in found.errors] == [("B2", "内容太长")]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "文件是空的"),
            (b"not a workbook", "打不开"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版"),
            (book(表一=[["x"]]), "没有找到可以导入的工作表"),
            (b"x" * (20 * 1024 * 1024 + 1), "超过20兆"),
            (b"PK\x03\x04 broken", "打不开"),
        ],
    )
    def test_files_that_cannot_be_read(self, content: bytes, reason: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read_workbook(content)
        assert reason in caught.value.reason
        assert caught.value.advice

    def test_a_zip_that_is_no_workbook_or_unfolds_too_far(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1_000_000)
        for name, data, reason in [("x.txt", b"x", "打不开"), ("xl/x.xml", b"0" * 1_000_001, "展开后过大")]:
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, data)
            with pytest.raises(Unreadable) as caught:
                read_workbook(buffer.getvalue())
            assert reason in caught.value.reason

    def test_too_many_rows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_ROWS", 50)
        assert len(read_workbook(book(单位=[UNIT_HEAD, *([["01", "x", "其他"]] * 49)])).rows["units"]) == 49
        with pytest.raises(Unreadable, match="超过50行"):
            read_workbook(book(单位=[UNIT_HEAD, *([["01"]] * 50)]))


class TestWriting:
    def test_template_explains_every_column(self) -> None:
        made = load_workbook(io.BytesIO(write_workbook({})))
        assert made.sheetnames == ["填写说明", *(f.title for f in FORMS)]
        heads = [cell.value for cell in made["单位"][1]]
        assert heads == [c.title + ("*" if c.required else "") for c in UNITS.columns]
        guide = [row[1] for row in made["填写说明"].iter_rows(values_only=True)]
        assert {c.title for f in FORMS for c in f.columns} <= set(guide)
        choices = {v.sqref: v.formula1 for v in made["人员"].data_validations.dataValidation}
        assert list(choices.values()) == ['"男,女"']

    def test_the_empty_template_reads_as_nothing(self) -> None:
        found = read_workbook(write_workbook({}))
        assert set(found.rows) == {f.key for f in FORMS}
        assert not any(found.rows.values())
        assert (found.errors, found.notices) == ([], [])

    def test_every_kind_of_value_comes_back(self) -> None:
        unit = {
            "code": "007", "name": "=SUM(A1)", "short_name": "+1", "kind": "party", "parent": "00",
            "signboards": ("甲（乙）", "丙"), "aliases": (), "former": ("旧名",), "valid_from": date(2020, 9, 1),
        }  # fmt: skip
        assessed = {
            "code": "D1", "name": "教务\x08处", "short_name": "", "unit_type": "DEP", "group": "部门",
            "participation": "separate", "units": ("01", "02"), "clusters": (), "position": 3,
            "attributes": {"branch_type": "总支"}, "valid_from": date(2020, 9, 1),
        }  # fmt: skip
        holding = {
            "staff_number": "0001",
            "post": "P1",
            "share": Decimal("0.500"),
            "valid_from": date(2021, 1, 1),
        }
        content = write_workbook({"units": [unit], "assessed": [assessed], "holdings": [holding]})
        found = read_workbook(content)
        assert found.errors == []
        assert found.rows["units"][0].values == unit
        assert found.rows["assessed"][0].values == {**assessed, "name": "教务处"}
        assert found.rows["holdings"][0].values == {**holding, "valid_to": None}
        sheet = load_workbook(io.BytesIO(content))["单位"]
        assert (sheet["B2"].data_type, sheet["A2"].value) == ("s", "007")
