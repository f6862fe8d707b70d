"""Migrations over all tenants' schemas (全体迁移): planned once, applied everywhere, resumable."""

from tenants.registry.fleet.migrate import Failure, FleetReport, Progress, migrate_fleet
from tenants.registry.fleet.state import pending_schemas

__all__ = ["Failure", "FleetReport", "Progress", "migrate_fleet", "pending_schemas"]
