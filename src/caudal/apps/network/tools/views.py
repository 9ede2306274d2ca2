"""What people look up on one router; each tool is a fragment that asks when it is opened."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.models import Router
from caudal.apps.network.tools import asking, matching, streams
from caudal.apps.network.tools.forms import AddressForm, ArpFilter
from caudal.apps.network.tools.matching import Owned, SeenNeighbour
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessDriver
from caudal.web.errors import explain

Row = TypeVar("Row")
SHOWN = 200
"""Rows of one answer on a screen; a search narrows them."""
IMPORTED_AT_ONCE = 100


@require_GET
@requires(Verb.USE_TOOLS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    context = {"title": _("Tools of %(router)s") % {"router": router}, "router": router}
    return render(request, "network/tools/router.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def vitals(request: HttpRequest, pk: int) -> HttpResponse:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    told = asking.ask(router, asking.vitals)
    context = {
        "router": router,
        "vitals": told.found,
        "error": told.error,
        "lacks": told.lacks,
    }
    return render(request, "network/tools/_vitals.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def online(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, pk, "online", asking.online_users, matching.users)


@require_GET
@requires(Verb.USE_TOOLS)
def leases(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, pk, "leases", asking.leases, matching.leases)


@require_GET
@requires(Verb.USE_TOOLS)
def radios(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, pk, "radios", asking.stations, matching.stations)


def _list(
    request: HttpRequest,
    pk: int,
    name: str,
    question: Callable[[AccessDriver], list[Any]],
    match: Callable[[list[Any], matching.Seen], list[Owned]],
) -> HttpResponse:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    told = asking.ask(router, question)
    rows = match(told.found, matching.known_on(router, person(request))) if told.found else []
    words = request.GET.get("q", "").strip()
    found = [row for row in rows if matching.mentions(row, words)]
    context = {
        "router": router,
        "rows": found[:SHOWN],
        "count": len(found),
        "total": len(rows),
        "error": told.error,
        "lacks": told.lacks,
        "q": words,
        "url": reverse(f"network:tool_{name}", args=[pk]),
    }
    return render(request, f"network/tools/_{name}.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def arp(request: HttpRequest, pk: int) -> HttpResponse:
    """The ARP table beside the rows (WH-90): who exists here, with which equipment."""
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    told = asking.ask(router, asking.neighbours)
    rows = _neighbours(request, router, told.found or [])
    form = ArpFilter(request.GET or None, interfaces=sorted({row.seen.interface for row in rows}))
    found = [row for row in rows if form.passes(row)]
    context = {
        "router": router,
        "rows": found[:IMPORTED_AT_ONCE],
        "count": len(found),
        "total": len(rows),
        "error": told.error,
        "lacks": told.lacks,
        "form": form,
    }
    return render(request, "network/tools/_arp.html", context)


@require_POST
@requires(Verb.EDIT_SERVICES)
def import_arp(request: HttpRequest, pk: int) -> HttpResponse:
    """Take MAC and interface of the chosen addresses over, as the router tells them now (WH-91)."""
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    told = asking.ask(router, asking.neighbours)
    chosen = set(request.POST.getlist("address"))
    rows = [
        row
        for row in _neighbours(request, router, told.found or [])
        if row.seen.address in chosen and row.importable
    ][:IMPORTED_AT_ONCE]
    if told.error or not rows:
        messages.error(request, told.error or _("Choose addresses of customers that have a MAC."))
        return redirect("network:tools", pk)
    taken = actions.import_neighbours(
        actor=actor(request),
        now=now(),
        found=[(row.connection, row.seen) for row in rows if row.connection],
        bind="bind" in request.POST,
    )
    _tell(request, taken)
    return redirect("network:tools", pk)


def _tell(request: HttpRequest, taken: actions.Imported) -> None:
    if taken.changed:
        text = ngettext("%(n)s customer brought up to date.", "%(n)s customers brought up to date.",
                        taken.changed)  # fmt: skip
        messages.success(request, text % {"n": taken.changed})
    elif not taken.refused:
        messages.info(request, _("They were up to date already."))
    for connection, error in taken.refused[:5]:
        messages.warning(request, f"{connection.service.customer}: {explain(error)}")


def _neighbours(request: HttpRequest, router: Router, found: Sequence[Any]) -> list[SeenNeighbour]:
    return matching.neighbours(found, matching.known_on(router, person(request))) if found else []


@require_GET
@requires(Verb.USE_TOOLS)
def ping(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _watch(request, pk, streams.pings)


@require_GET
@requires(Verb.USE_TOOLS)
def trace(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _watch(request, pk, streams.way)


def _watch(request: HttpRequest, pk: int, events: Callable[[str], Any]) -> HttpResponseBase:
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    form = AddressForm(request.GET)
    if not form.is_valid():
        return streams.refused(form.sentence())
    return streams.watched(router, events(form.cleaned_data["address"]))
