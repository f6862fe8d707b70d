"""Connections that act as one college with real commits, the way requests do."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connections, transaction

from tenants.registry.backend.base import DatabaseWrapper
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User


@pytest.fixture(scope="session")
def with_data(session_tenants: Any, django_db_blocker: Any) -> Any:
    """Both colleges hold one committed user named after them, for as long as the session lasts."""
    with django_db_blocker.unblock():
        for tenant in (session_tenants.alpha, session_tenants.beta):
            with tenant_context(tenant), transaction.atomic():
                User.objects.get_or_create(
                    username="isolation", defaults={"name": tenant.code, "is_active": False}
                )
    return session_tenants


@pytest.fixture
def college(with_data: Any, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    """A connection wrapper that acts for college alpha."""
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper(connections.settings["default"], "default")
        wrapper.inc_thread_sharing()
        wrapper.set_tenant(with_data.alpha)
        yield wrapper
        wrapper.close()


@pytest.fixture
def other(with_data: Any) -> Tenant:
    """The college that must stay out of reach."""
    tenant: Tenant = with_data.beta
    return tenant


@pytest.fixture
def superuser(with_data: Any, database_url: str) -> Iterator[Any]:
    """A superuser's cursor, for looking at catalogues."""
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@pytest.fixture
def root(database_url: str) -> str:
    """Name of the server's superuser."""
    return str(urlsplit(database_url).username)
