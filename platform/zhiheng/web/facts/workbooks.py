"""Figures as a workbook (数据表): download prefilled, upload, every difference or error by cell, store."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views import View
from django.views.decorators.http import require_safe

from assessment.selectors import cycles as reads
from assessment.selectors.facts import cells_of, fact_form
from assessment.services.entry import cell_text
from assessment.services.facts import facts_import, facts_preview
from assessment.spreadsheets.facts import CellKey, FactForm, write_facts
from assessment.values import Cell
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import uploads, wizard
from zhiheng.web.cycles.lines import supplier_name
from zhiheng.web.difftable import Difference, DiffTable
from zhiheng.web.facts.views import area_crumbs, grid_href, opened, shown_form
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires
from zhiheng.web.xlsx import MEDIA_TYPE, attachment

SHOWN_LINES = 300
STEPS = (gettext_noop("上传"), gettext_noop("核对"), gettext_noop("入库"))


@requires("fact.view")
@require_safe
def workbook(request: HttpRequest, code: str) -> HttpResponse:
    """The grid as .xlsx, prefilled, in the shape that can be uploaded again."""
    cycle, supplier = opened(request, code)
    content = write_facts(shown_form(request.user, cycle, supplier), cells_of(cycle))
    name = _("{title}_{name}_数据.xlsx").format(title=cycle.title, name=supplier_name(supplier))
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name)})


@requires("fact.enter")
class Upload(FormPage):
    """Step one: the filled workbook."""

    template_name = "web/facts/upload.html"
    form_class = wizard.UploadForm
    heading: ClassVar[str] = gettext_noop("上传填好的.xlsx")
    lead: ClassVar[str] = gettext_noop("先看和系统里有什么不同，再入库；空着的格子不会清掉已有的数。")
    submit_label: ClassVar[str] = gettext_noop("上传并核对")

    def save(self, form: Any) -> str:
        """Keep the file."""
        reads.cycle_for(code=self.kwargs["code"])
        token = uploads.keep(
            self.request, form.cleaned_data["file"], supplier=self.request.GET.get("supplier", "")
        )
        return reverse("facts:review", args=[self.kwargs["code"], token])

    def context(self) -> dict[str, Any]:
        """Steps, crumbs."""
        cycle = reads.cycle_for(code=self.kwargs["code"])
        return {
            "steps": wizard.steps([_(s) for s in STEPS], 0),
            "crumbs": area_crumbs(cycle, (_("上传"), "")),
        }


@requires("fact.enter")
class Review(View):
    """Step two: every error by cell, or every difference; accepting stores all of it."""

    def get(self, request: HttpRequest, code: str, token: UUID) -> HttpResponse:
        """Read the file and compare."""
        cycle, waiting = reads.cycle_for(code=code), uploads.waiting_for(request, token)
        errors: Sequence[dict[str, str]] = ()
        lines: list[Difference] = []
        try:
            cells, _diff = facts_preview(cycle=cycle, content=waiting.read(), acting_user=request.user)
            lines = _differences(fact_form(cycle, user=request.user), cells_of(cycle), cells)
        except Problem as problem:
            if problem.code is not Code.IMPORT_REJECTED:
                raise
            errors = problem.data["errors"]
        context = {
            "heading": _("核对“{name}”").format(name=waiting.name),
            "lead": _("有{n}处要改。改好后再传一次，什么都没有写入。").format(n=len(errors))
            if errors
            else _("没有错误。下面是入库后会变的数据，看过再入库。"),
            "crumbs": area_crumbs(
                cycle, (_("上传"), reverse("facts:upload", args=[code])), (waiting.name, "")
            ),
            "steps": wizard.steps([_(s) for s in STEPS], 1),
            "cycle": cycle,
            "errors": errors,
            "diff": DiffTable(_("系统里"), _("文件里"), tuple(lines[:SHOWN_LINES])),
            "total": len(lines),
            "hidden_lines": max(0, len(lines) - SHOWN_LINES),
        }
        return render(request, "web/facts/review.html", context)

    def post(self, request: HttpRequest, code: str, token: UUID) -> HttpResponse:
        """Store everything in one transaction."""
        cycle, waiting = reads.cycle_for(code=code), uploads.waiting_for(request, token)
        diff = facts_import(cycle=cycle, content=waiting.read(), name=waiting.name, acting_user=request.user)
        uploads.forget(request, token)
        messages.success(request, _("已入库：新填{a}格，改动{b}格。").format(a=diff.created, b=diff.changed))
        supplier = waiting.extra.get("supplier", "")
        return HttpResponseRedirect(grid_href(cycle, supplier) if supplier else reverse("facts:home"))


def _differences(form: FactForm, old: dict[CellKey, Cell], new: dict[CellKey, Cell]) -> list[Difference]:
    measures = {m["code"]: m for m in form.measures}
    names = {u.code: u.name for u in form.units}
    found = []
    for key, cell in new.items():
        before = old.get(key)
        if before == cell:
            continue
        measure = measures[key[0]]
        place = f"{names.get(key[1] or '', _('全校'))}　{measure['title']}"
        texts = (_text(measure, before), _text(measure, cell))
        found.append(Difference(place, "chg" if texts[0] else "add", *texts))
    return found


def _text(measure: Any, cell: Cell | None) -> str:
    if cell is not None and measure["type"] == "register":
        return _("{n}条").format(n=len(cell.value or []))
    return cell_text(measure, cell)
