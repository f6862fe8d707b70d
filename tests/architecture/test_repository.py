"""What is committed can be read by everybody and says nothing about anybody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

# One letter of each stands in brackets, so that this file does not find itself.
FORBIDDEN = {
    "a machine's path": re.compile(r"/(?:work/[m]ain|[r]oot/|[h]ome/[a-z]+/|[U]sers/[a-z]+/)"),
    "a package registry": re.compile(
        r"pypi-[m]ore|python[h]osted\.org|--(?:extra-)?index[-]url|npm[j]s\.org|deb\.[d]ebian\.org"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*[P]RIVATE KEY"),
}
LARGEST_BYTES = 2_000_000


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str, tracked: list[Path], root: Path) -> None:
    found = []
    for path in tracked:
        for number, line in enumerate((_text(path) or "").splitlines(), start=1):
            if FORBIDDEN[what].search(line):
                found.append(f"{path.relative_to(root)}:{number}")
    assert found == []


def test_no_file_is_too_large(tracked: list[Path], root: Path) -> None:
    sizes = {str(path.relative_to(root)): path.stat().st_size for path in tracked}
    assert {name: size for name, size in sizes.items() if size > LARGEST_BYTES} == {}


def test_vendored_assets_bring_their_licence(tracked: list[Path]) -> None:
    vendors = {parent for path in tracked for parent in path.parents if parent.name == "vendor"}
    libraries = [folder for vendor in vendors for folder in vendor.iterdir() if folder.is_dir()]
    assert [str(folder) for folder in libraries if not list(folder.glob("LICEN[CS]E*"))] == []


def test_data_of_embedded_servers_cannot_be_committed(root: Path) -> None:
    for name in ("var/pg18/cluster/PG_VERSION", ".venv/pyvenv.cfg", "artefacts/page.png", "coverage.xml"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=root, check=False)
        assert ignored.returncode == 0, name


def test_licence_is_complete(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_locks_pin_every_dependency(root: Path) -> None:
    for name in ("base", "dev"):
        lines = (root / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines()
        requirements = [line for line in lines if line and not line.startswith(("#", " "))]
        assert len(requirements) > 20
        assert [line for line in requirements if "==" not in line] == []


def test_both_locks_agree(root: Path) -> None:
    base, dev = (
        set((root / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines())
        for name in ("base", "dev")
    )
    assert sorted(base - dev) == []
