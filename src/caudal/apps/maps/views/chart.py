"""The map of customers and sites: its page, what is drawn on it, and the same as a list."""

import json
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.customers.models import Customer
from caudal.apps.desk.filters import DeskFilter, without
from caudal.apps.maps import reads
from caudal.apps.network.models import Router
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.areas import DEEPEST_ZOOM, read_area
from caudal.core.positions import read_position

LISTED = 50
MOST_LINES = 2_000
"""Customers of one router whose lines are drawn."""
OTHER_WORDS = {"sort", "cursor", "new", "list", "cols", "area"}


def chosen(request: HttpRequest) -> QuerySet[Customer]:
    """Whom the address's filters choose of those that this person may see."""
    return DeskFilter(request.GET).narrow(visible(person(request), Customer.objects.all()))


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def chart(request: HttpRequest) -> HttpResponseBase:
    """The map with the filters of the list; a part of it where only the filter has changed."""
    found = chosen(request)
    bounds = reads.bounds_of(found)
    context: dict[str, Any] = {
        "chips": DeskFilter(request.GET).chips(request.GET),
        "searched": request.GET.get("q", ""),
        "without_search": without(request.GET, "q"),
        "sums": reads.sums_of(found),
        "bounds": bounds.text if bounds else "",
        "query": request.GET.urlencode(),
        "lost_query": _asking_for_lost(request),
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "maps/_state.html", context)
    kept = {name: value for name, value in request.GET.items() if name not in OTHER_WORDS}
    context |= {
        "title": _("Map"),
        "kept": {name: value for name, value in kept.items() if value},
        "words": json.dumps([str(label) for _code, label in reads.STATES]),
        "tiles": settings.MAP_TILES_URL,
        "attribution": settings.MAP_TILES_ATTRIBUTION,
        "office": read_position(settings.MAP_OFFICE),
    }
    return render(request, "maps/chart.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def points(request: HttpRequest) -> HttpResponse:
    """What to draw of `area` at `zoom`; `area` also narrows where the filter has one of its own."""
    area = read_area(request.GET.get("view", ""))
    if area is None:
        return JsonResponse({"pins": []})
    return _compact(reads.drawn(chosen(request), area, _zoom(request)))


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def here(request: HttpRequest) -> HttpResponse:
    """The customers of a part of the map as a list: for who does not see it, and for heaps."""
    area = read_area(request.GET.get("view", ""))
    found = reads.with_pin(reads.placed(chosen(request), area))
    rows = list(found.order_by("name", "id")[: LISTED + 1]) if area else []
    query = request.GET.copy()
    query.pop("view", None)
    if area is not None:
        query["area"] = area.text
    context = {
        "rows": [(row, *reads.STATES[row.pin]) for row in rows[:LISTED]],
        "is_more": len(rows) > LISTED,
        "query": query.urlencode(),
    }
    return render(request, "maps/_here.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the customers of a router stand: lines from its site to them."""
    routers = visible(person(request), Router.objects.select_related("site"))
    router = get_object_or_404(routers, pk=pk)
    mine = visible(person(request), Customer.objects.filter(archived_at=None))
    served = mine.filter(services__connection__router=router,
                         services__connection__released_at=None)  # fmt: skip
    rows = reads.placed(served).order_by().distinct()
    ends: Any = rows.values_list("latitude", "longitude")[:MOST_LINES]
    site = router.site
    start = None
    if site is not None and site.latitude is not None and site.longitude is not None:
        start = [float(site.latitude), float(site.longitude)]
    return _compact({"from": start, "to": [[float(lat), float(lon)] for lat, lon in ends]})


def _compact(data: dict[str, Any]) -> HttpResponse:
    text = json.dumps(data, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


def _zoom(request: HttpRequest) -> int:
    asked = request.GET.get("zoom", "")
    return min(int(asked), DEEPEST_ZOOM) if asked.isdecimal() and len(asked) < 3 else 0


def _asking_for_lost(request: HttpRequest) -> str:
    """The address of the list of those of the filter who have no position."""
    query = request.GET.copy()
    for gone in ("view", "area", "cursor", "new", "list"):
        query.pop(gone, None)
    query["position"] = "no"
    return query.urlencode()
