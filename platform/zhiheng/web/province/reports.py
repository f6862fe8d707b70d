"""Provincial reports (省级报告): editions, building a new one, files."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.kernel.errors import Code, Problem
from zhiheng.provincial.documents import report_docx, report_xlsx
from zhiheng.provincial.models import ProvincialReport
from zhiheng.provincial.selectors.progress import progress, years
from zhiheng.provincial.selectors.reports import report_for, reports
from zhiheng.provincial.services.reports import report_build
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.listing import Column, Empty, ListPage, Rows
from zhiheng.web.province.asking import area_crumbs, year_asked
from zhiheng.web.xlsx import MEDIA_TYPE, attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def report_href(row: ProvincialReport) -> str:
    """Page of one edition."""
    return reverse("province:report", args=[row.pk])


@requires("provincial.view")
class ReportList(ListPage):
    """All editions, newest first."""

    template_name = "web/province/reports.html"
    heading: ClassVar[str] = gettext_noop("省级报告")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("报告"), "title", head=True, href=report_href),
        Column("year", gettext_noop("年度"), "year", sort="year", align="r"),
        Column("edition", gettext_noop("版次"), lambda r: _("第{n}版").format(n=r.edition)),
        Column("created_at", gettext_noop("生成时间"), "created_at", sort="created_at", on_phone=False),
        Column("created_by", gettext_noop("生成人"), lambda r: r.created_by, on_phone=False),
        Column(
            "files",
            gettext_noop("文件"),
            lambda _row: "",
            cell="web/province/report_files.html",
            on_phone=False,
        ),
    )

    def rows(self) -> Rows:
        """Every edition stays as it was."""
        return reports()

    def get_empty(self) -> Empty:
        """The first action for those who may build."""
        user: Any = self.request.user
        return Empty(
            gettext_noop("还没有报告"),
            gettext_noop(
                "报告把某年度的报送进度和指标分布定格成一版，可下载.docx和.xlsx；之后的报送进入下一版。"
            ),
            icon="file-text",
            action_label=gettext_noop("生成报告"),
            action_href=reverse("province:report_new") if user.can("provincial.report") else "",
        )

    def context(self) -> dict[str, Any]:
        """Crumbs, right to build."""
        user: Any = self.request.user
        return {"crumbs": area_crumbs((_("报告"), "")), "may_build": user.can("provincial.report")}


class ReportForm(forms.Form):
    """Year and title of the new edition."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)

    def __init__(self, *args: Any, choices: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(year, _("{year}年度").format(year=year)) for year in choices]


@requires("provincial.report")
class NewReport(FormPage):
    """Freeze a new edition."""

    template_name = "web/province/report_new.html"
    form_class = ReportForm
    heading: ClassVar[str] = gettext_noop("生成省级报告")
    submit_label: ClassVar[str] = gettext_noop("生成新的一版")
    done_message: ClassVar[str] = gettext_noop("已生成。这一版的内容不会再变。")

    def build_form(self, *args: Any, **kwargs: Any) -> Any:
        """With the years that have data."""
        return ReportForm(*args, choices=years() or [year_asked(self.request)[0]], **kwargs)

    def initial(self) -> dict[str, Any]:
        """Newest year and a usual title."""
        year, _choices = year_asked(self.request)
        tenant: Any = getattr(self.request, "tenant", None)
        title = _("{name}高等职业教育质量数据报告（{year}年度）").format(name=tenant.name, year=year)
        return {"year": year, "title": title}

    def save(self, form: Any) -> str:
        """Build and go to the edition."""
        report = report_build(
            year=form.cleaned_data["year"], title=form.cleaned_data["title"], acting_user=self.request.user
        )
        return report_href(report)

    def context(self) -> dict[str, Any]:
        """How far the year is, so that one knows what is frozen."""
        year, _choices = year_asked(self.request)
        rows = progress(year)
        done = sum(row.state == "已报送" for row in rows)
        lead = _("{year}年度{n}所学校，现在{done}所报齐。生成后这一版不变，之后的报送进入下一版。").format(
            year=year, n=len(rows), done=done
        )
        return {
            "lead": lead,
            "crumbs": area_crumbs((_("报告"), reverse("province:reports")), (_("生成"), "")),
            "cancel_href": reverse("province:reports"),
        }


@requires("provincial.view")
@require_safe
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """One edition: what it froze, its files and fingerprint."""
    report = report_for(report_id=report_id)
    rows = report.document["progress"]
    context = {
        "heading": report.title,
        "lead": _("第{n}版，定格{colleges}所学校、{done}所报齐、{indicators}项指标。").format(
            n=report.edition,
            colleges=len(rows),
            done=sum(row["state"] == "已报送" for row in rows),
            indicators=len(report.document["distributions"]),
        ),
        "crumbs": area_crumbs((_("报告"), reverse("province:reports")), (str(report.year), "")),
        "report": report,
        "newest": max((one.edition for one in reports() if one.year == report.year), default=report.edition),
    }
    return render(request, "web/province/report.html", context)


@requires("provincial.view")
@require_safe
def report_file(request: HttpRequest, report_id: int, ending: str) -> HttpResponse:
    """The edition as .xlsx or .docx."""
    del request
    report = report_for(report_id=report_id)
    if ending not in {"xlsx", "docx"}:
        raise Problem(Code.NOT_FOUND)
    content, media = (
        (report_xlsx(report.document), MEDIA_TYPE)
        if ending == "xlsx"
        else (report_docx(report.document, title=report.title), DOCX)
    )
    name = _("{title}_第{n}版.{ending}").format(title=report.title, n=report.edition, ending=ending)
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": attachment(name)})
