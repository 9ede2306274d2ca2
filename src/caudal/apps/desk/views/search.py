"""The search everywhere: one box over whatever rooms let one find."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.staff.access import person, signed_in
from caudal.web.places import places_of
from caudal.web.search import LONGEST, search, searchers_of


@require_GET
@signed_in
def search_everywhere(request: HttpRequest) -> HttpResponse:
    """The hits alone for the palette, the whole page for who has no script or shares the address.

    Each searcher and each place asks for its own verb; rows are narrowed to whom he may see.
    """
    typed = request.GET.get("q", "").strip()[:LONGEST]
    recent = [path for path in request.GET.get("recent", "").split(",") if path.startswith("/")]
    context = {
        "title": _("Search everything"),
        "typed": typed,
        "sections": search(person(request), typed, recent),
        "prefix": "find",
        "kinds": [searcher.title for searcher in searchers_of(person(request))],
    }
    is_palette = bool(request.headers.get("HX-Request"))
    return render(request, "desk/_search.html" if is_palette else "desk/search.html", context)


@require_GET
@signed_in
def keys(request: HttpRequest) -> HttpResponse:
    """What the keys do for this person: only where he may go."""
    places = [place for place in places_of(person(request)) if place.keys]
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    context = {
        "places": sorted(places, key=lambda place: place.keys),
        "next": f"{address.path or '/'}{f'?{address.query}' if address.query else ''}",
    }
    return render(request, "desk/_keys.html", context)
