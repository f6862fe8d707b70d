"""Casting a ballot (投票): valid, once, and without a trace to the person.

No acting user and no audit entry on purpose: the code admits, the ledger notes the hour, the box takes the choices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from assessment.ballot_rules import check_choices, clean_token, receipt_of
from assessment.models import BallotCampaign, BallotParticipation, BallotState, Credential, CredentialState
from assessment.selectors.ballots import Admission, Standing, admission
from assessment.services.box import put_in
from zhiheng.kernel.errors import Code, Problem

REFUSALS: Mapping[Standing, tuple[str, str]] = {
    Standing.REVOKED: ("已作废", "请向组织测评的部门换一张新的。"),
    Standing.EARLY: ("还没开始", "请到时间再打开。"),
    Standing.OVER: ("已截止", "如有疑问，请联系组织测评的部门。"),
}


@dataclass(frozen=True)
class Receipt:
    """Proof that one ballot was taken; ``again`` when this code had voted before (a repeated submission)."""

    number: str
    campaign: BallotCampaign
    again: bool


@transaction.atomic
def ballot_cast(*, token: str, choices: Mapping[str, str], now: datetime | None = None) -> Receipt:
    """Cast one ballot; the same code again gets its receipt again and changes nothing.

    Raises NOT_FOUND for an unknown code, STATE when it is void or voting has not begun or is over, INVALID_INPUT with
    ``errors`` (list of ChoiceError) for a ballot that is not valid.
    """
    moment = now or timezone.now()
    code = clean_token(token)
    found = admission(code, now=moment)
    if found.standing == Standing.USED:
        return _receipt(code, found, again=True)
    _must_be_admitted(found)
    if errors := check_choices(found.campaign.units, found.campaign.grades, choices):
        raise Problem(
            Code.INVALID_INPUT,
            place="这张票",
            reason=f"有{len(errors)}处要改",
            advice="改好再交",
            errors=errors,
        )
    _hold_open(found)
    if not _use_up(found, moment):
        return _beaten(code, moment)
    put_in(found.rater_class, choices)
    return _receipt(code, found, again=False)


def _receipt(code: str, found: Admission, *, again: bool) -> Receipt:
    return Receipt(receipt_of(code), found.campaign, again)


def _must_be_admitted(found: Admission) -> None:
    if found.standing == Standing.UNKNOWN:
        raise Problem(Code.NOT_FOUND)
    if found.standing != Standing.OPEN:
        _refuse(found)


def _refuse(found: Admission) -> None:
    state, advice = REFUSALS[found.standing]
    raise Problem(Code.STATE, what=found.campaign.title, state=state, action="投票", advice=advice)


def _hold_open(found: Admission) -> None:
    """A shared lock on the campaign: closing waits for this ballot, and after closing no ballot gets in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM assessment_ballotcampaign WHERE id = %s FOR SHARE", [found.campaign.pk]
        )
        if cursor.fetchone() != (BallotState.OPEN.value,):
            _refuse(Admission(Standing.OVER, found.credential))


def _use_up(found: Admission, moment: datetime) -> bool:
    """Mark the code as used, only if it still is not: of two submissions at once the second waits here and gets False."""
    digest = found.credential.digest if found.credential else ""
    if not Credential.objects.filter(digest=digest, state=CredentialState.ISSUED).update(
        state=CredentialState.USED
    ):
        return False
    hour = moment.replace(minute=0, second=0, microsecond=0)
    BallotParticipation.objects.filter(credential=found.credential).update(voted_hour=hour)
    return True


def _beaten(code: str, moment: datetime) -> Receipt:
    found = admission(code, now=moment)
    if found.standing != Standing.USED:
        _refuse(Admission(Standing.REVOKED, found.credential))
    return _receipt(code, found, again=True)
