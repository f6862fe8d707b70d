"""``zhiheng doctor`` says what is wrong and how to mend it."""

import datetime as dt
import importlib.metadata
import os
import platform
import shutil
import socket
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from django.conf import settings

from zhiheng.project import cli
from zhiheng.project.servers import checks
from zhiheng.project.servers.checks import Level
from zhiheng.project.servers.environment import Servers
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.parts import ProcessMark
from zhiheng.project.servers.supervisor import State

Usage = namedtuple("Usage", "total used free")
MEGABYTE = 1024 * 1024


@pytest.fixture
def servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    """Embedded servers of an empty home; nothing runs."""
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZHIHENG_HOME", str(home))
    return Servers(home)


def test_this_machine_is_fit(servers: Servers) -> None:
    findings = list(checks.examine(servers))
    assert len(findings) == len(checks.CHECKS)
    assert [finding for finding in findings if finding.level is Level.WRONG] == []


def test_every_finding_that_is_not_good_has_advice(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    for finding in checks.examine(servers):
        assert finding.what
        assert bool(finding.advice) == (finding.level is not Level.GOOD)


def test_an_old_python(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1, "final", 0))
    finding = checks.python_version(servers)
    assert finding.level is Level.WRONG
    assert "3.11" in finding.advice


def test_an_untried_python(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 15, 0, "final", 0))
    assert checks.python_version(servers).level is Level.NOTE


@pytest.mark.parametrize(
    ("library", "level"),
    [(("glibc", "2.27"), Level.WRONG), (("", ""), Level.WRONG), (("glibc", "2.28"), Level.GOOD)],
)
def test_c_library(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, library: tuple[str, str], level: Level
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "libc_ver", lambda: library)
    assert checks.c_library(servers).level is level


def test_a_full_disk_is_told_and_stops_a_start(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: Usage(1000 * MEGABYTE, 877 * MEGABYTE, 123 * MEGABYTE)
    )
    finding = checks.disk(servers)
    assert finding.level is Level.WRONG
    assert "只剩 123 MB" in finding.what
    with pytest.raises(ServerError, match="没有丢"):
        checks.require_disk_space(servers.home)


def test_up_refuses_a_full_disk_before_it_starts_anything(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 0))
    assert cli.main(["up"]) == 1
    assert "至少要 500 MB" in capsys.readouterr().err
    assert not (servers.home / "pg18").exists()


def test_a_home_that_cannot_be_written(home: Path) -> None:
    (home / "file").write_text("no folder")
    finding = checks.home_writable(Servers(home / "file" / "home"))
    assert finding.level is Level.WRONG
    assert "ZHIHENG_HOME" in finding.advice


def test_missing_packages(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("zhiheng.project.servers.binaries.distribution", absent)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "make setup" in checks.postgres_program(servers).advice
    assert "redis-server" in checks.redis_program(servers).advice


def test_servers_of_the_environment_need_no_programs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/zhiheng")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://broker.example/0")
    servers = Servers(home)
    assert "DATABASE_URL" in checks.postgres_program(servers).what
    assert "CELERY_BROKER_URL" in checks.redis_program(servers).what


def test_a_taken_port(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(checks, "WEB_PORT", taken.getsockname()[1])
        finding = checks.web_port(servers)
    assert finding.level is Level.NOTE
    assert "--port" in finding.advice


def test_traces_of_a_crash(servers: Servers) -> None:
    run = servers.home / "run"
    run.mkdir()
    State(supervisor=ProcessMark(os.getpid(), 1.0)).write(run / "state.json")
    assert "没有正常停止" in checks.stale_files(servers).what


def test_a_stale_pid_file_of_the_database(servers: Servers) -> None:
    cluster = servers.home / "pg18" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "postmaster.pid").write_text("1\n")
    assert "进程号文件" in checks.stale_files(servers).what


def test_a_clock_that_went_back(servers: Servers) -> None:
    log = servers.home / "pg18" / "server.log"
    log.parent.mkdir()
    log.touch()
    assert checks.clock(servers).level is Level.GOOD
    tomorrow = dt.datetime.now(tz=dt.UTC).timestamp() + 86400
    os.utime(log, (tomorrow, tomorrow))
    finding = checks.clock(servers)
    assert finding.level is Level.WRONG
    assert "timedatectl" in finding.advice


def test_doctor_tells_an_unreachable_database_and_broker(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIHENG_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setitem(settings.DATABASES["default"], "PORT", "1")
    assert cli.main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "✗ 数据库：连不上" in shown
    assert "✗ 消息队列：连不上" in shown
    assert "有2项要改" in shown
