"""Log lines carry the tenant (日志中的租户)."""

import logging
from collections.abc import MutableMapping
from typing import Any

from django.apps import apps

from tenants.registry.context import current_schema


def add_tenant(
    _logger: logging.Logger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Structlog processor: ``tenant`` is the schema that this thread acts for; absent while Django starts."""
    if apps.ready:
        event["tenant"] = current_schema()
    return event
