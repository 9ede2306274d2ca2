"""What stands beside the list when a customer is chosen: tabs that rooms fill (WP-3..8)."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import today
from caudal.apps.desk.glance import glance
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.network.models import Connection
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.panels import panels_of

PAGE = "customer_side"
"""Rooms register their tabs under it."""


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def side(request: HttpRequest, pk: int) -> HttpResponse:
    found = customer_of(request, pk)
    tabs = [
        (panel, reverse(panel.url_name, args=[pk])) for panel in panels_of(PAGE, person(request))
    ]
    context = {"customer": found, "glance": glance(found, today()), "tabs": tabs}
    return render(request, "desk/_side.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Where he lives, on the map, and the way there."""
    context = {"customer": customer_of(request, pk), "tiles": settings.MAP_TILES_URL}
    return render(request, "desk/_place.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def devices(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands at his place, and a code that opens his page on the technician's phone (WP-7)."""
    return render(request, "desk/_devices.html", _devices(request, pk))


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def equipment(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel: the same, with what the network has seen of it."""
    return render(request, "desk/_equipment.html", _devices(request, pk))


def _devices(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = customer_of(request, pk)
    address = request.build_absolute_uri(reverse("desk:customer", args=[pk]))
    held = Connection.objects.filter(service__customer=found, released_at=None)
    related = ("router", "service__plan", "service__served_by__device")
    return {
        "customer": found,
        "connections": held.select_related(*related).order_by("service__number"),
        "address": address,
        "code": _code(address),
    }


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def traffic(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel: what is not measured yet, and where one looks meanwhile."""
    held = Connection.objects.filter(service__customer=customer_of(request, pk), released_at=None)
    shown = held.select_related("service") if person(request).may(Verb.USE_TOOLS) else held.none()
    words = _("Live traffic of %(user)s")
    links = [
        (words % {"user": row}, reverse("network:connection_tools", args=[row.pk])) for row in shown
    ]
    context = {
        "title": _("Traffic"),
        "text": _("Use per day and month is not measured yet."),
        "links": links,
    }
    return render(request, "desk/_to_come.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel: tickets are still to come; what is to be remembered goes into notes."""
    customer_of(request, pk)
    text = _("Tickets are not kept here yet. Write in his notes what he reports.")
    context = {"title": _("Tickets"), "text": text, "links": [(_("Notes"), "#notes")]}
    return render(request, "desk/_to_come.html", context)


def _code(text: str) -> SafeString:
    """The QR code as SVG."""
    code = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return mark_safe(code)  # made of squares alone
