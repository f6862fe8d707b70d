"""Departments with duties, work, posts and standards (部门与职责)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from catalog.models import CatalogueVersion
from catalog.selectors import contents
from catalog.selectors.catalogue import department_of, departments, open_findings
from catalog.selectors.contents import Gap, procedures_with_steps
from zhiheng.web.catalogue.asking import frame, nothing_yet, version_asked
from zhiheng.web.guards import requires

GAP_TEXTS = {
    "duty_without_work": gettext_noop("{n}条职责没有具体工作"),
    "work_without_post": gettext_noop("{n}项工作没有写岗位"),
    "work_without_standard": gettext_noop("{n}项工作没有标准"),
}


@requires("catalog.view")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The version in one look: departments, chapters of procedures, what is missing."""
    version = version_asked(request)
    context: dict[str, Any] = {"heading": _("职责目录"), "empty": nothing_yet(request), **frame(request, "overview", version)}  # fmt: skip
    if version is not None:
        context |= _contents(request, version)
    return render(request, "web/catalogue/overview.html", context)


def _contents(request: HttpRequest, version: CatalogueVersion) -> dict[str, Any]:
    user: Any = request.user
    rows = list(departments(version))
    chapters: dict[str, list[Any]] = {}
    for one in procedures_with_steps(version):
        chapters.setdefault(one.chapter, []).append(one)
    return {
        "heading": finding(rows, sum(map(len, chapters.values()))),
        "departments": rows,
        "chapters": [(title, len(group), group[0].chapter_no) for title, group in chapters.items()],
        "gaps": [(gap_text(gap), gap.examples) for gap in contents.gaps(version)],
        "open_findings": open_findings(version),
        "may_edit": user.can("catalog.edit"),
        "may_import": user.can("catalog.import"),
    }


def finding(rows: list[Any], procedures: int) -> str:
    """8个部门，367项工作，1,213条标准，45项流程."""
    parts = []
    if rows:
        parts = [
            _("{n}个部门").format(n=len(rows)),
            _("{n}项工作").format(n=f"{sum(row.work_count for row in rows):,}"),
            _("{n}条标准").format(n=f"{sum(row.standard_count for row in rows):,}"),
        ]
    parts += [_("{n}项流程").format(n=procedures)] if procedures else []
    return _("，").join(parts) or _("职责目录")


def gap_text(gap: Gap) -> str:
    """What is missing, in words."""
    return _(GAP_TEXTS[gap.code]).format(n=gap.count)


@requires("catalog.view")
@require_safe
def department_page(request: HttpRequest, department_id: int) -> HttpResponse:
    """One department: duties with work items and posts; the standards of a duty open in place."""
    department = department_of(department_id=department_id)
    duties = list(contents.duties_of(department))
    loose = contents.loose_works(department)
    works = sum(len(duty.work_items.all()) for duty in duties) + len(loose)
    version = department.version
    context = {
        "heading": department.name,
        "lead": _("{duties}条职责，{works}项具体工作。").format(duties=len(duties), works=works),
        "department": department,
        "duties": duties,
        "loose": loose,
        **frame(request, "overview", version, (department.name, "")),
    }
    return render(request, "web/catalogue/department.html", context)


@requires("catalog.view")
@require_safe
def duty_page(request: HttpRequest, duty_id: int) -> HttpResponse:
    """One duty with work items and standards; as a fragment for the department's page."""
    duty = contents.duty_for(duty_id=duty_id)
    context: dict[str, Any] = {"duty": duty, "works": duty.work_items.all()}
    if request.headers.get("HX-Request") == "true":
        return render(request, "web/catalogue/works.html", context)
    department = duty.department
    href = reverse("catalogue:department", args=[department.pk])
    context = {
        **context,
        "heading": f"{duty.no} {duty.text}".strip(),
        "lead": department.name,
        **frame(request, "overview", department.version, (department.name, href), (duty.no or _("职责"), "")),
    }
    return render(request, "web/catalogue/duty.html", context)
