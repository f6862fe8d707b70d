"""The import wizard with a real file in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from tenants.registry.context import tenant_context
from tests.browser.conftest import DESKTOP, PHONE
from tests.web.samples import small_college


@pytest.fixture
def workbook(site: Any, tmp_path: Path, settings: Any) -> Path:
    """The workbook of the small college with one post renamed and one mistake-free new unit."""
    from io import BytesIO

    from openpyxl import load_workbook

    from tenants.organisation.selectors.export import organisation_workbook

    class Reader:
        def can(self, _permission: str, **_more: Any) -> bool:
            return True

    settings.MEDIA_ROOT = tmp_path / "media"
    small_college(site.tenant)
    with tenant_context(site.tenant):
        book = load_workbook(BytesIO(organisation_workbook(user=Reader())))  # type: ignore[arg-type]
    sheet = book["单位"]
    sheet.cell(3, 2, f"{sheet.cell(3, 2).value}（筹）")
    path = tmp_path / "机构.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_upload_check_store(size: Any, visit: Any, site: Any, person: Any, workbook: Path) -> None:
    person(site.tenant, "admin", username="admin")
    window = visit(size)
    window.sign_in("admin")
    window.go("/organisation/import/")
    window.look("import-upload")
    window.page.set_input_files("input[type=file]", workbook)
    assert window.page.inner_text(".zh-file-name") == "机构.xlsx"
    window.page.click("main form button.btn-primary")
    window.page.wait_for_url("**/organisation/import/*-*/")
    assert "改动1处" in window.page.inner_text("main")
    window.look("import-review")
    window.page.click("text=确认无误，入库")
    window.page.wait_for_url("**/organisation/")
    assert "改动1条" in window.page.inner_text(".zh-problems")
    window.look("import-done")
