"""The register of tenants and their domains (public schema)."""

from tenants.registry.models.tenants import Domain, Tenant, TenantKind, TenantState

__all__ = ["Domain", "Tenant", "TenantKind", "TenantState"]
