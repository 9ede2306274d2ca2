"""Going in: the session of who proved who he is, and the wait between password and code."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from caudal.apps.clock.now import now
from caudal.apps.staff import actions
from caudal.apps.staff.guard import PASSED, SEEN
from caudal.apps.staff.models import User

HALF = "half_entered"
HALF_SECONDS = 300
"""So long the right password waits for the code."""
BACKEND = "caudal.apps.staff.backends.RoleBackend"


def enter(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Begin the session, and go where the person wanted to."""
    passed = HALF in request.session
    login(request, user, backend=BACKEND)
    request.session.pop(HALF, None)
    moment = now()
    request.session[SEEN] = moment.timestamp()
    if passed:
        request.session[PASSED] = True
    actions.record_sign_in(
        user=user,
        now=moment,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", ""),
    )
    return redirect(to)


def wait_for_code(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """The password was right: the code is asked on the next page."""
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "at": now().timestamp(), "next": to}
    return redirect("staff:code")


def half_entered(request: HttpRequest) -> User | None:
    """Whose password was right a moment ago."""
    half = request.session.get(HALF)
    if not half or not 0 <= now().timestamp() - half["at"] < HALF_SECONDS:
        return None
    return User.objects.select_related("role").filter(pk=half["user"], is_active=True).first()


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is an address of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
