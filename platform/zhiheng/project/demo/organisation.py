"""A demo college's organisation: units, clusters, signboards, posts, people, calendar, accounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from tenants.organisation.models import Cluster, Post, Unit
from tenants.organisation.models.assessed import Participation
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.organisation.services.calendar import academic_year_create, term_set
from tenants.organisation.services.clusters import cluster_create, signboard_put_up
from tenants.organisation.services.people import holding_start, person_create
from tenants.organisation.services.posts import post_create
from tenants.organisation.services.units import unit_create
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create

PASSWORD = "Zhiheng-2026"  # noqa: S105
"""The one password of all demo accounts; a real installation never has it."""
SINCE = date(2020, 1, 1)
POSTS = ("处长", "综合岗", "业务岗")
TEACHING_POSTS = ("院长", "教学秘书", "专业带头人")


@dataclass(frozen=True)
class UnitLine:
    """One unit of the data file."""

    code: str
    name: str
    short_name: str
    kind: str
    unit_type: str
    headcount: int


def lines(college: Mapping[str, Any]) -> list[UnitLine]:
    """Units that take part in the assessment."""
    return [UnitLine(*row) for row in college["units"]]


def assessed_lines(college: Mapping[str, Any]) -> list[UnitLine]:
    """Units and clusters that are scored as one: a cluster stands where its leading unit stands."""
    clusters = {entry["units"][0]: entry for entry in college.get("clusters", [])}
    inside = {code for entry in college.get("clusters", []) for code in entry["units"][1:]}
    sizes = {line.code: line.headcount for line in lines(college)}
    found = []
    for line in lines(college):
        if line.code in clusters:
            entry = clusters[line.code]
            total = sum(sizes[code] for code in entry["units"])
            found.append(replace(line, name=entry["name"], short_name="", headcount=total))
        elif line.code not in inside:
            found.append(line)
    return found


def build_organisation(
    college: Mapping[str, Any], groups: Mapping[str, str], names: Iterator[str]
) -> dict[str, User]:
    """Create everything; returns the accounts by role.  ``groups`` maps unit types to groups of the scheme."""
    root = unit_create(code="ROOT", name=college["name"], kind="college", valid_from=SINCE, acting_user=None)
    separate = [UnitLine(*row) for row in college.get("separate", [])]
    units = {line.code: _unit(line, root) for line in [*lines(college), *separate]}
    for line in [*lines(college), *separate]:
        _posts_and_people(units[line.code], line, names)
    clusters = _clusters(college, units)
    for position, line in enumerate(assessed_lines(college)):
        _assessed(line, clusters.get(line.code, units[line.code]), groups[line.unit_type], position)
    for line in separate:
        _assessed(line, units[line.code], groups[line.unit_type], 99, Participation.SEPARATE)
    _calendar()
    return _accounts(units)


def _unit(line: UnitLine, root: Unit) -> Unit:
    return unit_create(
        code=line.code, name=line.name, short_name=line.short_name, kind=line.kind, parent=root, valid_from=SINCE,
        acting_user=None,
    )  # fmt: skip


def _posts_and_people(unit: Unit, line: UnitLine, names: Iterator[str]) -> None:
    teaching = line.kind in {"secondary", "teaching"}
    for number, title in enumerate(TEACHING_POSTS if teaching else POSTS, start=1):
        post = post_create(
            unit=unit, code=f"{line.code}-{number}", name=title, is_head=number == 1, seats=1 if number == 1 else 2,
            valid_from=SINCE, acting_user=None,
        )  # fmt: skip
        _person(post, f"{line.code}{number:02d}", next(names))


def _person(post: Post, number: str, name: str) -> None:
    person = person_create(staff_number=number, name=name, valid_from=SINCE, acting_user=None)
    holding_start(person=person, post=post, valid_from=SINCE, acting_user=None)


def _clusters(college: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, Cluster]:
    clusters = {}
    for entry in college.get("clusters", []):
        members = [units[code] for code in entry["units"]]
        clusters[entry["units"][0]] = cluster_create(
            code=entry["code"], name=entry["name"], units=members, valid_from=SINCE, acting_user=None
        )
    for code, name in college.get("signboards", []):
        signboard_put_up(unit=units[code], name=name, valid_from=SINCE, acting_user=None)
    return clusters


def _assessed(
    line: UnitLine,
    unit: Unit | Cluster,
    group: str,
    position: int,
    participation: Participation = Participation.ASSESSED,
) -> None:
    assessed_unit_create(
        code=line.code, name=line.name, short_name=line.short_name, unit_type=line.unit_type, group=group,
        members=[unit], participation=participation, attributes={"headcount": line.headcount}, position=position,
        valid_from=SINCE, acting_user=None,
    )  # fmt: skip


def _calendar() -> None:
    for start in range(2022, 2027):
        year = academic_year_create(start_year=start, acting_user=None)
        for number, first in ((1, date(start, 9, 1)), (2, date(start + 1, 2, 24))):
            monday = first + timedelta(days=-first.weekday() % 7)
            term_set(year=year, number=number, first_monday=monday, weeks=20, acting_user=None)


ACCOUNTS = (
    ("admin", "admin", "学校管理员", ""),
    ("quality", "quality", "质量办", ""),
    ("review", "quality", "质量办复核", ""),
    ("leader", "leader", "校领导", ""),
    ("assessor", "assessor", "考核部门（教务处）", "JW"),
    ("head", "head", "部门负责人（信息）", "XX"),
    ("staff", "staff", "教职工", ""),
)
"""Account name, role, title shown beside the sign-in, unit."""


def _accounts(units: Mapping[str, Unit]) -> dict[str, User]:
    made = {}
    for name, role, title, unit in ACCOUNTS:
        user = user_create(
            username=name, name=title, password=PASSWORD, must_change_password=False, acting_user=None
        )
        role_grant(
            user=user,
            role=role,
            scope_unit_code=units[unit].code if unit else "",
            valid_from=SINCE,
            acting_user=None,
        )
        made[name] = user
    return made


def person_names(names: Mapping[str, Any]) -> Iterator[str]:
    """Invented names, each once, in a fixed order that mixes surnames."""
    pairs = [surname + given for given, surname in product(names["given"], names["surnames"])]
    step = 389
    return iter(pairs[(n * step) % len(pairs)] for n in range(len(pairs)))
