"""Django with its servers for the length of one command (命令环境)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from zhiheng.project.servers.environment import Servers
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
