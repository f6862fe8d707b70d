"""A demo college's organisation: a workbook of units, posts and people, imported as an office would; calendar; accounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from tenants.organisation.services.calendar import academic_year_create, term_set
from tenants.organisation.services.imports import import_apply
from tenants.organisation.spreadsheets import write_workbook
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create

PASSWORD = "Zhiheng-2026"  # noqa: S105
"""The one password of all demo accounts; a real installation never has it."""
SINCE = date(2020, 1, 1)
POSTS = ("处长", "综合岗", "业务岗")
TEACHING_POSTS = ("院长", "教学秘书", "专业带头人")
Rows = list[Mapping[str, Any]]


@dataclass(frozen=True)
class UnitLine:
    """One unit of the data file."""

    code: str
    name: str
    short_name: str
    kind: str
    unit_type: str
    headcount: int

    @property
    def posts(self) -> tuple[str, ...]:
        """Titles of the unit's posts; the first is the head's."""
        return TEACHING_POSTS if self.kind in {"secondary", "teaching"} else POSTS


def lines(college: Mapping[str, Any], part: str = "units") -> list[UnitLine]:
    """Units of the data file: those assessed, or the ``separate`` ones."""
    return [UnitLine(*row) for row in college.get(part, [])]


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
    college: Mapping[str, Any], groups: Mapping[str, str], names: Iterator[str], folder: Path
) -> dict[str, User]:
    """Create everything; returns the accounts by name.  ``groups`` maps unit types to groups of the scheme."""
    path = folder / f"{college['name']}-机构与人员.xlsx"
    path.write_bytes(write_workbook(_workbook(college, groups, names)))
    import_apply(content=path.read_bytes(), file_name=path.name, on=SINCE, acting_user=None)
    _calendar()
    return _accounts()


def _workbook(college: Mapping[str, Any], groups: Mapping[str, str], names: Iterator[str]) -> dict[str, Rows]:
    units = [*lines(college), *lines(college, "separate")]
    boards: dict[str, tuple[str, ...]] = {}
    for code, name in college.get("signboards", []):
        boards[code] = (*boards.get(code, ()), name)
    root = {
        "code": "ROOT",
        "name": college["name"],
        "short_name": "",
        "kind": "college",
        "parent": "",
        "valid_from": SINCE,
    }
    posts = [(line, place, title) for line in units for place, title in enumerate(line.posts, start=1)]
    return {
        "units": [root, *(_unit(line, boards.get(line.code, ())) for line in units)],
        "clusters": [_cluster(entry) for entry in college.get("clusters", [])],
        "posts": [_post(line, place, title) for line, place, title in posts],
        "people": [
            {"staff_number": f"{line.code}{place:02d}", "name": next(names), "valid_from": SINCE}
            for line, place, _ in posts
        ],
        "holdings": [
            {
                "staff_number": f"{line.code}{place:02d}",
                "post": f"{line.code}-{place}",
                "share": 1,
                "valid_from": SINCE,
            }
            for line, place, _ in posts
        ],
        "assessed": _assessed(college, groups),
    }


def _unit(line: UnitLine, boards: tuple[str, ...]) -> dict[str, Any]:
    return {
        "code": line.code, "name": line.name, "short_name": line.short_name, "kind": line.kind, "parent": "ROOT",
        "signboards": boards, "valid_from": SINCE,
    }  # fmt: skip


def _cluster(entry: Mapping[str, Any]) -> dict[str, Any]:
    lead, *members = entry["units"]
    return {
        "code": entry["code"],
        "name": entry["name"],
        "lead": lead,
        "members": tuple(members),
        "valid_from": SINCE,
    }


def _post(line: UnitLine, place: int, title: str) -> dict[str, Any]:
    return {
        "code": f"{line.code}-{place}", "name": title, "unit": line.code, "is_head": place == 1,
        "seats": 1 if place == 1 else 2, "valid_from": SINCE,
    }  # fmt: skip


def _assessed(college: Mapping[str, Any], groups: Mapping[str, str]) -> Rows:
    clusters = {entry["units"][0]: entry["code"] for entry in college.get("clusters", [])}
    rows: Rows = []
    taking_part = [(line, "assessed") for line in assessed_lines(college)]
    for position, (line, how) in enumerate(
        [*taking_part, *((one, "separate") for one in lines(college, "separate"))]
    ):
        in_cluster = line.code in clusters
        rows.append(
            {
                "code": line.code,
                "name": line.name,
                "short_name": line.short_name,
                "unit_type": line.unit_type,
                "group": groups[line.unit_type],
                "participation": how,
                "position": position,
                "units": () if in_cluster else (line.code,),
                "clusters": (clusters[line.code],) if in_cluster else (),
                "attributes": {"headcount": str(line.headcount)},
                "valid_from": SINCE,
            }
        )
    return rows


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


def _accounts() -> dict[str, User]:
    made = {}
    for name, role, title, unit in ACCOUNTS:
        made[name] = demo_account(name, title)
        role_grant(user=made[name], role=role, scope_unit_code=unit, valid_from=SINCE, acting_user=None)
    return made


def demo_account(name: str, title: str) -> User:
    """An account with the demo password, hashed once for all: a hash costs a third of a second."""
    user = user_create(username=name, name=title, password=None, acting_user=None)
    user.password = _hash()
    user.save(update_fields=["password"])
    return user


@cache
def _hash() -> str:
    return make_password(PASSWORD)


def person_names(names: Mapping[str, Any]) -> Iterator[str]:
    """Invented names, each once, in a fixed order that mixes surnames."""
    pairs = [surname + given for given, surname in product(names["given"], names["surnames"])]
    step = 389
    return iter(pairs[(n * step) % len(pairs)] for n in range(len(pairs)))
