"""Which servers this run uses (服务来源): those named in the environment, else the embedded ones.

Children get everything through their environment, so the same code runs against embedded and real servers.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.home import data_home, prepare_home
from zhiheng.project.servers.postgres import PostgresServer
from zhiheng.project.servers.redis import RedisServer

DATABASE = "zhiheng"
DEFAULT_SETTINGS = "zhiheng.project.settings.dev"


@dataclass
class Servers:
    """The servers of one home; a part named by the environment is None here and is left alone."""

    home: Path = field(default_factory=data_home)

    def __post_init__(self) -> None:
        external_database = os.environ.get("DATABASE_URL")
        external_broker = os.environ.get("CELERY_BROKER_URL")
        self.postgres = None if external_database else PostgresServer(self.home / "pg18")
        self.redis = None if external_broker else RedisServer(self.home / "redis")

    def start(self, *, broker: bool = True) -> dict[str, str]:
        """Start or attach what is embedded; returns what children need in their environment."""
        prepare_home(self.home)
        found = {
            "ZHIHENG_HOME": str(self.home),
            "ZHIHENG_SECRET": os.environ.get("ZHIHENG_SECRET") or kept_secret(self.home),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE") or DEFAULT_SETTINGS,
        }
        if self.postgres is not None:
            found["DATABASE_URL"] = self.postgres.start().url(DATABASE)
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


def kept_secret(home: Path) -> str:
    """The installation's secret, made at the first start; signs sessions and derives the tenants' passwords."""
    file = home / "secret"
    try:
        if not file.exists():
            unfinished = file.with_name("secret.new")
            unfinished.touch(mode=0o600)
            unfinished.write_text(secrets.token_urlsafe(48))
            unfinished.rename(file)
        return file.read_text()
    except OSError as error:
        raise ServerError(
            f"密钥文件 {file} 读写失败。", "请检查数据目录的所有者和剩余空间。", detail=str(error)
        ) from error
