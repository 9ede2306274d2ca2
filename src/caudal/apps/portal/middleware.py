"""Sends whoever asks for somebody else's page to the notice: a router redirected him here."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host

from caudal.apps.portal.address import public_address

NETWORK_AUTHENTICATION_REQUIRED = 511
"""RFC 6585, 6: what a box on the way answers in place of the site that was asked."""


class ForeignHostMiddleware:
    """A request whose Host is not ours gets 302 to the notice page, never to be remembered.

    Without an address of the page everything goes on as if this were not here. It comes before
    all others: they refuse, or remember, a Host that they do not know.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = public_address()
        if not page or _is_ours(request):
            return self._get_response(request)
        if request.method in ("GET", "HEAD"):
            answer: HttpResponse = HttpResponseRedirect(page)
        else:
            answer = HttpResponse(status=NETWORK_AUTHENTICATION_REQUIRED)
        answer["Cache-Control"] = "no-store, max-age=0"
        return answer


def _is_ours(request: HttpRequest) -> bool:
    domain, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    # Without a Host (HTTP/1.0) there is no telling whose page was meant: ours.
    return not domain or validate_host(domain, settings.ALLOWED_HOSTS)
