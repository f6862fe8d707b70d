"""Provisioning: everything or nothing, and the same schema as the migrations would have made."""


from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User


def test_two_colleges_do_not_see_each_other(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        User.objects.create(username="1001", name="张三")
    with tenant_context(college_b):
        assert not User.objects.exists()
    with tenant_context(college_a):
        assert [user.name for user in User.objects.all()] == ["张三"]


def test_rolled_back(college_a: Tenant) -> None:
    with tenant_context(college_a):
        assert not User.objects.exists()
