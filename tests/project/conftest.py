"""Homes for real servers, removed afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhiheng.project.servers.home import scratch_home


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data home below the system's temporary folder."""
    folder = scratch_home()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
