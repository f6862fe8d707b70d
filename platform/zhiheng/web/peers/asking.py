"""Which group and year a page of the area shows (同类组与年度): both stand in the address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.benchmarking.models import PeerGroup
from zhiheng.benchmarking.selectors import peers, positions
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.shell import YEAR_KEY

TABS = (
    ("table", gettext_noop("同类对比"), "benchmark.view"),
    ("members", gettext_noop("同类组里有谁"), "benchmark.view"),
    ("releases", gettext_noop("发布记录"), "benchmark.view"),
)


@dataclass(frozen=True)
class Choice:
    """One option of a switch."""

    label: str
    href: str
    current: bool


def _query(group: str, year: int) -> str:
    return urlencode([("group", group), ("year", str(year))])


@dataclass(frozen=True)
class Asked:
    """Group and year of this request with everything one can switch to."""

    group: PeerGroup
    year: int
    groups: list[tuple[PeerGroup, int]]
    years: list[int]

    @property
    def query(self) -> str:
        """The part of an address that keeps both."""
        return _query(self.group.code, self.year)

    def with_group(self, code: str) -> str:
        """The part of an address with another group."""
        return _query(code, self.year)

    def group_choices(self, path: str) -> list[Choice]:
        """All own groups; those that show nothing say so."""
        return [
            Choice(
                group.title if shown else _("{title}（不足10所）").format(title=group.title),
                f"{path}?{self.with_group(group.code)}",
                group == self.group,
            )
            for group, shown in self.groups
        ]

    def year_choices(self, path: str) -> list[Choice]:
        """All years with frozen statistics."""
        return [
            Choice(
                _("{year}年度").format(year=year),
                f"{path}?{_query(self.group.code, year)}",
                year == self.year,
            )
            for year in self.years
        ]


def asked(request: HttpRequest) -> Asked | None:
    """From the address, else the year of the session and the group that shows most; None when there is nothing to compare."""
    years = peers.years()
    wanted = request.GET.get("year", "")
    kept = request.session.get(YEAR_KEY)
    year = int(wanted) if wanted.isdecimal() else kept
    year = year if year in years else next(iter(years), 0)
    groups = positions.groups_by_use(year=year) if years else []
    if not groups:
        return None
    code = request.GET.get("group")
    return Asked(peers.group_for(code) if code else groups[0][0], year, groups, years)


def tabs(request: HttpRequest, current: str) -> list[Choice]:
    """The pages of the area that this person may open."""
    user: Any = request.user
    return [
        Choice(_(label), reverse(f"peers:{name}"), name == current)
        for name, label, right in TABS
        if user.can(right)
    ]


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 对标分析."""
    return crumbs((_("对标分析"), reverse("peers:table")), *steps)
