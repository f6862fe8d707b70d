"""One page of three queries, the same for both sides (对照页面)."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from zhiheng.accounts.models import ApiToken, RoleGrant, User


def page(_request: HttpRequest) -> JsonResponse:
    """Three small reads, as a typical page needs them at least."""
    found = [
        User.objects.filter(is_active=True).count(),
        len(RoleGrant.objects.all()[:20]),
        ApiToken.objects.exists(),
    ]
    return JsonResponse({"found": found})


urlpatterns = [path("", page)]
