"""Who may open a page (访问控制): signed in, and with the right that the route names."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View

from zhiheng.kernel.errors import Code, Problem

SIGNED_IN = ""
"""Right of a page that everybody who is signed in may open."""

AnyView = TypeVar("AnyView", bound=Callable[..., Any])


def requires(permission: str, *, even_with_initial_password: bool = False) -> Callable[[AnyView], AnyView]:
    """Decorator for view functions and view classes; the right is kept as ``required_permission`` for tests.

    Signed out: to the sign-in page and back afterwards.  With the initial password: first to the page that changes it.
    Without the right: Problem PERMISSION_DENIED.
    """

    def decorate(view: AnyView) -> AnyView:
        guard = _guard(permission, even_with_initial_password)
        if isinstance(view, type) and issubclass(view, View):
            guarded: Any = method_decorator(guard, name="dispatch")(view)
        else:
            guarded = guard(cast(Callable[..., HttpResponseBase], view))
        guarded.required_permission = permission
        return guarded  # type: ignore[no-any-return]

    return decorate


def open_to_all(view: AnyView) -> AnyView:
    """Marks a view that needs no sign-in; without one of the two marks a test fails."""
    view.required_permission = None  # type: ignore[attr-defined]
    return view


def _guard(
    permission: str, initial_ok: bool
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return to_sign_in(request)
            if user.must_change_password and not initial_ok:
                return redirect("account:password")
            if permission != SIGNED_IN and not user.can(permission):
                raise Problem(Code.PERMISSION_DENIED)
            return view(request, *args, **kwargs)

        return inner

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; a fragment request gets 401 and the browser goes there as a whole."""
    target = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        here = request.headers.get("HX-Current-URL", "")
        path = "/" + here.split("/", 3)[3] if here.count("/") >= 3 else "/"
        return HttpResponse(status=401, headers={"HX-Redirect": f"{target}?{urlencode({'next': path})}"})
    return redirect(f"{target}?{urlencode({'next': request.get_full_path()})}")
