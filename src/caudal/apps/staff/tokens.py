"""The door of the API: who holds this token, and whether it may do this.

An API view says `verbs = {"GET": Verb.SEE_CUSTOMERS, "POST": Verb.REGISTER_CUSTOMERS}`; a method
that is not listed is refused to everybody.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from caudal.apps.clock.now import now
from caudal.apps.staff.actions import use_token
from caudal.apps.staff.models import ApiToken, User
from caudal.apps.staff.verbs import Verb

KEYWORD = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cau_...`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != KEYWORD.lower():
            return None
        address = request.META.get("REMOTE_ADDR", "")
        token = use_token(text.strip(), now=now(), address=address)
        if token is None:
            raise AuthenticationFailed(_("The token is not valid, has expired or was revoked."))
        token.user.token = token
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class VerbPermission(BasePermission):
    """The person may do the view's verb for this method, and so may his token if he came by one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
        verb: Verb | None = getattr(view, "verbs", {}).get(method)
        user = request.user
        return verb is not None and isinstance(user, User) and user.may(verb)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the token."""

    target_class = "caudal.apps.staff.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
