"""Import of a catalogue file (导入职责目录): upload, what was read beside what is in doubt, store as a draft."""

import hashlib
import json
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views import View

from catalog.services.catalogue import catalogue_store
from integrations.services.catalogue import catalogue_read, import_start
from zhiheng.kernel.numbers import jsonable
from zhiheng.kernel.tasks import current_tenant
from zhiheng.web import uploads, wizard
from zhiheng.web.catalogue import reading as readings
from zhiheng.web.catalogue.asking import frame
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires

STEPS = (gettext_noop("上传"), gettext_noop("核对读取"), gettext_noop("存为草稿"), gettext_noop("施行"))
LARGE = 400_000
"""Bytes from which reading and storing go to a job."""
KEPT_SECONDS = 3600


def wizard_steps(now: int) -> list[wizard.WizardStep]:
    """The four steps with the current one."""
    return wizard.steps([_(label) for label in STEPS], now)


class CatalogueUpload(wizard.UploadForm):
    """The file and what the new version is to be called."""

    title = forms.CharField(
        label=gettext_lazy("版本名称"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例如：部门职责与工作标准（2026年修订）。不填就用文件名。"),
    )


@requires("catalog.import")
class ImportUpload(FormPage):
    """Step one: the file; a large one goes straight to a job."""

    template_name = "web/catalogue/import_upload.html"
    form_class = CatalogueUpload
    heading: ClassVar[str] = gettext_noop("导入职责目录")
    lead: ClassVar[str] = gettext_noop("先看读出了什么、哪里拿不准，再存为草稿。现行的一版不受影响。")
    submit_label: ClassVar[str] = gettext_noop("上传并读取")

    def build_form(self, *args: Any, **kwargs: Any) -> Any:
        """Word, workbooks and plain text."""
        return CatalogueUpload(*args, endings=(".docx", ".xlsx", ".txt"), **kwargs)

    def save(self, form: Any) -> str:
        """Keep the file and read it once, so that an unreadable one is refused here."""
        upload = form.cleaned_data["file"]
        title = form.cleaned_data["title"].strip() or upload.name.rpartition(".")[0]
        content = upload.read()
        upload.seek(0)
        if len(content) > LARGE:
            token = uploads.keep(self.request, upload, title=title)
            waiting = uploads.waiting_for(self.request, token)
            href = reverse("catalogue:versions")
            job = import_start(
                key=waiting.key, name=upload.name, title=title, href=href, acting_user=self.request.user
            )
            return reverse("jobs:job", args=[job.pk])
        reading_of(content, upload.name)
        token = uploads.keep(self.request, upload, title=title)
        return reverse("catalogue:import_review", args=[token])

    def context(self) -> dict[str, Any]:
        """Steps and crumbs."""
        return {"steps": wizard_steps(0), **frame(self.request, "versions", None, (_("导入"), ""))}


@requires("catalog.import")
class ImportReview(View):
    """Step two: identification, counts, records with doubts; storing makes a draft."""

    def get(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """Show the reading."""
        waiting = uploads.waiting_for(request, token)
        reading = reading_of(waiting.read(), waiting.name)
        found = readings.doubts(reading)
        listed = readings.records(reading, found)
        kind = request.GET.get("kind", "")
        shown = [one for one in found if not kind or one.code == kind]
        context = {
            "heading": _("核对“{name}”").format(name=waiting.name),
            "lead": _("认出是{family}。{counts}。").format(
                family=readings.family_of(reading),
                counts=_("、").join(f"{n:,}{label}" for label, n in readings.counts(reading)),
            ),
            "steps": wizard_steps(1),
            "waiting": waiting,
            "title": waiting.extra["title"],
            "doubts": shown[: readings.SHOWN_DOUBTS],
            "all_doubts": len(found),
            "hidden_doubts": max(0, len(shown) - readings.SHOWN_DOUBTS),
            "refused": sum(not one.kept for one in found),
            "kinds": readings.kinds(found),
            "kind": kind,
            "records": listed[: readings.SHOWN_RECORDS],
            "hidden_records": max(0, len(listed) - readings.SHOWN_RECORDS),
            "repairs": len(reading.get("repairs", [])),
            "left_out": reading.get("left_out", [])[:100],
            "left_out_total": len(reading.get("left_out", [])),
            **frame(request, "versions", None, (_("导入"), reverse("catalogue:import")), (waiting.name, "")),
        }
        return render(request, "web/catalogue/import_review.html", context)

    def post(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """Store as a draft; what is in doubt goes along as findings."""
        waiting = uploads.waiting_for(request, token)
        content = waiting.read()
        version = catalogue_store(
            reading=reading_of(content, waiting.name),
            title=waiting.extra["title"],
            source_name=waiting.name,
            source_digest=hashlib.sha256(content).hexdigest(),
            acting_user=request.user,
        )
        uploads.forget(request, token)
        messages.success(request, _("已存为草稿：{version}。核对完就可以施行。").format(version=version))
        return HttpResponseRedirect(reverse("catalogue:findings", args=[version.number]))


def reading_of(content: bytes, name: str) -> dict[str, Any]:
    """The reading of a file, kept for an hour so that each page of the wizard does not read it anew."""
    key = f"{current_tenant()}:reading:{hashlib.sha256(content + name.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        return dict(json.loads(kept))
    reading: dict[str, Any] = jsonable(catalogue_read(content=content, name=name))
    cache.set(key, json.dumps(reading, ensure_ascii=False), KEPT_SECONDS)
    return reading
