"""Who asks, when our own proxy stands in front: the address that it saw, not its own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ProxyMiddleware:
    """Sign-in locks, sessions and limits of strangers all go by REMOTE_ADDR."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # The proxy writes its own finding last; what stands before it anybody may have sent.
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if settings.BEHIND_PROXY and seen:
            request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)
