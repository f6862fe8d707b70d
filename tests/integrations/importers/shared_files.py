"""Where the real documents and the hand-made readings are; tests skip with a clear reason without them."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from integrations.reading import read_catalogue

ROOT = Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[4] / "shared"))
CHANGZHOU = ("000_272883a04eefe5b5.txt", "changzhou-duties-2019.docx")
CHONGQING = ("002_8f3be977f8c5c9f7.txt", "chongqing-routine-teaching-work.docx")


def shared(*parts: str) -> Path:
    """A shared file; skips the test when it is not there."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared file missing: {'/'.join(parts)} (set ZHIHENG_SHARED)")
    return path


def gold(name: str) -> dict[str, Any]:
    """A hand-made reading."""
    data: dict[str, Any] = json.loads(shared("golden", name).read_text(encoding="utf-8"))
    return data


def reading(name: str) -> dict[str, Any]:
    """Our reading of a shared document, once per session."""
    return _reading(shared("documents", name))


@cache
def _reading(path: Path) -> dict[str, Any]:
    return read_catalogue(path.read_bytes(), path.name)
