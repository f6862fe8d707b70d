"""From host to tenant, for every request (租户中间件)."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string

from tenants.registry.context import TenantLike, public_tenant, tenant_context
from tenants.registry.hosts import tenant_for_host

GetResponse = Callable[[HttpRequest], HttpResponse]
HEALTH_PREFIX = "/health/"


class TenantMiddleware:
    """Enters the tenant of the host for the length of the request; an unknown host gets 404 and nothing else.

    Health pages answer on every host, because a balancer asks by address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(HEALTH_PREFIX):
            return self._serve(request, public_tenant())
        try:
            tenant = tenant_for_host(request.get_host())
        except DisallowedHost:
            tenant = None
        if tenant is None:
            return HttpResponseNotFound(render_to_string("registry/unknown_host.html"))
        return self._serve(request, tenant)

    def _serve(self, request: HttpRequest, tenant: TenantLike) -> HttpResponse:
        request.tenant = tenant  # type: ignore[attr-defined]
        kind = tenant.get_tenant_type()
        request.urlconf = settings.TENANT_TYPES[kind]["URLCONF"]
        with tenant_context(tenant):
            return self.get_response(request)
