"""The table of roles and permissions, and the question ``user.can``."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import RoleGrant, User
from zhiheng.accounts.roles import PERMISSIONS, ROLE_PERMISSIONS, ROLES, permissions_of, roles_for
from zhiheng.accounts.selectors import grants_of, users_who_can, users_with_role
from zhiheng.accounts.services import role_grant, role_revoke, user_create, user_deactivate
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry


def make(username: str, role: str = "", **grant: object) -> User:
    user = user_create(username=username, name=f"用户{username}", acting_user=None)
    if role:
        role_grant(user=user, role=role, acting_user=None, **grant)  # type: ignore[arg-type]
    return user


class TestTable:
    def test_every_role_has_permissions_and_every_permission_a_role(self) -> None:
        assert set(ROLE_PERMISSIONS) == set(ROLES)
        assert permissions_of(set(ROLES)) == set(PERMISSIONS)

    def test_titles_are_chinese_and_differ(self) -> None:
        assert len(set(PERMISSIONS.values())) == len(PERMISSIONS)
        assert all("一" <= title[0] <= "鿿" for title in PERMISSIONS.values())
        assert ROLES["admin"].title("province") == "平台管理员"
        assert ROLES["head"].title() == "部门负责人"

    def test_kinds_have_their_own_roles(self) -> None:
        assert [r.code for r in roles_for("college")] == [
            "admin", "quality", "assessor", "head", "leader", "staff", "supervisor",
        ]  # fmt: skip
        assert [r.code for r in roles_for("province")] == ["admin", "officer"]
        assert [r.code for r in roles_for("public")] == ["operator"]

    def test_nobody_in_a_college_creates_tenants_or_edits_the_library(self) -> None:
        college = permissions_of({r.code for r in roles_for("college")})
        assert not college & {"tenant.create", "tenant.view", "library.edit", "system.view"}

    def test_who_organises_does_not_score_and_who_scores_does_not_seal(self) -> None:
        assert "rating.enter" not in ROLE_PERMISSIONS["quality"]
        assert not ROLE_PERMISSIONS["assessor"] & {"result.seal", "scheme.publish", "run.start"}


class TestCan:
    def test_follows_the_role(self, in_college: Tenant) -> None:
        head = make("h1", "head")
        assert head.can("report.submit")
        assert not head.can("run.start")
        assert not make("n1").can("unit.view")

    def test_unknown_permission_is_a_mistake_of_the_caller(self, in_college: Tenant) -> None:
        with pytest.raises(LookupError, match=r"unit\.fly"):
            make("h1").can("unit.fly")

    def test_scope_limits_to_units_and_their_superiors(self, in_college: Tenant) -> None:
        head = make("h1", "head", scope_unit_code="20")
        assert head.can("report.submit")
        assert head.can("report.submit", unit="20")
        assert head.can("report.submit", unit=["2001", "20", "00"])
        assert not head.can("report.submit", unit="21")
        assert head.units_where("report.submit") == {"20"}
        assert head.units_where("run.start") == set()
        assert make("q1", "quality").units_where("run.start") is None

    def test_dates_and_revocation(self, in_college: Tenant) -> None:
        today = timezone.localdate()
        assert not make("a", "head", valid_from=today + timedelta(days=1)).can("report.submit")
        assert not make("b", "head", valid_from=date(2020, 1, 1), valid_to=today - timedelta(days=1)).can(
            "unit.view"
        )
        last_day = make("c", "head", valid_from=date(2020, 1, 1), valid_to=today)
        assert last_day.can("report.submit")
        role_revoke(grant=last_day.grants.get(), acting_user=None)
        assert not last_day.can("report.submit")
        assert not User.objects.get(pk=last_day.pk).can("report.submit")

    def test_closed_account_can_nothing(self, in_college: Tenant) -> None:
        user = user_deactivate(user=make("h1", "head"), acting_user=None)
        assert not user.can("unit.view")

    def test_one_query_for_many_questions(self, in_college: Tenant, max_queries: object) -> None:
        user = User.objects.get(pk=make("h1", "head").pk)
        with max_queries(1):  # type: ignore[operator]
            assert [user.can(p) for p in PERMISSIONS].count(True) == len(ROLE_PERMISSIONS["head"])

    def test_require(self, in_college: Tenant) -> None:
        require(None, "tenant.create")
        with pytest.raises(Problem) as caught:
            require(make("s", "staff"), "user.edit")
        assert caught.value.code is Code.PERMISSION_DENIED


class TestGranting:
    def test_is_recorded_with_who_and_what(self, in_college: Tenant) -> None:
        admin = make("a1", "admin")
        user = make("u1")
        grant = role_grant(user=user, role="head", scope_unit_code="20", acting_user=admin)
        entry = AuditEntry.objects.get(action="role.grant", actor_id=admin.pk)
        assert grant.granted_by == admin
        assert (entry.target_label, entry.data["role"], entry.data["unit"]) == ("用户u1", "head", "20")
        assert str(grant) == "用户u1：部门负责人（20）"

    def test_roles_of_other_kinds_are_refused(self, in_college: Tenant) -> None:
        with pytest.raises(Problem) as caught:
            role_grant(user=make("u1"), role="operator", acting_user=None)
        assert "没有“operator”这个角色" in str(caught.value)

    def test_province_has_officers(self, in_province: Tenant) -> None:
        assert make("o1", "officer").can("provincial.view")

    def test_reversed_dates(self, in_college: Tenant) -> None:
        with pytest.raises(Problem) as caught:
            make("u1", "head", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 31))
        assert "2026-01-31早于起始日期2026-02-01" in str(caught.value)

    def test_same_role_twice_at_a_time(self, in_college: Tenant) -> None:
        user = make("u1", "head", valid_from=date(2025, 1, 1), valid_to=date(2025, 6, 30))
        role_grant(user=user, role="head", valid_from=date(2025, 7, 1), acting_user=None)
        role_grant(
            user=user, role="head", scope_unit_code="20", valid_from=date(2025, 7, 1), acting_user=None
        )
        for begin, end in [(date(2025, 6, 30), None), (date(2024, 1, 1), date(2025, 1, 1))]:
            with pytest.raises(Problem) as caught:
                role_grant(user=user, role="head", valid_from=begin, valid_to=end, acting_user=None)
            assert "在这段时间已有“部门负责人”" in str(caught.value)

    def test_needs_the_right(self, in_college: Tenant) -> None:
        quality = make("q1", "quality")
        with pytest.raises(Problem) as caught:
            role_grant(user=quality, role="admin", acting_user=quality)
        assert caught.value.code is Code.PERMISSION_DENIED
        with pytest.raises(Problem) as caught:
            role_revoke(grant=quality.grants.get(), acting_user=quality)
        assert caught.value.code is Code.PERMISSION_DENIED

    def test_the_last_administrator_stays(self, in_college: Tenant) -> None:
        first = make("a1", "admin")
        with pytest.raises(Problem) as caught:
            role_revoke(grant=first.grants.get(), acting_user=first)
        assert "唯一的管理员" in str(caught.value)
        with pytest.raises(Problem):
            user_deactivate(user=first, acting_user=first)
        second = make("a2", "admin")
        role_revoke(grant=first.grants.get(), acting_user=second)
        assert not first.can("user.edit")

    def test_revoking_twice(self, in_college: Tenant) -> None:
        grant = make("u1", "head").grants.get()
        role_revoke(grant=grant, acting_user=None)
        with pytest.raises(Problem) as caught:
            role_revoke(grant=grant, acting_user=None)
        assert caught.value.code is Code.STATE
        assert RoleGrant.objects.filter(pk=grant.pk, revoked_at__isnull=False).exists()


class TestHolders:
    def test_by_role_permission_unit_and_day(self, in_college: Tenant) -> None:
        whole = make("w", "quality")
        scoped = make("s", "head", scope_unit_code="20", valid_from=date(2025, 1, 1))
        gone = make(
            "g", "head", scope_unit_code="20", valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31)
        )
        assert list(users_with_role("head", unit="20")) == [scoped]
        assert list(users_with_role("head", unit="21")) == []
        assert list(users_with_role("head", unit="20", on=date(2024, 5, 1))) == [gone]
        assert list(users_who_can("case.open", unit="20")) == [scoped, whole]
        user_deactivate(user=scoped, acting_user=None)
        assert list(users_with_role("head")) == []

    def test_grants_are_for_the_owner_and_who_views_accounts(self, in_college: Tenant) -> None:
        owner, admin, other = make("u1", "head"), make("a1", "admin"), make("u2", "staff")
        assert [g.role for g in grants_of(owner, user=owner)] == ["head"]
        assert [g.role for g in grants_of(owner, user=admin)] == ["head"]
        with pytest.raises(Problem):
            grants_of(owner, user=other)

    def test_colleges_do_not_see_one_another(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            make("u1", "head")
        with tenant_context(college_b):
            assert list(users_with_role("head")) == []
            assert RoleGrant.objects.count() == 0
            make("u1", "staff")
        with tenant_context(college_a):
            assert User.objects.get(username="u1").roles == {"head"}
