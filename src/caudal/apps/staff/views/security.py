"""Screens of whoever manages the staff: open sessions, branches, and what is asked again."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import machine_time, now
from caudal.apps.staff import actions
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.forms.security import BranchForm, SecurityForm
from caudal.apps.staff.models import Branch, SecurityRules, SignIn, User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form

MOST_SESSIONS = 500


@require_GET
@requires(Verb.MANAGE_STAFF)
def sessions(request: HttpRequest) -> HttpResponse:
    """Everybody's open sessions, those used last first."""
    rows = SignIn.objects.filter(ended_at=None).select_related("user__role")
    ordered = rows.order_by("-seen_at", "-id")[:MOST_SESSIONS]
    context = {
        "title": _("Open sessions"),
        "sign_ins": actions.living(list(ordered), machine_time()),
        "session_key": request.session.session_key,
    }
    return render(request, "staff/sessions.html", context)


@require_POST
@requires(Verb.MANAGE_STAFF)
def close_session_of(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SignIn, pk=pk)
    actions.close_session(actor=actor(request), now=now(), sign_in=row)
    messages.success(request, _("The session was closed."))
    return redirect("staff:sessions")


@requires(Verb.MANAGE_STAFF)
def security(request: HttpRequest) -> HttpResponse:
    rules = SecurityRules.objects.first() or SecurityRules()
    initial = {"asked_again": rules.asked_again, "minutes": rules.minutes}
    return answer_form(
        request,
        SecurityForm(request.POST or None, initial=initial),
        title=_("Security"),
        save=lambda form: actions.set_security_rules(
            actor=actor(request), now=now(), **form.cleaned_data
        ),
        done=_("The security was saved."),
        to=reverse("staff:security"),
        intro=_(
            "A colleague who finds your session open cannot do these without your password. "
            "Keys of the API are not asked: give them few permissions."
        ),
    )


@require_GET
@requires(Verb.MANAGE_STAFF)
def branches(request: HttpRequest) -> HttpResponse:
    rows = Branch.objects.annotate(
        zones_count=Count("zones", distinct=True), boxes_count=Count("cash_boxes", distinct=True)
    )
    limited = User.objects.exclude(branch_ids=[]).values_list("branch_ids", flat=True)
    people = [pk for ids in limited for pk in ids]
    found = [(row, people.count(row.pk)) for row in rows.order_by("name")]
    return render(request, "staff/branches.html", {"title": _("Branches"), "branches": found})


@requires(Verb.MANAGE_STAFF)
def branch(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(Branch, pk=pk) if pk else None
    return answer_form(
        request,
        BranchForm(request.POST or None, instance=found),
        title=str(found or _("New branch")),
        save=lambda form: actions.save_branch(
            actor=actor(request), now=now(), branch=form.instance
        ),
        done=_("The branch was saved."),
        to=reverse("staff:branches"),
        cancel_url=reverse("staff:branches"),
        template="staff/branch.html",
        branch=found,
    )


@require_POST
@requires(Verb.MANAGE_STAFF)
def delete_branch(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Branch, pk=pk)
    try:
        actions.delete_branch(actor=actor(request), now=now(), branch=found)
        messages.success(request, _("The branch was deleted."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("staff:branches")
