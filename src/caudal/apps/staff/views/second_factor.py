"""The second factor: the code at signing in, and each person's own phone and recovery codes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import machine_time, now
from caudal.apps.staff import actions, codes, lockout
from caudal.apps.staff.access import actor, person, public, requires, signed_in
from caudal.apps.staff.forms.security import CodeForm
from caudal.apps.staff.guard import PASSED
from caudal.apps.staff.models import SecondFactor, User
from caudal.apps.staff.verbs import Verb
from caudal.apps.staff.views.entering import HALF, enter, half_entered
from caudal.web.errors import placed_in
from caudal.web.forms import live

ISSUER = "Caudal"


@public
@never_cache
@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: the password was right already."""
    user = half_entered(request)
    if user is None:
        request.session.pop(HALF, None)
        return redirect("staff:login")
    if lockout.is_locked(request, user):
        return lockout.locked_answer(request, user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if _is_right(user, form):
            return enter(request, user, request.session[HALF]["next"])
        lockout.count_failure(request, user)
        if lockout.is_locked(request, user):
            return lockout.locked_answer(request, user)
        form.add_error("code", _("That code is not right, or was used already."))
    return render(request, "staff/code.html", {"form": form})


@never_cache
@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Begin: the QR code and the first code. Begun: how many recovery codes are left."""
    user = person(request)
    row = SecondFactor.objects.filter(user=user).first()
    form = CodeForm(request.POST or None)
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and "begin" in request.POST:
        row, form = actions.begin_second_factor(user=user), CodeForm()
    elif form.is_valid() and (row is None or row.confirmed_at is None):
        with placed_in(form):
            given = actions.confirm_second_factor(
                actor=actor(request), now=now(), at=machine_time(), user=user,
                code=form.cleaned_data["code"],
            )  # fmt: skip
            request.session[PASSED] = True
            return _shown_once(request, given)
    return render(request, "staff/second_factor.html", _context(user, row, form))


@require_POST
@never_cache
@signed_in
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for a code of the phone."""
    form = _proven(request)
    if form.is_valid():
        given = actions.renew_recovery_codes(actor=actor(request), now=now(), user=person(request))
        return _shown_once(request, given)
    return _again(request, form)


@require_POST
@signed_in
def end_second_factor(request: HttpRequest) -> HttpResponse:
    """The password alone again, for a code of the phone, where the role does not insist."""
    user, form = person(request), _proven(request)
    if user.role.needs_second_factor:
        form.add_error(None, _("Your role must sign in with a code of the phone as well."))
    if not form.is_valid():
        return _again(request, form)
    actions.remove_second_factor(actor=actor(request), now=now(), user=user)
    messages.success(request, _("You sign in with your password alone again."))
    return redirect("staff:profile")


@require_POST
@requires(Verb.MANAGE_STAFF)
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever lost his phone and his recovery codes."""
    user = get_object_or_404(User, pk=pk)
    actions.remove_second_factor(actor=actor(request), now=now(), user=user)
    messages.success(request, _("%(name)s signs in with the password alone.") % {"name": user})
    return redirect("staff:edit-user", pk)


def _proven(request: HttpRequest) -> CodeForm:
    """The form with an error where the code in it is not one of this person's."""
    user, form = person(request), CodeForm(request.POST)
    if form.is_valid() and lockout.is_locked(request, user):
        form.add_error("code", _("Too many tries: wait 15 minutes."))
    elif form.is_valid() and not _is_right(user, form):
        lockout.count_failure(request, user)
        form.add_error("code", _("That code is not right, or was used already."))
    return form


def _is_right(user: User, form: CodeForm) -> bool:
    code = form.cleaned_data["code"]
    return actions.take_code(now=now(), at=machine_time(), user=user, code=code)


def _again(request: HttpRequest, form: CodeForm) -> HttpResponse:
    user = person(request)
    row = SecondFactor.objects.filter(user=user).first()
    return render(request, "staff/second_factor.html", _context(user, row, form))


def _context(user: User, row: SecondFactor | None, form: CodeForm) -> dict[str, object]:
    context: dict[str, object] = {
        "title": _("Code of the phone"),
        "row": row,
        "form": form,
        "is_needed": user.role.needs_second_factor,
    }
    if row is not None and row.confirmed_at is None:
        address = codes.address_for(row.secret, user.username, ISSUER)
        context |= {"picture": codes.picture_of(address), "secret": row.secret}
    return context


def _shown_once(request: HttpRequest, given: list[str]) -> HttpResponse:
    title = _("Recovery codes")
    return render(request, "staff/recovery_codes.html", {"title": title, "codes": given})
