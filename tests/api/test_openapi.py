"""The committed description of the API is what the code gives; a change shows as a difference to be read."""

import json
from pathlib import Path

import pytest

from zhiheng.api.describe import KINDS, describe

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("kind", KINDS)
def test_snapshot(kind: str) -> None:
    found = describe(kind)
    kept = json.loads((FOLDER / f"openapi.{kind}.json").read_text(encoding="utf-8"))
    assert found == kept, "run `make openapi` and read the difference"
    assert found["openapi"].startswith("3.")
