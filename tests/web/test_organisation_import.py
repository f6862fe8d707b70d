"""The import wizard: an empty college takes in what another exported; mistakes are named by cell."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.web.samples import small_college


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Uploaded files of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def exported(college_b: Any, client_for: Any, person: Any) -> bytes:
    """The workbook of the small college B."""
    small_college(college_b)
    content: bytes = (
        client_for(college_b, person(college_b, "quality")).get("/organisation/export.xlsx").content
    )
    return content


@pytest.fixture
def admin(college_a: Any, client_for: Any, person: Any) -> Client:
    """Administrator of the empty college A."""
    client: Client = client_for(college_a, person(college_a, "admin"))
    return client


def _upload(client: Client, content: bytes, name: str = "机构.xlsx") -> Any:
    upload = SimpleUploadedFile(name, content)
    return client.post("/organisation/import/", {"file": upload, "on": "2026-11-20"})


def test_export_of_one_college_fills_another(admin: Client, exported: bytes, files: Path) -> None:
    sent = _upload(admin, exported)
    assert sent.status_code == 302
    review = admin.get(sent["Location"])
    text = review.content.decode()
    assert "没有错误" in text
    assert "智能制造学院" in text
    stored = admin.post(sent["Location"], {"fingerprint": review.context["plan"].fingerprint}, follow=True)
    page = stored.content.decode()
    assert "已入库：新增" in page
    assert "16个单位" in page
    assert list(files.rglob("*.xlsx")) == [], "the waiting file is gone"
    again = admin.get(_upload(admin, exported)["Location"]).content.decode()
    assert "和系统里一样，没有要改的" in again


def test_mistake_is_named_with_its_cell(admin: Client, exported: bytes) -> None:
    book = load_workbook(BytesIO(exported))
    sheet = book["单位"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    kind = heads["类别*"]
    assert kind is not None
    sheet.cell(3, kind, "处室")
    buffer = BytesIO()
    book.save(buffer)
    text = admin.get(_upload(admin, buffer.getvalue())["Location"]).content.decode()
    assert "1处要改" in text
    assert f'单位 <span class="zh-num">{sheet.cell(3, kind).coordinate}</span>' in text
    assert "“处室”不在可选项里" in text
    assert "确认无误，入库" not in text


def test_what_was_accepted_must_still_hold(admin: Client, exported: bytes) -> None:
    place = _upload(admin, exported)["Location"]
    answer = admin.post(place, {"fingerprint": "of another preview"})
    assert answer.status_code == 409
    assert "组织机构刚被别人改过" in answer.content.decode()


def test_file_of_another_person_is_not_found(
    admin: Client, exported: bytes, college_a: Any, client_for: Any, person: Any
) -> None:
    place = _upload(admin, exported)["Location"]
    other = client_for(college_a, person(college_a, "quality"))
    assert other.get(place).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"), [("机构.xls", b"x", "不是.xlsx文件"), ("机构.xlsx", b"x", "打不开文件")]
)
def test_unreadable_file_is_refused_at_once(name: str, content: bytes, words: str, admin: Client) -> None:
    answer = _upload(admin, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_template_has_a_sheet_of_explanations(admin: Client) -> None:
    book = load_workbook(BytesIO(admin.get("/organisation/template.xlsx").content))
    assert book.sheetnames[:2] == ["填写说明", "单位"]
