"""People for the page tests."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create

PASSWORD = "Kaohe-2026-jia"


@pytest.fixture
def person() -> Callable[..., Any]:
    """``person(tenant, "quality")``: an account of that tenant with these roles, able to sign in with PASSWORD."""

    def make(
        tenant: Tenant, *roles: str, username: str = "", name: str = "周敏", first_time: bool = False
    ) -> Any:
        with tenant_context(tenant):
            user = user_create(
                username=username or f"u-{'-'.join(roles) or 'none'}",
                name=name,
                password=PASSWORD,
                must_change_password=first_time,
                acting_user=None,
            )
            for role in roles:
                role_grant(user=user, role=role, acting_user=None)
        return user

    return make
