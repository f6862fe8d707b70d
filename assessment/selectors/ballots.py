"""Reads of democratic appraisal: campaigns, turnout, who may vote with a code, and the counts once they may be seen."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from assessment.ballot_rules import clean_token, digest_of
from assessment.models import (
    BallotCampaign,
    BallotParticipation,
    BallotState,
    Credential,
    CredentialState,
    Cycle,
    PaperCount,
    RaterClass,
)
from assessment.selectors.facts import assessed_units
from zhiheng.kernel.errors import Code, Problem

BLANK = "弃权"
UnitLine = dict[str, str]
Tally = dict[int, dict[str, dict[str, int]]]
"""Class pk -> unit code -> grade -> ballots."""


def campaigns() -> QuerySet[BallotCampaign]:
    """All campaigns, newest first, with the number of codes given out and used."""
    codes = Count("classes__credentials", filter=~Q(classes__credentials__state=CredentialState.REVOKED))
    used = Count("classes__credentials", filter=Q(classes__credentials__state=CredentialState.USED))
    found = BallotCampaign.objects.select_related("cycle").annotate(issued=codes, used=used)
    return found.order_by("-opens_at", "-pk")


def campaign_for(*, pk: int) -> BallotCampaign:
    """The campaign with its cycle and scheme, or NOT_FOUND."""
    found = BallotCampaign.objects.select_related("cycle__version").filter(pk=pk).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def class_for(*, campaign: int, pk: int) -> RaterClass:
    """One class of a campaign, or NOT_FOUND."""
    found = (
        RaterClass.objects.select_related("campaign__cycle__version")
        .filter(pk=pk, campaign_id=campaign)
        .first()
    )
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def paper_for(*, campaign: int, pk: int) -> PaperCount:
    """One count of paper ballots, or NOT_FOUND."""
    papers = PaperCount.objects.select_related("rater_class__campaign", "entered_by", "confirmed_by")
    found = papers.filter(pk=pk, rater_class__campaign_id=campaign).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def groups_of(cycle: Cycle) -> list[tuple[str, str]]:
    """Groups of units that the cycle's scheme ranks: code and title."""
    return [(group["code"], group["title"]) for group in cycle.version.document.get("groups", [])]


def units_of(campaign: BallotCampaign) -> list[UnitLine]:
    """Units on the ballot: those written at opening, before that the cycle's units of the chosen groups."""
    if campaign.units:
        return list(campaign.units)
    groups = campaign.cycle.version.document.get("groups", [])
    types = {kind for group in groups if group["code"] in campaign.groups for kind in group.get("types", [])}
    found = assessed_units(campaign.cycle)
    return [{"code": unit.code, "name": unit.name} for unit in found if unit.unit_type in types]


# What the scheme asks for ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassPlan:
    """A class of voters as the scheme counts it: grade -> measure that takes its ballots."""

    title: str
    measures: Mapping[str, str]


def class_plans(cycle: Cycle) -> list[ClassPlan]:
    """Classes whose ballots the scheme takes grade by grade from measures of their own."""
    document = cycle.version.document
    codes = {
        name: m["code"] for m in document.get("measures", []) for name in (m["code"], m.get("title", ""))
    }
    plans = []
    for entry in _entries_with_ballots(document.get("tree", {})):
        asked = {**entry["ballots"], **({BLANK: entry["blank"]} if "blank" in entry else {})}
        names = {label: re.fullmatch(r"\[([^\[\]]+)\]", str(text).strip()) for label, text in asked.items()}
        if all(names.values()):
            found = {label: codes[name[1]] for label, name in names.items() if name and name[1] in codes}
            plans.append(ClassPlan(entry.get("title", ""), found))
    return [plan for plan in plans if plan.title and plan.measures]


def _entries_with_ballots(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("ballots"), dict):
            yield node
        else:
            for child in node.values():
                yield from _entries_with_ballots(child)
    elif isinstance(node, list):
        for child in node:
            yield from _entries_with_ballots(child)


def count_measures(cycle: Cycle) -> list[tuple[str, str]]:
    """Measures that can take a number of ballots: code and title."""
    measures = cycle.version.document.get("measures", [])
    return [(m["code"], m.get("title", m["code"])) for m in measures if m.get("type") == "integer"]


# Turnout --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turnout:
    """How far a class is: codes given out and used, cards of a hall still unused, confirmed paper ballots."""

    rater_class: RaterClass
    issued: int
    used: int
    cards: int
    paper: int

    @property
    def ballots(self) -> int:
        """Ballots in hand."""
        return self.used + self.paper

    @property
    def missing(self) -> int:
        """How many are missing until anything of the class may be shown."""
        return max(0, self.rater_class.minimum - self.ballots)

    @property
    def percent(self) -> int:
        """Used of issued codes, rounded down."""
        return 100 * self.used // self.issued if self.issued else 0


