"""The data home (数据目录): where embedded servers keep their files, never inside the source tree."""

import os
import tempfile
from pathlib import Path

from zhiheng.project.servers.errors import ServerError

SOURCE_ROOT = Path(__file__).resolve().parents[4]


def data_home() -> Path:
    """ZHIHENG_HOME, or /var/lib/zhiheng for root, or ~/.local/share/zhiheng.  Not created."""
    named = os.environ.get("ZHIHENG_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/zhiheng")
    return Path.home() / ".local" / "share" / "zhiheng"


def outside_source(path: Path) -> Path:
    """The path itself; raises ``ServerError`` when it lies inside a source checkout."""
    resolved = path.resolve()
    is_checkout = (SOURCE_ROOT / "pyproject.toml").exists()
    if is_checkout and resolved.is_relative_to(SOURCE_ROOT):
        raise ServerError(
            f"数据目录 {resolved} 在源码目录里面，容易被误删或误传。",
            "请把 ZHIHENG_HOME 指到别处，例如 ~/.local/share/zhiheng。",
        )
    return resolved


def prepare_home(home: Path) -> Path:
    """Create the home (mode 700; 711 for root, whose servers run as another user) and prove that it can be written."""
    outside_source(home)
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise ServerError(
            f"数据目录 {home} 不能写入。",
            "请检查目录的所有者和剩余空间，或用 ZHIHENG_HOME 换一个目录。",
            detail=str(error),
        ) from error
    return home


def scratch_home() -> Path:
    """A new empty home below the system's temporary folder that server users can pass through; the caller removes it."""
    home = Path(tempfile.mkdtemp(prefix="zhiheng-"))
    return prepare_home(home)
