"""The door of every screen: who is signed in, and whether he may do this."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from caudal.apps.clock.now import now
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb

View = Callable[..., HttpResponseBase]

OPEN, SIGNED_IN = "open", "signed in"
"""What `view.verb` says of views that no verb guards."""


def requires(verb: Verb, *, post: Verb | None = None) -> Callable[[View], View]:
    """Let only those in who may do `verb`; `post` is what sending the page takes, if it is more.

    Without a session the person is sent to sign in and comes back afterwards; without the verb the
    answer is 403. The guarded view carries `verb` and `post_verb`, which the walk over all
    addresses looks for.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            needed = post if post and request.method not in ("GET", "HEAD") else verb
            return _enter(request, needed) or view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        guarded.post_verb = post or verb  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: View) -> View:
    """Let everybody in who has a session: for what concerns only the person himself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _enter(request, None) or view(request, *args, **kwargs)

    guarded.verb = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark one of the few views that anybody may open."""
    view.verb = OPEN  # type: ignore[attr-defined]
    return view


def actor(request: HttpRequest) -> Actor:
    """On whose behalf the actions of this request run."""
    return Actor.person(person(request))


def by(request: HttpRequest) -> dict[str, Any]:
    """Who does it and when: what every action is told first."""
    return {"actor": actor(request), "now": now()}


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views behind `requires` or `signed_in`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _enter(request: HttpRequest, verb: Verb | None) -> HttpResponseBase | None:
    """None where the person may go on; else where he is sent."""
    if not request.user.is_authenticated:
        return _to_login(request)
    if verb is not None and not person(request).may(verb):
        raise PermissionDenied
    return None


def _to_login(request: HttpRequest) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(_page(request))
    # A fragment must not show the login inside the page: the whole page goes there.
    response = HttpResponse(status=401)
    response["HX-Refresh"] = "true"
    return response


def _page(request: HttpRequest) -> str:
    """Where he comes back to: what he asked for, or the page whose form he sent."""
    sender = urlsplit(request.headers.get("Referer", ""))
    if request.method in ("GET", "HEAD") or sender.netloc != request.get_host():
        return request.get_full_path()
    return sender.path + (f"?{sender.query}" if sender.query else "")
