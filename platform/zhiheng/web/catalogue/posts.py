"""The sheet of one post (岗位职责单): for induction, hand-over and the yearly talk."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import WorkItem
from catalog.selectors import contents, yearly
from catalog.selectors.contents import PostSheet
from tenants.organisation.selectors import registers
from zhiheng.web import xlsx
from zhiheng.web.catalogue.asking import frame
from zhiheng.web.guards import requires
from zhiheng.web.show import show_when


@requires("catalog.view")
@require_safe
def post_page(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """All work and standards of one post, its holders, and the dates its standards name."""
    sheet = contents.post_sheet(assignment_id=assignment_id)
    if request.GET.get("format") == "xlsx":
        return _workbook(sheet)
    department = sheet.department
    href = reverse("catalogue:department", args=[department.pk])
    standards = sum(len(work.standards.all()) for work in sheet.works)
    context = {
        "heading": _("{post}：{works}项工作，{standards}条标准").format(
            post=sheet.name, works=len(sheet.works), standards=standards
        ),
        "lead": _(" · ").join(filter(None, (department.name, sheet.section))),
        "sheet": sheet,
        "works": sheet.works,
        "holders": holders(request, sheet),
        "dates": dates(sheet),
        **frame(request, "posts", department.version, (department.name, href), (sheet.name, "")),
    }
    return render(request, "web/catalogue/post.html", context)


def holders(request: HttpRequest, sheet: PostSheet) -> list[Any]:
    """Who holds the post today, when the organisation has a post of that name in that department."""
    user: Any = request.user
    unit = sheet.department.unit
    if unit is None or not user.can("person.view") or not sheet.post:
        return []
    found = registers.posts_for(user=user, on=timezone.localdate(), unit=unit).filter(name=sheet.post)
    return [holding for post in found for holding in post.held_now]  # type: ignore[attr-defined]


def dates(sheet: PostSheet) -> list[tuple[str, str, Any]]:
    """(when, standard, work) of every standard that names a date, next one first."""
    today = timezone.localdate()
    calendars = yearly.calendars_from(today)
    found: list[tuple[Any, str, str, Any]] = []
    for work in sheet.works:
        for text in _texts(work):
            one = yearly.next_of(yearly.times_in(text), today, calendars) if _may_name_a_date(text) else None
            if one is not None and one.span.end is not None:
                start = one.span.start or one.span.end
                found.append((start, show_when(start, one.span.end, today), text, work))
    return [(when, text, work) for _start, when, text, work in sorted(found, key=lambda row: row[0])]


def _texts(work: WorkItem) -> Iterator[str]:
    """Standards and their sub-items."""
    for standard in work.standards.all():
        yield standard.text
        yield from (f"{standard.text}：{child.text}" for child in standard.children.all())


def _may_name_a_date(text: str) -> bool:
    return "月" in text or "周" in text or "学期" in text or "开学" in text


def _workbook(sheet: PostSheet) -> HttpResponse:
    rows: list[list[str]] = []
    for work in sheet.works:
        standards = [[one.no, one.text] for one in work.standards.all()] or [["", ""]]
        rows += [[work.no, work.text, *one] for one in standards]
    return xlsx.table_response(
        filename=_("岗位职责单_{post}.xlsx").format(post=sheet.name),
        title=sheet.name,
        headers=[_("工作序号"), _("具体工作"), _("标准序号"), _("工作标准")],
        rows=rows,
    )
