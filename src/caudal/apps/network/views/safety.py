"""The brakes of the whole installation: kill switch, cuts in an hour, what waits for a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.forms.safety import SafetyForm
from caudal.apps.network.models import Router, RowDecision, SyncPass
from caudal.apps.network.words import explain_brake
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import live


@requires(Verb.SEE_NETWORK, post=Verb.CONFIGURE_NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    row = actions.safety()
    form = SafetyForm(request.POST or None, initial={"cuts_per_hour": row.cuts_per_hour})
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        most = form.cleaned_data["cuts_per_hour"]
        actions.set_ceiling(actor=actor(request), now=now(), cuts_per_hour=most)
        messages.success(request, _("Saved."))
        return redirect("network:safety")
    held = SyncPass.objects.held_by_the_brake().select_related("router")
    most, left = actions.ceiling(), actions.cuts_left(now())
    context = {
        "title": _("Brakes"),
        "safety": row,
        "form": form,
        "most": most,
        "taken": max(0, most - left),
        "left": left,
        "braked": [
            (each, [explain_brake(b) for b in each.findings.get("brakes", [])]) for each in held
        ],
        "frozen": Router.objects.filter(is_frozen=True),
        "routers": Router.objects.filter(is_active=True).count(),
        "undone": RowDecision.objects.filter(choice=RowDecision.Choice.LEAVE)
        .select_related("router")
        .order_by("-decided_at")[:20],
    }
    return render(request, "network/safety.html", context)


@require_POST
@requires(Verb.SYNC_NETWORK)
def stop(request: HttpRequest) -> HttpResponse:
    actions.stop_all(actor=actor(request), now=now())
    messages.success(request, _("Nothing is written to any router until you let it."))
    return redirect("network:safety")


@require_POST
@requires(Verb.SYNC_NETWORK)
def resume(request: HttpRequest) -> HttpResponse:
    actions.resume_all(actor=actor(request), now=now())
    messages.success(request, _("Routers are written again. What waited is being done."))
    return redirect("network:safety")
