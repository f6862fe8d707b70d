"""A backup that was never restored is none: take one from a running database and start a second from it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from zhiheng.project.servers.home import SOURCE_ROOT
from zhiheng.project.servers.postgres import PostgresServer

pytestmark = pytest.mark.servers
SCRIPT = SOURCE_ROOT / "infra" / "backup.sh"


@pytest.fixture
def server(home: Path) -> Iterator[PostgresServer]:
    """A database with one row, and one uploaded file beside it."""
    server = PostgresServer(home / "pg18", fsync=False)
    with (
        closing(psycopg2.connect(server.start().url())) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS n")
    (home / "files").mkdir()
    (home / "files" / "evidence.txt").write_text("佐证")
    yield server
    server.stop()


def backup(server: PostgresServer, target: Path, keep: int = 14) -> Path:
    """Run the script; the folder it made."""
    info = server.start()
    environment = {
        **os.environ,
        "BACKUP_DIR": str(target),
        "BACKUP_KEEP": str(keep),
        "DATABASE_ADMIN_URL": info.url(),
        "ZHIHENG_HOME": str(server.data_dir.parent),
        "PG_BIN": str(server.bin_dir),
    }
    result = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return Path(result.stdout.strip())


def test_a_database_starts_from_its_backup(server: PostgresServer, home: Path) -> None:
    made = backup(server, home / "backup")
    server.stop()
    restored = PostgresServer(home / "restored", fsync=False)
    shutil.copytree(
        server.data_dir, restored.data_dir, ignore=shutil.ignore_patterns("cluster", "port", "socket")
    )
    shutil.copytree(made / "database", restored.cluster)
    for path in (restored.data_dir, *restored.data_dir.rglob("*")):
        restored.identity.own(path)
    try:
        with closing(psycopg2.connect(restored.start().url())) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT n FROM kept")
            assert cursor.fetchall() == [(42,)]
    finally:
        restored.stop()
    listed = subprocess.run(
        ["tar", "-tzf", made / "files.tar.gz"], capture_output=True, text=True, check=True
    )
    assert "files/evidence.txt" in listed.stdout


def test_old_backups_are_forgotten_and_broken_ones_do_not_count(server: PostgresServer, home: Path) -> None:
    target = home / "backup"
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z", "20260104T000000Z.unfinished"):
        (target / name).mkdir(parents=True)
    made = backup(server, target, keep=2)
    assert sorted(path.name for path in target.iterdir()) == ["20260103T000000Z", made.name]


def test_an_unreachable_database_leaves_no_backup(home: Path, server: PostgresServer) -> None:
    environment = {**os.environ, "BACKUP_DIR": str(home / "backup"), "PG_BIN": str(server.bin_dir)}
    environment["DATABASE_ADMIN_URL"] = "postgresql://127.0.0.1:1/none"
    result = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert [path for path in (home / "backup").iterdir() if not path.name.endswith(".unfinished")] == []
