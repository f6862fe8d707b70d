"""Left navigation by role and task (导航): one table per kind of tenant; people see what they may open, never the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.web.guards import SIGNED_IN


@dataclass(frozen=True)
class Entry:
    """One line: label (message id), icon, route, right; ``any_of`` are further rights of which one is enough.

    The entry is current for every address below its own; ``counter`` names a figure of the frame to show behind it.
    """

    label: str
    icon: str
    route: str
    permission: str = SIGNED_IN
    any_of: tuple[str, ...] = ()
    counter: str = ""


@dataclass(frozen=True)
class Section:
    """A heading (message id, may be empty) and its lines."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """A line ready to show."""

    label: str
    icon: str
    href: str
    current: bool
    count: int


@dataclass(frozen=True)
class LinkGroup:
    """A heading ready to show."""

    label: str
    items: tuple[Link, ...]


COLLEGE = (
    Section("", (Entry(gettext_noop("工作台"), "home", "home:workbench"),)),
    Section(
        gettext_noop("本年考核"),
        (
            Entry(gettext_noop("考核进度"), "list-check", "cycles:list", "cycle.view"),
            Entry(gettext_noop("填报与评分"), "table", "facts:home", "fact.view", counter="facts"),
            Entry(gettext_noop("民主测评"), "checkbox", "ballots:list", "ballot.manage"),
            Entry(gettext_noop("结果与公示"), "chart-bar", "results:home", "result.view_own"),
            Entry(gettext_noop("考核方案"), "binary-tree", "schemes:list", "scheme.view"),
        ),
    ),
    Section(
        gettext_noop("职责与流程"),
        (
            Entry(gettext_noop("职责目录"), "book", "catalogue:overview", "catalog.view"),
            Entry(gettext_noop("工作流程"), "route", "catalogue:procedures", "catalog.view"),
            Entry(gettext_noop("全年日程"), "calendar", "catalogue:calendar", "catalog.view"),
        ),
    ),
    Section(
        gettext_noop("对标与报告"),
        (Entry(gettext_noop("对标分析"), "scale", "peers:table", "benchmark.view"),),
    ),
    Section(
        gettext_noop("设置"),
        (
            Entry(gettext_noop("单位与岗位"), "sitemap", "organisation:units", "unit.view"),
            Entry(gettext_noop("模板库"), "notes", "library:templates", "library.view"),
            Entry(gettext_noop("后台任务"), "progress", "jobs:list", "job.view"),
            Entry(gettext_noop("审计记录"), "shield-check", "audit:trail", "audit.view"),
        ),
    ),
)
PROVINCE = (
    Section("", (Entry(gettext_noop("工作台"), "layout-dashboard", "home:workbench"),)),
    Section(
        gettext_noop("年度报送"),
        (
            Entry(gettext_noop("省级看板"), "list-check", "province:board", "provincial.view"),
            Entry(gettext_noop("院校"), "building", "province:colleges", "provincial.view"),
        ),
    ),
    Section(
        gettext_noop("分析"),
        (
            Entry(gettext_noop("指标分布"), "chart-histogram", "province:indicators", "provincial.view"),
            Entry(gettext_noop("省级报告"), "file-text", "province:reports", "provincial.view"),
        ),
    ),
    Section(
        gettext_noop("设置"),
        (
            Entry(gettext_noop("模板库"), "notes", "library:templates", "library.view"),
            Entry(gettext_noop("后台任务"), "progress", "jobs:list", "job.view"),
            Entry(gettext_noop("审计记录"), "shield-check", "audit:trail", "audit.view"),
        ),
    ),
)
PUBLIC = (
    Section("", (Entry(gettext_noop("工作台"), "layout-dashboard", "home:workbench"),)),
    Section(
        gettext_noop("运行"),
        (
            Entry(gettext_noop("模板库"), "notes", "library:templates", "library.view"),
            Entry(gettext_noop("后台任务"), "progress", "jobs:list", "job.view"),
            Entry(gettext_noop("审计记录"), "shield-check", "audit:trail", "audit.view"),
        ),
    ),
)
TABLES: Mapping[str, tuple[Section, ...]] = {"college": COLLEGE, "province": PROVINCE, "public": PUBLIC}


def entries_of(kind: str) -> Iterable[Entry]:
    """All lines of one kind of tenant, for the tests."""
    return (entry for section in TABLES.get(kind, ()) for entry in section.entries)


def navigation(request: HttpRequest, kind: str, counts: Mapping[str, int]) -> list[LinkGroup]:
    """The groups this user sees, with the line of the open page marked; groups without lines are left out."""
    shown = [(section, _visible(request, section)) for section in TABLES.get(kind, ())]
    best = max(
        (len(href) for _s, pairs in shown for _e, href in pairs if _covers(href, request.path)), default=0
    )
    groups = []
    for section, pairs in shown:
        links = tuple(
            Link(
                _(entry.label),
                entry.icon,
                href,
                _covers(href, request.path) and len(href) == best,
                counts.get(entry.counter, 0),
            )
            for entry, href in pairs
        )
        if links:
            groups.append(LinkGroup(_(section.label) if section.label else "", links))
    return groups


def _visible(request: HttpRequest, section: Section) -> list[tuple[Entry, str]]:
    found = []
    for entry in section.entries:
        rights = (entry.permission, *entry.any_of)
        user = request.user
        if not any(right == SIGNED_IN or user.can(right) for right in rights):  # type: ignore[union-attr]
            continue
        try:
            found.append((entry, reverse(entry.route)))
        except NoReverseMatch:
            continue
    return found


def _covers(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))
