"""Signing in of systems: a bearer token of this tenant."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from zhiheng.accounts.services.tokens import token_use


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer zh_…``; a token of another tenant is as unknown as a wrong one."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """User and token, or None when the request carries no bearer token."""
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        token = token_use(parts[1]) if len(parts) == 2 else None
        if token is None:
            raise AuthenticationFailed("令牌无效或已过期。请在“设置—接口令牌”里换一个。")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing token a 401 with this challenge."""
        del request
        return 'Bearer realm="zhiheng"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description tells of the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """HTTP bearer."""
        del auto_schema
        return {"type": "http", "scheme": "bearer"}
