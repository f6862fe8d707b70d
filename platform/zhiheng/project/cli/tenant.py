"""``zhiheng college create`` and ``zhiheng province create``: open a tenant with its first administrator (开通)."""

import argparse
import secrets
from typing import TYPE_CHECKING, Any

from zhiheng.project.cli.session import django_session
from zhiheng.project.cli.sites import remember_sites
from zhiheng.project.servers.supervisor import running_state

if TYPE_CHECKING:
    from tenants.registry.models import Tenant

FIRST_ACCOUNT = FIRST_ROLE = "admin"


def add_parser(subparsers: Any) -> None:
    """Register both commands."""
    _add(subparsers, "college", "学校", "学校管理员")
    _add(subparsers, "province", "省级机构", "平台管理员")


def _add(subparsers: Any, kind: str, title: str, role_title: str) -> None:
    nouns = subparsers.add_parser(kind, help=f"开通{title}").add_subparsers(required=True, metavar="动作")
    parser = nouns.add_parser("create", help=f"开通一个{title}，并建第一个账号")
    parser.add_argument("code", metavar="CODE", help="代码：小写字母、数字、连字符，例如 jzvc")
    parser.add_argument("name", metavar="NAME", help="全称")
    parser.add_argument(
        "--domain", help="域名，例如 quality.college.edu.cn；不写时用 CODE.localhost（只能本机看）"
    )
    parser.set_defaults(handler=create, kind=kind, role_title=role_title)


def create(arguments: argparse.Namespace) -> int:
    """Provision the tenant, open the first account, print where and how to sign in (the password is shown once)."""
    domain = arguments.domain or f"{arguments.code}.localhost"
    with django_session() as servers:
        from tenants.registry.services.provisioning import provision

        tenant = provision(
            kind=arguments.kind, code=arguments.code, name=arguments.name, domain=domain, acting_user=None
        )
        password = _open_first_account(tenant, arguments.role_title)
        remember_sites(servers.home)
        running = running_state(servers.home)
    port = running.address.rpartition(":")[2] if running is not None else ""
    print(f"已开通：{arguments.name}")
    print(f"  地址  http://{domain}{':' + port if port else ''}/")
    print(f"  {arguments.role_title}  {FIRST_ACCOUNT} / {password}（只显示这一次，首次登录要改）")
    return 0


def _open_first_account(tenant: "Tenant", role_title: str) -> str:
    from django.db import transaction

    from tenants.registry.context import tenant_context
    from zhiheng.accounts.services.roles import role_grant
    from zhiheng.accounts.services.users import user_create

    password = secrets.token_urlsafe(12)
    with tenant_context(tenant), transaction.atomic():
        user = user_create(username=FIRST_ACCOUNT, name=role_title, password=password, acting_user=None)
        role_grant(user=user, role=FIRST_ROLE, acting_user=None)
    return password
