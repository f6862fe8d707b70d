"""Django with its servers for the length of one command (命令环境)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from zhiheng.project.servers.environment import Servers, database_variables, settings_module
from zhiheng.project.servers.supervisor import running_state


@contextmanager
def django_session(*, broker: bool = False) -> Iterator[Servers]:
    """Start or attach what is needed, set Django up, and stop again what was started only for this command."""
    import django

    servers = Servers()
    postgres_ran = servers.postgres is not None and servers.postgres.status() is not None
    redis_ran = servers.redis is not None and servers.redis.status() is not None
    os.environ.update(servers.start(broker=broker))
    try:
        django.setup()
        yield servers
    finally:
        if running_state(servers.home) is None:
            if broker and servers.redis is not None and not redis_ran:
                servers.redis.stop()
            if servers.postgres is not None and not postgres_ran:
                servers.postgres.stop()


def running_environment(servers: Servers) -> dict[str, str]:
    """What the environment or running embedded servers offer; starts nothing, so a part that is down is missing."""
    postgres = servers.postgres.status() if servers.postgres is not None else None
    redis = servers.redis.status() if servers.redis is not None else None
    found = {"ZHIHENG_HOME": str(servers.home), "DJANGO_SETTINGS_MODULE": settings_module()}
    if postgres is not None:
        found |= database_variables(postgres)
    elif servers.postgres is None:
        found["DATABASE_URL"] = os.environ["DATABASE_URL"]
    if redis is not None:
        found["CELERY_BROKER_URL"] = redis.url()
    elif servers.redis is None:
        found["CELERY_BROKER_URL"] = os.environ["CELERY_BROKER_URL"]
    return found
