"""Campaigns of democratic appraisal: plan, classes of voters, codes, open, prolong, close.

The audit trail records what the organisers do, with numbers only.  A vote itself leaves no entry: its exact time and
place in a sequence would tell when somebody voted, which the ledger keeps to the hour on purpose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import SystemRandom
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessment.ballot_rules import check_grades, digest_of, new_token
from assessment.models import (
    BallotCampaign,
    BallotParticipation,
    BallotState,
    Credential,
    CredentialState,
    Cycle,
    RaterClass,
)
from assessment.models.ballots import MINIMUM
from assessment.selectors.ballots import class_plans, groups_of, turnout, units_of
from assessment.services.ballot_guard import RIGHT, locked_campaign, refuse
from assessment.services.box import shake
from tenants.organisation.models import Person
from zhiheng.accounts.guard import require
from zhiheng.kernel import audit

MOST_CARDS = 3000


@transaction.atomic
def campaign_create(
    *, cycle: Cycle, title: str, groups: Sequence[str], grades: Sequence[Mapping[str, Any]], opens_at: datetime,
    closes_at: datetime, acting_user: Any, classes: Sequence[str] = (),
) -> BallotCampaign:  # fmt: skip
    """Plan a campaign; ``classes`` are titles, whose measures are taken from the scheme where it names them.

    Raises INVALID_INPUT for a group the scheme does not have, grades that cannot be given, or an empty period.
    """
    require(acting_user, RIGHT)
    unknown = set(groups) - {code for code, _title in groups_of(cycle)}
    if unknown or not groups:
        refuse("测评范围", "没有选中方案里的单位组", "请至少选一组", field="groups")
    if fault := check_grades(grades):
        refuse("等次", fault, "一行一档，如“优秀 4”", field="grades")
    if opens_at >= closes_at:
        refuse("截止时间", "截止早于开始", "请核对两个时间", field="closes_at")
    campaign = BallotCampaign.objects.create(
        cycle=cycle, title=title, groups=list(groups), opens_at=opens_at, closes_at=closes_at,
        grades=[{"label": str(g["label"]).strip(), "at_most": g.get("at_most")} for g in grades],
    )  # fmt: skip
    plans = {plan.title: dict(plan.measures) for plan in class_plans(cycle)}
    for name in classes:
        class_add(
            campaign=campaign,
            title=name,
            measures=_of_grades(campaign, plans.get(name, {})),
            acting_user=acting_user,
        )
    audit.record(
        acting_user=acting_user, action="ballot.create", target=campaign, data={"groups": campaign.groups}
    )
    return campaign


def _of_grades(campaign: BallotCampaign, measures: Mapping[str, str]) -> dict[str, str]:
    labels = {grade["label"] for grade in campaign.grades}
    return {label: code for label, code in measures.items() if label in labels and code}


@transaction.atomic
def class_add(
    *, campaign: BallotCampaign, title: str, acting_user: Any, weight: Decimal = Decimal(1), minimum: int = MINIMUM,
    measures: Mapping[str, str] | None = None,
) -> RaterClass:  # fmt: skip
    """Add a class of voters before opening.  Raises STATE after it, INVALID_INPUT for a title taken or a small minimum."""
    locked = _draft(campaign, acting_user, "加投票人类别")
    made = RaterClass(campaign=locked)
    return _class_save(made, "ballot.class_add", title, weight, minimum, measures or {}, acting_user)


@transaction.atomic
def class_change(
    *, rater_class: RaterClass, title: str, weight: Decimal, minimum: int, measures: Mapping[str, str], acting_user: Any
) -> RaterClass:  # fmt: skip
    """Change a class before opening; afterwards minimum, weight and destination stay as the voters were told."""
    _draft(rater_class.campaign, acting_user, "改投票人类别")
    return _class_save(rater_class, "ballot.class_change", title, weight, minimum, measures, acting_user)


@transaction.atomic
def class_remove(*, rater_class: RaterClass, acting_user: Any) -> None:
    """Remove a class before opening, with the codes given out for it."""
    _draft(rater_class.campaign, acting_user, "删投票人类别")
    audit.record(acting_user=acting_user, action="ballot.class_remove", target=rater_class)
    rater_class.delete()


def _class_save(  # noqa: PLR0917
    one: RaterClass, action: str, title: str, weight: Decimal, minimum: int, measures: Mapping[str, str],
    acting_user: Any,
) -> RaterClass:  # fmt: skip
    campaign = one.campaign
    if campaign.classes.filter(title=title).exclude(pk=one.pk).exists():
        refuse("名称", f"已有“{title}”这一类", "请换个名称", field="title")
    if minimum < MINIMUM:
        refuse("最少票数", f"少于{MINIMUM}张会认出是谁投的", f"请填{MINIMUM}以上", field="minimum")
    if weight <= 0:
        refuse("权重", "权重要大于0", "不分轻重就都填1", field="weight")
    known = {m["code"] for m in campaign.cycle.version.document.get("measures", [])}
    if unknown := set(measures.values()) - known - {""}:
        refuse("计入的数据项", f"方案里没有{'、'.join(sorted(unknown))}", "请从清单里选")
    one.title, one.weight, one.minimum = title, weight, minimum
    one.measures = _of_grades(campaign, measures)
    one.save()
    audit.record(acting_user=acting_user, action=action, target=one, data={"measures": one.measures})
    return one


# Moves ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def campaign_open(*, campaign: BallotCampaign, acting_user: Any) -> BallotCampaign:
    """Open voting: units, grades, classes and minimum are fixed from here on.

    Raises STATE unless in preparation, INVALID_INPUT without classes or units, or when quotas leave units without grade.
    """
    locked = _draft(campaign, acting_user, "开始投票")
    locked.units = units_of(locked)
    if not locked.units:
        refuse("测评范围", "考核周期里没有这些组的单位", "请先在“单位与岗位”里登记被考核单位")
    if not locked.classes.exists():
        refuse("投票人类别", "一类也没有", "请先加投票人类别")
    if fault := check_grades(locked.grades, len(locked.units)):
        refuse("等次", fault, "请新建一场限额合适的测评")
    locked.state = BallotState.OPEN
    locked.save(update_fields=["units", "state"])
    _note(locked, "ballot.open", acting_user, units=len(locked.units))
    return locked


@transaction.atomic
def campaign_close(*, campaign: BallotCampaign, acting_user: Any) -> BallotCampaign:
    """End voting: waits for ballots that are being cast, refuses later ones, shakes the box."""
    locked = locked_campaign(campaign, {BallotState.OPEN}, "截止", acting_user)
    locked.state = BallotState.CLOSED
    locked.save(update_fields=["state"])
    for one in locked.classes.all():
        shake(one)
    numbers = {str(line.rater_class): line.used for line in turnout(locked)}
    _note(locked, "ballot.close", acting_user, ballots=numbers)
    return locked


@transaction.atomic
def campaign_prolong(
    *,
    campaign: BallotCampaign,
    closes_at: datetime,
    reason: str,
    acting_user: Any,
    now: datetime | None = None,
) -> BallotCampaign:
    """Give voters more time, also after closing as long as nothing was counted.  The reason is kept."""
    locked = locked_campaign(campaign, {BallotState.OPEN, BallotState.CLOSED}, "延长", acting_user)
    if closes_at <= (now or timezone.now()) or closes_at <= locked.opens_at:
        refuse("截止时间", "新的截止时间已经过了", "请填以后的时间", field="closes_at")
    if not reason.strip():
        refuse("理由", "没有写理由", "请写一句话说明原因", field="reason")
    locked.state, locked.closes_at = BallotState.OPEN, closes_at
    locked.save(update_fields=["state", "closes_at"])
    _note(locked, "ballot.prolong", acting_user, reason=reason, closes_at=closes_at)
    return locked


# Codes ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IssuedCode:
    """A code in clear, known at this moment only; ``person`` is None for a card of a hall."""

    token: str
    person: Person | None = None


@transaction.atomic
def credentials_issue(
    *, rater_class: RaterClass, acting_user: Any, people: Sequence[Person] = (), cards: int = 0
) -> list[IssuedCode]:
    """Give out codes: one per person (an unused earlier one dies, who has voted gets none), and cards without names.

    Raises STATE after closing, INVALID_INPUT for somebody of another class or too many cards.
    """
    campaign = locked_campaign(
        rater_class.campaign, {BallotState.DRAFT, BallotState.OPEN}, "发投票码", acting_user
    )
    if not people and not 0 < cards <= MOST_CARDS:
        refuse("张数", "没有写发给谁，也没有写张数", f"一次最多{MOST_CARDS}张", field="cards")
    issued = _to_people(campaign, rater_class, people) + _to_nobody(rater_class, cards)
    data = {"people": len(issued) - cards, "cards": cards}
    audit.record(acting_user=acting_user, action="ballot.issue", target=rater_class, data=data)
    return issued


def _to_people(
    campaign: BallotCampaign, rater_class: RaterClass, people: Sequence[Person]
) -> list[IssuedCode]:
    entries = {
        entry.person_id: entry
        for entry in campaign.participations.filter(person__in=people).select_related("credential")
    }
    elsewhere = [
        p for p in people if p.pk in entries and entries[p.pk].credential.rater_class_id != rater_class.pk
    ]
    if elsewhere:
        refuse(
            "名单",
            f"{'、'.join(map(str, elsewhere[:5]))}已在另一类里",
            "一人一票，请从名单里去掉",
            field="people",
        )
    old = [entry.credential_id for entry in entries.values()]
    given = Credential.objects.filter(pk__in=old, state=CredentialState.ISSUED)
    given.update(state=CredentialState.REVOKED)
    used = set(Credential.objects.filter(pk__in=old, state=CredentialState.USED).values_list("pk", flat=True))
    invited = [p for p in people if p.pk not in entries or entries[p.pk].credential_id not in used]
    codes = [IssuedCode(new_token(), person) for person in invited]
    for code, credential in zip(codes, _stored(rater_class, codes), strict=True):
        BallotParticipation.objects.update_or_create(
            campaign=campaign, person=code.person, defaults={"credential": credential}
        )
    return codes


def _to_nobody(rater_class: RaterClass, cards: int) -> list[IssuedCode]:
    codes = [IssuedCode(new_token()) for _unused in range(cards)]
    _stored(rater_class, codes)
    # The order in which cards are printed and handed out must not be the order of the rows.
    SystemRandom().shuffle(codes)
    return codes


def _stored(rater_class: RaterClass, codes: Sequence[IssuedCode]) -> list[Credential]:
    return Credential.objects.bulk_create(
        [Credential(rater_class=rater_class, digest=digest_of(code.token)) for code in codes]
    )


@transaction.atomic
def cards_void(*, rater_class: RaterClass, acting_user: Any) -> int:
    """Kill the unused cards of a class (left over, or printed twice); codes of people stay.  Returns how many."""
    require(acting_user, RIGHT)
    cards = rater_class.credentials.filter(participation=None, state=CredentialState.ISSUED)
    number: int = cards.update(state=CredentialState.REVOKED)
    audit.record(acting_user=acting_user, action="ballot.void", target=rater_class, data={"cards": number})
    return number


def _draft(campaign: BallotCampaign, acting_user: Any, action: str) -> BallotCampaign:
    return locked_campaign(campaign, {BallotState.DRAFT}, action, acting_user)


def _note(campaign: BallotCampaign, action: str, acting_user: Any, **data: Any) -> None:
    audit.record(acting_user=acting_user, action=action, target=campaign, data=data)
