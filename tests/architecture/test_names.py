"""``import platform`` stays the standard library's, though a folder of ours has that name."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path


def test_platform_is_the_standard_library() -> None:
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))
    assert platform.python_version_tuple()[0] == "3"


def test_platform_is_the_standard_library_in_the_repository_folder(root: Path) -> None:
    for search in ("", str(root)):
        code = f"import sys; sys.path.insert(0, {search!r}); import platform; print(platform.__file__)"
        result = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
        )
        assert Path(result.stdout.strip()).parent == Path(sysconfig.get_path("stdlib"))


def test_the_platform_folder_is_no_package(root: Path) -> None:
    assert not (root / "platform" / "__init__.py").exists()
