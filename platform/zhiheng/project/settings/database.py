"""Where the database is and which secrets guard it, told by the environment (数据库设置)."""

import os
import secrets
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from zhiheng.project.servers.binaries import POSTGRES_FOLDER, POSTGRES_PACKAGE

DEFAULT_DATABASE = "zhiheng"
EMBEDDED_FOLDER = "pg18"


def database(url: str) -> dict[str, Any]:
    """The ``default`` entry of DATABASES for ``postgresql://[user[:password]@]host[:port]/name``.

    User and password are for the bootstrap only: requests and jobs connect as roles of their own, whose passwords
    derive from TENANT_DATABASE_SECRET.  A host that starts with "/" (percent-encoded) is a socket folder.
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "tenants.registry.backend",
        "HOST": unquote(parts.hostname or "127.0.0.1"),
        "PORT": str(parts.port or 5432),
        "NAME": unquote(parts.path.lstrip("/")) or DEFAULT_DATABASE,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def embedded_url(home: Path) -> str:
    """URL of the embedded server below the data home; it need not run yet, then the port is PostgreSQL's usual one."""
    try:
        port = int((home / EMBEDDED_FOLDER / "port").read_text())
    except (OSError, ValueError):
        port = 5432
    return f"postgresql://127.0.0.1:{port}/{DEFAULT_DATABASE}"


def pg_dump_program() -> str:
    """PG_DUMP from the environment, else the one that came with the embedded server, else the one on PATH."""
    given = os.environ.get("PG_DUMP")
    if given:
        return given
    try:
        packaged = Path(str(distribution(POSTGRES_PACKAGE).locate_file(POSTGRES_FOLDER))) / "bin" / "pg_dump"
    except PackageNotFoundError:
        return "pg_dump"
    return str(packaged) if packaged.exists() else "pg_dump"


def kept_secret(home: Path, name: str) -> str:
    """Environment variable ``name``, else the secret kept in the data home, made on first use (mode 600)."""
    given = os.environ.get(name)
    if given:
        return given
    path = home / f"{name.lower()}.secret"
    try:
        return path.read_text()
    except OSError:
        pass
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    except OSError:
        return secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret
