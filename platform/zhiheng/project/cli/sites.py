"""Where the tenants' sites answer and who can sign in for a look (站点与演示账号)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

DEMO = "zhiheng.project.demo"
SignIns = Mapping[str, Sequence[tuple[str, str, str]]]
"""(role, account, password) by domain."""
KINDS = {"public": "平台", "province": "省级", "college": "学校"}


@dataclass(frozen=True)
class Site:
    """One tenant's site: Chinese kind and name, domain, and demo sign-ins as (role, account, password)."""

    kind: str
    name: str
    domain: str
    sign_ins: tuple[tuple[str, str, str], ...] = ()

    def lines(self, port: int) -> list[str]:
        """What the terminal shows."""
        shown = [f"  {self.kind}  {self.name}  http://{self.domain}:{port}/"]
        return shown + [
            f"        {role}：{account} / {password}" for role, account, password in self.sign_ins
        ]


def write_sites(home: Path, sites: list[Site]) -> None:
    """Keep the list for ``up`` and ``status``, which do without Django; it holds demo passwords, hence mode 600."""
    file = home / "run" / "sites.json"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps([asdict(site) for site in sites], ensure_ascii=False))
    unfinished.replace(file)


class DemoChain(Protocol):
    """What the demo offers: building the year, and its sign-ins by domain."""

    def build(self) -> None:
        """Provision, load, assess, report; prints its own progress and summary."""

    def unfinished(self) -> bool:
        """Whether an earlier build was interrupted."""

    def sign_ins(self) -> SignIns:
        """(role, account, password) by domain, of the tenants that exist."""


def demo_chain() -> DemoChain | None:
    """The demo when it is installed; an installation may leave it out."""
    module: Any = import_module(DEMO) if find_spec(DEMO) else None
    return module if hasattr(module, "build") and hasattr(module, "sign_ins") else None


def remember_sites(home: Path, sign_ins: SignIns | None = None) -> None:
    """Ask the register (needs Django) and keep the answer; without new sign-ins those already kept stay."""
    database = import_module("zhiheng.project.cli.database")
    kept = sign_ins if sign_ins is not None else {site.domain: site.sign_ins for site in read_sites(home)}
    found = database.domains()
    write_sites(home, [Site(KINDS[kind], name, at, tuple(kept.get(at, ()))) for kind, name, at in found])


def read_sites(home: Path) -> list[Site]:
    """The kept list; empty when there is none."""
    try:
        rows = json.loads((home / "run" / "sites.json").read_text())
    except (OSError, ValueError):
        return []
    return [Site(row["kind"], row["name"], row["domain"], tuple(map(tuple, row["sign_ins"]))) for row in rows]


def print_sites(home: Path, address: str) -> None:
    """Addresses and demo sign-ins of all sites."""
    port = int(address.rsplit(":", 1)[1])
    print(f"\n质衡已启动：{address}")
    for site in read_sites(home):
        print("\n".join(site.lines(port)))
