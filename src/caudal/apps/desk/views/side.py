"""What stands beside the list when a customer is chosen: tabs that rooms fill (WP-3..8)."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
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
    found = customer_of(request, pk)
    address = request.build_absolute_uri(reverse("desk:customer", args=[pk]))
    held = Connection.objects.filter(service__customer=found, released_at=None)
    context = {
        "customer": found,
        "connections": held.select_related("router", "service__plan"),
        "address": address,
        "code": _code(address),
    }
    return render(request, "desk/_devices.html", context)


def _code(text: str) -> SafeString:
    """The QR code as SVG."""
    code = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return mark_safe(code)  # made of squares alone
