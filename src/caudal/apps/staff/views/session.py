"""Signing in and out, the language, and each person's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import machine_time, now
from caudal.apps.staff import actions
from caudal.apps.staff.access import actor, person, public, signed_in
from caudal.apps.staff.forms.session import LoginForm, OwnPasswordForm
from caudal.apps.staff.models import SignIn, User
from caudal.apps.staff.views.entering import enter, next_address, wait_for_code
from caudal.web.forms import answer_form

MOST_SESSIONS = 10


@public
@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = LoginForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        user, to = form.get_user(), next_address(request)
        if actions.has_second_factor(user):
            return wait_for_code(request, user, to)
        return enter(request, user, to)
    return render(request, "staff/login.html", {"form": form, "next": next_address(request)})


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    actions.end_sign_in(session_key=request.session.session_key or "", now=now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_POST
@public
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of this device, and of the person who is signed in."""
    chosen = request.POST.get("language", "")
    response = redirect(next_address(request))
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        if isinstance(request.user, User):
            actions.set_language(user=request.user, language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax"
        )
    return response


@require_POST
@signed_in
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Switch this person's keys on or off, and go on where he was."""
    actions.use_shortcuts(user=person(request), on=request.POST.get("on") == "1")
    return redirect(next_address(request))


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    user = person(request)
    return render(
        request,
        "staff/profile.html",
        {
            "title": _("My account"),
            "sign_ins": _open(user),
            "session_key": request.session.session_key,
            "has_second_factor": actions.has_second_factor(user),
        },
    )


@signed_in
@sensitive_post_parameters()
def own_password(request: HttpRequest) -> HttpResponse:
    user = person(request)

    def save(form: OwnPasswordForm) -> None:
        actions.set_password(
            actor=actor(request),
            now=now(),
            user=user,
            password=form.cleaned_data["password"],
            keep_session=request.session.session_key or "",
        )
        _keep_session(request, user)

    return answer_form(
        request,
        OwnPasswordForm(request.POST or None, user=user),
        title=_("Change my password"),
        save=save,
        done=_("Your password was changed. Your other sessions were closed."),
        to=reverse("staff:profile"),
        cancel_url=reverse("staff:profile"),
        intro=_("Whoever is signed in with your user elsewhere will be signed out."),
    )


@require_POST
@signed_in
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SignIn, pk=pk, user=person(request))
    actions.close_session(actor=actor(request), now=now(), sign_in=row)
    messages.success(request, _("The session was closed."))
    return redirect("staff:profile")


def _open(user: User) -> list[SignIn]:
    rows = SignIn.objects.filter(user=user, ended_at=None)
    return actions.living(list(rows[:MOST_SESSIONS]), machine_time())


def _keep_session(request: HttpRequest, user: User) -> None:
    """A changed password ends sessions; this one goes on under a new key."""
    old = request.session.session_key or ""
    update_session_auth_hash(request, user)
    actions.move_sign_in(old=old, new=request.session.session_key or "")
