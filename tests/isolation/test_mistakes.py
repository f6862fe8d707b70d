"""Mistakes of our own: a wrong schema named, exceptions, rolled-back savepoints, reuse of a connection, a missing switch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from tenants.registry.backend.base import DatabaseWrapper
from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.kernel.models import AuditEntry


@contextmanager
def refused() -> Iterator[None]:
    """PostgreSQL, not Python, says no."""
    with pytest.raises(ProgrammingError) as caught:
        yield
    assert getattr(caught.value.__cause__, "pgcode", "") == "42501"


def name_other(wrapper: Any, other: Tenant) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {other.schema_name}.accounts_user")


def own_names(wrapper: Any) -> list[str]:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user WHERE username = 'isolation'")
        return [name for (name,) in cursor.fetchall()]


def test_after_a_refusal_the_connection_still_works(college: DatabaseWrapper, other: Tenant) -> None:
    for _ in range(3):
        with refused():
            name_other(college, other)
        assert own_names(college) == ["alpha"]


def test_after_rolled_back_savepoints(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a), transaction.atomic():
        User.objects.create(username="1", name="外层")
        for _ in range(3):
            with refused(), transaction.atomic():
                User.objects.create(username="2", name="内层")
                name_other(connection, college_b)
        assert list(User.objects.filter(username__in=["1", "2"]).values_list("name", flat=True)) == ["外层"]
        with refused(), transaction.atomic():
            name_other(connection, college_b)


def test_after_an_exception_in_a_transaction(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert 1 / (User.objects.create(username="1", name="不留").pk - User.objects.get(username="1").pk)
        assert not User.objects.filter(username="1").exists()
        with refused(), transaction.atomic():
            name_other(connection, college_b)


def test_after_a_rollback_behind_djangos_back(college: DatabaseWrapper, other: Tenant) -> None:
    college.set_autocommit(False)
    assert own_names(college) == ["alpha"]
    college.connection.rollback()
    assert own_names(college) == ["alpha"]
    with refused():
        name_other(college, other)
    college.rollback()
    college.set_autocommit(True)
    assert own_names(college) == ["alpha"]


def test_after_a_deferred_constraint_failed_at_commit(college: DatabaseWrapper, other: Tenant) -> None:
    college.set_autocommit(False)
    with college.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_rolegrant (role, scope_unit_code, granted_at, user_id, valid_from)"
            " VALUES ('staff', '', now(), 999999, '2020-01-01')"
        )
    with pytest.raises(IntegrityError):
        college.commit()
    college.rollback()
    college.set_autocommit(True)
    assert own_names(college) == ["alpha"]
    with refused():
        name_other(college, other)


def test_reused_connection_of_another_request(college: DatabaseWrapper, with_data: Any) -> None:
    """One thread serves colleges in turn, errors between them; no answer comes from a neighbour."""
    for turn in range(60):
        tenant = (with_data.alpha, with_data.beta)[turn % 2]
        neighbour = (with_data.beta, with_data.alpha)[turn % 2]
        college.set_tenant(tenant)
        assert own_names(college) == [tenant.code]
        if turn % 3 == 0:
            with refused():
                name_other(college, neighbour)
        if turn % 10 == 0:
            college.close_if_unusable_or_obsolete()
        if turn % 25 == 0:
            college.close()


def test_server_side_cursor(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        User.objects.create(username="1", name="甲")
        names = [user.name for user in User.objects.filter(username="1").iterator(chunk_size=1)]
    assert names == ["甲"]
    with tenant_context(college_b):
        assert list(User.objects.filter(username="1").iterator(chunk_size=1)) == []


def test_forgotten_switch_finds_nothing(college_a: Tenant) -> None:
    """Outside any tenant, college tables do not exist, and the platform's own table holds no college's rows."""
    from tenants.organisation.models import Unit

    with tenant_context(college_a):
        User.objects.create(username="1", name="甲")
    with public_context():
        assert not User.objects.filter(username="1").exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Unit.objects.exists()


def test_a_table_only_the_platform_has_is_refused(college_a: Tenant) -> None:
    with tenant_context(college_a), refused(), transaction.atomic():
        Tenant.objects.exists()


def test_falling_through_to_the_public_table_is_refused(
    college: DatabaseWrapper, with_data: Any, superuser: Any
) -> None:
    """If a tenant lacked a table, the one of the same name in public must not answer in its place."""
    schema = with_data.alpha.schema_name
    superuser.execute(f"ALTER TABLE {schema}.django_session RENAME TO lost_session")
    try:
        with refused(), college.cursor() as cursor:
            cursor.execute("SELECT * FROM django_session")
    finally:
        superuser.execute(f"ALTER TABLE {schema}.lost_session RENAME TO django_session")


def test_model_pointed_at_another_schema(
    college_a: Tenant, college_b: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEntry._meta, "db_table", f'"{college_b.schema_name}"."kernel_auditentry"')
    with tenant_context(college_a), refused(), transaction.atomic():
        AuditEntry.objects.count()


def test_batch_over_all_tenants_sees_each_ones_own(with_data: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        for _ in range(3):
            for tenant in (with_data.alpha, with_data.beta):
                with tenant_context(tenant):
                    assert User.objects.get(username="isolation").name == tenant.code
