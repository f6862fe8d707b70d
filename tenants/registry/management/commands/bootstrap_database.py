"""``bootstrap_database``: roles, grants and hardening on a PostgreSQL server (建库)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants.registry.bootstrap import bootstrap


class Command(BaseCommand):
    """Once per server, after each major upgrade of PostgreSQL, and after a change of TENANT_DATABASE_SECRET."""

    help = "在数据库服务器上建库、建角色、收紧权限；可重复运行。需要 DATABASE_ADMIN_URL（超级用户）。"
    requires_migrations_checks = False

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the bootstrap against DATABASE_ADMIN_URL."""
        if not settings.DATABASE_ADMIN_URL:
            raise CommandError("请在环境变量 DATABASE_ADMIN_URL 里写明超级用户的连接地址。")
        bootstrap(settings.DATABASE_ADMIN_URL)
        self.stdout.write("数据库已就绪。")
