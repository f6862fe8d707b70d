"""Provision and remove a tenant (开通与注销): row, domain, login role, schema; all of it or nothing."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from psycopg2 import sql

from tenants.registry import roles
from tenants.registry.blueprint import Blueprint, blueprint
from tenants.registry.bootstrap import admin_connection
from tenants.registry.connection import tenant_connection
from tenants.registry.context import PUBLIC_SCHEMA, public_context
from tenants.registry.hosts import forget_hosts
from tenants.registry.models import Domain, Tenant, TenantKind, TenantState
from tenants.registry.schemas import tenant_grants
from tenants.registry.services.domains import valid_domain
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

UNFINISHED_AFTER = timedelta(minutes=5)
"""A tenant that has been in preparation for longer was abandoned."""


def provision(*, kind: str, code: str, name: str, domain: str, acting_user: Any) -> Tenant:
    """Open a tenant: registered, its schema complete, ready for requests when this returns (about 0.2 s).

    Raises ``Problem``: INVALID_INPUT for a bad kind, code or domain, TENANT_EXISTS for a code or domain in use.  After
    any failure nothing of the tenant is left.
    """
    plan = blueprint(_valid_kind(kind))
    with public_context():
        _clear_unfinished(code)
        tenant = _register(
            kind=kind, code=code, name=name, domain=valid_domain(domain), acting_user=acting_user
        )
        try:
            _create_in_database(tenant, plan)
        except BaseException:
            _undo(tenant)
            raise
        Tenant.objects.filter(pk=tenant.pk).update(state=TenantState.ACTIVE)
        tenant.state = TenantState.ACTIVE
    forget_hosts()
    return tenant


def deprovision(*, tenant: Tenant, acting_user: Any) -> None:
    """Remove a tenant with all its data, for good.  The register's audit trail keeps that it existed."""
    if tenant.schema_name == PUBLIC_SCHEMA:
        raise Problem(
            Code.INVALID_INPUT, place="租户", reason="平台自身不能注销", advice="请选学校或省级机构。"
        )
    with public_context():
        Tenant.objects.filter(pk=tenant.pk).update(state=TenantState.SUSPENDED)
        forget_hosts()
        tenant_connection().forget_role(tenant.schema_name)
        _remove_from_database(tenant)
        with transaction.atomic():
            data = {"code": tenant.code, "kind": tenant.kind}
            audit.record(acting_user=acting_user, action="tenant.deprovision", target=tenant, data=data)
            _unregister(tenant)


def _undo(tenant: Tenant) -> None:
    _remove_from_database(tenant)
    _unregister(tenant)


def _clear_unfinished(code: str) -> None:
    """A process killed while provisioning leaves a tenant that never became active; an attempt takes seconds at most."""
    limit = timezone.now() - UNFINISHED_AFTER
    found = Tenant.objects.filter(code=code, state=TenantState.PREPARING, created_at__lt=limit)
    for tenant in found:
        _undo(tenant)


def _valid_kind(kind: str) -> str:
    if kind not in {TenantKind.COLLEGE, TenantKind.PROVINCE}:
        advice = "请写 college（学校）或 province（省级机构）。"
        raise Problem(Code.INVALID_INPUT, place="类型", reason=f"没有“{kind}”这种租户", advice=advice)
    return kind


@transaction.atomic
def _register(*, kind: str, code: str, name: str, domain: str, acting_user: Any) -> Tenant:
    if Tenant.objects.filter(code=code).exists():
        raise Problem(Code.TENANT_EXISTS, what="代码", name=code)
    if Domain.objects.filter(domain=domain).exists():
        raise Problem(Code.TENANT_EXISTS, what="域名", name=domain)
    number = _next_number()
    tenant = Tenant(id=number, schema_name=roles.schema_for(number), kind=kind, code=code, name=name)
    try:
        tenant.full_clean()
    except ValidationError as error:
        reason = "；".join(error.messages)
        raise Problem(Code.INVALID_INPUT, place="租户", reason=reason, advice="请改好再试。") from error
    tenant.save(force_insert=True)
    Domain.objects.create(domain=domain, tenant=tenant, is_primary=True)
    data = {"code": code, "kind": kind, "domain": domain}
    audit.record(acting_user=acting_user, action="tenant.provision", target=tenant, data=data)
    return tenant


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('public.registry_tenant', 'id'))")
        return int(cursor.fetchone()[0])


def _unregister(tenant: Tenant) -> None:
    with transaction.atomic():
        Domain.objects.filter(tenant_id=tenant.pk).delete()
        Tenant.objects.filter(pk=tenant.pk).delete()


def _create_in_database(tenant: Tenant, plan: Blueprint) -> None:
    """The role is committed first: Citus' workers could not see it otherwise."""
    schema = tenant.schema_name
    name = sql.Identifier(schema)
    with admin_connection() as admin, admin.cursor() as cursor:
        create = "CREATE ROLE {} LOGIN NOINHERIT CONNECTION LIMIT {} PASSWORD {}"
        limit, verifier = (
            sql.Literal(settings.TENANT_ROLE_CONNECTIONS),
            sql.Literal(roles.scram_verifier(schema)),
        )
        cursor.execute(sql.SQL(create).format(name, limit, verifier))
        # For poolers that drop startup options.
        cursor.execute(sql.SQL("ALTER ROLE {} SET search_path = {}, public").format(name, name))
        cursor.execute(";\n".join(["BEGIN", *schema_statements(schema, plan), "COMMIT"]))


def schema_statements(schema: str, plan: Blueprint) -> list[str]:
    """Everything that makes a tenant's schema, one DDL statement each, in order."""
    return [
        f"SET LOCAL ROLE {roles.OWNER}",
        f"CREATE SCHEMA {schema}",
        f"GRANT USAGE ON SCHEMA {schema} TO {schema}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {schema}",
        *plan.for_schema(schema),
        f"REVOKE ALL ON {schema}.django_migrations FROM {schema}",
        *(text.rstrip().rstrip(";") for text in tenant_grants(plan.kind, schema=schema, role=schema)),
    ]


def _remove_from_database(tenant: Tenant) -> None:
    name = sql.Identifier(tenant.schema_name)
    with admin_connection() as admin, admin.cursor() as cursor:
        cursor.execute(f"SET ROLE {roles.OWNER}")
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        cursor.execute("RESET ROLE")
        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
