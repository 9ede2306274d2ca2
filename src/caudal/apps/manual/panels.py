"""What the manual adds to every page: the address of its help."""

from django.http import HttpRequest

from caudal.apps.manual.pages import address
from caudal.apps.manual.screens import target_of
from caudal.web import context


def help_url(request: HttpRequest) -> str:
    match = request.resolver_match
    target = target_of(match.view_name) if match and request.user.is_authenticated else ""
    return address(target) if target else ""


context.provide("help_url", help_url)
