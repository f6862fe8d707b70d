"""What the database could tell about who voted how: nothing.  And a vote counts exactly once, whatever happens at once."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from assessment.models import (
    Ballot,
    BallotCampaign,
    BallotParticipation,
    Credential,
    CredentialState,
    PaperCount,
    RaterClass,
)
from assessment.services.ballots import campaign_close, campaign_open, credentials_issue
from assessment.services.box import MIXED
from assessment.services.voting import ballot_cast
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from tests.assessment.ballot_samples import (
    CADRE,
    STAFF,
    UNITS,
    hand_out,
    make_campaign,
    make_cycle,
    make_people,
)
from tests.assessment.conftest import make_user
from zhiheng.accounts.models import User
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.models import AuditEntry

CHOICES = dict(zip(UNITS, ("优秀", "合格", "合格"), strict=True))
LEDGER = (BallotParticipation, Credential)


def _columns(model: Any) -> set[str]:
    """The columns as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} LIMIT 0")
        return {column.name for column in cursor.description}


@pytest.fixture
def invited(people: dict[str, User]) -> tuple[BallotCampaign, list[str]]:
    """An open campaign and the codes of twenty people of one class, in the order of their names."""
    campaign = make_campaign(make_cycle(people["admin"], people["quality"]), people["quality"])
    one = campaign.classes.get(title=STAFF)
    codes = credentials_issue(rater_class=one, people=make_people(20), acting_user=people["quality"])
    return campaign_open(campaign=campaign, acting_user=people["quality"]), [code.token for code in codes]


