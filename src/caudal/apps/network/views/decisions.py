"""What a person decides about a row of a router: ignore, remove, adopt, and take it back."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Router, RowDecision
from caudal.apps.network.seen import require_all_of, told_by
from caudal.apps.network.sync import adopt as adopt_row
from caudal.apps.network.words import KINDS, explain_fault
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.ports.access import AccessError
from caudal.web.errors import explain

PROPOSED = 20
"""Connections shown to choose from."""


@require_POST
@requires(Verb.SYNC_NETWORK)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`row` is "kind key", several times; `choice` ignore or remove, with the typed `count`."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    require_all_of(person(request), found)
    choice = request.POST.get("choice", "")
    if choice not in (RowDecision.Choice.IGNORE, RowDecision.Choice.REMOVE):
        raise Http404
    typed = request.POST.get("count", "").strip()
    rows = [tuple(text.split(" ", 1)) for text in request.POST.getlist("row") if " " in text]
    try:
        count = actions.decide(
            actor=actor(request), now=now(), router=found, choice=choice,
            rows=[(row[0], row[1]) for row in rows],
            count=int(typed) if typed.isdecimal() else None,
        )  # fmt: skip
        messages.success(request, _told(choice, count))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("network:router_differences", found.pk)


def _told(choice: str, count: int) -> str:
    if choice == RowDecision.Choice.IGNORE:
        text = ngettext("%(count)d row is ignored.", "%(count)d rows are ignored.", count)
    else:
        text = ngettext(
            "%(count)d row is being removed.", "%(count)d rows are being removed.", count
        )
    return text % {"count": count}


@require_POST
@requires(Verb.SYNC_NETWORK)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RowDecision.objects.select_related("router")
    decision = get_object_or_404(visible(person(request), rows), pk=pk)
    actions.forget(actor=actor(request), now=now(), decision=decision)
    messages.success(request, _("The decision was taken back."))
    return redirect("network:router_differences", decision.router_id)


@requires(Verb.SYNC_NETWORK)
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the customer whose service an unknown row is, and take it over for him."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    last = actions.last_reading(found)
    unknown = told_by(person(request), last).get("unknown", [])
    row = next((each for each in unknown if (each["kind"], each["key"]) == (kind, key)), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        return _adopt(request, found, kind, key)
    words = request.GET.get("q", "").strip()
    context = {
        "title": _("Adopt %(key)s") % {"key": key},
        "router": found,
        "row": {**row, "what": KINDS.get(kind, kind)},
        "q": words,
        "proposed": _proposed(request, found, row, words),
    }
    return render(request, "network/adopt.html", context)


def _adopt(request: HttpRequest, router: Router, kind: str, key: str) -> HttpResponse:
    rows = visible(person(request), router.connections.live().select_related("service__customer"))
    chosen = get_object_or_404(rows, pk=request.POST.get("connection") or 0)
    try:
        adopt_row(
            actor=actor(request), now=now(), router=router, kind=kind, key=key, connection=chosen
        )
        told = _("%(key)s is being taken over for %(customer)s.")
        messages.success(request, told % {"key": key, "customer": chosen.service.customer})
    except RuleError as error:
        messages.error(request, explain(error))
    except AccessError as error:
        messages.error(request, explain_fault(f"{error.fault}: {error.detail}"))
    return redirect("network:router_differences", router.pk)


def _proposed(
    request: HttpRequest, router: Router, row: dict[str, str], words: str
) -> list[Connection]:
    """Those of the row's name or address; with `words` whoever these find."""
    rows = visible(person(request), router.connections.live())
    rows = rows.select_related("service__customer", "service__plan")
    if words:
        fits = Q(username__icontains=words) | Q(service__customer__name__icontains=words)
        fits |= Q(address__startswith=words) | Q(service__customer__code=words)
        return list(rows.filter(fits)[:PROPOSED])
    same = Q(username=row["key"])
    if row["address"] and "/" not in row["address"] and "," not in row["address"]:
        same |= Q(address=row["address"])
    return list(rows.filter(same)[:PROPOSED])
