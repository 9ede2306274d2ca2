"""Wrong codes and passwords count together with those of signing in, and lock the same."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

from caudal.apps.staff.models import User


def is_locked(request: HttpRequest, user: User) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": user.username})


def count_failure(request: HttpRequest, user: User) -> None:
    """One more wrong try of this person from this address."""
    name = {"username": user.username}
    user_login_failed.send(sender=__name__, credentials=name, request=request)


def locked_answer(request: HttpRequest, user: User) -> HttpResponse:
    """The page that says how long to wait."""
    answer: HttpResponse = get_lockout_response(request, {"username": user.username})
    return answer
