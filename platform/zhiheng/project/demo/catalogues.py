"""Duty catalogues of the demo colleges: a handbook file where one is at hand, else a short one of our own."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from catalog.models import CatalogueVersion
from catalog.services.catalogue import catalogue_make_effective, catalogue_store
from integrations.services.catalogue import catalogue_import
from zhiheng.accounts.models import User

OWN = Path(__file__).parent / "catalogue.yaml"
ROOT = Path(__file__).resolve().parents[5]


def documents_folder() -> Path:
    """Folder with real handbooks: ZHIHENG_DOCUMENTS, else ``shared/documents`` beside the checkout."""
    return Path(os.environ.get("ZHIHENG_DOCUMENTS") or ROOT / "shared" / "documents")


def load_catalogue(college: Mapping[str, Any], user: User) -> CatalogueVersion:
    """Store and put into force the college's catalogue; the handbook is read by the same reader as an upload."""
    path = documents_folder() / college.get("handbook", "")
    if college.get("handbook") and path.is_file():
        version = catalogue_import(
            content=path.read_bytes(), name=path.name, title="教学常规工作手册", acting_user=user
        )
    else:
        reading = yaml.safe_load(OWN.read_text(encoding="utf-8"))
        version = catalogue_store(
            reading=reading, title="部门职责与工作标准", source_name="", acting_user=user
        )
    return catalogue_make_effective(
        version=version, approved_by="校长办公会", effective_from=date(2023, 1, 1), acting_user=user
    )
