"""Theme, density, language and year (显示设置); they work without JavaScript as well."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import JavaScriptCatalog

from zhiheng.web.crumbs import crumbs
from zhiheng.web.guards import SIGNED_IN, open_to_all, requires
from zhiheng.web.shell import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES, YEAR_KEY

ONE_YEAR = 365 * 24 * 60 * 60


@open_to_all
@method_decorator(cache_control(private=True, max_age=300), name="dispatch")
class Words(JavaScriptCatalog):
    """Texts of the scripts in the chosen language; Chinese pages do without."""

    packages = ["zhiheng.web"]


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on, never to a foreign site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


@requires(SIGNED_IN)
@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """Choose theme, density and language."""
    densities = [("compact", _("紧凑")), ("normal", _("标准")), ("roomy", _("宽松"))]
    themes = [("light", _("浅色")), ("dark", _("深色"))]
    context = {
        "heading": _("显示设置"),
        "lead": _("只影响这台设备上的显示。"),
        "crumbs": crumbs((_("工作台"), "/"), (_("显示设置"), "")),
        "densities": densities,
        "themes": themes,
        "languages": settings.LANGUAGES,
        "here": reverse("prefs:settings"),
    }
    return render(request, "web/prefs.html", context)


@open_to_all
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep theme, density or language in a cookie."""
    answer = back(request)
    for field, allowed, cookie in (
        ("theme", THEMES, THEME_COOKIE),
        ("density", DENSITIES, DENSITY_COOKIE),
        ("language", dict(settings.LANGUAGES), settings.LANGUAGE_COOKIE_NAME),
    ):
        if (value := request.POST.get(field, "")) in allowed:
            answer.set_cookie(cookie, value, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure())
    return answer


@requires(SIGNED_IN)
@require_POST
def year(request: HttpRequest) -> HttpResponse:
    """Keep the year for this session."""
    value = request.POST.get("year", "")
    if value.isdigit() and len(value) == 4:
        request.session[YEAR_KEY] = int(value)
    return back(request)
