"""The same as ``migrate_fleet``."""

from tenants.registry.management.commands.migrate_fleet import Command

__all__ = ["Command"]
