"""The only way to act for a tenant (租户上下文)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from django_tenants.postgresql_backend.base import FakeTenant

from tenants.registry.connection import tenant_connection

PUBLIC_SCHEMA = "public"


class TenantLike(Protocol):
    """What the connection needs to know of a tenant."""

    schema_name: str

    def get_tenant_type(self) -> str:
        """Kind: public, college or province."""


@contextmanager
def tenant_context(tenant: TenantLike) -> Iterator[TenantLike]:
    """Act for ``tenant``: every query inside runs as its own database role.  The former tenant returns afterwards.

    Raises ``Problem(TENANT_SWITCH_IN_TRANSACTION)`` when a transaction is open and the tenant would change.
    """
    connection = tenant_connection()
    previous = connection.tenant
    connection.set_tenant(tenant)
    try:
        yield tenant
    finally:
        connection.set_tenant(previous)


def public_tenant() -> TenantLike:
    """The platform itself, without asking the database."""
    tenant: TenantLike = FakeTenant(schema_name=PUBLIC_SCHEMA, tenant_type=PUBLIC_SCHEMA)
    return tenant


def public_context() -> AbstractContextManager[TenantLike]:
    """Act for the platform: register, library, benchmarking."""
    return tenant_context(public_tenant())


def current_schema() -> str:
    """Schema name (and role) that queries run in now."""
    return str(tenant_connection().schema_name)
