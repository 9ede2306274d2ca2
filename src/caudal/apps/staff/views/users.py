"""Screens of staff accounts."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.staff import actions
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.forms.users import NewUserForm, PasswordForm, UserForm
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form


@requires(Verb.MANAGE_STAFF)
def users(request: HttpRequest) -> HttpResponse:
    rows = User.objects.select_related("role").annotate(seen=Max("sign_ins__at"))
    ordered = rows.order_by("-is_active", "name")
    return render(request, "staff/users.html", {"title": _("Users"), "users": ordered})


@requires(Verb.MANAGE_STAFF)
@sensitive_post_parameters()
def create_user(request: HttpRequest) -> HttpResponse:
    return answer_form(
        request,
        NewUserForm(request.POST or None),
        title=_("New user"),
        save=lambda form: actions.create_user(actor=actor(request), now=now(), **form.cleaned_data),
        done=_("The user was created."),
        to=reverse("staff:users"),
        cancel_url=reverse("staff:users"),
    )


@requires(Verb.MANAGE_STAFF)
def edit_user(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User.objects.select_related("role"), pk=pk)
    # The form writes on its own copy: the action compares the row with what is wanted.
    copy = get_object_or_404(User, pk=pk)
    return answer_form(
        request,
        UserForm(request.POST or None, instance=copy),
        title=user.name,
        save=lambda form: actions.edit_user(
            actor=actor(request), now=now(), user=user, **form.cleaned_data
        ),
        done=_("The user was saved."),
        to=reverse("staff:users"),
        template="staff/user.html",
        cancel_url=reverse("staff:users"),
        user_shown=user,
    )


@requires(Verb.MANAGE_STAFF)
@sensitive_post_parameters()
def user_password(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return answer_form(
        request,
        PasswordForm(request.POST or None, user=user),
        title=_("New password for %(name)s") % {"name": user},
        save=lambda form: actions.set_password(
            actor=actor(request), now=now(), user=user, password=form.cleaned_data["password"]
        ),
        done=_("The password was changed and the user's sessions were closed."),
        to=reverse("staff:users"),
        cancel_url=reverse("staff:edit-user", args=[pk]),
    )


@require_POST
@requires(Verb.MANAGE_STAFF)
def set_active(request: HttpRequest, pk: int, active: int) -> HttpResponse:
    user = get_object_or_404(User.objects.select_related("role"), pk=pk)
    try:
        actions.set_active(actor=actor(request), now=now(), user=user, active=bool(active))
    except RuleError as error:
        messages.error(request, explain(error))
    else:
        done = _("The user may log in again.") if active else _("The user can no longer log in.")
        messages.success(request, done)
    return redirect("staff:users")
