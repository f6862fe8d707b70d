"""Import of a catalogue: what a reading with sub-items becomes, and the job that may run twice."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import CatalogueVersion, Standard
from catalog.services.catalogue import catalogue_store
from integrations.services.catalogue import import_start, import_waiting
from zhiheng.accounts.services.users import user_create
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.jobs import Progress
from zhiheng.kernel.models import Job

pytestmark = pytest.mark.usefixtures("in_college")
SHARED = Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[3] / "shared"))
HANDBOOK = SHARED / "documents" / "chongqing-routine-teaching-work.docx"


def _user() -> Any:
    return user_create(
        username="zl", name="周敏", password="Kaohe-2026-jia", must_change_password=False, acting_user=None
    )


def _job(content: bytes, tmp_path: Path, settings: Any) -> Job:
    settings.MEDIA_ROOT = tmp_path
    key = default_storage.save("uploads/handbook.docx", ContentFile(content))
    return import_start(
        key=key, name="手册.docx", title="手册", href="/catalogue/versions/", acting_user=_user()
    )


@pytest.mark.skipif(not HANDBOOK.exists(), reason="the shared handbook is not on this machine")
def test_job_stores_once_however_often_it_runs(tmp_path: Path, settings: Any) -> None:
    job = _job(HANDBOOK.read_bytes(), tmp_path, settings)
    first = import_waiting(Progress(job), job.params)
    again = import_waiting(Progress(job), job.params)
    assert first == again
    assert first["href"] == "/catalogue/versions/"
    version = CatalogueVersion.objects.get()
    assert version.procedures.count() == 45
    assert version.created_by is not None
    assert version.findings.exclude(message="").count() == version.findings.count() > 0


def test_asking_twice_for_one_file_gives_one_job(tmp_path: Path, settings: Any) -> None:
    job = _job(b"x", tmp_path, settings)
    same = import_start(
        key=job.params["key"], name="手册.docx", title="手册", href="/", acting_user=job.created_by
    )
    assert same.pk == job.pk


def test_unreadable_file_is_told(tmp_path: Path, settings: Any) -> None:
    job = _job(b"not a document", tmp_path, settings)
    with pytest.raises(Problem, match=r"打不开文件“手册.docx”"):
        import_waiting(Progress(job), job.params)
    assert not CatalogueVersion.objects.exists()


def test_sub_items_in_one_text_become_children() -> None:
    standard = {"no": "8.1.1", "text": "编制校历：(1)第6周编制；(2)第9周公布。", "sub_items": 2, "sub_item_texts": ["第6周编制；", "第9周公布。"]}  # fmt: skip
    work = {"no": "8.1", "text": "校历", "post": "岗"}
    catalogue_store(
        reading={
            "departments": [
                {
                    "name": "教务处",
                    "duties": [{"no": "8", "text": "运行", "work_items": [work]}],
                    "standards": [{"work_no": "8.1", "matches_work_no": "8.1", "standards": [standard]}],
                }
            ]
        },
        title="目录",
        acting_user=None,
    )
    top = Standard.objects.get(parent=None)
    assert top.text == "编制校历："
    assert [child.text for child in top.children.order_by("order")] == ["第6周编制；", "第9周公布。"]
