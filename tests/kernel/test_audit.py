"""The audit trail: written with its write, sealed, verified, and not to be changed."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from zhiheng.kernel import audit
from zhiheng.kernel.models import AuditEntry, AuditSeal, AuditSealItem

pytestmark = pytest.mark.usefixtures("in_college")


def _entry(action: str = "unit.create") -> AuditEntry:
    with transaction.atomic():
        return audit.record(
            acting_user=None,
            action=action,
            target=AuditSeal(pk=7, at=timezone.now()),
            data={"name": "教务处"},
        )


def test_seals_chain_and_verify() -> None:
    _entry()
    first = audit.seal()
    _entry("unit.rename")
    second = audit.seal()
    assert first is not None
    assert second is not None
    assert second.previous == first
    assert second.count == 1
    assert audit.verify() == []
    assert audit.seal() is None


def test_an_entry_that_does_not_fit_its_digest_is_found() -> None:
    entry = _entry()
    entry.pk, entry.data = None, {"name": "学生处"}
    entry.save(force_insert=True)
    assert audit.verify() == [f"审计记录{entry.pk}的内容与摘要不符"]


def test_an_entry_slipped_under_a_seal_is_found() -> None:
    _entry()
    seal = audit.seal()
    AuditSealItem.objects.create(seal=seal, entry=_entry("unit.drop"))
    assert audit.verify() == [f"封签{seal.pk if seal else 0}覆盖的记录被增删或改动"]


@pytest.mark.parametrize(
    "statement", ["UPDATE kernel_auditentry SET actor_name='x'", "DELETE FROM kernel_auditentry"]
)
def test_the_college_itself_cannot_change_its_trail(statement: str) -> None:
    _entry()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1
