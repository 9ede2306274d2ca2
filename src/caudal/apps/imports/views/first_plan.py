"""The first plan of an adopted router: what would be written, and its approval."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.imports import first_plan
from caudal.apps.imports.models import FirstPlan
from caudal.apps.imports.words import group_in_words
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain


@require_GET
@requires(Verb.SEE_NETWORK)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """As a fragment it is asked again every second until the worker has planned."""
    found = get_object_or_404(FirstPlan.objects.select_related("router", "run"), router_id=pk)
    shown = first_plan.proposal(found, now())
    context = {
        "title": _("First plan of %(router)s") % {"router": found.router},
        "plan": found,
        "router": found.router,
        "shown": shown,
        "groups": [(*group_in_words(verb, kind), count) for verb, kind, count in shown.groups]
        if shown
        else [],
        "is_busy": bool(found.router.requested),
    }
    part = "_first_plan" if request.headers.get("HX-Request") else "first_plan"
    return render(request, f"imports/{part}.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """On the router's page, while its first plan waits."""
    found = FirstPlan.objects.filter(router_id=pk, approved_at=None).first()
    return render(request, "imports/_first_plan_note.html", {"plan": found})


@require_POST
@requires(Verb.SYNC_NETWORK)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(FirstPlan.objects.select_related("router"), router_id=pk)
    try:
        first_plan.ask(actor=actor(request), now=now(), plan=found)
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("imports:first_plan", pk)


@require_POST
@requires(Verb.SYNC_NETWORK)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(FirstPlan, router_id=pk)
    try:
        first_plan.approve(
            actor=actor(request), now=now(), plan=found, digest=request.POST.get("digest", "")
        )
        messages.success(request, _("Approved: the router is being brought to the plan."))
        return redirect("network:router", pk)
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("imports:first_plan", pk)
