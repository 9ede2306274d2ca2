"""Pools with their addresses, the picker of free ones, and sites."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.forms.addresses import BlockForm
from caudal.apps.network.forms.routers import PoolForm, SiteForm
from caudal.apps.network.models import AddressBlock, AddressUse, Pool, Site
from caudal.apps.network.occupancy import Node, map_of, nodes
from caudal.apps.network.usage import usages_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.addressing import AddressError
from caudal.core.text import fold
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

OFFERED = 60
USES = 25


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def free_addresses(request: HttpRequest) -> HttpResponse:
    """Options of the pool's free addresses for a field's list; `as=json` gives the bare texts.

    `pool` is its number; nothing chosen is an empty list.
    """
    number = request.GET.get("pool", "")
    pool = _pools(request).filter(pk=number).first() if _is(number) else None
    found = actions.free_addresses(pool, OFFERED) if pool else []
    if request.GET.get("as") == "json":
        return JsonResponse({"addresses": found})
    return render(request, "network/_free.html", {"addresses": found})


@require_GET
@requires(Verb.SEE_NETWORK)
def pools(request: HttpRequest) -> HttpResponse:
    """The provider's networks as a tree: blocks, the pools inside them, and how full they are."""
    words = request.GET.get("q", "").strip()
    found = nodes(_blocks(request).select_related("zone", "site", "router"), list(_pools(request)))
    context = {
        "title": _("Addresses"),
        "nodes": [node for node in found if _matches(node, words)] if words else found,
        "q": words,
        "any": bool(found),
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "network/pools.html" if whole else "network/_tree.html", context)


def _matches(node: Node, words: str) -> bool:
    """By name, network or router."""
    row = node.pool or node.block
    texts = (node.network, getattr(row, "name", ""), str(getattr(row, "router", None) or ""))
    return any(fold(words) in fold(text) for text in texts)


@require_GET
@requires(Verb.SEE_NETWORK)
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds which address, who held it before, and which are free."""
    found = get_object_or_404(_pools(request), pk=pk)
    words = request.GET.get("q", "").strip()
    uses = visible(person(request), AddressUse.objects.filter(router=found.router))
    uses = uses.filter(Q(connection__pool=found) | Q(until=None))
    if words:
        uses = uses.filter(
            Q(address__startswith=words)
            | Q(connection__service__customer__name__icontains=words)
            | Q(connection__username__icontains=words)
        )
    page = KeysetPage.of(
        uses.select_related("connection__service__customer"),
        ("-since", "-id"),
        request.GET.get("cursor", ""),
        USES,
    )
    context = {
        "title": found.name,
        "pool": found,
        "usage": usages_of([found])[0],
        "page": page,
        "q": words,
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "network/pool.html" if whole else "network/_uses.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def pool_map(request: HttpRequest, pk: int) -> HttpResponse:
    """What each address of the pool is, 256 at a time."""
    found = get_object_or_404(_pools(request), pk=pk)
    try:
        shown = map_of(found, request.GET.get("from", ""), person(request), now())
    except AddressError:
        shown = None
    return render(request, "network/_map.html", {"pool": found, "map": shown})


@requires(Verb.CONFIGURE_NETWORK)
def block_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(_blocks(request), pk=pk) if pk else None
    form = BlockForm(request.POST or None, instance=found)
    offer_visible(person(request), form)
    return answer_form(
        request,
        form,
        title=found.name if found else _("New address block"),
        save=lambda form: actions.save_block(actor=actor(request), now=now(), block=form.instance),
        done=_("The block was saved."),
        to=reverse("network:pools"),
        template="network/block_form.html",
        cancel_url=reverse("network:pools"),
        address_block=found,
    )


@require_POST
@requires(Verb.CONFIGURE_NETWORK)
def remove_block(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_blocks(request), pk=pk)
    actions.remove_block(actor=actor(request), now=now(), block=found)
    messages.success(request, _("The block was removed; what lay inside it stays."))
    return redirect("network:pools")


@requires(Verb.CONFIGURE_NETWORK)
def pool_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(_pools(request), pk=pk) if pk else None
    initial = {"router": request.GET.get("router")}
    form = PoolForm(request.POST or None, instance=found, initial=initial)
    offer_visible(person(request), form)
    return answer_form(
        request,
        form,
        title=found.name if found else _("New address pool"),
        save=lambda form: actions.save_pool(actor=actor(request), now=now(), pool=form.instance),
        done=_("The pool was saved."),
        to=lambda saved: reverse("network:pool", args=[saved.pk]),
        cancel_url=reverse("network:pools"),
    )


@require_GET
@requires(Verb.SEE_NETWORK)
def sites(request: HttpRequest) -> HttpResponse:
    rows = visible(person(request), Site.objects.annotate(routers_count=Count("routers")))
    page = KeysetPage.of(rows, ("name", "id"), request.GET.get("cursor", ""))
    return render(request, "network/sites.html", {"title": _("Sites"), "page": page})


@requires(Verb.CONFIGURE_NETWORK)
def site_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    mine = visible(person(request), Site.objects.all())
    found: Any = get_object_or_404(mine, pk=pk) if pk else None
    return answer_form(
        request,
        SiteForm(request.POST or None, instance=found),
        title=found.name if found else _("New site"),
        save=lambda form: actions.save_site(actor=actor(request), now=now(), site=form.instance),
        done=_("The site was saved."),
        to=reverse("network:sites"),
        cancel_url=reverse("network:sites"),
    )


def _pools(request: HttpRequest) -> QuerySet[Pool]:
    return visible(person(request), Pool.objects.select_related("router"))


def _blocks(request: HttpRequest) -> QuerySet[AddressBlock]:
    return visible(person(request), AddressBlock.objects.all())


def _is(number: str) -> bool:
    return number.isascii() and number.isdecimal()
