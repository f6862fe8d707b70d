"""Language of the pages (界面语言): Chinese unless the person chose another one, whatever the browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override


def chosen_language(request: HttpRequest) -> str:
    """The language kept in the cookie, or the default for anything unknown."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return kept if kept in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Speaks the chosen language for the time of one request; programs at /api/ always get Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_program = request.path.startswith("/api/")
        language = settings.LANGUAGE_CODE if is_program else chosen_language(request)
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
