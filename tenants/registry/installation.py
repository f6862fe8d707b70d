"""Bring an installation up to date (安装与升级): one call for the first start and for every new release."""

from django.conf import settings

from tenants.registry.blueprint import blueprint
from tenants.registry.bootstrap import bootstrap
from tenants.registry.fleet import FleetReport, Progress, migrate_fleet
from tenants.registry.models import TenantKind
from tenants.registry.schemas import migrate_public


def prepare_installation(*, progress: Progress | None = None) -> FleetReport:
    """Roles and grants (when DATABASE_ADMIN_URL is given), public schema, every tenant, blueprints.  May be repeated."""
    if settings.DATABASE_ADMIN_URL:
        bootstrap(settings.DATABASE_ADMIN_URL)
    migrate_public()
    report = migrate_fleet(progress=progress)
    for kind in (TenantKind.COLLEGE, TenantKind.PROVINCE):
        blueprint(kind.value)
    return report
