"""``migrate_fleet``: the platform's tables and every tenant's schema (全体迁移)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.autodetector import MigrationAutodetector

from tenants.registry.fleet import FleetReport, pending_schemas
from tenants.registry.installation import prepare_installation


class Command(BaseCommand):
    """Also answers to ``migrate`` and ``migrate_schemas``, whose own ways would run as the wrong database role."""

    help = "更新平台和全部学校、省级机构的数据库结构；可中断，再运行就接着做。"
    requires_migrations_checks = False
    autodetector = MigrationAutodetector

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--check", action="store_true", help="只检查，有没更新的就以 1 退出")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run, show progress, report every failure."""
        if options["check"]:
            if count := pending_schemas():
                raise CommandError(f"{count} 个租户还没有更新。请运行 migrate_fleet。")
            self.stdout.write("全部已是最新。")
            return
        self._show(prepare_installation(progress=self._progress))

    def _progress(self, done: int, total: int, schema: str) -> None:
        ending = "\n" if done == total else ""
        self.stdout.write(f"\r{done}/{total} {schema}", ending=ending)

    def _show(self, report: FleetReport) -> None:
        self.stdout.write(
            f"共 {report.total} 个租户：更新 {report.migrated}，无需更新 {report.unchanged}，用时 {report.seconds:.1f} 秒。"
        )
        for failure in report.failures:
            self.stderr.write(f"{failure.schema} {failure.migration} {failure.reason}")
        if report.failures:
            raise CommandError(f"{len(report.failures)} 个租户没有更新成功，改好后再运行一次即可。")
