"""Fifteen colleges with two indicators over two years, one on the platform; statistics frozen.  Committed, not rolled back.

毕业去向落实率 2025: the others have 90.0, 90.5, ..., 96.5 per cent, the college itself 93.1, so it is the eighth of
fifteen and the median.  生师比 (lower is better): the others have 14 to 27, the college 30, so it is the last.
"""

from decimal import Decimal

from django.db import connection, connections

from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.benchmarking.models import ReleaseLevel
from zhiheng.benchmarking.services.profiles import profile_set
from zhiheng.benchmarking.services.releases import Figure, province_upload, release_publish
from zhiheng.benchmarking.services.statistics import peer_group_define, statistics_freeze
from zhiheng.library.services.sync import library_sync

OTHERS = 14
TABLES = ["library_indicatordefinition", "library_template", "benchmarking_release", "benchmarking_peergroup",
          "benchmarking_collegeprofile"]  # fmt: skip


def released_world(college: Tenant, province: Tenant) -> None:
    """Library, profiles, two groups (one below the floor), releases of 2024 and 2025, statistics."""
    with public_context():
        library_sync()
        for number in range(OTHERS + 1):
            profile_set(
                college=key(number) if number else college.schema_name,
                name=f"样板{number:02d}职业学院" if number else college.name,
                province=province.schema_name,
                province_name="丙省",
                ownership="公办",
                discipline="综合",
                tier="省级双高" if number < 6 else "其他",
                students=8000 + number,
                on_platform=not number,
                acting_user=None,
            )
        peer_group_define(code="province", title="同省", criteria={"province_name": "丙省"}, acting_user=None)
        peer_group_define(code="tier", title="同层次", criteria={"tier": "省级双高"}, acting_user=None)
    for year in (2024, 2025):
        with tenant_context(college):
            release_publish(
                year=year,
                level=ReleaseLevel.OFFICIAL,
                figures=figures(931 + year - 2025, 30),
                acting_user=None,
            )
        with tenant_context(province):
            for n in range(OTHERS):
                province_upload(
                    college=key(n + 1), year=year, figures=figures(900 + 5 * n, 14 + n), acting_user=None
                )
    with public_context():
        statistics_freeze(year=2024)
        statistics_freeze(year=2025)


def key(number: int) -> str:
    """Key of a college that is not on the platform."""
    return f"x_{number:02d}"


def figures(settled: int, students: int) -> list[Figure]:
    """The two indicators."""
    return [
        Figure("settled_rate", Decimal(settled), Decimal(1000)),
        Figure("student_teacher_ratio", Decimal(students), Decimal(1)),
    ]


def forget_world() -> None:
    """Empty the shared tables again."""
    with connection.as_owner("public", "public"), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    connections.close_all()
