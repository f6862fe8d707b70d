"""Registers of posts, people and assessed units (名册) as list pages."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tenants.organisation import selectors
from tenants.organisation.models import AssessedUnit, Participation, Person, Post, PostCategory
from tenants.organisation.selectors import registers
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Empty, Filter, ListPage, Rows
from zhiheng.web.organisation.tabs import tabs
from zhiheng.web.organisation.views import area_crumbs, day_asked


def unit_choices(request: HttpRequest) -> list[Choice]:
    """Units of the day for a select."""
    return [(v.unit.code, v.name) for v in selectors.units_as_of(day_asked(request))]


def holders(post: Any) -> str | None:
    """Names of the people in a post."""
    return _("、").join(holding.person.name for holding in post.held_now) or None


def held_posts(person: Any) -> str | None:
    """Unit and post of each holding."""
    return _("；").join(f"{h.post.unit.name} {h.post.name}" for h in person.held_now) or None


def unit_href(row: Post) -> str:
    """Page of the post's unit."""
    return reverse("organisation:unit", args=[row.unit.code])


def person_href(row: Person) -> str:
    """Page of a person."""
    return reverse("organisation:person", args=[row.staff_number])


def state_of(post: Any) -> int:
    """Free seats; below zero when more people hold the post than it has seats."""
    return int(post.seats - post.held)


class OrganisationList(ListPage):
    """Base of the registers: tabs and crumbs."""

    template_name = "web/organisation/list.html"
    tab: ClassVar[str] = ""

    def context(self) -> dict[str, Any]:
        """Tabs and crumbs of the area."""
        return {"tabs": tabs(self.request, self.tab), "crumbs": area_crumbs((_(self.heading), ""))}


@requires("unit.view")
class PostList(OrganisationList):
    """Posts with seats and holders."""

    tab = "posts"
    heading = gettext_noop("岗位")
    columns: ClassVar[Sequence[Column]] = (
        Column("name", gettext_noop("岗位"), "name", sort="sort_key", head=True),
        Column("unit", gettext_noop("单位"), "unit.name", sort="unit__sort_key", href=unit_href),
        Column("section", gettext_noop("科室"), "section.name", on_phone=False),
        Column("category", gettext_noop("类别"), lambda p: p.get_category_display(), on_phone=False),
        Column("seats", gettext_noop("职数"), "seats", sort="seats", align="r", on_phone=False),
        Column("holders", gettext_noop("任职"), holders),
        Column(
            "free",
            gettext_noop("空缺"),
            state_of,
            align="r",
            cell="web/organisation/free_cell.html",
            on_phone=False,
        ),
        Column("code", gettext_noop("代码"), "code", sort="code", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "q",
            gettext_noop("岗位"),
            lambda rows, value: rows.filter(name__icontains=value),
            placeholder=gettext_noop("找岗位"),
        ),
        Filter(
            "unit",
            gettext_noop("单位"),
            lambda rows, value: rows.filter(unit__code=value),
            choices=unit_choices,
        ),
        Filter(
            "category",
            gettext_noop("类别"),
            lambda rows, value: rows.filter(category=value),
            choices=lambda _request: list(PostCategory.choices),
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有岗位"),
        gettext_noop("导入岗位后，这里列出每个单位的岗位、职数和任职的人；职责目录从这里取岗位。"),
        icon="id",
    )

    def rows(self) -> Rows:
        """Posts of the day."""
        return registers.posts_for(user=self.request.user, on=day_asked(self.request))  # type: ignore[arg-type]


@requires("person.view")
class PersonList(OrganisationList):
    """People with their posts."""

    tab = "people"
    heading = gettext_noop("人员")
    columns: ClassVar[Sequence[Column]] = (
        Column("name", gettext_noop("姓名"), "name", sort="sort_key", head=True, href=person_href),
        Column("staff_number", gettext_noop("工号"), "staff_number", sort="staff_number"),
        Column("posts", gettext_noop("单位和岗位"), held_posts),
        Column("since", gettext_noop("到校"), "valid_from", sort="valid_from", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "q",
            gettext_noop("姓名或工号"),
            lambda rows, _value: rows,
            placeholder=gettext_noop("姓名、工号或拼音首字母"),
        ),
        Filter(
            "unit",
            gettext_noop("单位"),
            lambda rows, value: rows.filter(holdings__post__unit__code=value).distinct(),
            choices=unit_choices,
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有人员"),
        gettext_noop("导入人员后，这里列出每个人的岗位；评分、填报和投票的人从这里选。"),
        icon="users",
    )

    def rows(self) -> Rows:
        """People of the day; the text filter is the selector's, since it knows pinyin."""
        text = self.request.GET.get("q", "").strip()
        return registers.people_for(
            user=self.request.user,  # type: ignore[arg-type]
            on=day_asked(self.request),
            text=text,
        )


def is_assessed(row: AssessedUnit) -> bool:
    """Whether the unit takes part."""
    return row.participation == Participation.ASSESSED


@requires("unit.view")
class AssessedList(OrganisationList):
    """Assessed units: what a scheme scores."""

    tab = "assessed"
    heading = gettext_noop("被考核单位")
    columns: ClassVar[Sequence[Column]] = (
        Column("name", gettext_noop("被考核单位"), "name", sort="sort_key", head=True),
        Column("group", gettext_noop("排名组"), "group", sort="group"),
        Column("unit_type", gettext_noop("类型"), "unit_type", sort="unit_type", on_phone=False),
        Column("participation", gettext_noop("参评方式"), lambda r: r.get_participation_display()),
        Column("code", gettext_noop("代码"), "code", sort="code", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "group",
            gettext_noop("排名组"),
            lambda rows, value: rows.filter(group=value),
            choices=lambda request: [
                (g, g)
                for g in selectors.assessed_units(on=day_asked(request), include_outside=True)
                .order_by("group")
                .values_list("group", flat=True)
                .distinct()
            ],
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有被考核单位"),
        gettext_noop("被考核单位说明谁和谁排在一起、合署的部门算一家还是两家。采用考核方案前先建好。"),
        icon="target",
    )

    def rows(self) -> Rows:
        """Assessed units of the day, those outside too."""
        return selectors.assessed_units(on=day_asked(self.request), include_outside=True)
