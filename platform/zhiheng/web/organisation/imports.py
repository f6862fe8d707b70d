"""Import of the organisation from a workbook (组织机构导入): upload, check every cell, accept, store in one transaction."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views import View
from django.views.decorators.http import require_safe

from tenants.organisation.selectors.export import organisation_workbook, template_workbook
from tenants.organisation.services.imports import ImportPlan, import_apply, import_preview
from zhiheng.web import uploads, wizard
from zhiheng.web.difftable import Difference, DiffTable
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.organisation.views import area_crumbs
from zhiheng.web.xlsx import MEDIA_TYPE, attachment

SHOWN_ROWS = 300
STEPS = (gettext_noop("上传"), gettext_noop("核对"), gettext_noop("入库"))


def wizard_steps(now: int) -> list[wizard.WizardStep]:
    """The three steps with the current one."""
    return wizard.steps([_(label) for label in STEPS], now)


class OrganisationUpload(wizard.UploadForm):
    """Workbook, and the day from which the changes count."""

    on = forms.DateField(
        label=gettext_lazy("从哪一天起生效"),
        help_text=gettext_lazy("改名、调整隶属会从这一天起记入沿革，之前的报告不变。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@requires("unit.edit")
class ImportUpload(FormPage):
    """Step one: the file."""

    template_name = "web/organisation/import_upload.html"
    form_class = OrganisationUpload
    heading: ClassVar[str] = gettext_noop("导入单位、岗位和人员")
    lead: ClassVar[str] = gettext_noop("先核对，再入库。核对时什么都不会写入。")
    submit_label: ClassVar[str] = gettext_noop("上传并核对")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def save(self, form: Any) -> str:
        """Keep the file; read it once so that an unreadable one is refused here."""
        upload, day = form.cleaned_data["file"], form.cleaned_data["on"]
        user: Any = self.request.user
        import_preview(content=upload.read(), file_name=upload.name, on=day, acting_user=user)
        upload.seek(0)
        token = uploads.keep(self.request, upload, on=day.isoformat())
        return reverse("organisation:import_review", args=[token])

    def context(self) -> dict[str, Any]:
        """Steps and crumbs."""
        return {"steps": wizard_steps(0), "crumbs": area_crumbs((_("导入"), ""))}


@requires("unit.edit")
class ImportReview(View):
    """Step two: everything to mend with its cell, or everything that would change; accepting stores it."""

    def get(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """Read the file anew, since the organisation may have changed meanwhile."""
        waiting = uploads.waiting_for(request, token)
        return self._show(request, waiting, self._plan(waiting))

    def post(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """Store, if what was accepted is still what would happen."""
        waiting = uploads.waiting_for(request, token)
        record = import_apply(
            content=waiting.read(),
            file_name=waiting.name,
            on=date.fromisoformat(waiting.extra["on"]),
            expected=request.POST.get("fingerprint", "?"),
            acting_user=request.user,  # type: ignore[arg-type]
        )
        uploads.forget(request, token)
        messages.success(request, _("已入库：{summary}。").format(summary=summary(record.counts)))
        return HttpResponseRedirect(reverse("organisation:units"))

    def _plan(self, waiting: uploads.Waiting) -> ImportPlan:
        return import_preview(
            content=waiting.read(),
            file_name=waiting.name,
            on=date.fromisoformat(waiting.extra["on"]),
            acting_user=self.request.user,  # type: ignore[arg-type]
        )

    def _show(self, request: HttpRequest, waiting: uploads.Waiting, plan: ImportPlan) -> HttpResponse:
        lines = differences(plan)
        context = {
            "heading": _("核对“{name}”").format(name=waiting.name),
            "lead": self._lead(plan),
            "crumbs": area_crumbs((_("导入"), reverse("organisation:import")), (waiting.name, "")),
            "steps": wizard_steps(1),
            "plan": plan,
            "counts": plan.counts().items(),
            "diff": DiffTable(_("系统里"), _("文件里"), tuple(lines[:SHOWN_ROWS])),
            "hidden_lines": max(0, len(lines) - SHOWN_ROWS),
        }
        return render(request, "web/organisation/import_review.html", context)

    @staticmethod
    def _lead(plan: ImportPlan) -> str:
        if plan.errors:
            return _("有{n}处要改。改好后再传一次，什么都没有写入。").format(n=len(plan.errors))
        return _("没有错误。下面是入库后会变的内容，看过再入库。")


def differences(plan: ImportPlan) -> list[Difference]:
    """New rows and changed fields, sheet by sheet."""
    found: list[Difference] = []
    for row in plan.rows:
        place = f"{row.sheet} {row.label}"
        if row.action == "create":
            found.append(Difference(place, "add", new=row.label, note=_("第{n}行").format(n=row.number)))
        found += [Difference(f"{place} {d.title}", "chg", d.old, d.new, d.cell) for d in row.diffs]
    return found


def summary(counts: dict[str, dict[str, int]]) -> str:
    """新增12、改动3, in words."""
    created = sum(sheet["create"] for sheet in counts.values())
    changed = sum(sheet["change"] for sheet in counts.values())
    return _("新增{created}条，改动{changed}条").format(created=created, changed=changed)


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name)})


@requires("unit.edit")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook with explanations and choices."""
    del request
    return _workbook(template_workbook(), _("组织机构模板.xlsx"))


@requires("unit.view")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything in force today, in the shape that can be imported again."""
    name = _("组织机构_{day}.xlsx").format(day=f"{timezone.localdate():%Y%m%d}")
    return _workbook(organisation_workbook(user=request.user), name)  # type: ignore[arg-type]
