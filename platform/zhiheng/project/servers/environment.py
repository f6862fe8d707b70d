"""Which servers this run uses (服务来源): those named in the environment, else the embedded ones.

Children get everything through their environment, so the same code runs against embedded and real servers.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from zhiheng.project.servers.home import data_home, prepare_home
from zhiheng.project.servers.postgres import ConnectionInfo, PostgresServer
from zhiheng.project.servers.redis import RedisServer

DATABASE = "zhiheng"
DEFAULT_SETTINGS = "zhiheng.project.settings.dev"
ADMIN_URL = "DATABASE_ADMIN_URL"


@dataclass
class Servers:
    """The servers of one home; a part named by the environment is None here and is left alone."""

    home: Path = field(default_factory=data_home)

    def __post_init__(self) -> None:
        self.postgres = None if os.environ.get("DATABASE_URL") else PostgresServer(self.home / "pg18")
        self.redis = None if os.environ.get("CELERY_BROKER_URL") else RedisServer(self.home / "redis")

    def start(self, *, broker: bool = True) -> dict[str, str]:
        """Start or attach what is embedded; returns the variables that programs of ours need.

        DATABASE_ADMIN_URL holds the superuser's password: hand it to set-up programs only (see ``for_service``).
        """
        prepare_home(self.home)
        for folder in ("static", "files"):
            (self.home / folder).mkdir(exist_ok=True)
        found = {"ZHIHENG_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": settings_module()}
        if self.postgres is not None:
            found |= database_variables(self.postgres.start())
        if self.redis is not None and broker:
            found["CELERY_BROKER_URL"] = self.redis.start().url()
        return found

    def stop(self) -> None:
        """Stop what is embedded and running: first the broker, then the database."""
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()

    def down(self) -> list[str]:
        """Names of embedded servers that should run and do not."""
        names = []
        if self.postgres is not None and self.postgres.status() is None:
            names.append("数据库")
        if self.redis is not None and self.redis.status() is None:
            names.append("消息队列")
        return names


def settings_module() -> str:
    """DJANGO_SETTINGS_MODULE of the environment, else the settings for embedded servers."""
    return os.environ.get("DJANGO_SETTINGS_MODULE") or DEFAULT_SETTINGS


def database_variables(info: ConnectionInfo) -> dict[str, str]:
    """Where the database is, and the superuser's way in."""
    return {"DATABASE_URL": f"postgresql://{info.host}:{info.port}/{DATABASE}", ADMIN_URL: info.url(DATABASE)}


def for_setup(found: dict[str, str]) -> dict[str, str]:
    """Environment of programs that create tenants or migrate: everything."""
    return {**os.environ, **found}


def for_service(found: dict[str, str]) -> dict[str, str]:
    """Environment of web, worker and scheduler: without the superuser's password."""
    return {name: value for name, value in for_setup(found).items() if name != ADMIN_URL}
