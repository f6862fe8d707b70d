"""Which version a page of the catalogue shows (版本): ?version=2, else the one in force."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.models import CatalogueState, CatalogueVersion
from catalog.selectors.catalogue import effective_version, version_for
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.listing import Empty

TABS = (
    ("overview", gettext_noop("部门与职责")),
    ("posts", gettext_noop("岗位")),
    ("standards", gettext_noop("工作标准")),
    ("procedures", gettext_noop("工作流程")),
    ("calendar", gettext_noop("全年日程")),
    ("versions", gettext_noop("版本")),
)
STATE_MEANING = {
    CatalogueState.DRAFT: "none",
    CatalogueState.REVIEW: "info",
    CatalogueState.APPROVED: "info",
    CatalogueState.EFFECTIVE: "ok",
    CatalogueState.SUPERSEDED: "none",
}


@dataclass(frozen=True)
class Tab:
    """One page of the area."""

    label: str
    href: str
    current: bool


def version_asked(request: HttpRequest) -> CatalogueVersion | None:
    """The version in the address (NOT_FOUND for an unknown number), else the effective one, else None."""
    number = request.GET.get("version", "")
    return version_for(number=int(number)) if number.isdecimal() else effective_version()


def frame(request: HttpRequest, current: str, version: CatalogueVersion | None, *steps: tuple[str, str]) -> dict[str, Any]:  # fmt: skip
    """Tabs, crumbs and version for every page of the area."""
    query = f"?version={version.number}" if version and request.GET.get("version") else ""
    return {
        "tabs": [
            Tab(
                _(label),
                reverse(f"catalogue:{name}") + ("" if name == "versions" else query),
                name == current,
            )
            for name, label in TABS
        ],
        "crumbs": area_crumbs(*steps),
        "version": version,
        "version_query": query,
        "state_meaning": STATE_MEANING[CatalogueState(version.state)] if version else "",
    }


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 职责目录."""
    return crumbs((_("职责目录"), reverse("catalogue:overview")), *steps)


def nothing_yet(request: HttpRequest) -> Empty:
    """What every page says before the first version is there."""
    user: Any = request.user
    return Empty(
        gettext_noop("还没有职责目录"),
        gettext_noop(
            "导入部门职责表或工作流程手册（.docx、.xlsx）后，这里能查到每项工作归哪个岗位、按什么标准、什么时候做。"
        ),
        icon="book",
        action_label=gettext_noop("导入职责目录"),
        action_href=reverse("catalogue:import") if user.can("catalog.import") else "",
    )
