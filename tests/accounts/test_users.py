"""Accounts: opening, changing, closing, passwords."""

import pytest

from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.accounts.selectors import user_by_login, user_for, users_for
from zhiheng.accounts.services import (
    password_change,
    password_set,
    role_grant,
    user_activate,
    user_create,
    user_deactivate,
    user_update,
)
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

GOOD = "海阔凭鱼跃2026x"


@pytest.fixture
def admin(in_college: Tenant) -> User:
    user = user_create(username="admin1", name="管理员", acting_user=None)
    role_grant(user=user, role="admin", acting_user=None)
    return user


def refusal(**fields: str) -> str:
    with pytest.raises(Problem) as caught:
        user_create(**{"username": "u9", "name": "某人", **fields}, acting_user=None)  # type: ignore[arg-type]
    assert caught.value.code is Code.INVALID_INPUT
    return str(caught.value)


class TestOpening:
    def test_stores_and_records(self, admin: User) -> None:
        user = user_create(
            username=" 20190618 ", name="张三", phone="13800000001", password=GOOD, acting_user=admin
        )
        found = User.objects.get(username="20190618")
        assert (found, str(found), found.get_full_name(), found.get_short_name()) == (
            user,
            "张三",
            "张三",
            "张三",
        )
        assert found.check_password(GOOD)
        assert found.must_change_password
        entry = AuditEntry.objects.get(action="user.create", target_id=str(user.pk))
        assert (entry.actor_name, entry.data) == ("管理员", {"username": "20190618"})

    def test_without_password_nobody_signs_in(self, admin: User) -> None:
        user = user_create(username="u1", name="张三", acting_user=admin)
        assert not user.has_usable_password()

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"username": "a b"}, "账号：“a b”不能用"),
            ({"username": ""}, "账号：“”不能用"),
            ({"username": "x" * 61}, "不能用"),
            ({"name": "  "}, "姓名：没有填"),
            ({"phone": "无"}, "手机号：“无”不是电话号码"),
            ({"username": "admin1"}, "“admin1”已有人用"),
            ({"password": "123"}, "密码"),
            ({"username": "zhangsanfeng", "password": "zhangsanfeng1"}, "密码"),
        ],
    )
    def test_refusals_name_field_and_advice(self, admin: User, fields: dict[str, str], text: str) -> None:
        assert text in refusal(**fields)

    def test_a_phone_opens_one_door_only(self, admin: User) -> None:
        user_create(username="u1", name="甲", phone="13800000001", acting_user=admin)
        assert "已登记在另一个账号上" in refusal(phone="13800000001")
        assert "是另一个账号的手机号" in refusal(username="13800000001")
        user_create(username="13900000002", name="乙", acting_user=admin)
        assert "已登记在另一个账号上" in refusal(phone="13900000002")
        user_create(username="u2", name="丙", acting_user=admin)
        user_create(username="u3", name="丁", acting_user=admin)

    def test_only_administrators_may(self, admin: User) -> None:
        plain = user_create(username="u1", name="甲", acting_user=admin)
        with pytest.raises(Problem) as caught:
            user_create(username="u2", name="乙", acting_user=plain)
        assert caught.value.code is Code.PERMISSION_DENIED


class TestChanging:
    def test_owner_changes_own_data_others_do_not(self, admin: User) -> None:
        owner = user_create(username="u1", name="甲", acting_user=admin)
        other = user_create(username="u2", name="乙", acting_user=admin)
        user_update(user=owner, name="甲甲", phone="13800000001", acting_user=owner)
        assert User.objects.get(username="u1").name == "甲甲"
        with pytest.raises(Problem):
            user_update(user=owner, name="乙", acting_user=other)
        entry = AuditEntry.objects.get(action="user.update")
        assert (entry.data["before"]["name"], entry.data["after"]["phone"]) == ("甲", "13800000001")

    def test_closing_and_opening(self, admin: User) -> None:
        user = user_create(username="u1", name="甲", acting_user=admin)
        user_deactivate(user=user, acting_user=admin)
        assert not User.objects.get(username="u1").is_active
        user_activate(user=user, acting_user=admin)
        assert User.objects.get(username="u1").is_active
        assert AuditEntry.objects.filter(action__in=["user.deactivate", "user.activate"]).count() == 2


class TestPasswords:
    def test_set_by_administrator_must_be_changed(self, admin: User) -> None:
        user = user_create(username="u1", name="甲", acting_user=admin)
        password_set(user=user, password=GOOD, acting_user=admin)
        assert User.objects.get(username="u1").must_change_password
        password_change(user=user, old_password=GOOD, new_password=GOOD + "!")
        fresh = User.objects.get(username="u1")
        assert fresh.check_password(GOOD + "!")
        assert not fresh.must_change_password

    def test_refusals(self, admin: User) -> None:
        user = user_create(username="u1", name="甲", password=GOOD, acting_user=admin)
        for old, new, text in [
            ("错", GOOD + "!", "原密码：不对"),
            (GOOD, GOOD, "和原密码一样"),
            (GOOD, "1", "密码"),
        ]:
            with pytest.raises(Problem) as caught:
                password_change(user=user, old_password=old, new_password=new)
            assert text in str(caught.value)
        with pytest.raises(Problem) as caught:
            password_set(user=admin, password=GOOD, acting_user=user)
        assert caught.value.code is Code.PERMISSION_DENIED


class TestFinding:
    def test_by_account_then_phone(self, admin: User) -> None:
        user = user_create(username="u1", name="甲", phone="13800000001", acting_user=admin)
        assert user_by_login(" u1 ") == user
        assert user_by_login("13800000001") == user
        assert user_by_login("") is None
        assert user_by_login("u2") is None

    def test_guarded(self, admin: User) -> None:
        user = user_create(username="u1", name="甲", acting_user=admin)
        assert user_for(user=user, username="u1") == user
        assert user_for(user=admin, username="u1") == user
        for who, name in [(user, "admin1"), (admin, "nobody")]:
            with pytest.raises(Problem) as caught:
                user_for(user=who, username=name)
            assert caught.value.code is Code.NOT_FOUND

    def test_list_filters_and_costs_two_queries(self, admin: User, max_queries: object) -> None:
        for number in range(8):
            user = user_create(username=f"u{number}", name=f"王{number}", acting_user=admin)
            role_grant(user=user, role="staff", acting_user=admin)
        with max_queries(3):  # type: ignore[operator]
            found = list(users_for(user=admin, search="王"))
            assert [len(u.grants.all()) for u in found] == [1] * 8
        assert [u.username for u in users_for(user=admin, role="admin")] == ["admin1"]
        assert [u.username for u in users_for(user=admin, search="u3")] == ["u3"]
        with pytest.raises(Problem):
            users_for(user=User.objects.get(username="u1"))

    def test_other_colleges_accounts_do_not_exist(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            user_create(username="u1", name="甲", phone="13800000001", acting_user=None)
        with tenant_context(college_b):
            assert user_by_login("u1") is None
            user_create(username="u1", name="乙", phone="13800000001", acting_user=None)
            assert User.objects.get_by_natural_key("u1").name == "乙"
