"""Find tenants (查找租户)."""

from collections.abc import Iterator
from contextlib import contextmanager

from tenants.registry.context import PUBLIC_SCHEMA, public_context, tenant_context
from tenants.registry.models import Tenant, TenantState
from zhiheng.kernel.errors import Code, Problem


def active_tenants(kind: str | None = None) -> list[Tenant]:
    """Active colleges and provinces (of one kind), in the order of their opening; the platform itself is left out."""
    with public_context():
        found = Tenant.objects.filter(state=TenantState.ACTIVE).exclude(schema_name=PUBLIC_SCHEMA)
        return list(found.filter(kind=kind) if kind else found)


def tenant_by_code(code: str) -> Tenant:
    """The tenant with this code in any state.  Raises ``Problem(NOT_FOUND)``."""
    with public_context():
        tenant: Tenant | None = Tenant.objects.filter(code=code).first()
    if tenant is None:
        raise Problem(Code.NOT_FOUND)
    return tenant


def tenant_by_schema(schema: str) -> Tenant:
    """The active tenant with this schema.  Raises ``Problem(TENANT_REQUIRED)``: jobs of closed tenants do not run."""
    with public_context():
        tenant: Tenant | None = Tenant.objects.filter(schema_name=schema, state=TenantState.ACTIVE).first()
    if tenant is None:
        raise Problem(Code.TENANT_REQUIRED)
    return tenant


@contextmanager
def schema_context(schema: str) -> Iterator[Tenant]:
    """Enter the active tenant with this schema name: how a job's message names its tenant."""
    with tenant_context(tenant := tenant_by_schema(schema)):
        yield tenant


def active_schemas(kind: str | None = None) -> list[str]:
    """Schema names of the active tenants of a kind, or of all with the platform's: for tasks that run for each."""
    found = [tenant.schema_name for tenant in active_tenants() if kind in {None, tenant.kind}]
    return found if kind else [PUBLIC_SCHEMA, *found]
