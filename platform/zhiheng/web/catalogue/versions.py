"""Versions of the catalogue (版本): states, open findings, making one effective, files."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from catalog.documents import catalogue_xlsx, handbook_docx
from catalog.models import CatalogueState, CatalogueVersion
from catalog.selectors import contents
from catalog.selectors.catalogue import open_findings, version_for, versions
from catalog.services.catalogue import catalogue_make_effective
from zhiheng.web.catalogue.asking import frame
from zhiheng.web.catalogue.lists import CatalogueList
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.listing import Column, Filter, Rows
from zhiheng.web.xlsx import MEDIA_TYPE, attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CLOSED = {CatalogueState.EFFECTIVE, CatalogueState.SUPERSEDED}


def version_href(row: CatalogueVersion) -> str:
    """The version's overview."""
    return f"{reverse('catalogue:overview')}?version={row.number}"


def findings_href(row: Any) -> str:
    """Findings of the version."""
    return reverse("catalogue:findings", args=[row.number])


@requires("catalog.view")
class VersionList(CatalogueList):
    """All versions, newest first."""

    template_name = "web/catalogue/versions.html"
    tab = "versions"
    heading = gettext_noop("目录版本")
    columns: ClassVar[Sequence[Column]] = (
        Column("title", gettext_noop("版本"), str, head=True, href=version_href),
        Column("state", gettext_noop("状态"), "get_state_display", cell="web/catalogue/state_cell.html"),
        Column("open", gettext_noop("待核对"), "open_findings", align="r", href=findings_href),
        Column("effective_from", gettext_noop("施行"), "effective_from", on_phone=False),
        Column("approved_by", gettext_noop("批准"), "approved_by", on_phone=False),
        Column("source", gettext_noop("来源文件"), "source_name", on_phone=False),
        Column("created_at", gettext_noop("建立"), "created_at", on_phone=False),
        Column("next", gettext_noop("下一步"), lambda _row: "", cell="web/catalogue/next_cell.html"),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "state",
            gettext_noop("状态"),
            lambda rows, value: rows.filter(state=value),
            choices=lambda _request: list(CatalogueState.choices),
        ),
    )

    def rows(self) -> Rows:
        """Every version that was ever stored."""
        return versions().order_by("-number")

    def context(self) -> dict[str, Any]:
        """Rights for the actions."""
        user: Any = self.request.user
        rights = {"may_import": user.can("catalog.import"), "may_approve": user.can("catalog.approve")}
        return {**super().context(), **rights}


class EffectiveForm(forms.Form):
    """Who approved, and from which day it counts."""

    approved_by = forms.CharField(
        label=gettext_lazy("批准机构"), max_length=200, help_text=gettext_lazy("例如：校长办公会。")
    )
    effective_from = forms.DateField(
        label=gettext_lazy("从哪一天起施行"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@requires("catalog.approve")
class MakeEffective(FormPage):
    """Approve a version and make it the one in force."""

    form_class = EffectiveForm
    submit_label: ClassVar[str] = gettext_noop("批准并施行")
    done_message: ClassVar[str] = gettext_noop("已施行。查询、日程和岗位职责单从现在起用这一版。")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"effective_from": timezone.localdate()}

    def save(self, form: Any) -> str:
        """Make it effective."""
        version = version_for(number=self.kwargs["number"])
        catalogue_make_effective(version=version, acting_user=self.request.user, **form.cleaned_data)
        return reverse("catalogue:overview")

    def context(self) -> dict[str, Any]:
        """What happens, and what is still open."""
        version = version_for(number=self.kwargs["number"])
        left = open_findings(version)
        lead = _("施行后，现行的一版转为“已被替代”，仍可查看。")
        if left:
            lead = _("还有{n}处没有核对。可以先施行，核对随时能补。").format(n=left) + lead
        return {
            "heading": _("施行“{version}”").format(version=version),
            "lead": lead,
            "cancel_href": reverse("catalogue:versions"),
            **frame(
                self.request, "versions", version, (_("版本"), reverse("catalogue:versions")), (_("施行"), "")
            ),
        }


@requires("catalog.view")
@require_safe
def handbook(request: HttpRequest, number: int) -> HttpResponse:
    """The printed handbook."""
    del request
    version = version_for(number=number)
    content = handbook_docx(contents.whole(version))
    name = _("{title}_第{n}版.docx").format(title=version.title, n=version.number)
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": attachment(name)})


@requires("catalog.view")
@require_safe
def tables(request: HttpRequest, number: int) -> HttpResponse:
    """All tables of the version."""
    del request
    version = version_for(number=number)
    content = catalogue_xlsx(contents.whole(version))
    name = _("{title}_第{n}版.xlsx").format(title=version.title, n=version.number)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name)})
