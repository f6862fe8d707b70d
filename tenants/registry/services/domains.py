"""Domains of a tenant (域名): add and remove."""

import re
from typing import Any

from django.db import transaction

from tenants.registry.context import public_context
from tenants.registry.hosts import forget_hosts, normal_host
from tenants.registry.models import Domain, Tenant
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

_DOMAIN = re.compile(
    r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"
)


def valid_domain(domain: str) -> str:
    """The domain in normal form.  Raises ``Problem`` for what is no host name."""
    name = normal_host(domain)
    if "/" in domain or not _DOMAIN.match(name):
        advice = "请写完整域名，例如 quality.college.edu.cn，不带 https:// 和端口。"
        raise Problem(Code.INVALID_INPUT, place="域名", reason=f"“{domain}”不是域名", advice=advice)
    return name


def domain_add(*, tenant: Tenant, domain: str, acting_user: Any, is_primary: bool = False) -> Domain:
    """Let a tenant answer on one more host.  Raises ``Problem``: INVALID_INPUT, TENANT_EXISTS."""
    name = valid_domain(domain)
    with public_context(), transaction.atomic():
        if Domain.objects.filter(domain=name).exists():
            raise Problem(Code.TENANT_EXISTS, what="域名", name=name)
        added = Domain(domain=name, tenant=tenant, is_primary=is_primary)
        added.save()
        data = {"domain": name, "is_primary": added.is_primary}
        audit.record(acting_user=acting_user, action="domain.add", target=tenant, data=data)
        transaction.on_commit(forget_hosts)
    return added


def domain_remove(*, domain: Domain, acting_user: Any) -> None:
    """Stop answering on a host; a tenant keeps at least one.  Raises ``Problem(STATE)`` for the last one."""
    with public_context(), transaction.atomic():
        tenant = domain.tenant
        if not Domain.objects.filter(tenant=tenant).exclude(pk=domain.pk).exists():
            raise Problem(
                Code.STATE, what="域名", state="唯一", action="删除", advice="请先给这所学校加一个新域名。"
            )
        audit.record(
            acting_user=acting_user, action="domain.remove", target=tenant, data={"domain": domain.domain}
        )
        domain.delete()
        transaction.on_commit(forget_hosts)
