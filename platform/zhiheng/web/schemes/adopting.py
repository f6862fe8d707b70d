"""Into and out of drafting (采用与发布): templates of the library, adopting, publishing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from assessment.models import SchemeVersion
from assessment.selectors import schemes as reads
from assessment.services.schemes import scheme_adopt, version_publish
from zhiheng.library.models import TemplateKind
from zhiheng.library.selectors import templates as library
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.schemes.scope import area_crumbs, opened, version_href


@requires("library.view")
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Templates of the shared library; adopting takes one click."""
    user: Any = request.user
    adopted = {s.template_code: s for s in reads.schemes() if s.template_code}
    rows = [
        {"template": one, "version": version, "adopted": adopted.get(one.code), **_size(version.document)}
        for one in library.templates(TemplateKind.SCHEME)
        if (version := one.versions.first()) is not None
    ]
    context = {
        "heading": _("从模板库选一个接近的"),
        "lead": _("采用后是本校的草稿，改什么都不影响模板；模板以后有新版，可以对比着更新。"),
        "crumbs": area_crumbs((_("模板库"), "")),
        "rows": rows,
        "may_adopt": user.can("library.adopt"),
    }
    return render(request, "web/schemes/templates.html", context)


def _size(document: Mapping[str, Any]) -> dict[str, Any]:
    """How large a template is: leaves, measures, readings, unit types."""

    def leaves(node: Mapping[str, Any]) -> int:
        children = node.get("children") or ()
        return sum(leaves(child) for child in children if isinstance(child, Mapping)) if children else 1

    return {
        "leaves": leaves(document.get("tree") or {}),
        "measures": len(document.get("measures", ())),
        "readings": len(document.get("readings", ())),
        "issuer": (document.get("source") or {}).get("title", ""),
    }


@requires("library.adopt")
@require_POST
def adopt(request: HttpRequest, template: str) -> HttpResponse:
    """Take a template as a new draft."""
    version = library.latest_version(template)
    made = scheme_adopt(
        template=version, code=version.template.code, title=version.template.title, acting_user=request.user
    )
    messages.success(
        request, _("已采用“{title}”，这是第{n}版草稿。").format(title=made.scheme.title, n=made.number)
    )
    return HttpResponseRedirect(version_href(made))


class PublishForm(forms.Form):
    """Who approved it, when, on which file."""

    approved_by = forms.CharField(
        label=gettext_lazy("批准机构"), max_length=200, help_text=gettext_lazy("例如“校长办公会”“党委会”。")
    )
    approved_on = forms.DateField(
        label=gettext_lazy("批准日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    basis = forms.CharField(
        label=gettext_lazy("依据文件"),
        max_length=300,
        help_text=gettext_lazy("文件名和文号，会印在结果文件上。"),
    )


@requires("scheme.publish")
class Publish(FormPage):
    """Publish a draft; afterwards it never changes."""

    template_name = "web/schemes/publish.html"
    form_class = PublishForm
    heading: ClassVar[str] = gettext_noop("发布方案")
    lead: ClassVar[str] = gettext_noop(
        "发布后这一版不能再改，新建的年度用它计分；原来发布的版本停用，用过它的年度不受影响。"
    )
    submit_label: ClassVar[str] = gettext_noop("发布这一版")
    done_message: ClassVar[str] = gettext_noop("已发布。新建年度时可以选它。")

    @property
    def version(self) -> SchemeVersion:
        """The version in the address."""
        return opened(self.kwargs["code"], self.kwargs["number"])

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"approved_on": timezone.localdate()}

    def save(self, form: Any) -> str:
        """Publish."""
        published = version_publish(version=self.version, acting_user=self.request.user, **form.cleaned_data)
        return version_href(published)

    def context(self) -> dict[str, Any]:
        """Findings that forbid or should be looked at first."""
        version = self.version
        findings = reads.lint_findings(version)
        return {
            "heading": _("发布{version}").format(version=version),
            "cancel_href": version_href(version),
            "crumbs": area_crumbs((version.scheme.title, version_href(version)), (_("发布"), "")),
            "errors": [one for one in findings if one["level"] == "error"],
            "warnings": sum(one["level"] == "warning" for one in findings),
            "version": version,
        }
