"""What the network shows on the first page: the routers' health, and what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.views.routers import cards
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb

SHOWN = 8
ILL_FIRST = [
    Router.Condition.SWAPPED,
    Router.Condition.ALARM,
    Router.Condition.FAILING,
    Router.Condition.NEVER,
    Router.Condition.FROZEN,
    Router.Condition.OFF,
    Router.Condition.ONLINE,
]


@require_GET
@requires(Verb.SEE_NETWORK)
def health(request: HttpRequest) -> HttpResponse:
    """Routers, those in trouble first; braked ones with what they wait for."""
    found = cards(list(visible(person(request), Router.objects.select_related("site"))))
    found.sort(key=lambda card: (ILL_FIRST.index(card["condition"]), card["router"].name))
    well = sum(card["condition"] == Router.Condition.ONLINE for card in found)
    context = {
        "cards": found[:SHOWN],
        "count": len(found),
        "well": well,
        "braked": [card["braked"] for card in found if card["braked"]],
        "more": max(len(found) - SHOWN, 0),
    }
    return render(request, "network/_health.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def waiting(request: HttpRequest) -> HttpResponse:
    """Changes that routers do not hold yet, the oldest first, with their age."""
    present = now()
    rows = visible(person(request), Connection.objects.live().waiting())
    rows = rows.select_related("router", "service__customer")
    drift = visible(person(request), Connection.objects.live())
    oldest = sorted(rows[:200], key=lambda row: row.waits_since or present)[:SHOWN]
    context = {
        "count": rows.count(),
        "now": present,
        "drift": drift.filter(sync=Connection.Sync.DRIFT).count(),
        "lines": [
            (row, row.waits_since, row.router.is_too_long(row.waits_since or present, present))
            for row in oldest
        ],
    }
    return render(request, "network/_waiting.html", context)
