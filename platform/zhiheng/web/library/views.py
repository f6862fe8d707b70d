"""The shared library (模板库): templates with their versions, and the national dictionary of indicators."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.library.models import IndicatorDefinition, Template
from zhiheng.library.models.indicators import Direction
from zhiheng.library.selectors.indicators import dictionary
from zhiheng.library.selectors.templates import all_templates, template_for, version_of
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.guards import requires
from zhiheng.web.library.outline import leaves, outline, readings
from zhiheng.web.listing import Choice, Column, Empty, Filter, ListPage, Rows
from zhiheng.web.xlsx import attachment


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 模板库."""
    return crumbs((_("模板库"), reverse("library:templates")), *steps)


def template_href(row: Template) -> str:
    """Page of a template."""
    return reverse("library:template", args=[row.code])


def newest(row: Any) -> Any:
    """The newest version."""
    return next(iter(row.versions.all()), None)


@requires("library.view")
class TemplateList(ListPage):
    """All templates of the library."""

    template_name = "web/library/templates.html"
    heading: ClassVar[str] = gettext_noop("模板库")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("模板"), "title", head=True, href=template_href),
        Column("kind", gettext_noop("种类"), "get_kind_display"),
        Column("summary", gettext_noop("简介"), "summary", on_phone=False),
        Column("version", gettext_noop("最新版"), lambda t: newest(t).version if newest(t) else None),
        Column("versions", gettext_noop("版本数"), lambda t: len(t.versions.all()), align="r", on_phone=False),
        Column("published_at", gettext_noop("发布"), lambda t: newest(t).published_at if newest(t) else None, on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "q",
            gettext_noop("模板"),
            lambda rows, value: [r for r in rows if value in r.title],
            placeholder=gettext_noop("找模板"),
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("模板库是空的"),
        gettext_noop("平台运营放入标准模板后，学校可以一键采用，再改成自己的。"),
        icon="book",
    )

    def rows(self) -> Rows:
        """Every template."""
        return all_templates()

    def context(self) -> dict[str, Any]:
        """Crumbs."""
        return {
            "crumbs": area_crumbs(),
            "lead": _("模板是共享的底稿：采用后是本校自己的一份，改动不影响别人。"),
        }


@requires("library.view")
@require_safe
def template_page(request: HttpRequest, code: str) -> HttpResponse:
    """One template: versions, tree with points, choices to make."""
    template = template_for(code=code)
    versions = list(template.versions.all())
    document = versions[0].document if versions else {}
    tree = outline(document)
    found = readings(document)
    user: Any = request.user
    context = {
        "heading": template.title,
        "lead": template.summary or str(document.get("note", "")),
        "crumbs": area_crumbs((template.title, "")),
        "template": template,
        "versions": versions,
        "nodes": tree,
        "leaves": leaves(tree),
        "readings": found,
        "source": document.get("source", {}),
        "may_adopt": user.can("library.adopt"),
    }
    return render(request, "web/library/template.html", context)


@requires("library.view")
@require_safe
def document_file(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """One version as a text file that can be read and kept."""
    del request
    found = version_of(code=code, version=version)
    content = yaml.safe_dump(found.document, allow_unicode=True, sort_keys=False, width=120)
    name = attachment(f"{found.template.title}_{found.version}.yaml")
    headers = {"Content-Disposition": name}
    return HttpResponse(content, content_type="application/yaml; charset=utf-8", headers=headers)


def table_choices(_request: HttpRequest) -> Iterable[Choice]:
    """The tables of the dictionary in their order."""
    return [(t, t) for t in dict.fromkeys(dictionary().values_list("table", flat=True))]


def years_text(one: IndicatorDefinition) -> str:
    """2022—今."""
    return f"{one.valid_from}—{one.valid_to or _('今')}"


@requires("library.view")
class IndicatorList(ListPage):
    """The national dictionary: every version of every definition."""

    template_name = "web/library/templates.html"
    heading: ClassVar[str] = gettext_noop("指标字典")
    sizes = (50, 100, 200)
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("指标"), "title", sort="title", head=True),
        Column("table", gettext_noop("所属表"), "table", on_phone=False),
        Column("unit", gettext_noop("单位"), "unit"),
        Column("numerator", gettext_noop("分子"), "numerator", on_phone=False),
        Column("denominator", gettext_noop("分母"), "denominator", on_phone=False),
        Column("direction", gettext_noop("方向"), "get_direction_display"),
        Column("version", gettext_noop("口径版本"), "version", align="r", on_phone=False),
        Column("years", gettext_noop("适用年度"), years_text, on_phone=False),
        Column("code", gettext_noop("代码"), "code", on_phone=False),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter("q", gettext_noop("指标"), lambda rows, value: rows.filter(title__icontains=value), placeholder=gettext_noop("找指标")),
        Filter("table", gettext_noop("所属表"), lambda rows, value: rows.filter(table=value), choices=table_choices),
        Filter(
            "direction", gettext_noop("方向"), lambda rows, value: rows.filter(direction=value),
            choices=lambda _request: list(Direction.choices),
        ),
    )  # fmt: skip
    empty: ClassVar[Empty] = Empty(
        gettext_noop("字典是空的"),
        gettext_noop("平台运营放入指标定义后，发布、对标和省级报告都用同一套口径。"),
        icon="book",
    )

    def rows(self) -> Rows:
        """All versions of all definitions."""
        return dictionary()

    def context(self) -> dict[str, Any]:
        """Crumbs."""
        lead = _("口径变了就是新的一版，新旧数值不连成一条线。")
        return {"crumbs": area_crumbs((_("指标字典"), "")), "lead": lead}
