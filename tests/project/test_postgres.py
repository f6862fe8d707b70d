"""The embedded PostgreSQL survives what machines do to it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from zhiheng.project.servers import identity
from zhiheng.project.servers.binaries import postgres_bin
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.home import SOURCE_ROOT
from zhiheng.project.servers.identity import Identity
from zhiheng.project.servers.postgres import ConnectionInfo, PostgresServer
from zhiheng.project.servers.processes import pids_working_in

pytestmark = pytest.mark.servers


@pytest.fixture
def server(home: Path) -> Iterator[PostgresServer]:
    """A cluster without fsync, ended whatever a test does to it."""
    server = PostgresServer(home / "pg18", fsync=False)
    yield server
    server.stop()
    for pid in pids_working_in(server.cluster, "postgres"):
        os.kill(pid, signal.SIGKILL)


def query(info: ConnectionInfo, statement: str) -> list[tuple[object, ...]]:
    """Rows of one statement as superuser, committed."""
    with closing(psycopg2.connect(info.url())) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_start_attach_stop_start_again(server: PostgresServer) -> None:
    first = server.start()
    assert server.start() == first
    assert query(first, "SHOW max_locks_per_transaction") == [("512",)]
    assert query(first, "SHOW timezone") == [("UTC",)]
    assert query(first, "SHOW listen_addresses") == [("127.0.0.1",)]
    query(first, "CREATE TABLE kept AS SELECT 42 AS n")
    assert server.stop() is True
    assert server.status() is None
    assert server.stop() is False
    second = server.start()
    assert second.port == first.port
    assert second.pid != first.pid
    assert query(second, "SELECT n FROM kept") == [(42,)]


def test_only_the_owner_can_look_and_a_wrong_password_is_refused(server: PostgresServer) -> None:
    info = server.start()
    assert server.data_dir.stat().st_mode & 0o777 == 0o700
    assert (server.data_dir / "password").stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(info.url().replace(info.password, "guess"))


def test_everything_acknowledged_is_there_after_kill_9(server: PostgresServer) -> None:
    server.fsync = True
    info = server.start()
    query(info, "CREATE TABLE kept (n int)")
    acknowledged = 0
    with closing(psycopg2.connect(info.url())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for n in range(200):
                if n == 150:
                    os.kill(info.pid, signal.SIGKILL)
                try:
                    cursor.execute("INSERT INTO kept VALUES (%s)", (n,))
                except psycopg2.Error:
                    break
                acknowledged += 1
    assert acknowledged >= 150
    started = time.monotonic()
    again = server.start()
    assert time.monotonic() - started < 10
    assert query(again, "SELECT count(*) FROM kept") == [(acknowledged,)]


def test_a_pid_file_that_names_a_stranger_does_not_hand_out_a_dead_address(server: PostgresServer) -> None:
    info = server.start()
    query(info, "CREATE TABLE kept AS SELECT 7 AS n")
    pid_file = server.cluster / "postmaster.pid"
    text = pid_file.read_text()
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text(text.replace(str(info.pid), str(stranger.pid), 1))
        assert server.status() is None
        again = server.start()
        assert again.pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()
    assert query(again, "SELECT n FROM kept") == [(7,)]


def test_a_taken_port_gives_way_to_another(server: PostgresServer) -> None:
    first = server.start()
    server.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        second = server.start()
    assert second.port != first.port
    assert query(second, "SELECT 1") == [(1,)]


def test_simultaneous_starts_give_one_server(server: PostgresServer) -> None:
    others = [PostgresServer(server.data_dir, fsync=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        pids = {info.pid for info in pool.map(PostgresServer.start, others)}
    assert len(pids) == 1


def test_an_interrupted_initialisation_starts_over(server: PostgresServer) -> None:
    unfinished = server.data_dir / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert query(server.start(), "SELECT 1") == [(1,)]


def test_the_source_tree_is_refused() -> None:
    with pytest.raises(ServerError, match="源码目录") as caught:
        PostgresServer(SOURCE_ROOT / "var" / "pg18")
    assert "ZHIHENG_HOME" in caught.value.advice


def test_an_unwritable_folder_is_named(home: Path) -> None:
    (home / "file").write_text("not a folder")
    with pytest.raises(ServerError, match="不能写入"):
        PostgresServer(home / "file" / "pg18", fsync=False).start()


def test_broken_settings_show_the_log(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhiheng.project.servers.postgres.RETRY_SECONDS", 0)
    server.shared_buffers = "many"
    with pytest.raises(ServerError, match="没有启动成功") as caught:
        server.start()
    assert "shared_buffers" in caught.value.detail
    assert "zhiheng doctor" in str(caught.value)


def test_programs_out_of_reach_are_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reachable = iter([False, True])
    monkeypatch.setattr(Identity, "can_reach", lambda *_: next(reachable))
    bin_dir = postgres_bin(Identity("someone", 1, 1, switch=True), home)
    assert bin_dir.is_relative_to(home)
    result = subprocess.run([bin_dir / "psql", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("psql (PostgreSQL) 18")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")
def test_root_runs_the_server_as_somebody_else(server: PostgresServer) -> None:
    assert psutil.Process(server.start().pid).uids().real != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")
def test_a_home_that_the_server_user_cannot_enter_is_told(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ServerError, match="进不了") as caught:
        PostgresServer(closed / "pg18", fsync=False).start()
    assert "/var/lib/zhiheng" in caught.value.advice


def test_root_without_any_ordinary_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity, "CANDIDATES", ())
    monkeypatch.delenv("ZHIHENG_OS_USER", raising=False)
    with pytest.raises(ServerError, match="root") as caught:
        identity.server_identity()
    assert "DATABASE_URL" in caught.value.advice


FULL_DISK = """
import os, sys, pathlib, psycopg2
from contextlib import closing
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.postgres import PostgresServer
server = PostgresServer(pathlib.Path(sys.argv[1]) / "pg18", fsync=False)
info = server.start()
with closing(psycopg2.connect(info.url())) as connection, connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE kept AS SELECT 42 AS n")
server.stop()
filler = pathlib.Path(sys.argv[1]) / "filler"
with filler.open("wb", buffering=0) as file:
    try:
        while file.write(bytes(65536)): pass
    except OSError: pass
try:
    server.start()
except ServerError as error:
    print(error)
filler.unlink()
info = server.start()
with closing(psycopg2.connect(info.url())) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT n FROM kept")
    print("kept", cursor.fetchone()[0])
server.stop()
"""


def _may_mount() -> bool:
    unshare = shutil.which("unshare")
    probe = [unshare or "", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return os.geteuid() == 0 and unshare is not None and subprocess.run(probe, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="needs the right to mount a small file system")
def test_a_full_disk_is_told_and_loses_nothing(home: Path) -> None:
    small = home / "small"
    small.mkdir()
    script = home / "full_disk.py"
    script.write_text(FULL_DISK)
    mount = f"mount -t tmpfs -o size=90m,mode=711 tmpfs {small} && exec {sys.executable} {script} {small}"
    result = subprocess.run(
        ["unshare", "-m", "sh", "-c", mount], capture_output=True, text=True, check=False, timeout=120
    )
    assert "磁盘已满" in result.stdout, result.stderr
    assert result.stdout.strip().endswith("kept 42")
