"""What the tests of the assessment share: people with roles, a small scheme, a cycle on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assessment.models import Cycle, Scheme, SchemeVersion
from assessment.services.cycles import cycle_create
from assessment.services.schemes import version_create, version_publish
from tenants.organisation.services.assessed import assessed_unit_create
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create

SINCE = date(2020, 1, 1)
DOCUMENT: dict[str, Any] = {
    "format": "zhiheng-scheme/1",
    "code": "small",
    "title": "小方案",
    "unit_types": {"teaching": "教学单位"},
    "groups": [{"code": "teaching", "title": "教学单位", "types": ["teaching"]}],
    "measures": [
        {"code": "rate", "title": "就业率", "type": "ratio", "supplier": "招生就业处"},
        {"code": "late", "title": "迟报次数", "type": "integer", "supplier": "质量办", "min": 0},
        {"code": "months", "title": "每月会议", "type": "list", "supplier": "质量办", "missing": "not_applicable"},
    ],
    "tree": {
        "code": "total",
        "title": "总分",
        "points": 100,
        "children": [
            {"code": "A", "title": "就业", "points": 60, "kind": "proportional.1",
             "params": {"value": "[就业率]", "benchmark": {"statistic": "best"}}},
            {"code": "B", "title": "报送", "points": 40, "kind": "event_tally.1",
             "params": {"start": "[分值]", "entries": [{"title": "迟报", "count": "[迟报次数]", "points": -3}]}},
        ],
    },
    "outcomes": {
        "gates": [{"code": "V", "title": "否决", "kind": "knockout_gate.1",
                   "params": {"decision": True, "effects": {"grade_cap": "合格"}}}],
        "ranking": {"code": "R", "title": "名次", "kind": "peer_ranking.1", "params": {}},
        "grades": {"code": "G", "title": "等次", "kind": "grade_assignment.1",
                   "params": {"grades": [{"code": "优秀"}, {"code": "合格"}], "default": "合格",
                              "tests": [{"grade": "优秀", "when": "[名次]=1"}]}},
    },
    "process": [{"title": "填报", "due": "11 月 30 日前"}, {"title": "公示", "due": "次年 1 月"}],
}  # fmt: skip


def make_user(name: str, role: str, unit: str = "") -> User:
    """An account with one role."""
    user = user_create(username=name, name=name, password=None, acting_user=None)
    role_grant(user=user, role=role, scope_unit_code=unit, valid_from=SINCE, acting_user=None)
    return user


def make_units(codes: dict[str, str], group: str = "teaching") -> None:
    """Assessed units by code and type."""
    for position, (code, unit_type) in enumerate(codes.items()):
        assessed_unit_create(
            code=code, name=f"单位{code}", unit_type=unit_type, group=group, position=position, valid_from=SINCE,
            acting_user=None,
        )  # fmt: skip


def make_version(document: dict[str, Any], user: User) -> SchemeVersion:
    """A published version of a document."""
    scheme = Scheme.objects.create(code=document["code"], title=document["title"], year_kind="calendar")
    version = version_create(scheme=scheme, document=document, acting_user=user)
    return version_publish(
        version=version,
        approved_by="校长办公会",
        approved_on=date(2025, 1, 6),
        basis="校发1号",
        acting_user=user,
    )


@pytest.fixture
def people(in_college: Any) -> dict[str, User]:
    """One user per role that the year needs."""
    roles = {"admin": "admin", "quality": "quality", "second": "quality", "leader": "leader", "head": "head"}
    return {name: make_user(name, role) for name, role in roles.items()}


@pytest.fixture
def cycle(people: dict[str, User]) -> Cycle:
    """A planned cycle 2025 of the small scheme with units T1 to T3."""
    make_units(dict.fromkeys(("T1", "T2", "T3"), "teaching"))
    return cycle_create(
        code="small-2025", title="2025年度考核", version=make_version(DOCUMENT, people["admin"]),
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), year=2025, acting_user=people["quality"],
    )  # fmt: skip


@pytest.fixture
def user_maker() -> Callable[..., User]:
    """``make_user`` as a fixture, for tests that do not import from here."""
    return make_user
