"""Which tenant answers on a host (域名查找), remembered in the process for a short time.

The look-up is the dearest part of tenancy on a warm connection, so answers, also "nobody", are kept for
TENANT_HOST_CACHE_SECONDS.  This process forgets at once when it changes a tenant or a domain; others when the time is over.
"""

import threading
import time
from collections import OrderedDict

from django.conf import settings

from tenants.registry.context import public_context
from tenants.registry.models import Domain, Tenant, TenantState

LIMIT = 4096
_lock = threading.Lock()
_known: OrderedDict[str, tuple[float, Tenant | None]] = OrderedDict()


def normal_host(host: str) -> str:
    """Lower case, without port, final dot and leading ``www.``."""
    name = host.lower()
    name = name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]
    return name.rstrip(".").removeprefix("www.")


def tenant_for_host(host: str) -> Tenant | None:
    """The active tenant that answers on the host, or None."""
    name = normal_host(host)
    now = time.monotonic()
    with _lock:
        until, tenant = _known.get(name, (0.0, None))
    if until > now:
        return tenant
    tenant = _look_up(name)
    with _lock:
        _known[name] = (now + settings.TENANT_HOST_CACHE_SECONDS, tenant)
        _known.move_to_end(name)
        while len(_known) > LIMIT:
            _known.popitem(last=False)
    return tenant


def forget_hosts() -> None:
    """Forget every answer: call after any change to tenants or domains."""
    with _lock:
        _known.clear()


def _look_up(name: str) -> Tenant | None:
    with public_context():
        found = Domain.objects.select_related("tenant").filter(domain=name, tenant__state=TenantState.ACTIVE)
        domain = found.first()
    return domain.tenant if domain else None
