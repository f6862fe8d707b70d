"""The repository's own files, for tests about its shape."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_CODE = {"tests", "benchmarks"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Files that belong to the repository, also those not yet committed, but none that is ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here, so nobody knows which files belong to the repository")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def modules(tracked: list[Path]) -> dict[Path, ast.Module]:
    """Syntax trees of the product's modules, without tests, migrations and empty files."""
    found = {}
    for path in tracked:
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] not in NOT_CODE and "migrations" not in parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if tree.body:
                found[path] = tree
    return found
