"""Screens of roles: who may do what."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.staff import actions
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.forms.users import RoleForm
from caudal.apps.staff.models import Role
from caudal.apps.staff.verb_words import told_groups
from caudal.apps.staff.verbs import Verb, verb_groups
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form


@requires(Verb.MANAGE_STAFF)
def roles(request: HttpRequest) -> HttpResponse:
    """Every role against every verb."""
    rows = list(Role.objects.annotate(people=Count("users")).order_by("name"))
    matrix = [
        (title, [(verb, [verb.value in role.verbs for role in rows]) for verb in verbs])
        for title, verbs in verb_groups()
    ]
    return render(
        request, "staff/roles.html", {"title": _("Roles"), "roles": rows, "matrix": matrix}
    )


@requires(Verb.MANAGE_STAFF)
def create_role(request: HttpRequest) -> HttpResponse:
    """Empty, or with `copy` as the role of that number is."""
    number = request.GET.get("copy", "")
    copied = get_object_or_404(Role, pk=number) if number.isdecimal() else None
    return _answer(request, None, _("New role"), copied)


@requires(Verb.MANAGE_STAFF)
def compare(request: HttpRequest) -> HttpResponse:
    """What only one of two roles may do, and what both may."""
    rows = list(Role.objects.order_by("name"))
    left, right = (_chosen(rows, request.GET.get(name, ""), n) for n, name in enumerate("ab"))
    groups = [
        (title, [(verb, verb in left.verbs, verb in right.verbs) for verb in verbs])
        for title, verbs in verb_groups()
    ]
    differing = [(title, [line for line in lines if line[1] != line[2]]) for title, lines in groups]
    context = {
        "title": _("Compare roles"),
        "roles": rows,
        "left": left,
        "right": right,
        "groups": [(title, lines) for title, lines in differing if lines],
    }
    return render(request, "staff/compare_roles.html", context)


def _chosen(rows: list[Role], number: str, otherwise: int) -> Role:
    found = [row for row in rows if str(row.pk) == number]
    return found[0] if found else rows[min(otherwise, len(rows) - 1)]


@requires(Verb.MANAGE_STAFF)
def edit_role(request: HttpRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role.objects.annotate(people=Count("users")), pk=pk)
    return _answer(request, role, str(role))


@require_POST
@requires(Verb.MANAGE_STAFF)
def delete_role(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.delete_role(actor=actor(request), now=now(), role=get_object_or_404(Role, pk=pk))
        messages.success(request, _("The role was deleted."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("staff:roles")


def _answer(
    request: HttpRequest, role: Role | None, title: str, copied: Role | None = None
) -> HttpResponse:
    def save(form: RoleForm) -> Any:
        given = {"actor": actor(request), "now": now(), **form.cleaned_data}
        if role is None:
            return actions.create_role(**given)
        return actions.edit_role(role=role, **given)

    copy = Role.objects.get(pk=role.pk) if role else None
    form = RoleForm(request.POST or None, instance=copy)
    if copied is not None:
        form.initial.update(
            {
                "verbs": copied.verbs,
                "only_own_customers": copied.only_own_customers,
                "needs_second_factor": copied.needs_second_factor,
            }
        )
    return answer_form(
        request,
        form,
        title=title,
        save=save,
        done=_("The role was saved."),
        to=reverse("staff:roles"),
        template="staff/role.html",
        role=role,
        groups=told_groups(),
        chosen=form["verbs"].value() or [],
        cancel_url=reverse("staff:roles"),
    )
