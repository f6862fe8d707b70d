"""Releasing figures (发布指标): fill in, see exactly what others will see, confirm, receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views import View
from django.views.decorators.http import require_safe

from zhiheng.benchmarking.documents import FormLine, form_xlsx, read_form
from zhiheng.benchmarking.models import ReleaseLevel
from zhiheng.benchmarking.selectors import peers, positions
from zhiheng.benchmarking.selectors.releases import own_profile, own_values
from zhiheng.benchmarking.services.releases import release_publish
from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.selectors.indicators import definitions_for
from zhiheng.web import wizard
from zhiheng.web.guards import requires
from zhiheng.web.peers.asking import area_crumbs
from zhiheng.web.peers.figures import Line, check, lines_for, typed_of
from zhiheng.web.shell import YEAR_KEY
from zhiheng.web.xlsx import MEDIA_TYPE, attachment

STEPS = (gettext_noop("填数"), gettext_noop("看别人会看到什么"), gettext_noop("拿回执"))
YEARS_BACK = 5


def years() -> list[int]:
    """This year and the years before it."""
    this = timezone.localdate().year
    return list(range(this, this - YEARS_BACK, -1))


def year_asked(request: HttpRequest) -> int:
    """From the address or the form, else the session's, else this year."""
    wanted = request.POST.get("year") or request.GET.get("year", "")
    kept = request.session.get(YEAR_KEY)
    year = int(wanted) if wanted.isdecimal() else kept
    return year if isinstance(year, int) and year in years() else years()[0]


@requires("benchmark.release")
class NewRelease(View):
    """The three steps; everything typed travels with the form, so that nothing is stored before the confirmation."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, prefilled with what is released for the year."""
        year = year_asked(request)
        before = own_values(year=year)
        return self._form(request, year, self._lines(year, typed_of(before)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """One of: read an uploaded form, check, go back, confirm."""
        year, step = year_asked(request), request.POST.get("step", "check")
        if step == "upload":
            return self._form(request, year, self._lines(year, self._uploaded(request)))
        lines = self._lines(year, self._typed(request))
        if step == "edit":
            return self._form(request, year, lines)
        check(lines)
        errors = [error for line in lines for error in line.errors]
        if not any(line.filled for line in lines):
            errors = [(_("一项都没有填。请至少填一项的分子。"), "")]
        if errors:
            return self._form(request, year, lines, errors)
        if step != "confirm":
            return self._preview(request, year, lines)
        return self._publish(request, year, lines)

    def _publish(self, request: HttpRequest, year: int, lines: list[Line]) -> HttpResponse:
        release = release_publish(
            year=year,
            level=_level(request),
            figures=[line.ready for line in lines if line.ready is not None],
            acting_user=request.user,
        )
        messages.success(request, _("已发布{n}项。请留存回执。").format(n=release.count))
        return HttpResponseRedirect(reverse("peers:receipt", args=[release.pk]))

    @staticmethod
    def _lines(year: int, typed: dict[str, tuple[str, str]]) -> list[Line]:
        definitions = definitions_for(year)
        return lines_for(definitions.values(), typed, own_values(year=year), own_values(year=year - 1))

    @staticmethod
    def _typed(request: HttpRequest) -> dict[str, tuple[str, str]]:
        codes = [name.removeprefix("n-") for name in request.POST if name.startswith("n-")]
        return {
            code: (request.POST.get(f"n-{code}", "").strip(), request.POST.get(f"d-{code}", "").strip())
            for code in codes
        }

    @staticmethod
    def _uploaded(request: HttpRequest) -> dict[str, tuple[str, str]]:
        upload: Any = request.FILES.get("file")
        if upload is None:
            raise Problem(
                Code.INVALID_INPUT, place=_("文件"), reason=_("还没有选"), advice=_("请选填好的填报表.xlsx。")
            )
        try:
            return dict(read_form(upload.read()))
        except ValueError as error:
            advice = _("请下载本页的填报表，填好再传。")
            raise Problem(Code.FILE_UNREADABLE, name=upload.name, reason=str(error), advice=advice) from error

    @staticmethod
    def _form(
        request: HttpRequest, year: int, lines: list[Line], errors: list[tuple[str, str]] | None = None
    ) -> HttpResponse:
        tables: dict[str, list[Line]] = {}
        for line in lines:
            tables.setdefault(line.definition.table, []).append(line)
        context = {
            "heading": _("发布{year}年度的指标").format(year=year),
            "lead": _("只填要发布的。发布前会给您看清别人能看到什么。"),
            "crumbs": area_crumbs((_("发布记录"), reverse("peers:releases")), (_("发布"), "")),
            "steps": wizard.steps([_(s) for s in STEPS], 0),
            "year": year,
            "years": years(),
            "tables": tables.items(),
            "level": _level(request),
            "errors": errors or [],
        }
        return render(request, "web/peers/release_form.html", context, status=422 if errors else 200)

    @staticmethod
    def _preview(request: HttpRequest, year: int, lines: list[Line]) -> HttpResponse:
        ready = [line for line in lines if line.ready is not None]
        level = _level(request)
        counted = [(group, len(positions.members(group=group, year=_newest()))) for group in peers.groups()]
        context = {
            "heading": _("发布之前，看清别人会看到什么"),
            "lead": _("{year}年度，{n}项。还没有发布。").format(year=year, n=len(ready)),
            "crumbs": area_crumbs((_("发布记录"), reverse("peers:releases")), (_("发布"), "")),
            "steps": wizard.steps([_(s) for s in STEPS], 1),
            "year": year,
            "lines": ready,
            "typed": [line for line in lines if line.filled],
            "level": level,
            "official": level == ReleaseLevel.OFFICIAL,
            "profile": own_profile(),
            "groups": counted,
            "replacing": sum(line.before is not None for line in ready),
            "jumping": [line for line in ready if line.jumps],
        }
        return render(request, "web/peers/release_preview.html", context)


def _newest() -> int:
    return next(iter(peers.years()), timezone.localdate().year)


def _level(request: HttpRequest) -> str:
    wanted = request.POST.get("level", ReleaseLevel.OFFICIAL)
    return wanted if wanted in ReleaseLevel.values else ReleaseLevel.OFFICIAL


@requires("benchmark.release")
@require_safe
def form_workbook(request: HttpRequest) -> HttpResponse:
    """The form of the year as .xlsx, prefilled with what is released."""
    year = year_asked(request)
    typed = typed_of(own_values(year=year))
    lines = [
        FormLine(d.code, d.table, d.title, d.unit, d.numerator, d.denominator, *typed.get(d.code, ("", "")))
        for d in definitions_for(year).values()
    ]
    name = _("发布填报表_{year}.xlsx").format(year=year)
    content = form_xlsx(lines, title=_("{year}年度").format(year=year))
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name)})
