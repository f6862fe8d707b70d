"""Facts: store cells, take a filled workbook, hand in, approve, return; decisions of the leading group."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessment.models import Cycle, CycleState, Decision, Fact, Submission, SubmissionState
from assessment.selectors.entering import entry_rights
from assessment.selectors.facts import assessed_units, cells_of, fact_form, suppliers_of
from assessment.spreadsheets.facts import CellError, CellKey, read_facts
from assessment.values import Cell
from tenants.organisation.models import AssessedUnit
from zhiheng.accounts.guard import require
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem


@dataclass(frozen=True)
class FactDiff:
    """What storing would do: number of new, changed and equal cells."""

    created: int
    changed: int
    same: int


@transaction.atomic
def facts_store(
    *,
    cycle: Cycle,
    cells: Mapping[CellKey, Cell],
    acting_user: Any,
    source: str = "",
    as_of: date | None = None,
) -> FactDiff:
    """Store many cells at once; equal cells stay untouched.

    Raises STATE when the cycle does not collect, PERMISSION_DENIED for a measure that is not the user's to supply,
    INVALID_INPUT for an unknown unit.
    """
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    _must_collect(locked)
    measures = {m["code"]: m for m in locked.version.document.get("measures", [])}
    _check_rights(acting_user, locked, measures, set(cells))
    units = {unit.code: unit for unit in assessed_units(locked)}
    stored = {(f.measure, f.unit.code if f.unit else None): f for f in locked.facts.select_related("unit")}
    new, changed = _sort_out(locked, cells, units, stored, acting_user, source, as_of)
    Fact.objects.bulk_create(new)
    Fact.objects.bulk_update(
        changed, ["state", "value", "source", "as_of", "revision", "entered_by", "entered_at"], batch_size=500
    )
    _count_late_changes(locked, measures, new + changed)
    diff = FactDiff(len(new), len(changed), len(cells) - len(new) - len(changed))
    audit.record(
        acting_user=acting_user,
        action="facts.store",
        target=locked,
        data={"source": source, "created": diff.created, "changed": [_change(f) for f in changed[:500]]},
    )
    return diff


def _sort_out(  # noqa: PLR0917
    cycle: Cycle, cells: Mapping[CellKey, Cell], units: Mapping[str, AssessedUnit],
    stored: Mapping[CellKey, Fact], acting_user: Any, source: str, as_of: date | None,
) -> tuple[list[Fact], list[Fact]]:  # fmt: skip
    new: list[Fact] = []
    changed: list[Fact] = []
    now = timezone.now()
    for (measure, unit), cell in cells.items():
        if unit is not None and unit not in units:
            raise Problem(
                Code.INVALID_INPUT,
                place=f"单位“{unit}”",
                reason="本考核周期里没有这个单位",
                advice="请用被考核单位的代码",
            )
        fact = stored.get((measure, unit))
        if fact is None:
            fact = Fact(cycle=cycle, measure=measure, unit=units[unit] if unit else None)
            new.append(fact)
        elif (fact.state, fact.value) == (cell.state, cell.value):
            continue
        else:
            fact.revision += 1
            changed.append(fact)
        fact.state, fact.value, fact.source, fact.as_of = cell.state, cell.value, source, as_of
        fact.entered_by, fact.entered_at = acting_user, now
    return new, changed


def _check_rights(
    acting_user: Any, cycle: Cycle, measures: Mapping[str, Mapping[str, Any]], keys: set[CellKey]
) -> None:
    unknown = {code for code, _unit in keys} - set(measures)
    if unknown:
        raise Problem(
            Code.INVALID_INPUT,
            place="、".join(sorted(unknown)),
            reason="方案里没有这个数据项",
            advice="请按方案的数据项填报",
        )
    rights = entry_rights(acting_user, cycle)
    if not all(rights.allows(measures[code], unit) for code, unit in keys):
        raise Problem(Code.PERMISSION_DENIED)


def _must_collect(cycle: Cycle) -> None:
    if cycle.state != CycleState.COLLECTING:
        raise Problem(
            Code.STATE,
            what=cycle.title,
            state=cycle.get_state_display(),
            action="改数据",
            advice="请质量办先退回填报，并写明理由。",
        )


def _count_late_changes(
    cycle: Cycle, measures: Mapping[str, Mapping[str, Any]], facts: Iterable[Fact]
) -> None:
    late = Counter(measures[fact.measure].get("supplier", "") for fact in facts)
    approved = Submission.objects.filter(cycle=cycle, supplier__in=late, state=SubmissionState.APPROVED)
    for submission in approved:
        Submission.objects.filter(pk=submission.pk).update(
            changed_since_approval=F("changed_since_approval") + late[submission.supplier]
        )


def _change(fact: Fact) -> dict[str, Any]:
    return {"measure": fact.measure, "unit": fact.unit.code if fact.unit else None, "value": fact.value}


def facts_preview(*, cycle: Cycle, content: bytes, acting_user: Any) -> tuple[dict[CellKey, Cell], FactDiff]:
    """Read a filled workbook and say what storing it would change.  Raises IMPORT_REJECTED with all errors."""
    form = fact_form(cycle, user=acting_user)
    reading = read_facts(form, content)
    if reading.errors:
        raise Problem(
            Code.IMPORT_REJECTED, count=len(reading.errors), errors=[_error(e) for e in reading.errors]
        )
    stored = cells_of(cycle)
    created = sum(key not in stored for key in reading.cells)
    same = sum(stored.get(key) == cell for key, cell in reading.cells.items())
    return reading.cells, FactDiff(created, len(reading.cells) - created - same, same)


def facts_import(*, cycle: Cycle, content: bytes, name: str, acting_user: Any) -> FactDiff:
    """Read a filled workbook and store it in one transaction; with any error nothing is stored."""
    cells, _ = facts_preview(cycle=cycle, content=content, acting_user=acting_user)
    return facts_store(cycle=cycle, cells=cells, acting_user=acting_user, source=name)


def _error(error: CellError) -> dict[str, str]:
    return {
        "sheet": error.sheet,
        "cell": error.cell,
        "value": error.value,
        "reason": error.reason,
        "advice": error.advice,
    }


@transaction.atomic
def submission_move(*, submission: Submission, to: str, acting_user: Any, reason: str = "") -> Submission:
    """Hand in, approve or return one supplier's figures.  Approving needs another person than the one who handed in.

    Raises PERMISSION_DENIED: handing in belongs to the supplier, approving and returning to who may approve.
    """
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    _check_move(locked, to, acting_user)
    allowed = {
        SubmissionState.SUBMITTED: {SubmissionState.OPEN, SubmissionState.RETURNED},
        SubmissionState.APPROVED: {SubmissionState.SUBMITTED},
        SubmissionState.RETURNED: {SubmissionState.SUBMITTED, SubmissionState.APPROVED},
    }[SubmissionState(to)]
    if locked.state not in allowed:
        raise Problem(
            Code.STATE,
            what=f"{locked.supplier}的数据",
            state=locked.get_state_display(),
            action=str(SubmissionState(to).label),
            advice="",
        )
    if to == SubmissionState.APPROVED and locked.submitted_by_id == acting_user.pk:
        raise Problem(
            Code.INVALID_INPUT, place="复核", reason="提交和复核不能是同一个人", advice="请另一位同事复核"
        )
    if to == SubmissionState.RETURNED and not reason.strip():
        raise Problem(Code.INVALID_INPUT, place="退回原因", reason="没有写原因", advice="请写明要改什么")
    locked.state, locked.reason = to, reason
    if to == SubmissionState.SUBMITTED:
        locked.submitted_by, locked.submitted_at = acting_user, timezone.now()
    if to == SubmissionState.APPROVED:
        locked.approved_by, locked.approved_at, locked.changed_since_approval = acting_user, timezone.now(), 0
    locked.save()
    audit.record(acting_user=acting_user, action=f"submission.{to}", target=locked, data={"reason": reason})
    return locked


def _check_move(submission: Submission, to: str, acting_user: Any) -> None:
    if to != SubmissionState.SUBMITTED:
        require(acting_user, "fact.approve")
        return
    own = suppliers_of(acting_user)
    if own is not None and submission.supplier not in own:
        raise Problem(Code.PERMISSION_DENIED)


@transaction.atomic
def decision_record(
    *, cycle: Cycle, kind: str, unit: AssessedUnit | None, data: Mapping[str, Any], reason: str, decided_by: str,
    decided_on: date, acting_user: Any,
) -> Decision:  # fmt: skip
    """Record a decision of the leading group or party committee; it acts on the next run."""
    require(acting_user, "result.review")
    if cycle.state == CycleState.SEALED:
        raise Problem(
            Code.STATE,
            what=cycle.title,
            state=cycle.get_state_display(),
            action="记录决定",
            advice="请先发起更正。",
        )
    if not reason.strip():
        raise Problem(Code.INVALID_INPUT, place="理由", reason="没有写理由", advice="决定都要写明理由")
    decision = Decision.objects.create(
        cycle=cycle, kind=kind, unit=unit, data=dict(data), reason=reason, decided_by=decided_by,
        decided_on=decided_on, recorded_by=acting_user,
    )  # fmt: skip
    audit.record(acting_user=acting_user, action="decision.record", target=decision, data=dict(data))
    return decision


@transaction.atomic
def decision_withdraw(*, decision: Decision, reason: str, acting_user: Any) -> Decision:
    """Take a decision back; it stays on record and no longer acts on the next run."""
    require(acting_user, "result.review")
    locked = Decision.objects.select_for_update().select_related("cycle").get(pk=decision.pk)
    if locked.cycle.state == CycleState.SEALED or locked.withdrawn_at is not None:
        raise Problem(
            Code.STATE,
            what="这项决定",
            state="已撤销" if locked.withdrawn_at else locked.cycle.get_state_display(),
            action="撤销",
            advice="",
        )
    if not reason.strip():
        raise Problem(Code.INVALID_INPUT, place="理由", reason="没有写理由", advice="撤销也要写明理由")
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    audit.record(acting_user=acting_user, action="decision.withdraw", target=locked, data={"reason": reason})
    return locked
