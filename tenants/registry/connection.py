"""The tenants' database connection of this thread, with its real type (当前连接)."""

from typing import TYPE_CHECKING, cast

from django.db import connections

if TYPE_CHECKING:
    from tenants.registry.backend.base import DatabaseWrapper


def tenant_connection() -> "DatabaseWrapper":
    """The connection that ``set_tenant`` and ``as_owner`` work on."""
    return cast("DatabaseWrapper", connections["default"])
