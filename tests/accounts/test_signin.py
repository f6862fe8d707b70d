"""Signing in: the lock, phones, tenants; tokens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import ApiToken, User
from zhiheng.accounts.selectors import tokens_of
from zhiheng.accounts.services import (
    password_set,
    role_grant,
    sign_in,
    token_issue,
    token_revoke,
    token_use,
    unlock,
    user_create,
    user_deactivate,
)
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

PASSWORD = "海阔凭鱼跃2026x"
Ask = Callable[..., User]


def ask(account: str = "u1", password: str = PASSWORD, address: str = "10.0.0.1") -> User:
    request: HttpRequest = RequestFactory().post("/sign-in/", {"username": account}, REMOTE_ADDR=address)
    request.session = SessionStore()
    return sign_in(request=request, account=account, password=password)


def refused(**fields: str) -> Problem:
    with pytest.raises(Problem) as caught:
        ask(**fields)
    return caught.value


@pytest.fixture
def user(in_college: Tenant) -> User:
    return user_create(username="u1", name="甲", phone="13800000001", password=PASSWORD, acting_user=None)


class TestSignIn:
    def test_by_account_or_phone_is_recorded(self, user: User) -> None:
        assert ask() == user
        assert ask("13800000001") == user
        assert AuditEntry.objects.filter(action="user.sign_in", actor_id=user.pk).count() == 2
        assert User.objects.get(pk=user.pk).last_login is not None

    def test_wrong_password_tells_the_tries_left(self, user: User) -> None:
        assert [refused(password="错").data["left"] for _ in range(4)] == [4, 3, 2, 1]
        last = refused(password="错")
        assert last.code is Code.TOO_MANY_ATTEMPTS
        assert "锁10分钟" in str(last)

    def test_locked_even_with_the_right_password_and_from_elsewhere(self, user: User) -> None:
        for place in range(5):
            refused(password="错", address=f"10.0.0.{place}")
        assert refused(address="10.9.9.9").code is Code.TOO_MANY_ATTEMPTS
        assert refused(account="13800000001").code is Code.TOO_MANY_ATTEMPTS

    def test_opens_after_ten_minutes_not_before(self, user: User) -> None:
        for _ in range(5):
            refused(password="错")
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=9))
        assert refused().code is Code.TOO_MANY_ATTEMPTS
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=11))
        assert ask() == user

    def test_success_forgets_the_failures(self, user: User) -> None:
        refused(password="错")
        ask()
        assert refused(password="错").data["left"] == 4

    def test_account_and_phone_share_one_count(self, user: User) -> None:
        refused(password="错")
        assert refused(account="13800000001", password="错").data["left"] == 3

    def test_unknown_accounts_look_the_same(self, user: User) -> None:
        known, unknown = refused(password="错"), refused(account="nobody", password="错")
        assert (str(known), known.status) == (str(unknown), unknown.status)
        assert str(known) == "账号或密码不对。再错4次，账号会锁10分钟。"
        assert refused(account="x" * 5000 + "\0", password="错").code is Code.SIGN_IN_FAILED
        assert max(len(a.username or "") for a in AccessAttempt.objects.all()) <= 60

    def test_closed_account(self, user: User) -> None:
        user_deactivate(user=user, acting_user=None)
        assert refused().code is Code.SIGN_IN_FAILED

    def test_a_new_password_or_the_administrator_opens_the_lock(self, user: User) -> None:
        for _ in range(5):
            refused(password="错")
        password_set(user=user, password=PASSWORD + "!", acting_user=None)
        assert ask(password=PASSWORD + "!") == user
        for _ in range(5):
            refused(password="错")
        unlock(user=user, acting_user=None)
        assert ask(password=PASSWORD + "!") == user

    def test_unlocking_needs_the_right(self, user: User) -> None:
        with pytest.raises(Problem):
            unlock(user=user, acting_user=user)

    def test_one_colleges_lock_does_not_lock_the_other(self, college_a: Tenant, college_b: Tenant) -> None:
        for college in (college_a, college_b):
            with tenant_context(college):
                user_create(username="u1", name="甲", password=PASSWORD, acting_user=None)
        with tenant_context(college_a):
            for _ in range(5):
                refused(password="错")
        with tenant_context(college_b):
            assert ask().username == "u1"
        with tenant_context(college_a):
            assert refused().code is Code.TOO_MANY_ATTEMPTS


class TestTokens:
    def test_text_is_shown_once_and_only_its_digest_kept(self, user: User) -> None:
        issued = token_issue(user=user, name="教务系统", acting_user=user)
        assert issued.text.startswith(f"zh_{issued.token.prefix}_")
        assert issued.text.split("_", 2)[2] not in str(ApiToken.objects.values())
        assert token_use(issued.text) == issued.token
        assert str(issued.token) == f"教务系统（{issued.token.prefix}…）"

    @pytest.mark.parametrize(
        "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.upper(), lambda t: "", lambda t: "zh_1"]
    )
    def test_anything_else_is_nobody(self, user: User, spoil: Callable[[str], str]) -> None:
        assert token_use(spoil(token_issue(user=user, name="x", acting_user=user).text)) is None

    def test_use_is_noted_at_most_once_a_minute(self, user: User, max_queries: Any) -> None:
        text = token_issue(user=user, name="x", acting_user=user).text
        now = timezone.now()
        token_use(text, at=now)
        with max_queries(1):
            token_use(text, at=now + timedelta(seconds=59))
        assert ApiToken.objects.get().last_used_at == now
        token_use(text, at=now + timedelta(seconds=60))
        assert ApiToken.objects.get().last_used_at == now + timedelta(seconds=60)

    def test_ends_by_time_revocation_and_with_the_account(self, user: User) -> None:
        issued = token_issue(user=user, name="x", days=1, acting_user=user)
        assert token_use(issued.text, at=timezone.now() + timedelta(hours=25)) is None
        token_revoke(token=issued.token, acting_user=user)
        token_revoke(token=issued.token, acting_user=user)
        assert token_use(issued.text) is None
        assert AuditEntry.objects.filter(action="token.revoke").count() == 1
        other = token_issue(user=user, name="y", acting_user=user)
        user_deactivate(user=user, acting_user=None)
        assert token_use(other.text) is None

    @pytest.mark.parametrize(("name", "days"), [(" ", 90), ("x", 0), ("x", 367)])
    def test_refusals(self, user: User, name: str, days: int) -> None:
        with pytest.raises(Problem) as caught:
            token_issue(user=user, name=name, days=days, acting_user=user)
        assert caught.value.code is Code.INVALID_INPUT

    def test_of_others_only_for_administrators(self, user: User) -> None:
        admin = user_create(username="a1", name="管理员", acting_user=None)
        role_grant(user=admin, role="admin", acting_user=None)
        other = user_create(username="u2", name="乙", acting_user=None)
        token = token_issue(user=user, name="x", acting_user=admin).token
        assert list(tokens_of(user, user=admin)) == list(tokens_of(user, user=user)) == [token]
        for forbidden in (
            lambda: token_issue(user=user, name="x", acting_user=other),
            lambda: token_revoke(token=token, acting_user=other),
            lambda: tokens_of(user, user=other),
        ):
            with pytest.raises(Problem) as caught:
                forbidden()
            assert caught.value.code is Code.PERMISSION_DENIED

    def test_are_worth_nothing_in_another_college(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            text = token_issue(
                user=user_create(username="u1", name="甲", acting_user=None), name="x", acting_user=None
            ).text
        with tenant_context(college_b):
            assert token_use(text) is None
