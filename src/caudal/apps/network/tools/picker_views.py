"""The picker of free addresses beside a form: what is offered, checked on the router first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caudal.apps.network.models import Pool, Router
from caudal.apps.network.tools import picking
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb

FIELDS = frozenset({"id_address", "id_ip_address"})
"""Fields that an offer may fill."""
ASKERS = (Verb.USE_TOOLS, Verb.REGISTER_CUSTOMERS, Verb.EDIT_SERVICES)
"""Who may have the router asked; others see what the rows tell."""


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def pick(request: HttpRequest) -> HttpResponse:
    """`pool`, else the pools of `router`, else of `at`: the router that the service has now."""
    pools = Pool.objects.select_related("router")
    number = _number(request, "pool")
    pool = pools.filter(pk=number).first() if number else None
    router = pool.router if pool else _router(request)
    chosen = [pool] if pool else list(pools.filter(router=router)) if router else []
    check = any(person(request).may(verb) for verb in ASKERS)
    field = request.GET.get("into", "")
    context = {
        "router": router,
        "found": picking.offers(router, chosen, check=check) if router else None,
        "pools": chosen,
        "field": field if field in FIELDS else "id_address",
    }
    return render(request, "network/tools/_offers.html", context)


def _router(request: HttpRequest) -> Router | None:
    number = _number(request, "router") or _number(request, "at")
    return Router.objects.filter(pk=number).first() if number else None


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