def _marked(number: int) -> dict[str, str]:
    """A ballot that shows which voter cast it: the test knows, the database must not."""
    grades = ("合格", "不合格", "弃权")
    return dict(
        zip(UNITS, (grades[number // 9 % 3], grades[number // 3 % 3], grades[number % 3]), strict=True)
    )


# Unlinkable by construction -------------------------------------------------------------------------------------------


def test_the_box_has_no_column_that_the_ledger_shares_but_the_class(in_college: Tenant) -> None:
    assert _columns(Ballot) == {"id", "rater_class_id", "choices"}
    assert _columns(BallotParticipation) == {"id", "campaign_id", "person_id", "credential_id", "voted_hour"}
    assert _columns(Credential) == {"id", "rater_class_id", "digest", "state"}
    kinds = {field.name: field.get_internal_type() for field in Ballot._meta.concrete_fields}
    assert kinds == {"id": "UUIDField", "rater_class": "ForeignKey", "choices": "JSONField"}
    pointing = {field.related_model for field in Ballot._meta.get_fields() if field.is_relation}
    assert pointing == {RaterClass}, "nothing but the class leads to or from a ballot"
    assert not {field.related_model for field in PaperCount._meta.get_fields() if field.is_relation} & set(
        LEDGER
    )


def test_the_ledger_knows_the_hour_and_not_the_minute(invited: tuple[BallotCampaign, list[str]]) -> None:
    _campaign, tokens = invited
    moment = timezone.now() + timedelta(minutes=1)
    ballot_cast(token=tokens[0], choices=CHOICES, now=moment)
    hour = BallotParticipation.objects.exclude(voted_hour=None).get().voted_hour
    assert hour == moment.replace(minute=0, second=0, microsecond=0)
    assert not [name for name in _columns(Ballot) | _columns(Credential) if "at" in name.split("_")]


def test_a_vote_leaves_no_entry_in_the_audit_trail(invited: tuple[BallotCampaign, list[str]]) -> None:
    campaign, tokens = invited
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    for number, token in enumerate(tokens):
        ballot_cast(token=token, choices=_marked(number))
    assert set(AuditEntry.objects.values_list("pk", flat=True)) == before
    campaign_close(campaign=campaign, acting_user=None)
    entry = AuditEntry.objects.exclude(pk__in=before).get()
    assert (entry.action, entry.data) == ("ballot.close", {"ballots": {CADRE: 0, STAFF: 20}})


def test_keys_come_from_chance_and_change_while_others_vote(
    invited: tuple[BallotCampaign, list[str]],
) -> None:
    _campaign, tokens = invited
    ballot_cast(token=tokens[0], choices=CHOICES)
    first = Ballot.objects.get().pk
    assert first.version == 4
    ballot_cast(token=tokens[1], choices=CHOICES)
    assert not Ballot.objects.filter(pk=first).exists()


def test_the_order_in_the_box_is_not_the_order_of_voting(invited: tuple[BallotCampaign, list[str]]) -> None:
    """Neither by key nor by place in the table; with 20 ballots a right order by chance has odds of 1 to 2·10¹⁸."""
    campaign, tokens = invited
    for number, token in enumerate(tokens):
        ballot_cast(token=token, choices=_marked(number))
    voted = [_marked(number) for number in range(20)]
    for closed in (False, True):
        if closed:
            campaign_close(campaign=campaign, acting_user=None)
        for order in ("id", "ctid"):
            found = [row[0] for row in _rows(f"SELECT choices::text FROM assessment_ballot ORDER BY {order}")]
            assert len(found) == 20
            assert [json.loads(text) for text in found] != voted


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


# On a college with real commits: what the database's own row stamps tell ---------------------------------------------


def _open_hall(tenant: Tenant, voters: int) -> tuple[BallotCampaign, list[str]]:
    with tenant_context(tenant):
        quality = make_user("quality", "quality")
        campaign = make_campaign(make_cycle(make_user("admin", "admin"), quality), quality)
        one = campaign.classes.get(title=STAFF)
        codes = credentials_issue(rater_class=one, people=make_people(voters), acting_user=quality)
        tokens = [code.token for code in codes]
        return campaign_open(campaign=campaign, acting_user=quality), tokens


def test_no_transaction_stamp_leads_from_a_person_to_a_ballot(fresh_college: Tenant) -> None:
    """xmin of a mark in the ledger never singles out the voter's own ballot more often than chance would."""
    voters = 24
    campaign, tokens = _open_hall(fresh_college, voters)
    with tenant_context(fresh_college):
        for number, token in enumerate(tokens):
            ballot_cast(token=token, choices=_marked(number))
        newest = _stamps()[max(_stamps())]
        assert len(newest) == MIXED + 1, "the last ballot went in among others that carry the same stamp"
        joined = _rows(
            "SELECT p.id FROM assessment_ballotparticipation p JOIN assessment_ballot b ON b.xmin = p.xmin"
            " GROUP BY p.id HAVING count(*) = 1"
        )
        assert len(joined) < voters / 2, "most ballots no longer carry the stamp of any mark alone"
        campaign_close(campaign=campaign, acting_user=None)
        assert [len(found) for found in _stamps().values()] == [voters], "after closing all carry one stamp"
        shared = _rows(
            "SELECT 1 FROM assessment_ballot b JOIN assessment_ballotparticipation p ON b.xmin = p.xmin"
            " UNION ALL SELECT 1 FROM assessment_ballot b JOIN assessment_credential c ON b.xmin = c.xmin"
        )
        assert shared == []


def _stamps() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for stamp, choices in _rows("SELECT xmin::text::bigint, choices::text FROM assessment_ballot"):
        found.setdefault(stamp, []).append(choices)
    return found


def _at_once(tenant: Tenant, work: list[tuple[str, dict[str, str]]]) -> list[Any]:
    """Cast all these ballots at the same moment, each in a thread and connection of its own."""
    start = Barrier(len(work))

    def cast(one: tuple[str, dict[str, str]]) -> Any:
        try:
            with tenant_context(tenant):
                start.wait(timeout=30)
                return ballot_cast(token=one[0], choices=one[1])
        except Problem as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(cast, work))


def test_twenty_submissions_of_one_code_at_once_are_one_vote(fresh_college: Tenant) -> None:
    _campaign, tokens = _open_hall(fresh_college, 1)
    receipts = _at_once(fresh_college, [(tokens[0], _marked(n)) for n in range(20)])
    assert len({receipt.number for receipt in receipts}) == 1
    assert Counter(receipt.again for receipt in receipts) == {True: 19, False: 1}
    with tenant_context(fresh_college):
        assert Ballot.objects.count() == 1
        assert Credential.objects.get().state == CredentialState.USED


def test_twenty_voters_at_once_are_twenty_votes_none_lost_or_changed(fresh_college: Tenant) -> None:
    _campaign, tokens = _open_hall(fresh_college, 20)
    receipts = _at_once(fresh_college, [(token, _marked(n)) for n, token in enumerate(tokens)])
    assert [receipt.again for receipt in receipts] == [False] * 20
    with tenant_context(fresh_college):
        found = Counter(str(sorted(b.choices.items())) for b in Ballot.objects.all())
        assert found == Counter(str(sorted(_marked(n).items())) for n in range(20))
        assert BallotParticipation.objects.exclude(voted_hour=None).count() == 20


def test_closing_while_people_vote_loses_none_and_lets_none_in_later(fresh_college: Tenant) -> None:
    campaign, tokens = _open_hall(fresh_college, 16)

    def close() -> datetime:
        try:
            with tenant_context(fresh_college):
                campaign_close(campaign=campaign, acting_user=None)
                return timezone.now()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(close)
        answers = _at_once(fresh_college, [(token, CHOICES) for token in tokens])
        closing.result()
    taken = [one for one in answers if not isinstance(one, Problem)]
    with tenant_context(fresh_college):
        assert Ballot.objects.count() == len(taken)
        assert Credential.objects.filter(state=CredentialState.USED).count() == len(taken)
        assert len(_stamps()) <= 1, "whatever got in was in the box when it was shaken"
    assert {str(one)[-30:] for one in answers if isinstance(one, Problem)} <= {
        "现在是“已截止”，不能投票。如有疑问，请联系组织测评的部门。"[-30:]
    }


def test_a_code_replaced_at_the_moment_of_voting_is_used_or_void_never_both(fresh_college: Tenant) -> None:
    campaign, tokens = _open_hall(fresh_college, 1)
    with tenant_context(fresh_college):
        quality = User.objects.get(username="quality")
        one = campaign.classes.get(title=STAFF)
        person = BallotParticipation.objects.get().person

    def replace() -> list[Any]:
        try:
            with tenant_context(fresh_college):
                return credentials_issue(rater_class=one, people=[person], acting_user=quality)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        replacing = pool.submit(replace)
        (answer,) = _at_once(fresh_college, [(tokens[0], CHOICES)])
        new = replacing.result()
    with tenant_context(fresh_college):
        voted = not isinstance(answer, Problem)
        assert Ballot.objects.count() == voted
        assert len(new) == (not voted)
        assert hand_out(one, quality, 1)
