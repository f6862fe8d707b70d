"""A small college that votes: a scheme that counts ballots, a campaign on it, codes for its people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from assessment.models import BallotCampaign, Cycle, RaterClass
from assessment.services.ballots import campaign_create, campaign_open, credentials_issue
from assessment.services.cycles import cycle_create, cycle_move
from assessment.services.voting import ballot_cast
from tenants.organisation.models import Person
from tenants.organisation.services.people import person_create
from tests.assessment.conftest import make_units, make_version

LABELS = ("优秀", "合格", "不合格", "弃权")
CADRE, STAFF = "中层以上干部", "教职工代表"
UNITS = ("T1", "T2", "T3")
TYPES = {**dict.fromkeys(UNITS, "teaching"), "B1": "office"}


def _measure(kind: str, title: str, label: str, code: str) -> dict[str, Any]:
    return {"code": f"D.{kind}_{code}", "title": f"{title}{label}票", "type": "integer", "min": 0, "missing": "zero",
            "supplier": "目标办"}  # fmt: skip


def _rater(title: str) -> dict[str, Any]:
    ballots = {label: f"[{title}{label}票]" for label in LABELS[:3]}
    return {"code": "cadre" if title == CADRE else "staff", "title": title, "weight": "0.5", "ballots": ballots,
            "blank": f"[{title}弃权票]"}  # fmt: skip


CODES = dict(zip(LABELS, ("excellent", "qualified", "unqualified", "blank"), strict=True))
DOCUMENT: dict[str, Any] = {
    "format": "zhiheng-scheme/1",
    "code": "voted",
    "title": "民主测评方案",
    "unit_types": {"teaching": "教学单位", "office": "部门"},
    "groups": [
        {"code": "teaching", "title": "教学单位", "types": ["teaching"]},
        {"code": "office", "title": "部门", "types": ["office"]},
    ],
    "measures": [
        _measure(kind, title, label, CODES[label])
        for kind, title in (("cadre", CADRE), ("staff", STAFF))
        for label in LABELS
    ],
    "tree": {
        "code": "total", "title": "总分", "points": 20,
        "children": [
            {"code": "D", "title": "民主测评", "points": 20, "kind": "panel_rating.1",
             "params": {"levels": [{"code": "优秀", "value": "0.9"}, {"code": "合格", "value": "0.7"},
                                   {"code": "不合格", "value": "0.5"}],
                        "raters": [_rater(CADRE), _rater(STAFF)]}},
        ],
    },
}  # fmt: skip


def make_cycle(
    admin: Any, quality: Any, document: Mapping[str, Any] = DOCUMENT, types: Mapping[str, str] = TYPES
) -> Cycle:
    """An open cycle with three teaching units and one office, or of another scheme with other units."""
    make_units(dict(types))
    cycle = cycle_create(
        code="voted-2025", title="2025年度考核", version=make_version(dict(document), admin), year=2025,
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), acting_user=quality,
    )  # fmt: skip
    return cycle_move(cycle=cycle, action="open", acting_user=quality)


def make_campaign(
    cycle: Cycle, user: Any, *, at_most: int | None = 2, hours: int = 2, **more: Any
) -> BallotCampaign:
    """A campaign in preparation: two classes, one quota, from an hour ago to in two hours."""
    now = timezone.now()
    grades = [{"label": label, "at_most": at_most if label == "优秀" else None} for label in LABELS]
    given: dict[str, Any] = {
        "title": "2025年度教学单位测评", "groups": ["teaching"], "grades": grades, "classes": [CADRE, STAFF],
        "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=hours),
    }  # fmt: skip
    return campaign_create(cycle=cycle, acting_user=user, **{**given, **more})


def make_hall(campaign: BallotCampaign, user: Any, cards: int) -> dict[str, list[str]]:
    """Open the campaign; codes in clear by class."""
    opened = campaign_open(campaign=campaign, acting_user=user)
    return {one.title: hand_out(one, user, cards) for one in opened.classes.all()}


def hand_out(one: RaterClass, user: Any, cards: int) -> list[str]:
    """Codes of fresh cards."""
    return [code.token for code in credentials_issue(rater_class=one, cards=cards, acting_user=user)]


def make_people(number: int, start: int = 1) -> list[Person]:
    """People of the college."""
    return [
        person_create(staff_number=f"P{n:04}", name=f"教师{n}", valid_from=date(2020, 1, 1), acting_user=None)
        for n in range(start, start + number)
    ]


def vote(tokens: Sequence[str], *grades: str, now: datetime | None = None) -> None:
    """Cast the same ballot (grades of T1, T2, T3) with each code."""
    for token in tokens:
        ballot_cast(token=token, choices=dict(zip(UNITS, grades, strict=True)), now=now)
