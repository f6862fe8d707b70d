"""A small college for page tests: units with history, posts, people, a cluster, a signboard, a term."""

from datetime import date
from typing import Any

from tenants.organisation.models import Unit
from tenants.organisation.services.assessed import assessed_unit_create
from tenants.organisation.services.calendar import academic_year_create, term_set
from tenants.organisation.services.clusters import cluster_create, signboard_put_up
from tenants.organisation.services.people import holding_start, person_create
from tenants.organisation.services.posts import post_create, section_create
from tenants.organisation.services.units import unit_create
from tenants.registry.context import tenant_context

SINCE = date(2020, 9, 1)
UNITS = (
    ("JWC", "教务处", "functional"),
    ("XSC", "学生工作处", "functional"),
    ("RSC", "人事处", "functional"),
    ("CWC", "财务处", "functional"),
    ("KYC", "科研与校企合作处", "functional"),
    ("ZLB", "质量管理办公室", "functional"),
    ("ZZB", "党委组织部", "party"),
    ("XCB", "党委宣传部", "party"),
    ("TW", "团委", "party"),
    ("ZNZZ", "智能制造学院", "secondary"),
    ("XXGC", "信息工程学院", "secondary"),
    ("XDSW", "现代商务学院", "secondary"),
    ("JZGC", "建筑工程学院", "secondary"),
    ("MKS", "马克思主义学院", "teaching"),
    ("TSG", "图书馆", "support"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩"


def small_college(tenant: Any) -> dict[str, Unit]:
    """Build it through the services; returns the units by code."""
    with tenant_context(tenant):
        root = unit_create(code="XX", name=tenant.name, kind="college", valid_from=SINCE, acting_user=None)
        units = {
            code: unit_create(
                code=code, name=name, kind=kind, parent=root, valid_from=SINCE, acting_user=None
            )
            for code, name, kind in UNITS
        }
        for place, (code, unit) in enumerate(units.items()):
            _staff(unit, code, place)
        cluster_create(
            code="DT",
            name="组织部、宣传部",
            units=[units["ZZB"], units["XCB"]],
            valid_from=SINCE,
            acting_user=None,
        )
        signboard_put_up(unit=units["ZLB"], name="教学督导室", valid_from=SINCE, acting_user=None)
        for place, code in enumerate(("ZNZZ", "XXGC", "XDSW", "JZGC", "MKS")):
            assessed_unit_create(
                code=code,
                name=units[code].name,
                unit_type="SC",
                group="教学单位",
                members=[units[code]],
                position=place,
                valid_from=SINCE,
                acting_user=None,
            )
        year = academic_year_create(start_year=2026, acting_user=None)
        term_set(year=year, number=1, first_monday=date(2026, 8, 31), weeks=20, acting_user=None)
    return units


def _staff(unit: Unit, code: str, place: int) -> None:
    section = section_create(unit=unit, code=f"{code}-1", name="综合科", valid_from=SINCE, acting_user=None)
    head = post_create(
        unit=unit, code=f"{code}-01", name="主要负责人", is_head=True, valid_from=SINCE, acting_user=None
    )
    clerk = post_create(
        unit=unit,
        code=f"{code}-02",
        name="综合管理岗",
        section=section,
        seats=2,
        valid_from=SINCE,
        acting_user=None,
    )
    for number, post in ((1, head), (2, clerk)):
        person = person_create(
            staff_number=f"2020{place:02d}{number}",
            name=f"{SURNAMES[place]}{'敏静岚'[number]}",
            valid_from=SINCE,
            acting_user=None,
        )
        holding_start(person=person, post=post, valid_from=SINCE, acting_user=None)
