"""The main job: provision, adopt templates, load facts, run the years, release, compare, report; with progress bars."""

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from assessment.models import Cycle, SchemeVersion
from assessment.services.schemes import scheme_adopt, version_publish
from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from tenants.registry.services.provisioning import deprovision, provision
from zhiheng.accounts.models import User
from zhiheng.accounts.services.roles import role_grant
from zhiheng.library.models import TemplateVersion
from zhiheng.library.selectors.templates import latest_version
from zhiheng.library.services.sync import library_sync
from zhiheng.project.demo import peers
from zhiheng.project.demo.catalogues import load_catalogue
from zhiheng.project.demo.organisation import (
    ACCOUNTS,
    PASSWORD,
    SINCE,
    build_organisation,
    demo_account,
    person_names,
)
from zhiheng.project.demo.summary import CollegeSummary, print_summary, summarise
from zhiheng.project.demo.years import College, Say, open_year, sealed_year

YEARS = [2023, 2024, 2025]
DATA = yaml.safe_load((Path(__file__).parent / "colleges.yaml").read_text(encoding="utf-8"))
UNFINISHED = "unfinished"
STEPS_PER_COLLEGE = 5 + len(YEARS) * 3


def sign_ins() -> dict[str, list[tuple[str, str, str]]]:
    """Demo accounts by domain, as (role, account, password)."""
    college = [(title, name, PASSWORD) for name, _, title, _ in ACCOUNTS]
    found = {one["domain"]: college for one in DATA["colleges"]}
    found[DATA["province"]["domain"]] = [("省级用户", "officer", PASSWORD)]
    return found


def build() -> None:
    """Build the whole demo and print what came out of it; what an interrupted build left is removed first."""
    started = time.monotonic()
    console = Console(highlight=False)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    if unfinished():
        _remove_tenants()
    (folder / UNFINISHED).touch()
    columns = (SpinnerColumn(), TextColumn("{task.fields[name]}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.description}"), TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        province, officer = _province()
        names = person_names(DATA["names"])
        built = [_college(college, names, folder, progress) for college in DATA["colleges"]]
        report_files = _across(province, officer, built, folder, progress)
    (folder / UNFINISHED).unlink()
    print_summary(console, built, report_files, time.monotonic() - started)


def unfinished() -> bool:
    """True when an earlier build was interrupted."""
    return (_folder() / UNFINISHED).exists()


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "demo"


def _remove_tenants() -> None:
    codes = [DATA["province"]["code"], *(college["code"] for college in DATA["colleges"])]
    with public_context():
        left = list(Tenant.objects.filter(code__in=codes))
    for tenant in left:
        deprovision(tenant=tenant, acting_user=None)


def _province() -> tuple[Tenant, User]:
    with public_context():
        library_sync()
    entry = DATA["province"]
    province = provision(
        kind="province", code=entry["code"], name=entry["name"], domain=entry["domain"], acting_user=None
    )
    with tenant_context(province):
        officer = demo_account("officer", "省级用户")
        role_grant(user=officer, role="officer", valid_from=SINCE, acting_user=None)
    return province, officer


def _college(
    college: Mapping[str, Any], names: Iterator[str], folder: Path, progress: Progress
) -> CollegeSummary:
    task = progress.add_task("开通学校", total=STEPS_PER_COLLEGE, name=college["name"])

    def say(text: str) -> None:
        progress.update(task, advance=1, description=text)

    tenant = provision(
        kind="college", code=college["code"], name=college["name"], domain=college["domain"], acting_user=None
    )
    with public_context():
        template = latest_version(college["template"])
    with tenant_context(tenant):
        say("机构、岗位、人员、账号")
        groups = {t: g["code"] for g in template.document["groups"] for t in g["types"]}
        users = build_organisation(college, groups, names, folder)
        say("职责目录")
        catalogue = load_catalogue(college, users["admin"])
        say("采用考核方案")
        version = _scheme(college, template, users)
        cycles = _years(college, version, users, folder, say)
        result = summarise(college, tenant, catalogue, cycles, users)
    progress.update(task, completed=STEPS_PER_COLLEGE, description="完成")
    return result


def _scheme(
    college: Mapping[str, Any], template: TemplateVersion, users: Mapping[str, User]
) -> SchemeVersion:
    version = scheme_adopt(template=template, acting_user=users["admin"], **college["scheme"])
    return version_publish(
        version=version, approved_by="校长办公会", approved_on=date(YEARS[0], 1, 6),
        basis=f"校发〔{YEARS[0]}〕1号", acting_user=users["admin"],
    )  # fmt: skip


def _years(
    entry: Mapping[str, Any], version: SchemeVersion, users: Mapping[str, User], folder: Path, say: Say
) -> list[Cycle]:
    cycles: list[Cycle] = []
    for number, year in enumerate(YEARS):
        college = College(version, entry["quality"] - 0.04 + 0.02 * number, users, folder, say)
        cycles.append(sealed_year(college, year, cycles[-1] if cycles else None))
    open_year(College(version, entry["quality"], users, folder, say), YEARS[-1] + 1, cycles[-1])
    return cycles


def _across(
    province: Tenant, officer: User, built: list[CollegeSummary], folder: Path, progress: Progress
) -> list[Path]:
    task = progress.add_task("学校概况与同类组", total=5, name="对标与省级报告")
    with public_context():
        peers.set_profiles(DATA, province, {one.code: one.tenant for one in built})
        peers.define_groups()
    progress.update(task, advance=1, description="各校发布指标")
    for college, one in zip(DATA["colleges"], built, strict=True):
        peers.release_all(college, one.tenant, YEARS, one.quality_user)
    progress.update(task, advance=1, description="省里上传其他学校")
    peers.upload_others(DATA, province, YEARS, officer)
    progress.update(task, advance=1, description="统计（不足10所不显示）")
    peers.freeze(YEARS)
    progress.update(task, advance=1, description="省级报告")
    _, files = peers.write_report(province, YEARS[-1], officer, folder)
    progress.update(task, advance=1, description="完成")
    return files
