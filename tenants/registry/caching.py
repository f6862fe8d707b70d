"""Cache keys carry the tenant (缓存键): two colleges both have a user named admin."""

from tenants.registry.context import current_schema


def tenant_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of every cache: schema, prefix, version, key."""
    return f"{current_schema()}:{key_prefix}:{version}:{key}"
