"""What all API views share: rights by method, problem details, pages by cursor, repeatable writes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from zhiheng.api.authentication import TokenAuthentication
from zhiheng.api.pagination import Pages
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import IdempotentAnswer
from zhiheng.kernel.numbers import jsonable

PROBLEM_TYPE = "application/problem+json"


class HasRight(BasePermission):
    """The right that the view names for the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False for methods that the view has no right for."""
        right = view.rights.get(request.method)
        return bool(right and request.user.is_authenticated and request.user.can(right))


class TenantView(GenericAPIView[Any]):
    """A view inside a tenant.  ``rights`` maps HTTP methods to permissions; a method without entry is refused."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasRight,)
    pagination_class = Pages
    rights: ClassVar[Mapping[str, str]] = {}

    def listed(self, items: Any) -> Response:
        """One page of a queryset or list, through the view's serializer."""
        if isinstance(items, list):
            return Response(
                {"next": None, "previous": None, "results": self.get_serializer(items, many=True).data}
            )
        page = self.paginate_queryset(items)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def problem_response(problem: Problem) -> Response:
    """Problem details (RFC 9457) of an expected failure."""
    content = {
        "type": f"urn:zhiheng:problem:{problem.code.name.lower()}",
        "title": problem.code.name,
        "status": problem.status,
        "detail": str(problem),
        "data": jsonable(problem.data),
    }
    return Response(content, status=problem.status, content_type=PROBLEM_TYPE)


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The exception handler of REST framework: every failure becomes problem details; None lets a bug be a 500."""
    problem = _as_problem(error)
    if problem is None:
        return None
    set_rollback()
    response = problem_response(problem)
    view: APIView = context["view"]
    if problem.status == Code.SIGN_IN_REQUIRED.value.status:
        response["WWW-Authenticate"] = TokenAuthentication().authenticate_header(view.request)
    return response


def _as_problem(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        return Problem(Code.SIGN_IN_REQUIRED)
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            Code.INVALID_INPUT,
            place="请求内容",
            reason="有几处不对",
            advice="见errors",
            errors=_fields(error.detail),
        )
    if isinstance(error, Http404 | exceptions.NotFound):
        return Problem(Code.NOT_FOUND)
    if isinstance(error, exceptions.PermissionDenied):
        return Problem(Code.PERMISSION_DENIED)
    if isinstance(error, exceptions.APIException):
        return Problem(Code.INVALID_INPUT, place="请求", reason=str(error.detail), advice="请照接口说明改")
    return None


def _fields(detail: Any, place: str = "") -> list[dict[str, str]]:
    if isinstance(detail, Mapping):
        return [one for name, inner in detail.items() for one in _fields(inner, f"{place}.{name}".strip("."))]
    if isinstance(detail, list):
        return [one for inner in detail for one in _fields(inner, place)]
    return [{"place": place, "reason": str(detail), "advice": ""}]


def once(write: Callable[..., Response]) -> Callable[..., Response]:
    """A write that may be repeated: with ``Idempotency-Key`` the same request gets the first answer again.

    Key and write are one transaction: a failed write leaves no key.  The same key with another body is refused.
    """

    def guarded(view: TenantView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if not key:
            return write(view, request, *args, **kwargs)
        body = json.dumps(request.data, sort_keys=True, default=str)
        digest = hashlib.sha256(body.encode()).hexdigest()
        with transaction.atomic():
            asked = {"request": f"{request.method} {request.path}"[:300], "body_digest": digest}
            kept, new = IdempotentAnswer.objects.select_for_update().get_or_create(
                user_id=int(request.user.pk or 0), key=key[:120], defaults=asked
            )
            if (kept.request, kept.body_digest) != (asked["request"], digest):
                raise Problem(Code.KEY_REUSED, key=key)
            if not new:
                return Response(kept.answer, status=kept.status)
            response = write(view, request, *args, **kwargs)
            kept.status, kept.answer = (
                response.status_code,
                json.loads(json.dumps(response.data, default=str)),
            )
            kept.save(update_fields=["status", "answer"])
            return response

    return guarded
