"""Names and passwords of database roles (数据库角色).

A password is derived from a master secret and the role's name, so that 1,600 colleges need one secret.  It is random as far
as an attacker can tell, therefore few SCRAM rounds suffice, which makes connecting twice as fast.
"""

import base64
import hashlib
import hmac
import os

from django.conf import settings

OWNER = "zh_owner"
"""Owns every schema and table; migrations run as it."""
ADMIN = "zh_admin"
"""Logs in to provision and migrate; may become the owner."""
STATS = "zh_stats"
"""Owns the functions that compute statistics over all colleges."""
PUBLIC = "zh_public"
"""Logs in for the platform's own pages and for finding the tenant of a host."""
CATALOG = "zh_catalog"
"""Group that may read PostgreSQL's catalogs."""

SCRAM_ROUNDS = 64


def password(role: str) -> str:
    """Password of a login role: HMAC-SHA-256 of its name under TENANT_DATABASE_SECRET, in hex."""
    key: bytes = settings.TENANT_DATABASE_SECRET.encode()
    return hmac.new(key, f"role:{role}".encode(), hashlib.sha256).hexdigest()


def scram_verifier(role: str) -> str:
    """What PostgreSQL stores instead of the password (RFC 5803); the password itself never reaches its log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password(role).encode(), salt, SCRAM_ROUNDS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode() for part in (salt, client, server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(SCRAM_ROUNDS, *parts)


def schema_for(tenant_id: int) -> str:
    """Opaque name of a tenant's schema and role: 123 gives t_000123."""
    return f"t_{tenant_id:06d}"