def turnout(campaign: BallotCampaign) -> list[Turnout]:
    """One line per class; nothing here says what was chosen."""
    given = Count("credentials", filter=~Q(credentials__state=CredentialState.REVOKED))
    used = Count("credentials", filter=Q(credentials__state=CredentialState.USED))
    unused = Q(credentials__state=CredentialState.ISSUED, credentials__participation=None)
    confirmed = PaperCount.objects.filter(rater_class__campaign=campaign, confirmed_by__isnull=False)
    paper = dict(confirmed.values_list("rater_class").annotate(Sum("ballots")))
    classes = campaign.classes.annotate(
        given_out=given, used_up=used, cards_left=Count("credentials", filter=unused)
    )
    return [Turnout(one, one.given_out, one.used_up, one.cards_left, paper.get(one.pk, 0)) for one in classes]


def participations(campaign: BallotCampaign) -> QuerySet[BallotParticipation]:
    """The ledger: invited people with class and, once they voted, the hour."""
    return campaign.participations.select_related("person", "credential__rater_class")


def papers_of(campaign: BallotCampaign) -> QuerySet[PaperCount]:
    """Counts of paper ballots of all classes."""
    papers = PaperCount.objects.filter(rater_class__campaign=campaign)
    return papers.select_related("rater_class", "entered_by", "confirmed_by")


# The door of the voter --------------------------------------------------------------------------------------------------


class Standing(Enum):
    """What a code is good for at this moment."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    USED = "used"


@dataclass(frozen=True)
class Admission:
    """A code's standing; the credential is None only when the code is unknown."""

    standing: Standing
    credential: Credential | None = None

    @property
    def rater_class(self) -> RaterClass:
        """The class the code belongs to.  Raises LookupError for an unknown code."""
        if self.credential is None:
            raise LookupError("an unknown code has no class")
        return self.credential.rater_class

    @property
    def campaign(self) -> BallotCampaign:
        """The campaign the code belongs to.  Raises LookupError for an unknown code."""
        return self.rater_class.campaign


def admission(token: str, *, now: datetime | None = None) -> Admission:
    """What this code is good for; one query."""
    digest = digest_of(clean_token(token))
    found = Credential.objects.select_related("rater_class__campaign").filter(digest=digest).first()
    if found is None:
        return Admission(Standing.UNKNOWN)
    if found.state == CredentialState.USED:
        return Admission(Standing.USED, found)
    if found.state == CredentialState.REVOKED:
        return Admission(Standing.REVOKED, found)
    campaign, moment = found.rater_class.campaign, now or timezone.now()
    if campaign.state == BallotState.DRAFT or (
        campaign.state == BallotState.OPEN and moment < campaign.opens_at
    ):
        return Admission(Standing.EARLY, found)
    if campaign.state == BallotState.OPEN and moment < campaign.closes_at:
        return Admission(Standing.OPEN, found)
    return Admission(Standing.OVER, found)


# Counts, once they may be seen -------------------------------------------------------------------------------------------


def tally(campaign: BallotCampaign) -> Tally:
    """Ballots per class, unit and grade, paper included.  Raises STATE while voting goes on or a class is too small."""
    must_be_countable(campaign)
    found: Tally = {}
    for one in campaign.classes.all():
        counts: dict[str, Counter[str]] = {unit["code"]: Counter() for unit in units_of(campaign)}
        for choices in one.box.values_list("choices", flat=True):
            for unit, grade in choices.items():
                counts[unit][grade] += 1
        for paper in one.papers.filter(confirmed_by__isnull=False):
            for unit, grades in paper.counts.items():
                counts[unit].update(grades)
        labels = [grade["label"] for grade in campaign.grades]
        found[one.pk] = {unit: {label: row[label] for label in labels} for unit, row in counts.items()}
    return found


def must_be_countable(campaign: BallotCampaign) -> None:
    """Raise STATE with advice unless voting has ended and every class has its minimum."""
    advice = ""
    if campaign.state not in {BallotState.CLOSED, BallotState.COUNTED}:
        advice = "请先截止投票。"
    else:
        small = [line for line in turnout(campaign) if line.missing]
        names = "；".join(f"{t.rater_class}只有{t.ballots}张票，不足{t.rater_class.minimum}张" for t in small)
        if small:
            advice = f"{names}，为免认出是谁投的，不计票也不显示。可以延长投票，或补录这一类的线下票。"
    if advice:
        raise Problem(
            Code.STATE,
            what=campaign.title,
            state=campaign.get_state_display(),
            action="计票",
            advice=advice,
        )
