"""Across the demo colleges: profiles, peer groups, released figures of three years, statistics, the provincial report."""

import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.benchmarking.models import ReleaseLevel
from zhiheng.benchmarking.services.profiles import profile_set
from zhiheng.benchmarking.services.releases import Figure, province_upload, release_publish
from zhiheng.benchmarking.services.statistics import peer_group_define, statistics_freeze
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.selectors.indicators import definitions_for
from zhiheng.provincial.documents import report_docx, report_xlsx
from zhiheng.provincial.models import ProvincialReport
from zhiheng.provincial.services.reports import report_build

PROVINCE_NAME = "海东"
LEVELS: Mapping[str, tuple[float, float]] = {
    # indicator: lowest and highest plausible value in the indicator's own unit
    "graduates": (1900, 4300), "settled_rate": (86, 98), "local_settled_rate": (58, 86), "upgrade_rate": (8, 24),
    "monthly_income": (3900, 5600), "startup_rate": (0.4, 2.6), "promotion_rate": (45, 72),
    "student_satisfaction": (88, 98), "graduate_satisfaction": (89, 98), "staff_satisfaction": (86, 98),
    "employer_satisfaction": (91, 99), "parent_satisfaction": (90, 99), "student_teacher_ratio": (13.2, 19.8),
    "dual_qualified_share": (42, 82), "senior_title_share": (24, 41), "courses_total": (620, 1850),
    "online_course_share": (18, 66), "equipment_per_student": (8200, 21500), "stations_per_student": (0.45, 1.25),
    "contract_income": (120, 3900), "research_income": (60, 1600), "training_income": (150, 2800),
    "training_hours": (9000, 160000), "local_employment_share": (48, 79), "overseas_standards": (0, 14),
    "overseas_training_days": (0, 420), "overseas_awards": (0, 9), "funding_per_student": (12000, 19800),
    "certificates_per_student": (0.5, 1.3), "industry_mentor_hours": (3200, 26000), "internship_funding": (40, 420),
}  # fmt: skip


def release_all(college: Mapping[str, Any], tenant: Tenant, years: list[int], user: User) -> None:
    """Release the official figures of every year of one college."""
    with tenant_context(tenant):
        for year in years:
            figures = figures_of(college["code"], college["quality"], college["profile"]["students"], year)
            release_publish(year=year, level=ReleaseLevel.OFFICIAL, figures=figures, acting_user=user)


def figures_of(seed: str, quality: float, students: int, year: int, skip: int = 0) -> list[Figure]:
    """Invented figures of one college and year; ``skip`` leaves some out, as late colleges do."""
    definitions = list(definitions_for(year).values())
    kept = definitions[: len(definitions) - skip]
    return [_figure(definition, seed, quality, students, year) for definition in kept]


def _figure(definition: IndicatorDefinition, seed: str, quality: float, students: int, year: int) -> Figure:
    steady = random.Random(f"{seed}/{definition.code}").gauss(0, 0.2)  # noqa: S311
    drift = random.Random(f"{seed}/{definition.code}/{year}").gauss(0, 0.04) + (year - 2024) * 0.02  # noqa: S311
    share = min(1.0, max(0.0, quality - 0.3 + steady + drift))
    share = 1 - share if definition.direction == "lower" else share
    low, high = LEVELS[definition.code]
    value = Decimal(f"{low + (high - low) * share:.{definition.decimals}f}")
    if not definition.denominator:
        return Figure(definition.code, value)
    whole = Decimal(max(200, round(students * 0.3)))
    return Figure(definition.code, (value * whole / definition.factor).quantize(Decimal("0.01")), whole)


def define_groups() -> None:
    """The three default groups: province and ownership, discipline, tier and size."""
    groups = (
        ("province", "同省全部学校", {"province_name": PROVINCE_NAME}),
        ("province-public", "同省公办", {"province_name": PROVINCE_NAME, "ownership": "公办"}),
        ("engineering", "同类型：理工", {"discipline": "理工"}),
        ("high-tier", "省级双高，八千人以上", {"tier": "省级双高", "students_from": 8000}),
    )
    for code, title, criteria in groups:
        peer_group_define(code=code, title=title, criteria=criteria, acting_user=None)


def set_profiles(data: Mapping[str, Any], province: Tenant, tenants: Mapping[str, Tenant]) -> None:
    """Profiles of the colleges on the platform and of the others."""
    common = {"province": province.schema_name, "province_name": PROVINCE_NAME, "acting_user": None}
    for college in data["colleges"]:
        tenant = tenants[college["code"]]
        profile_set(
            college=tenant.schema_name, name=college["name"], on_platform=True, **common, **college["profile"]
        )
    for number, (stem, discipline, tier, ownership, students) in enumerate(data["others"]):
        profile_set(
            college=other_key(number), name=f"{stem}职业学院", on_platform=False, discipline=discipline, tier=tier,
            ownership=ownership, students=students, **common,
        )  # fmt: skip


def other_key(number: int) -> str:
    """Key of a college that is not on the platform."""
    return f"x_{number:06d}"


def upload_others(data: Mapping[str, Any], province: Tenant, years: list[int], user: User) -> None:
    """The province hands in the figures of the colleges that are not on the platform; two are late in the last year."""
    with tenant_context(province):
        for number, (stem, _, tier, _, students) in enumerate(data["others"]):
            quality = {"国家双高": 0.9, "省级双高": 0.82}.get(tier, 0.74)
            for year in years:
                late = year == years[-1] and number in {15, 17}
                figures = (
                    []
                    if late and number == 17
                    else figures_of(stem, quality, students, year, 12 if late else 0)
                )
                if figures:
                    province_upload(college=other_key(number), year=year, figures=figures, acting_user=user)


def freeze(years: list[int]) -> int:
    """Freeze the statistics of every year; returns the number of rows."""
    with public_context():
        return sum(statistics_freeze(year=year) for year in years)


def write_report(
    province: Tenant, year: int, user: User, folder: Path
) -> tuple[ProvincialReport, list[Path]]:
    """Build the provincial report and write its two files."""
    with tenant_context(province):
        title = f"海东省高等职业教育质量数据报告（{year}年度）"
        report = report_build(year=year, title=title, acting_user=user)
    files = [folder / f"海东省质量数据报告-{year}.xlsx", folder / f"海东省质量数据报告-{year}.docx"]
    files[0].write_bytes(report_xlsx(report.document))
    files[1].write_bytes(report_docx(report.document, title=title))
    return report, files
