"""What stands between a session and a screen: last seen, the second factor, the password again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now
from caudal.apps.staff import actions, critical, lockout
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import SecurityRules, User
from caudal.apps.staff.tokens import KEYWORD

Answer = Callable[[], HttpResponseBase]
SEEN_EVERY_SECONDS = 300
SEEN, CONFIRMED, PASSED = "seen_at", "asked_again_at", "second_factor"
"""Keys of the session: when it was last noted as used, when the password was last typed again,
and whether a second factor was shown or needs none."""
TO_ENROL = {"staff:second-factor", "staff:logout", "staff:language", "staff:recovery-codes"}
API = "/api/"
"""Used with a session it would be a way around the question: there, every act is asked for."""
ASKING_ONLY = ("validate", "refresh", "preview")
"""What a form sends along when it only wants to know something."""


class GuardMiddleware:
    """Tokens are their own credential: this is about people in browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User) or _has_key(request):
            return None
        _note_use(request)
        answer = partial(view, request, *args, **kwargs)
        return _enrol(request, user) or _ask_again(request, user, answer)


def _has_key(request: HttpRequest) -> bool:
    """Whether the API will go by a key and not by the session; no other address looks at keys."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    return request.path.startswith(API) and scheme.lower() == KEYWORD.lower()


def _note_use(request: HttpRequest) -> None:
    """Only of sessions that signing in began to note, and not at every click."""
    seen, moment = request.session.get(SEEN), now()
    if seen is not None and moment.timestamp() - seen > SEEN_EVERY_SECONDS:
        request.session[SEEN] = moment.timestamp()
        actions.see(session_key=request.session.session_key or "", now=moment)


def _enrol(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Whose role needs a second factor does nothing before he has one."""
    match = request.resolver_match
    if not user.role.needs_second_factor or request.session.get(PASSED):
        return None
    if actions.has_second_factor(user):
        request.session[PASSED] = True
        return None
    if match is not None and match.view_name in TO_ENROL:
        return None
    if request.path.startswith(API):
        raise PermissionDenied
    return redirect("staff:second-factor")


def _ask_again(request: HttpRequest, user: User, answer: Answer) -> HttpResponseBase | None:
    """The page that asks for the password and carries what was typed, before a grave act."""
    wanted = critical.asked_by(request)
    by_api = request.path.startswith(API) and request.method not in critical.READING
    if not (wanted or by_api):
        return None
    rules = SecurityRules.objects.first()
    if rules is None or _is_fresh(request, rules):
        return None
    if not (wanted & set(rules.asked_again) or (by_api and rules.asked_again)):
        return None
    if any(request.POST.get(name) for name in ASKING_ONLY):
        return _without_doing(answer)
    if lockout.is_locked(request, user):
        return lockout.locked_answer(request, user)
    typed = request.POST.get(critical.ASKED, "")
    if typed and user.check_password(typed):
        request.session[CONFIRMED] = now().timestamp()
        actions.note_confirmed(actor=Actor.person(user), now=now(), user=user)
        return None
    if typed:
        lockout.count_failure(request, user)
    return _question(request, rules, is_wrong=bool(typed))


def _without_doing(answer: Answer) -> HttpResponseBase:
    """What the form wanted to know; whoever disguises an act as a question changes nothing."""
    with transaction.atomic():
        response = answer()
        transaction.set_rollback(True)
    return response


def _is_fresh(request: HttpRequest, rules: SecurityRules) -> bool:
    age = now().timestamp() - request.session.get(CONFIRMED, 0)
    return bool(0 <= age < rules.minutes * 60)


def _question(request: HttpRequest, rules: SecurityRules, *, is_wrong: bool) -> HttpResponse:
    if request.path.startswith(API):
        text = _("Type your password again in the panel first.")
        return JsonResponse({"code": "password-needed", "detail": text}, status=403)
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", critical.ASKED)
        for value in values
    ]
    context = {
        "title": _("Type your password again"),
        "carried": carried,
        "address": request.get_full_path(),
        "field": critical.ASKED,
        "is_wrong": is_wrong,
        "minutes": rules.minutes,
    }
    response = render(request, "staff/ask_again.html", context)
    if request.headers.get("HX-Request"):
        # A fragment was awaited: the question takes the whole page, and what follows it too.
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response
