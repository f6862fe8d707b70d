"""A small assessment year for page tests: two suppliers, three units, one year sealed and one being collected."""

from datetime import date
from typing import Any

from assessment.models import Cycle, Run, RunKind, Scheme
from assessment.services.cycles import cycle_create, cycle_move
from assessment.services.facts import facts_store, submission_move
from assessment.services.runs import run_execute
from assessment.services.schemes import version_create, version_publish
from assessment.spreadsheets.facts import CellKey
from assessment.values import Cell
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.organisation.services.units import unit_create
from tenants.registry.context import tenant_context
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create

PASSWORD = "Kaohe-2026-jia"
SINCE = date(2020, 1, 1)
UNITS = {"ZN": "智能制造学院", "XX": "信息工程学院", "XD": "现代商务学院"}
SUPPLIERS = {"JW": "教务处", "ZJ": "招生就业处"}
PEOPLE = (
    ("quality", "quality", "周敏", ""),
    ("review", "quality", "陈岚", ""),
    ("leader", "leader", "沈校长", ""),
    ("assessor", "assessor", "何静", "JW"),
    ("head", "head", "钱主任", "XX"),
    ("staff", "staff", "孙老师", ""),
)
DOCUMENT: dict[str, Any] = {
    "format": "zhiheng-scheme/1",
    "code": "jx",
    "title": "部门绩效考核办法",
    "source": {"title": "绩效考核办法（试行）", "issuer": "本校"},
    "unit_types": {"teaching": "教学单位"},
    "groups": [{"code": "teaching", "title": "教学单位", "types": ["teaching"]}],
    "readings": [
        {"code": "best", "title": "最好的单位", "options": {"best": "同组最好", "mean": "同组平均"}, "default": "best",
         "clause": "第四条"}
    ],
    "measures": [
        {"code": "A.rate", "title": "就业率", "type": "ratio", "supplier": "招生就业处", "min": 0, "max": 1},
        {"code": "B.late", "title": "报送·迟报次数", "type": "integer", "supplier": "教务处", "min": 0, "max": 20,
         "unit": "次"},
        {"code": "B.lost", "title": "报送·漏报次数", "type": "integer", "supplier": "教务处", "min": 0, "unit": "次"},
    ],
    "tree": {
        "code": "total",
        "title": "总分",
        "points": 100,
        "children": [
            {"code": "A", "title": "就业", "points": 60, "clause": "第四条", "assessor": "招生就业处",
             "kind": "proportional.1",
             "params": {"value": "[就业率]", "benchmark": {"statistic": {"$reading": "best"}}}},
            {"code": "B", "title": "报送", "points": 40, "clause": "第五条", "assessor": "教务处",
             "kind": "event_tally.1",
             "params": {"start": "[分值]", "entries": [
                 {"title": "迟报", "count": "[报送·迟报次数]", "points": -3},
                 {"title": "漏报", "count": "[报送·漏报次数]", "points": -5}]}},
        ],
    },
    "outcomes": {
        "ranking": {"code": "R", "title": "名次", "kind": "peer_ranking.1", "params": {}},
        "grades": {"code": "G", "title": "等次", "kind": "grade_assignment.1",
                   "params": {"grades": [{"code": "优秀"}, {"code": "合格"}], "default": "合格",
                              "tests": [{"grade": "优秀", "when": "[名次]=1"}]}},
    },
    "process": [{"code": "P1", "title": "填报", "actor": "各部门", "due": "11 月 30 日前"}],
}  # fmt: skip
FIGURES = {
    2025: {"ZN": ("0.9", "2", "0"), "XX": ("0.8", "1", "0"), "XD": ("0.6", "0", "0")},
    2026: {"ZN": ("0.9", "0", "1"), "XX": ("0.93", "", ""), "XD": ("", "", "")},
}
"""Employment rate, late, lost by unit; an empty text is not reported yet."""


def sample_year(tenant: Any) -> dict[str, User]:
    """Build it through the services: 2025 sealed, 2026 in collection; the users by name."""
    with tenant_context(tenant):
        root = unit_create(code="XXGJ", name=tenant.name, kind="college", valid_from=SINCE, acting_user=None)
        for code, name in SUPPLIERS.items():
            unit_create(
                code=code, name=name, kind="functional", parent=root, valid_from=SINCE, acting_user=None
            )
        for place, (code, name) in enumerate(UNITS.items()):
            unit = unit_create(
                code=code, name=name, kind="secondary", parent=root, valid_from=SINCE, acting_user=None
            )
            assessed_unit_create(
                code=code, name=name, unit_type="teaching", group="teaching", members=[unit], position=place,
                valid_from=SINCE, acting_user=None,
            )  # fmt: skip
        users = {name: _user(name, *rest) for name, *rest in PEOPLE}
        sealed = _sealed(users)
        _opened(users, 2026, sealed)
    return users


def _user(username: str, role: str, name: str, unit: str) -> User:
    user = user_create(
        username=username, name=name, password=PASSWORD, must_change_password=False, acting_user=None
    )
    role_grant(user=user, role=role, scope_unit_code=unit, valid_from=SINCE, acting_user=None)
    return user


def _sealed(users: dict[str, User]) -> Cycle:
    scheme = Scheme.objects.create(code="jx", title=str(DOCUMENT["title"]), year_kind="calendar")
    version = version_create(scheme=scheme, document=DOCUMENT, acting_user=users["quality"])
    version_publish(
        version=version, approved_by="校长办公会", approved_on=date(2025, 1, 6), basis="校发〔2025〕1号",
        acting_user=users["quality"],
    )  # fmt: skip
    cycle = _opened(users, 2025, None)
    for submission in cycle.submissions.all():
        handed_in = submission_move(submission=submission, to="submitted", acting_user=users["quality"])
        submission_move(submission=handed_in, to="approved", acting_user=users["review"])
    cycle = cycle_move(cycle=cycle, action="close", acting_user=users["quality"])
    official_run(cycle, users["quality"])
    for action, who, day in (("notice", "quality", 5), ("decide", "leader", 25), ("seal", "quality", 26)):
        cycle = cycle_move(cycle=cycle, action=action, acting_user=users[who], today=date(2026, 1, day))
    return cycle


def official_run(cycle: Cycle, user: User) -> None:
    """An official run, worked off here and now, without a worker."""
    made = Run.objects.create(
        cycle=cycle, version=cycle.version, kind=RunKind.OFFICIAL, number=1, started_by=user
    )
    run_execute(run=made)


def _opened(users: dict[str, User], year: int, previous: Cycle | None) -> Cycle:
    version = Scheme.objects.get(code="jx").versions.get()
    cycle = cycle_create(
        code=f"jx-{year}", title=f"{year}年度考核", version=version, year=year, previous=previous,
        starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), acting_user=users["quality"],
    )  # fmt: skip
    cycle = cycle_move(cycle=cycle, action="open", acting_user=users["quality"])
    cells: dict[CellKey, Cell] = {
        (measure, unit): Cell("value", text)
        for unit, texts in FIGURES[year].items()
        for measure, text in zip(("A.rate", "B.late", "B.lost"), texts, strict=True)
        if text
    }
    facts_store(cycle=cycle, cells=cells, acting_user=users["quality"], source="测试")
    return cycle
