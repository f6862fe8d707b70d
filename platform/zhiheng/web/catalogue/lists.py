"""Posts and standards of the catalogue as lists (岗位、工作标准)."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.models import Standard
from catalog.selectors import contents
from catalog.selectors.catalogue import department_names
from catalog.selectors.contents import PostRow
from zhiheng.web.catalogue.asking import frame, nothing_yet, version_asked
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Empty, Filter, ListPage, Rows

MEASURED = r"[0-9０-９%％]|零(差错|误差|投诉|事故)|百分之"
"""A figure, a share or a zero in a standard: it can be measured."""


def department_choices(request: HttpRequest) -> Iterable[Choice]:
    """Departments of the version."""
    version = version_asked(request)
    return [(str(pk), name) for pk, name in department_names(version)] if version else []


def post_href(row: PostRow) -> str:
    """The post's sheet."""
    return reverse("catalogue:post", args=[row.handle])


def lead_of(standard: Standard) -> Any:
    """The post that leads the standard's work item."""
    return next(iter(standard.work_item.assignments.all()), None)


def post_of(standard: Standard) -> str | None:
    """Section and post of the lead."""
    lead = lead_of(standard)
    return _("／").join(filter(None, (lead.section_name, lead.post_name))) if lead else None


def lead_href(standard: Standard) -> str | None:
    """Sheet of the lead post."""
    lead = lead_of(standard)
    return reverse("catalogue:post", args=[lead.pk]) if lead else None


class CatalogueList(ListPage):
    """Base: tabs, crumbs, empty state, version."""

    template_name = "web/catalogue/list.html"
    tab: ClassVar[str] = ""

    def context(self) -> dict[str, Any]:
        """Frame of the area."""
        return frame(self.request, self.tab, version_asked(self.request), (_(self.heading), ""))

    def get_empty(self) -> Empty:
        """The same first action everywhere."""
        return nothing_yet(self.request)


@requires("catalog.view")
class PostList(CatalogueList):
    """Every post with how much it does."""

    tab = "posts"
    heading = gettext_noop("岗位")
    columns: ClassVar[Sequence[Column]] = (
        Column("post", gettext_noop("岗位"), lambda r: r.post or _("（未写岗位）"), sort="post", head=True, href=post_href),
        Column("section", gettext_noop("科室"), "section", sort="section"),
        Column("department", gettext_noop("部门"), "department", sort="department"),
        Column("works", gettext_noop("具体工作"), "works", sort="works", align="r"),
        Column("standards", gettext_noop("工作标准"), "standards", sort="standards", align="r", on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "q", gettext_noop("岗位"), lambda rows, value: [r for r in rows if value in r.post or value in r.section],
            placeholder=gettext_noop("找岗位或科室"),
        ),
        Filter(
            "department", gettext_noop("部门"), lambda rows, value: [r for r in rows if str(r.department_id) == value],
            choices=department_choices,
        ),
    )  # fmt: skip

    def rows(self) -> Rows:
        """Posts of the version."""
        version = version_asked(self.request)
        return contents.post_rows(version) if version else []


@requires("catalog.view")
class StandardList(CatalogueList):
    """Every standard, to filter and take away."""

    tab = "standards"
    heading = gettext_noop("工作标准")
    sizes = (50, 100, 200)
    columns: ClassVar[Sequence[Column]] = (
        Column("no", gettext_noop("序号"), "no", on_phone=False),
        Column("text", gettext_noop("工作标准"), "text", head=True),
        Column("work", gettext_noop("具体工作"), lambda s: f"{s.work_item.no} {s.work_item.text}", on_phone=False),
        Column("post", gettext_noop("科室／岗位"), post_of, href=lead_href),
        Column("department", gettext_noop("部门"), "work_item.department.name", sort="work_item__department__order", on_phone=False),
        Column("place", gettext_noop("来源位置"), "place", on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter("q", gettext_noop("标准"), lambda rows, value: rows.filter(text__icontains=value), placeholder=gettext_noop("找标准里的字")),
        Filter(
            "department", gettext_noop("部门"),
            lambda rows, value: rows.filter(work_item__department=value) if value.isdecimal() else rows,
            choices=department_choices,
        ),
        Filter(
            "measured", gettext_noop("可测量性"),
            lambda rows, value: rows.filter(text__regex=MEASURED) if value == "yes" else rows.exclude(text__regex=MEASURED),
            choices=lambda _request: [("yes", _("写了数")), ("no", _("没有写数"))],
        ),
    )  # fmt: skip

    def rows(self) -> Rows:
        """Standards of the version."""
        version = version_asked(self.request)
        return contents.standards(version) if version else []
