"""The language of a request: the person's own, else the one chosen on this device, else Spanish.

What the browser prefers is not asked: staff work on machines that others have set up, and the
panel is Spanish first. A program says in each request what its reader reads.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

API = "/api/v1/"


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.path.startswith(API):
            patch_vary_headers(response, ["Accept-Language"])
        return response


def language_of(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    own = getattr(request.user, "language", "")
    if own not in known and request.path.startswith(API):
        return translation.get_language_from_request(request)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return next((each for each in (own, chosen) if each in known), settings.LANGUAGE_CODE)
