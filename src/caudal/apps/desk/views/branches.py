"""Zones of no branch, shown where branches are kept: how many live there, and to which they go."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.actions.zones import put_in_branch
from caudal.apps.customers.models import Zone
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.models import Branch
from caudal.apps.staff.verbs import Verb


@require_GET
@requires(Verb.MANAGE_STAFF)
def zones_without_branch(request: HttpRequest) -> HttpResponse:
    """Panel: nothing at all while there are no branches, or no such zone."""
    branches = list(Branch.objects.all())
    here = Count("customers", filter=Q(customers__archived_at=None))
    zones = list(Zone.objects.filter(branch=None).annotate(many=here)) if branches else []
    if not zones:
        return HttpResponse("")
    context = {"zones": zones, "branches": branches, "many": sum(zone.many for zone in zones)}
    return render(request, "desk/_zones_without_branch.html", context)


@require_POST
@requires(Verb.MANAGE_STAFF)
def give_zones(request: HttpRequest) -> HttpResponseBase:
    """Put the ticked zones in the chosen branch."""
    chosen = request.POST.get("branch", "")
    keys = [pk for pk in request.POST.getlist("zones") if pk.isdecimal()]
    if not keys or not chosen.isdecimal():
        messages.error(request, _("Tick at least one zone and choose its branch."))
        return redirect("staff:branches")
    branch = get_object_or_404(Branch, pk=int(chosen))
    zones = Zone.objects.filter(pk__in=keys, branch=None)
    many = put_in_branch(actor=actor(request), now=now(), zones=zones, branch=branch)
    told = ngettext("%(n)d zone is of %(branch)s now.", "%(n)d zones are of %(branch)s now.", many)
    messages.success(request, told % {"n": many, "branch": branch})
    return redirect("staff:branches")
